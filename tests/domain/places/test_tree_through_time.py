"""Whatever is done to the tree, in whatever order: every day keeps one sound tree, and nothing is forgotten."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.domain.places.trees import TESTER, assert_areas_show, assert_sound, plant
from wangge.domain.places.models import LEVELS, Area, AreaChange, AreaVersion, Succession
from wangge.domain.places.rules import CODE_DIGITS
from wangge.domain.places.services import (
    Part,
    Repath,
    apply_due_changes,
    close,
    found,
    merge,
    move,
    rename,
    split,
)
from wangge.platform import clock
from wangge.platform.errors import WanggeError

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)

small = st.integers(0, 11)
steps = st.lists(
    st.tuples(
        st.sampled_from(["found", "rename", "move", "recode", "merge", "merge_new", "split", "close"]),
        small,
        small,
        small,
        st.integers(-200, 200).map(lambda days: TODAY + timedelta(days=days)),
    ),
    min_size=1,
    max_size=12,
)


class Hand:
    """Makes each step out of small numbers: many are illegal, and must change nothing."""

    def __init__(self) -> None:
        plant()

    def area(self, number: int, level: str | None = None) -> Area:
        rows = Area.objects.filter(level__in=[level] if level else LEVELS[3:]).order_by("pk")
        return rows[number % len(rows)]

    def do(self, step: str, a: int, b: int, c: int, on: date) -> Any:
        first = self.area(a)
        second = self.area(b, first.level)
        parent = self.area(b, LEVELS[LEVELS.index(first.level) - 1])
        match step:
            case "found":
                return found(TESTER, parent, Part(self.code(parent, first.level, c), f"新设{c}"), on)
            case "rename":
                return rename(TESTER, first, f"改名{b}{c}", on)
            case "move":
                return move(TESTER, first, parent, on)
            case "recode":
                return move(TESTER, first, parent, on, code=self.code(parent, first.level, c))
            case "merge":
                return merge(TESTER, [first], second, on)
            case "merge_new":
                code = self.code(first.parent, first.level, c)
                return merge(TESTER, [first, second], Part(code, f"合并{c}"), on)
            case "split":
                children = [one.pk for one in Area.objects.filter(parent=first, active=True).order_by("pk")]
                cut = c % (len(children) + 1)
                codes = [self.code(first.parent, first.level, n) for n in (b, c)]
                parts = [
                    Part(codes[0], "拆分甲", tuple(children[:cut])),
                    Part(codes[1], "拆分乙", tuple(children[cut:])),
                ]
                return split(TESTER, first, parts, on)
            case _:
                return close(TESTER, first, on)

    def code(self, parent: Area | None, level: str, number: int) -> str:
        assert parent is not None
        digits = CODE_DIGITS[level] - len(parent.code)
        return f"{parent.code}{number + 1:0{digits}d}" if digits > 0 else "0"


def snapshot() -> tuple[list[Any], ...]:
    return (
        list(AreaVersion.objects.order_by("pk").values_list()),
        list(Area.objects.order_by("pk").values_list()),
        list(AreaChange.objects.order_by("pk").values_list()),
        list(Succession.objects.order_by("pk").values_list()),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps)
def test_every_day_keeps_one_sound_tree_whatever_is_done(todo: list[tuple[str, int, int, int, date]]) -> None:
    with transaction.atomic(), clock.at(datetime(2026, 11, 22, 4, tzinfo=UTC)):
        hand = Hand()
        cases = dict(Area.objects.values_list("pk", "path"))
        for step in todo:
            before = snapshot()
            try:
                with transaction.atomic():
                    done = hand.do(*step)
            except WanggeError:
                event(f"{step[0]} refused")
                assert snapshot() == before
                continue
            event(f"{step[0]} done")
            assert set(before[2]) <= set(snapshot()[2])
            assert set(before[3]) <= set(snapshot()[3])
            assert_sound()
            assert_areas_show(TODAY)
            follow(cases, done.repaths)
        days = sorted({day for _, _, _, _, day in todo if day > TODAY})
        for day in days:
            follow(cases, apply_due_changes(day))
            assert_areas_show(day)
        assert_every_merged_or_split_area_has_successors()
        transaction.set_rollback(True)


def follow(cases: dict[int, str], repaths: Iterable[Repath]) -> None:
    """What the cases do, one in each area: told by path, each stays with its area or its area's successor."""
    for one in repaths:
        for area, path in cases.items():
            if path == one.old_path:
                cases[area] = one.new_path
    alive = dict(Area.objects.filter(active=True).values_list("pk", "path"))
    for area, path in alive.items():
        assert cases.setdefault(area, path) == path
    heirs = Succession.objects.filter(change__kind="merge", successor__in=alive, predecessor__active=False)
    for area, heir in heirs.values_list("predecessor_id", "successor_id"):
        assert cases.get(area, alive[heir]) == alive[heir]


def assert_every_merged_or_split_area_has_successors() -> None:
    for change in AreaChange.objects.filter(kind__in=["merge", "split"]):
        pairs = change.successions.all()
        assert pairs
        for pair in pairs:
            ended = pair.predecessor.versions.order_by("-valid").first()
            assert ended is not None
            assert ended.valid.upper == change.effective_on
