"""The week's notes, told once to who heads the community, with what they became and nobody's name."""

import uuid
from datetime import date, timedelta

import pytest

from casework import START, TESTS
from factories import Town
from wangge.domain.access.actor import Actor
from wangge.domain.access.scope import acting_as
from wangge.domain.office.models import Notice
from wangge.domain.office.services.notices import HANDLERS
from wangge.domain.visits.services.diary import make_case, write_entry
from wangge.domain.visits.services.digest import tell_week
from wangge.faces.desk.notice_words import line
from wangge.platform import clock
from wangge.platform.outbox.services import deliver

pytestmark = pytest.mark.django_db
# Of the scene's own notes none is of this week.
LATER = START + timedelta(days=14)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def wrote(actor: Actor, town: Town, text: str) -> int:
    return write_entry(actor, uuid.uuid4(), kind="wish", text=text, area_id=town.grids[0].pk).pk


def test_the_head_is_told_once_what_the_week_brought(people: dict[str, Actor], town: Town) -> None:
    with clock.at(LATER):
        wrote(people["grid_worker"], town, "想要两张长椅")
        make_case(people["grid_worker"], wrote(people["grid_worker"], town, "闭门器坏了"))
        week = monday_of(clock.today())
    with clock.at(LATER + timedelta(days=7)):
        wrote(people["grid_worker"], town, "下一周的")
        assert tell_week(week) == 1
        assert tell_week(week) == 1
        deliver(HANDLERS, limit=100)
    with acting_as(TESTS):
        (notice,) = Notice.objects.filter(kind="diary_digest")
    assert notice.user_id == people["station_head"].user_id
    assert notice.params == {"monday": week.isoformat(), "notes": 2, "cases": 1}
    assert "2 条民情日记" in line(notice).sentence
    assert line(notice).url.endswith(f"?day={week}")


def test_a_week_without_notes_is_told_to_nobody(town: Town) -> None:
    assert tell_week(monday_of(LATER.date())) == 0
