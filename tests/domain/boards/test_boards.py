"""Boards of grids: who is on them, what they gave of themselves, posters and cards on paper, sets by the worker."""

import uuid
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework import START, TESTS, ZONE, photo, statements
from factories import Town
from pdftext import Page, pages_of
from wangge.domain.access.models import Post, Unit
from wangge.domain.access.scope import acting_as
from wangge.domain.boards import queries, services
from wangge.domain.boards.drawing import cards_pdf, poster_pdf
from wangge.domain.boards.models import Card, PrintRun
from wangge.domain.boards.queries import board_of
from wangge.domain.boards.rules import KEPT_DAYS, MOST_DUTIES, hours_words, usual_duties
from wangge.domain.places.models import Area
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.usefixtures("media")
LINKS = "https://example.org/q/{code}"


def drawn(town: Town, what: Any = poster_pdf, grid: int = 0) -> list[Page]:
    with acting_as(TESTS):
        return pages_of(what(town.grids[grid], LINKS))


def test_hours_are_told_in_spans_of_equal_days() -> None:
    day, short = [(time(9), time(12)), (time(14), time(17, 30))], [(time(9), time(12))]
    assert hours_words([day] * 5 + [short, []]) == "周一至周五 9:00–12:00、14:00–17:30；周六 9:00–12:00"
    assert hours_words([[]] * 7) == ""


def test_a_board_names_worker_and_lead_and_where_to_go(town: Town) -> None:
    board = board_of(town.grids[0])
    assert [(one.name, one.role) for one in board.people] == [
        ("陈秋芬", "grid_worker"),
        ("李浩泉", "grid_lead"),
    ]
    assert board.above == ("南华西街道", "东社区")
    assert board.office == town.units["station"]
    assert list(board.duties) == usual_duties()


def test_whoever_left_is_not_on_the_board_any_more(town: Town) -> None:
    Post.objects.filter(user=town.users["grid_worker"]).update(ends_on=clock.today() - timedelta(days=1))
    assert board_of(town.grids[0]).worker is None


def test_all_boards_of_a_street_cost_what_those_of_a_community_do(town: Town) -> None:
    assert [len(queries.boards_below(area)) for area in (town.street, town.communities[0])] == [4, 2]
    costs = {
        statements(lambda area=area: queries.boards_below(area))
        for area in (town.street, town.communities[0])
    }
    assert len(costs) == 1


def test_phone_and_photo_are_there_only_when_the_person_gave_them_and_go_when_taken_back(
    town: Town, tmp_path: Path
) -> None:
    actor = town.actor("grid_worker")
    services.give_card(actor, phone="020-84400002", photo=photo(comment=b"PAYLOAD"))
    worker = board_of(town.grids[0]).worker
    assert worker is not None
    assert worker.phone == "020-84400002"
    assert b"PAYLOAD" not in (tmp_path / queries.photo_on_a_board(actor.user_id)).read_bytes()
    services.give_card(actor, phone="020-84400003")
    assert queries.photo_on_a_board(actor.user_id)
    services.give_card(actor, phone="", no_photo=True)
    assert not Card.objects.exists()
    with pytest.raises(NotFound):
        queries.photo_on_a_board(actor.user_id)


def test_a_photo_is_not_shown_once_its_owner_serves_no_grid(town: Town) -> None:
    actor = town.actor("grid_worker")
    services.give_card(actor, phone="", photo=photo())
    Post.objects.filter(user=town.users["grid_worker"]).update(ends_on=clock.today() - timedelta(days=1))
    with pytest.raises(NotFound):
        queries.photo_on_a_board(actor.user_id)


@pytest.mark.parametrize("phone", ["123", "一二三四五六", "0" * 21])
def test_a_number_that_is_none_is_refused(town: Town, phone: str) -> None:
    with pytest.raises(Invalid):
        services.give_card(town.actor("grid_worker"), phone=phone)


def test_the_nearest_written_duties_hold_and_none_bring_back_those_above(town: Town) -> None:
    street, east = town.street, town.communities[0]
    services.set_duties(town.actor("street_dispatcher"), street, "巡河\n\n  看井盖 ")
    services.set_duties(town.actor("station_officer"), east, "走访")
    assert board_of(town.grids[0]).duties == ("走访",)
    assert board_of(town.grids[2]).duties == ("巡河", "看井盖")
    services.set_duties(town.actor("station_officer"), east, " ")
    assert board_of(town.grids[0]).duties == ("巡河", "看井盖")
    assert queries.duties_of(town.grids[0])[0] == street


def test_duties_are_written_by_who_keeps_the_place_and_fit_the_board(town: Town) -> None:
    with pytest.raises(NotAllowed):
        services.set_duties(town.actor("station_officer"), town.communities[1], "走访")
    with pytest.raises(Invalid):
        services.set_duties(
            town.actor("station_officer"), town.communities[0], "\n".join("一" * (MOST_DUTIES + 1))
        )


def test_a_poster_says_everything_in_searchable_text(town: Town) -> None:
    Unit.objects.filter(pk=town.units["station"].pk).update(phone="020-84400001", address="永兴街 8 号")
    services.give_card(town.actor("grid_worker"), phone="020-84400002", photo=photo(size=(300, 400)))
    (page,) = drawn(town)
    assert (round(page.width), round(page.height)) == (297, 420)
    expected = (
        "东1网格",
        "南华西街道 · 东社区",
        "陈秋芬",
        "020-84400002",
        "东社区工作站",
        "020-84400001",
        "永兴街 8 号",
    )
    for words in (*expected, "东2网格", *usual_duties(), "12345"):
        assert words in page.words


def test_a_sheet_has_ten_equal_cards(town: Town) -> None:
    (page,) = drawn(town, cards_pdf)
    assert (round(page.width), round(page.height)) == (210, 297)
    assert page.words.count("陈秋芬") == 10


NAMES = st.text(st.sampled_from("网格社区长得很第一二三AB 12（）·"), min_size=1, max_size=60).filter(
    str.strip
)


@given(NAMES, NAMES, NAMES, st.lists(NAMES, min_size=1, max_size=MOST_DUTIES))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_long_the_names_one_page_holds_them_all(
    town: Town, grid: str, person: str, office: str, duties: list[str]
) -> None:
    Area.objects.filter(pk=town.grids[0].pk).update(name=grid)
    town.grids[0].name = grid
    user = town.users["grid_worker"]
    user.name = person
    user.save()
    Unit.objects.filter(pk=town.units["station"].pk).update(name=office, address=office * 2)
    services.set_duties(TESTS, town.street, "\n".join(duties))
    for what in (poster_pdf, cards_pdf):
        (page,) = drawn(town, what)
        for text in page.texts:
            assert 0 <= text.x < page.width
            assert 0 < text.y < page.height


def ask(town: Town, key: uuid.UUID, area: Area, role: str = "station_officer") -> PrintRun:
    return services.start(town.actor(role), key, area, LINKS)


def test_a_set_holds_poster_and_cards_of_every_grid_and_is_asked_for_once(town: Town, tmp_path: Path) -> None:
    key = uuid.uuid4()
    run = ask(town, key, town.communities[0])
    assert ask(town, key, town.communities[0]) == run
    with pytest.raises(Conflict):
        ask(town, key, town.communities[1])
    services.draw(run.pk)
    with acting_as(TESTS):
        run = PrintRun.objects.get()
    assert (run.done, run.total, run.problem) == (2, 2, "")
    pages = pages_of((tmp_path / run.file).read_bytes())
    assert [round(page.width) for page in pages] == [297, 210, 297, 210]
    assert "东1网格" in pages[0].words
    assert "东2网格" in pages[2].words


def test_a_finished_set_is_not_drawn_again_and_its_time_ends(town: Town, tmp_path: Path) -> None:
    run = ask(town, uuid.uuid4(), town.communities[0])
    services.draw(run.pk)
    file = tmp_path / f"boards/{run.key}.pdf"
    made = file.stat().st_mtime_ns
    services.draw(run.pk)
    assert file.stat().st_mtime_ns == made
    with clock.at(clock.now() + timedelta(days=KEPT_DAYS + 1)):
        assert services.forget_runs() == 1
    assert not file.exists()


def test_an_area_without_grids_has_no_set(town: Town) -> None:
    Area.objects.filter(level="grid").update(active=False)
    with pytest.raises(Invalid):
        ask(town, uuid.uuid4(), town.communities[0])


def test_the_day_on_the_poster_is_the_day_it_was_drawn(town: Town) -> None:
    with clock.at(datetime(2026, 9, 24, 9, tzinfo=ZONE)):
        assert START.date().isoformat() in drawn(town)[0].words
