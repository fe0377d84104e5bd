"""What is wrong with a draft, or worth a look, before it is published."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wangge.domain.access.models import Unit
from wangge.domain.cases.leading import when_faults
from wangge.domain.cases.queries.responsibility import blocks_of, enabled_matters
from wangge.domain.catalogue.models import Condition, Matter
from wangge.domain.catalogue.services import condition_faults
from wangge.domain.places.models import Area
from wangge.domain.rulebook.bases import present_bases
from wangge.domain.rulebook.book import Book, drafted_book, present_book
from wangge.domain.rulebook.models import Draft, DraftChange, Kind
from wangge.platform import clock


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding; `change` is the change it is about, None for the draft as a whole. `blocks`: not publishable.

    `moved`: what the change rests on was changed meanwhile, so that somebody must choose.
    """

    text: str
    change: DraftChange | None = None
    blocks: bool = True
    moved: bool = False


def problems_of(draft: Draft, starts_on: date | None = None) -> list[Problem]:
    """Everything found in a draft, what blocks first (at most 13 statements, however many changes)."""
    changes = list(draft.changes.select_related("matter", "area"))
    starts_on = starts_on or clock.today()
    found = [
        *_moved(changes),
        *_conditions(changes, starts_on),
        *_rows(changes),
        *_days(changes, starts_on),
        *_gaps(changes, starts_on),
    ]
    return sorted(found, key=lambda problem: not problem.blocks)


def _moved(changes: Sequence[DraftChange]) -> list[Problem]:
    present = present_bases(changes)
    text = _("写进方案以后，现行的规定又变了，请选用哪一个。")
    return [Problem(text, change, moved=True) for change in changes if present[change.pk] != change.base]


def _conditions(changes: Sequence[DraftChange], starts_on: date) -> list[Problem]:
    found: list[Problem] = []
    ended: Counter[int] = Counter()
    begun = set()
    for change in changes:
        if change.kind == Kind.END_CONDITION and change.matter_id:
            ended[change.matter_id] += 1
        if change.kind == Kind.CONDITION and change.matter_id:
            row = Condition(matter_id=change.matter_id, number=0, **change.values)
            found += [Problem(text, change) for text in condition_faults(row).values()]
            if change.base is None:
                begun.add(change.matter_id)
    held: Counter[int] = Counter(
        Condition.objects.filter(matter_id__in=ended, valid__endswith__isnull=True).values_list(
            "matter_id", flat=True
        )
    )
    for matter in Matter.objects.filter(pk__in=ended):
        if held[matter.pk] <= ended[matter.pk] and matter.pk not in begun:
            text = _("“%(name)s”将没有立案条件。不再受理时请停用整个事项。") % {"name": matter.name}
            found.append(Problem(text))
    return found + _later(changes, starts_on)


def _later(changes: Sequence[DraftChange], starts_on: date) -> list[Problem]:
    """Rows that already begin later than the draft."""
    ids = {change.base["id"]: change for change in changes if change.base and "id" in change.base}
    conditions = [pk for pk, change in ids.items() if change.kind in (Kind.CONDITION, Kind.END_CONDITION)]
    later = Condition.objects.filter(pk__in=conditions, valid__startswith__gt=starts_on)
    text = _("这一条已安排从 %(day)s 起改变，方案的生效日期不能更早。")
    return [Problem(text % {"day": row.valid.lower.isoformat()}, ids[row.pk]) for row in later]


def _rows(changes: Sequence[DraftChange]) -> list[Problem]:
    duties = [change for change in changes if change.kind == Kind.DUTY]
    units = Unit.objects.in_bulk([change.values["unit_id"] for change in duties])
    found = []
    for change in duties:
        unit = units.get(change.values["unit_id"])
        if unit is None or not unit.active:
            found.append(Problem(_("这个单位不存在或已停用。"), change))
        found += [
            Problem(text, change) for text in when_faults(change.values["when"]) if change.values["when"]
        ]
    conditional = Counter(
        (change.area_id, change.values["matter_id"], change.values["duty"])
        for change in duties
        if change.values["when"]
    )
    for change in duties:
        key = (change.area_id, change.values["matter_id"], change.values["duty"])
        if change.values["when"] and conditional[key] > 1:
            text = _("同一事项有几条带条件的规定，同时成立时用后写的一条。")
            found.append(Problem(text, change, blocks=False))
    return found


def _days(changes: Sequence[DraftChange], starts_on: date) -> list[Problem]:
    today = clock.today()
    found = []
    for change in changes:
        if change.kind != Kind.DAY:
            continue
        day = date.fromisoformat(change.values["day"])
        if day < today:
            found.append(Problem(_("过去的日子不能再改。"), change))
        elif day < starts_on:
            text = _("这一天早于方案的生效日期，发布后当天就按这里的安排。")
            found.append(Problem(text, change, blocks=False))
    return found


def _gaps(changes: Sequence[DraftChange], starts_on: date) -> list[Problem]:
    """Classes that would have no unit in an area whose rows the draft changes."""
    areas = {change.area for change in changes if change.kind in (Kind.DUTY, Kind.END_DUTY) and change.area}
    if not areas:
        return []
    matters = enabled_matters()
    before = present_book(starts_on)
    after = drafted_book(before, changes, starts_on)
    found = []
    for area in sorted(areas, key=lambda one: one.code):
        open_before = _open_in(before, area, matters)
        new = [matter for pk, matter in _open_in(after, area, matters).items() if pk not in open_before]
        if new:
            text = ngettext(
                "%(area)s：%(n)d 个事项将没有主办单位，例如“%(name)s”。",
                "%(area)s：%(n)d 个事项将没有主办单位，例如“%(name)s”。",
                len(new),
            )
            told = {"area": area.name, "n": len(new), "name": new[0].name}
            found.append(Problem(text % told, blocks=False))
    return found


def _open_in(book: Book, area: Area, matters: list[Matter]) -> dict[int, Matter]:
    above = {int(part) for part in area.path.rstrip(".").split(".")}
    rows = [row for (area_id, _what), held in book.rows.items() if area_id in above for row in held]
    return {matter.pk: matter for block in blocks_of(rows, matters) for matter in block.gaps}
