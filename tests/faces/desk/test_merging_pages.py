"""Two registrations of one person are merged where they are shown, and taken apart there."""

import re

import pytest

from casework import TESTS
from factories import Town, make_dwelling
from settling import make_resident
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import Dwelling
from wangge.domain.register.models import Household, Resident
from wangge.domain.register.purposes import NEAR


@pytest.fixture
def twice(town: Town) -> tuple[Dwelling, Household, list[int]]:
    with acting_as(TESTS):
        flat = make_dwelling(town, town.grids[0])
        home = Household.objects.create(area=town.grids[0], dwelling=flat)
        made = [make_resident(home, name, "13800001234") for name in ("何桂香", "何桂香（何婆婆）")]
    return flat, home, [one.pk for one in made]


def merged_into(resident: int) -> int | None:
    with acting_as(TESTS):
        found: int | None = Resident.objects.get(pk=resident).merged_into_id
    return found


def test_two_are_merged_and_taken_apart_where_they_are_shown(
    town: Town, twice: tuple[Dwelling, Household, list[int]]
) -> None:
    flat, home, (stays, goes) = twice
    client = town.client("station_officer")
    look = {"purpose": NEAR[0]}
    page = client.post(f"/desk/register/households/{home.pk}/show", look).content.decode()
    assert "其中两条是同一个人" in page
    assert client.post("/desk/register/merge", {"kept": stays, "gone": goes})["Location"].endswith(
        f"/dwellings/{flat.pk}"
    )
    assert merged_into(goes) == stays
    page = client.post(f"/desk/register/households/{home.pk}/show", look).content.decode()
    (undo,) = re.findall(r'action="(/desk/register/merges/\d+/undo)"', page)
    assert "其中两条是同一个人" not in page, "one is left"
    client.post(undo)
    assert merged_into(goes) is None


def test_others_merge_nobody(town: Town, twice: tuple[Dwelling, Household, list[int]]) -> None:
    _flat, _home, (stays, goes) = twice
    form = {"kept": stays, "gone": goes}
    assert town.client("unit_officer").post("/desk/register/merge", form).status_code in (403, 404)
    assert merged_into(goes) is None
