"""Whoever reads English is answered in English; what is stored does not depend on who read what."""

import re
from typing import Any

import pytest
from django.utils import translation

from casework import MOVES, START, STREET, Road, condition, history_of
from factories import Town
from wangge.domain.access.actor import Actor
from wangge.domain.cases.choices import closing_words, reason_name
from wangge.domain.cases.services.moves import STALE, move
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed, WanggeError

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def road(town: Town, people: dict[str, Actor]) -> Road:
    return Road(town, people).dispatched(condition(**STREET))


def answer(error: type[WanggeError], language: str, *call: Any, **more: Any) -> Any:
    """The error that a move answers with, in a language."""
    with clock.at(START), translation.override(language), pytest.raises(error) as caught:
        move(*call, **more)
    return caught.value


def test_a_missing_field_is_named_in_the_readers_language(people: dict[str, Actor], road: Road) -> None:
    asked = {field.key: field for field in MOVES["return"].required}
    call = (people["unit_officer"], road.case.pk, "return")
    assert answer(Invalid, "zh-hans", *call).fields == {
        key: f"请填写“{field.name}”。" for key, field in asked.items()
    }
    assert answer(Invalid, "en", *call).fields == {
        key: f"Please fill in “{field.name_en}”." for key, field in asked.items()
    }


def test_a_closed_move_says_why_in_the_readers_language(
    town: Town, people: dict[str, Actor], road: Road
) -> None:
    road.move("unit_officer", "return")
    road.move("street_dispatcher", "dispatch", unit=town.units["sanitation"].pk, supports=[])
    call = (people["unit_officer"], road.case.pk, "return", {"reason": "not_our_duty", "note": "再退"})
    asked = MOVES["return"]
    assert answer(NotAllowed, "zh-hans", *call).text == asked.why
    assert answer(NotAllowed, "en", *call).text == asked.why_en


def test_a_wrong_answer_is_described_in_the_readers_language(people: dict[str, Actor], road: Road) -> None:
    call = (people["unit_officer"], road.case.pk, "return", {"reason": "because", "note": "字" * 2001})
    fields = answer(Invalid, "en", *call).fields
    assert set(fields) == {"reason", "note"}
    assert not CHINESE.search(" ".join(fields.values()))
    assert "2001" in fields["note"]
    assert all(CHINESE.search(text) for text in answer(Invalid, "zh-hans", *call).fields.values())


def test_whoever_comes_second_is_told_in_the_readers_language(people: dict[str, Actor], road: Road) -> None:
    call = (people["unit_officer"], road.case.pk, "accept")
    error = answer(Conflict, "en", *call, version=road.case.version - 1)
    with translation.override("en"):
        assert error.text == str(STALE)
    assert not CHINESE.search(error.text)


def test_history_keeps_values_whatever_the_language(town: Town, people: dict[str, Actor]) -> None:
    chosen = condition(**STREET)
    kept = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            road = Road(town, people).closed(chosen)
        kept.append([(event.move, event.reason, event.data) for event in history_of(road.case.pk)])
    assert kept[0] == kept[1]
    assert road.case.closing_condition == chosen.closing_condition


def test_stored_values_are_shown_in_the_readers_language(db: None) -> None:
    chosen = condition(**STREET)
    with translation.override("en"):
        assert reason_name("not_our_duty") == "Not our duty by the responsibility list"
        assert closing_words(chosen.closing_condition, chosen) == chosen.closing_condition_en
        assert closing_words("另有说明", chosen) == "另有说明"
    assert reason_name("not_our_duty") == "按责任清单不属本单位职责"
