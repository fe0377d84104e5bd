"""Boards on the desk and in public: the list, papers, sets, one's own card, and the page that everybody may open."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from casework import TESTS, photo, statements
from factories import Town
from wangge.domain.access.scope import acting_as
from wangge.domain.boards import services
from wangge.domain.boards.models import PrintRun
from wangge.domain.places.models import Area

pytestmark = pytest.mark.usefixtures("media")


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_shows_which_board_lacks_somebody(town: Town) -> None:
    shown = page(town.client("station_officer"), f"/desk/boards/?area={town.communities[0].pk}")
    assert "陈秋芬" in shown
    assert shown.count("没有网格员") == 1
    assert "打印全部（2 个网格）" in shown


def test_the_list_of_boards_costs_the_same_however_long(
    town: Town,
) -> None:
    client = town.client("station_officer")

    def cost(area: Area) -> int:
        return statements(lambda: page(client, f"/desk/boards/?area={area.pk}"))

    cost(town.street)
    # Of a street all above it is asked too, with no grids of its own.
    assert cost(town.street) <= cost(town.communities[0]) <= 25


def test_poster_and_cards_open_as_pdf(town: Town) -> None:
    client, code = town.client("unit_officer"), town.grids[0].code
    for what in ("poster", "cards"):
        answer = client.get(f"/desk/boards/{code}/{what}.pdf")
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
    assert client.get(f"/desk/boards/{code}/flag.pdf").status_code == 404
    assert client.get(f"/desk/boards/{town.communities[0].code}/poster.pdf").status_code == 404


def test_a_set_is_asked_for_drawn_and_fetched_by_whoever_asked(town: Town) -> None:
    client, url = town.client("station_officer"), f"/desk/boards/{town.communities[0].pk}/sets"
    sent = {"key": str(uuid.uuid4())}
    where = client.post(url, sent)["Location"]
    assert client.post(url, sent)["Location"] == where
    assert "0 / 2" in page(client, where)
    with acting_as(TESTS):
        run = PrintRun.objects.get()
    assert client.get(f"{where}/boards.pdf").status_code == 404
    services.draw(run.pk)
    assert f"{where}/boards.pdf" in page(client, where)
    assert client.get(f"{where}/boards.pdf").content.startswith(b"%PDF-")
    assert town.client("station_head").get(where).status_code == 404


def test_a_worker_gives_a_phone_and_a_photo_and_takes_them_back(town: Town, tmp_path: Any) -> None:
    worker, resident = town.client("grid_worker"), Client()
    user = town.users["grid_worker"]
    (tmp_path / "me.jpg").write_bytes(photo(size=(300, 400)))
    public = f"/areas/{town.grids[0].code}"
    assert "陈秋芬" in page(resident, public)
    assert f"/areas/people/{user.pk}.jpg" not in page(resident, public)
    with (tmp_path / "me.jpg").open("rb") as file:
        sent = {"key": str(uuid.uuid4()), "phone": "020-84400002", "photo": file}
        assert worker.post("/desk/account/board", sent).status_code == 302
    assert "020-84400002" in page(resident, public)
    assert resident.get(f"/areas/people/{user.pk}.jpg").headers["Content-Type"] == "image/jpeg"
    assert "公开照片" in page(worker, "/desk/account")
    sent = {"key": str(uuid.uuid4()), "phone": "", "no_photo": "on"}
    assert worker.post("/desk/account/board", sent).status_code == 302
    assert "020-84400002" not in page(resident, public)
    assert resident.get(f"/areas/people/{user.pk}.jpg").status_code == 404
    assert town.client("station_officer").get("/desk/account/board").status_code == 403


def test_duties_are_changed_on_the_desk_and_stand_on_the_public_page(town: Town) -> None:
    client, east = town.client("station_officer"), town.communities[0]
    url = f"/desk/boards/{east.pk}/duties"
    seen = re.search(r'name="seen" value="([^"]*)"', page(client, url))
    assert seen
    sent = {"key": str(uuid.uuid4()), "seen": seen[1], "lines": "每天巡一次河涌"}
    assert client.post(url, sent).status_code == 302
    assert "每天巡一次河涌" in page(Client(), f"/areas/{town.grids[0].code}")
    late = {"key": str(uuid.uuid4()), "seen": seen[1], "lines": "别的"}
    assert town.client("station_head").post(url, late).status_code == 409


def test_the_public_page_says_where_the_station_is_and_when_it_is_open(town: Town) -> None:
    town.units["station"].address = "永兴街 8 号"
    town.units["station"].save()
    shown = page(Client(), f"/areas/{town.grids[0].code}")
    assert "永兴街 8 号" in shown
    assert "周一至周五" in shown
