"""Panoramas: who adds and sees them, which photos are taken, what is left of them; and their pages."""

import io
import uuid
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from casework import TESTS, photo
from factories import Town, client_for, make_dwelling
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import Building, Panorama
from wangge.domain.places.services import buildings, panoramas
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed

pytestmark = pytest.mark.usefixtures("media")
DAY = date(2026, 11, 20)


@pytest.fixture
def house(town: Town) -> Building:
    with acting_as(TESTS):
        return make_dwelling(town, town.grids[0]).building


def round_photo(width: int = 1600, height: int = 800, **save: Any) -> bytes:
    return photo(size=(width, height), **save)


def add(town: Town, house: Building, role: str = "grid_worker", **values: Any) -> Panorama:
    given = {"title": "大门", "taken_on": DAY, "photo": round_photo()} | values
    with acting_as(town.actor(role)):
        return panoramas.add(town.actor(role), house, **given)


def seen(town: Town, role: str) -> int:
    with acting_as(town.actor(role)):
        return int(Panorama.objects.count())


def test_a_panorama_is_seen_in_the_ring_of_its_building_and_nowhere_else(town: Town, house: Building) -> None:
    add(town, house)
    roles = ("grid_worker", "station_officer", "street_dispatcher", "unit_officer", "privacy_officer")
    assert {role: seen(town, role) for role in roles} == {
        "grid_worker": 1,
        "station_officer": 1,
        "street_dispatcher": 1,
        "unit_officer": 0,
        "privacy_officer": 0,
    }


def test_only_who_keeps_the_place_adds_and_removes(town: Town, house: Building) -> None:
    made = add(town, house)
    for role in ("unit_officer", "street_leader", "administrator"):
        with pytest.raises(NotAllowed):
            add(town, house, role)
        with pytest.raises(NotAllowed):
            panoramas.remove(town.actor(role), made)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"photo": round_photo(1600, 1200)}, "photo"),
        ({"photo": round_photo(800, 400)}, "photo"),
        ({"photo": b"no picture"}, "photo"),
        ({"title": " "}, "title"),
        ({"taken_on": clock.today() + timedelta(days=2)}, "taken_on"),
    ],
)
def test_what_is_no_photo_all_round_is_refused_at_its_field(
    town: Town, house: Building, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        add(town, house, **values)
    assert field in refused.value.fields


def test_a_large_one_is_made_small_and_keeps_nothing_but_its_picture(
    town: Town, house: Building, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRETPHONE"
    made = add(town, house, photo=round_photo(6000, 3000, exif=exif, comment=b"PAYLOAD"))
    kept = (tmp_path / made.file).read_bytes()
    assert b"SECRET" not in kept
    assert b"PAYLOAD" not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.size == (4096, 2048)


def test_a_building_has_a_dozen_and_a_removed_one_makes_room(town: Town, house: Building) -> None:
    made = [add(town, house) for _number in range(panoramas.MOST_OF_A_BUILDING)]
    with pytest.raises(Conflict):
        add(town, house)
    panoramas.remove(town.actor("grid_worker"), made[0])
    assert add(town, house).pk


def test_a_panorama_follows_its_building_into_another_grid(town: Town, house: Building) -> None:
    made = add(town, house)
    Building.objects.filter(pk=house.pk).update(area=town.grids[1])
    with acting_as(TESTS):
        Panorama.objects.filter(pk=made.pk).update(area=town.grids[1])
        buildings.find_grids_again()
        assert Panorama.objects.get().area_id == town.grids[0].pk


def test_it_is_uploaded_once_looked_at_and_removed_on_its_pages(
    town: Town, house: Building, tmp_path: Path
) -> None:
    client, file = client_for(town.users["grid_worker"]), tmp_path / "a.jpg"
    file.write_bytes(round_photo())
    sent = {"key": str(uuid.uuid4()), "title": "大门口", "taken_on": "2026-11-20"}
    for _time in range(2):
        with file.open("rb") as opened:
            answer = client.post(f"/desk/buildings/{house.pk}/panoramas/new", sent | {"photo": opened})
        assert answer.status_code == 302
    with acting_as(TESTS):
        made = Panorama.objects.get()
    page = client.get(f"/desk/panoramas/{made.pk}/")
    assert "data-panorama" in page.content.decode()
    assert "pannellum.js" in page.content.decode()
    assert "'self'" in page.headers["Content-Security-Policy"]
    assert client.get(f"/desk/panoramas/{made.pk}/photo.jpg").headers["Content-Type"] == "image/jpeg"
    assert "大门口" in client.get(f"/desk/buildings/{house.pk}/").content.decode()
    stranger = client_for(town.users["unit_officer"])
    for url in ("", "photo.jpg"):
        assert stranger.get(f"/desk/panoramas/{made.pk}/{url}").status_code == 404
    assert client.post(f"/desk/panoramas/{made.pk}/remove").status_code == 302
    assert client.get(f"/desk/panoramas/{made.pk}/").status_code == 404
