"""A reporter's contact: who is shown it, and that each look is written down first."""

from typing import Any

import pytest
from django.db import DatabaseError

from casework import START
from scene import PEOPLE
from wangge.domain.access.actor import Actor
from wangge.domain.access.models import ReadLog
from wangge.domain.cases.models import Case
from wangge.domain.cases.services import contacts
from wangge.platform import clock
from wangge.platform.errors import Invalid, NotFound


def test_a_look_is_written_down_before_anything_is_shown(people: dict[str, Actor], cases: list[Case]) -> None:
    officer, case = people["station_officer"], cases[3]
    with clock.at(START):
        shown = contacts.unmask(officer, case.pk, contacts.PURPOSES[0])
    assert (shown.name, shown.phone) == ("王小明", "13800003333")
    log = ReadLog.objects.get()
    assert (log.user_id, log.subject, log.purpose) == (
        officer.user_id,
        f"case {case.pk}",
        contacts.PURPOSES[0],
    )


def test_no_log_no_data(people: dict[str, Actor], cases: list[Case], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(contacts, "log_look", broken)
    with pytest.raises(DatabaseError):
        contacts.unmask(people["station_officer"], cases[3].pk, contacts.PURPOSES[0])


@pytest.mark.parametrize("purpose", ["", "好奇", "回访"])
def test_without_a_stated_purpose_nothing_is_shown(
    people: dict[str, Actor], cases: list[Case], purpose: str
) -> None:
    with pytest.raises(Invalid) as wrong:
        contacts.unmask(people["station_officer"], cases[3].pk, purpose)
    assert "purpose" in wrong.value.fields
    assert not ReadLog.objects.exists()


def test_who_does_not_call_back_is_shown_nothing_and_no_look_is_logged(
    people: dict[str, Actor], cases: list[Case]
) -> None:
    for name in sorted(set(PEOPLE) - {"station_officer", "station_head", "street_dispatcher", "operator"}):
        with pytest.raises(NotFound):
            contacts.unmask(people[name], cases[3].pk, contacts.PURPOSES[0])
        assert contacts.masked(people[name], cases[3].pk) is None
    with pytest.raises(NotFound):
        contacts.unmask(people["station_officer"], cases[1].pk, contacts.PURPOSES[0])
    assert not ReadLog.objects.exists()


def test_a_masked_contact_shows_nothing_and_so_is_no_look(
    people: dict[str, Actor], cases: list[Case]
) -> None:
    shown = contacts.masked(people["station_officer"], cases[3].pk)
    assert shown
    assert not set(shown.name + shown.phone) - {"*"}
    assert not ReadLog.objects.exists()
