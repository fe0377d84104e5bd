"""The matter picker: the frequent ones first, then what was searched, with its conditions and the likely unit."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from wangge.domain.cases.leading import CaseFacts, first
from wangge.domain.cases.models import Case, Responsibility
from wangge.domain.cases.queries.page import conditions_of
from wangge.domain.cases.services.dispatching import rows_for
from wangge.domain.catalogue.models import Matter
from wangge.domain.catalogue.queries import REPORTED_KINDS, frequent, matters_found
from wangge.domain.catalogue.words import DUTIES
from wangge.platform.given import whole
from wangge.platform.language import listed, named

MOST_FOUND = 30


def options(words: str, chosen: str) -> dict[str, Any]:
    """Context of desk/parts/matter_options.html: the chosen matter, then the frequent or the found ones."""
    chosen_id = whole(chosen)
    found = list(_found(words)) if words else frequent()
    picked = next((matter for matter in found if matter.pk == chosen_id), None)
    if picked is None and chosen_id:
        picked = Matter.objects.filter(pk=chosen_id).first()
        found = [picked, *found] if picked else found
    return {"matters": _with_neighbours(found), "chosen": picked, "words": words, "most": MOST_FOUND}


@dataclass(frozen=True, slots=True)
class Option:
    """A matter to choose, and the names of those easily taken for it."""

    matter: Matter
    not_to_confuse: str


def _with_neighbours(matters: list[Matter]) -> list[Option]:
    """The catalogue keeps the neighbours as codes: "06042;06011" (1 statement)."""
    codes = {matter.pk: [code for code in matter.not_to_confuse.split(";") if code] for matter in matters}
    wanted = {code for found in codes.values() for code in found}
    neighbours = Matter.objects.filter(code__in=wanted, kind__in=REPORTED_KINDS)
    names = {neighbour.code: named(neighbour) for neighbour in neighbours}
    return [
        Option(matter, listed(names[code] for code in codes[matter.pk] if code in names))
        for matter in matters
    ]


def _found(words: str) -> Any:
    return matters_found(words[:40], enabled=True).filter(kind__in=REPORTED_KINDS)[:MOST_FOUND]


def condition_options(matter: str, chosen: str) -> dict[str, Any]:
    """Context of desk/parts/condition_options.html; a single condition is chosen by itself."""
    matter_id = whole(matter)
    conditions = conditions_of(matter_id) if matter_id else []
    only = str(conditions[0].pk) if len(conditions) == 1 else ""
    return {"conditions": conditions, "chosen_condition": chosen or only, "has_matter": bool(matter)}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The unit that the responsibility list names, why, and the rows that were asked before it."""

    unit_id: int
    unit: str
    why: str
    decision: str
    passed: tuple[str, ...]


def suggestion(case: Case, matter: str = "") -> Suggestion | None:
    """The likely lead unit for the case's matter, or for another one under consideration (at most 3 statements)."""
    if (matter_id := whole(matter)) and matter_id != case.matter_id:
        case.matter = Matter.objects.filter(pk=matter_id).first()
    rows, facts = rows_for(case), CaseFacts(case)
    row = first(rows, facts)
    if row is None:
        return None
    why = _("责任清单：%(row)s") % {"row": _row_words(row)}
    passed = tuple(
        _("%(row)s：%(unit)s，条件不成立") % {"row": _row_words(other), "unit": other.unit.name}
        for other in rows[: rows.index(row)]
    )
    return Suggestion(row.unit_id, row.unit.name, why, _decision(row), passed)


def _row_words(row: Responsibility) -> str:
    what = named(row.matter) if row.matter else str(DUTIES.get(row.duty, row.duty))
    words = _("%(area)s · %(what)s") % {"area": row.area.short_name, "what": what}
    return _("%(row)s · %(when)s") % {"row": words, "when": row.when_name} if row.when else words


def _decision(row: Responsibility) -> str:
    """Where a row came from, if an arbitration wrote it: the case's number where the reader may see it."""
    if not row.decided_in_id:
        return ""
    number = Case.objects.filter(pk=row.decided_in_id).values_list("number", flat=True).first()
    return _("由 %(number)s 的裁定确定") % {"number": number} if number else _("由以前的裁定确定")
