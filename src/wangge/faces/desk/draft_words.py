"""The changes of a draft in words, each with what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from wangge.domain.access.models import Unit
from wangge.domain.catalogue.words import DUTIES
from wangge.domain.rulebook.models import DraftChange, Kind
from wangge.domain.rulebook.problems import Problem
from wangge.faces.desk.rule_words import Difference, differences
from wangge.platform.language import named


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change as a line: what it is about, field by field, and its problems. `moved`: somebody must choose."""

    change: DraftChange
    about: str
    fields: tuple[Difference, ...]
    problems: tuple[Problem, ...]
    moved: bool
    editable: bool


def change_lines(changes: Sequence[DraftChange], problems: Sequence[Problem]) -> list[ChangeLine]:
    """All lines of a draft (1 statement, for the units' names)."""
    ids = {
        held["unit_id"]
        for change in changes
        for held in (change.values, change.base)
        if held and "unit_id" in held
    }
    units = dict(Unit.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [
        _line(change, [p for p in problems if p.change and p.change.pk == change.pk], units)
        for change in changes
    ]


def _line(change: DraftChange, problems: list[Problem], units: dict[int, str]) -> ChangeLine:
    ending = change.kind in (Kind.END_CONDITION, Kind.END_DUTY) or change.values.get("working", 0) is None
    before = _shown(change.base, units)
    after = {} if ending else _shown(change.values, units)
    fields = differences(before, after) if not ending else []
    if ending:
        said = differences(before, {})
        fields = [one for one in said if one.before][:4]
    new = change.subject.split()[-1].startswith("new")
    return ChangeLine(
        change,
        _about(change),
        tuple(one for one in fields if one.before or one.after),
        tuple(problems),
        any(problem.moved for problem in problems),
        not new and change.kind != Kind.END_DUTY,
    )


def _shown(values: dict[str, Any] | None, units: dict[int, str]) -> dict[str, Any]:
    if not values:
        return {}
    if "unit_id" in values:
        return values | {"unit": units.get(values["unit_id"], "")}
    return {name: value for name, value in values.items() if name != "day"}


def _about(change: DraftChange) -> str:
    area = change.area.name if change.area else ""
    match change.kind:
        case Kind.CONDITION | Kind.END_CONDITION:
            number = change.subject.split()[-1]
            matter = f"{change.matter.code} {named(change.matter)}" if change.matter else ""
            if not number.isdecimal():
                return _("%(matter)s · 新的条件") % {"matter": matter}
            return _("%(matter)s · 条件 %(number)s") % {"matter": matter, "number": number}
        case Kind.DAY:
            return _("%(area)s · %(what)s") % {"area": area, "what": change.values["day"]}
        case _:
            held = change.values or change.base
            what = named(change.matter) if change.matter else str(DUTIES.get(held["duty"], held["duty"]))
            return _("%(area)s · %(what)s") % {"area": area, "what": what}
