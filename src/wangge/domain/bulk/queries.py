"""What would come of a move in many cases, before it is made, and what came of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor
from wangge.domain.access.models import Unit
from wangge.domain.bulk.models import Run
from wangge.domain.bulk.rules import MOST, Wanted, offered
from wangge.domain.cases import rules as case_rules
from wangge.domain.cases.models import Case
from wangge.domain.cases.queries.lists import Filters, page_of, with_names
from wangge.domain.cases.services.dispatching import likely_leads
from wangge.domain.cases.services.processes import definition_of, definitions_in_use
from wangge.engines.flow import Move, open_moves
from wangge.platform import clock
from wangge.platform.errors import NotFound
from wangge.platform.language import named


@dataclass(frozen=True, slots=True)
class Line:
    """One case of a preview: `wanted` when it can be done, otherwise `why` not; `note` says what is particular."""

    case: Case
    wanted: Wanted | None
    why: str = ""
    note: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case of a run. `case` is None when it is not in the reader's view any more."""

    case: Case | None
    done: bool | None
    why: str


@dataclass(frozen=True, slots=True)
class Result:
    run: Run
    move: Move
    outcomes: list[Outcome]
    counts: Counter[bool | None]


def moves_for(actor: Actor) -> tuple[Move, ...]:
    """What the actor may do to many cases at once (no statement while the versions in use are remembered)."""
    return offered(actor, definitions_in_use()[0][1])


def chosen_cases(ids: Sequence[int]) -> list[Case]:
    """The cases of these ids inside the actor's view, in the order given, at most MOST (1 statement)."""
    found = {case.pk: case for case in with_names(Case.objects.filter(pk__in=list(ids)[:MOST]))}
    return [found[pk] for pk in dict.fromkeys(ids) if pk in found]


def ids_of_list(actor: Actor, filters: Filters) -> list[int]:
    """Every case of a list in its order, and one more than MOST when there are more (1 statement a page)."""
    page = page_of(actor, filters, 1)
    ids = [case.pk for case in page.cases]
    while page.further and len(ids) <= MOST:
        page = page_of(actor, filters, page.after)
        ids += [case.pk for case in page.cases]
    return ids[: MOST + 1]


def units_for(cases: Sequence[Case]) -> list[Unit]:
    """Units that serve the places of some of the cases, as the form of the single move offers them (1 statement)."""
    areas = {pk for case in cases for pk in _ids(case.area_path)}
    return list(Unit.objects.filter(active=True, area_id__in=areas).order_by("kind", "name"))


def preview(
    actor: Actor, key: str, cases: Sequence[Case], unit: Unit | None = None, into: Case | None = None
) -> list[Line]:
    """For each case whether the move can be made and what is particular about it (at most 3 statements).

    Dispatch without `unit` follows the responsibility list, case by case; merging needs `into`.
    """
    leads = likely_leads(cases) if key == "dispatch" else {}
    return [_line(actor, key, case, unit, into, leads.get(case.pk)) for case in cases]


def _line(
    actor: Actor, key: str, case: Case, unit: Unit | None, into: Case | None, lead: Unit | None
) -> Line:
    if key == "merge" and into is not None and case.pk == into.pk:
        return Line(case, None, _("其他案件并入这一件。"))
    if why := _closed(actor, key, case):
        return Line(case, None, why)
    if key == "dispatch":
        return _dispatch(case, unit, lead)
    if key == "merge":
        return _merge(case, into)
    already = key == "supervise" and case.supervised
    return Line(case, Wanted(case.pk, case.version), note=_("已经在督办中") if already else "")


def _closed(actor: Actor, key: str, case: Case) -> str:
    """Why the actor cannot make the move in the case now; "" if they can."""
    definition, now = definition_of(case.process_id), clock.now()
    found = open_moves(
        definition, case.state, case_rules.standing(actor, case), case_rules.facts(actor, case, now)
    )
    here = next((move for move in found if move.move.key == key), None)
    if here is None:
        state = named(definition.state(case.state))
        return _("现在是“%(state)s”，您不能办这一步。") % {"state": state}
    return "" if here.open else named(here, "why")


def _dispatch(case: Case, unit: Unit | None, lead: Unit | None) -> Line:
    given = unit or lead
    if given is None:
        return Line(case, None, _("责任清单没有规定由谁办，请单独派遣，或给所有案件指定单位。"))
    if given.area_id not in _ids(case.area_path):
        return Line(case, None, _("%(unit)s不管这个地方。") % {"unit": given.name})
    note = ""
    if unit and lead and lead.pk != unit.pk:
        note = _("与责任清单不同，清单是%(unit)s") % {"unit": lead.name}
    return Line(case, Wanted(case.pk, case.version, {"unit": given.pk}), note=note, unit=given.name)


def _merge(case: Case, into: Case | None) -> Line:
    if into is None:
        return Line(case, None, _("请先选择并入哪一件。"))
    if into.ended:
        return Line(case, None, _("选定的案件已经结束，不能再并入。"))
    if case_rules.path_at(into.area_path, "community") != case_rules.path_at(case.area_path, "community"):
        return Line(case, None, _("与选定的案件不在同一社区。"))
    other = case.matter_id and into.matter_id and case.matter_id != into.matter_id
    return Line(
        case,
        Wanted(case.pk, case.version, {"into": into.number}),
        note=_("事项不同，请核对是否同一件事") if other else "",
    )


def result(run_id: int) -> Result:
    """What came of a run of the actor's own (2 statements); NotFound otherwise."""
    run: Run | None = Run.objects.filter(pk=run_id).first()
    if run is None:
        raise NotFound(_("没有找到这次批量办理。"))
    cases = {case.pk: case for case in chosen_cases([line["case"] for line in run.lines])}
    outcomes = [Outcome(cases.get(line["case"]), line["done"], line["why"]) for line in run.lines]
    return Result(run, _move_of(run), outcomes, Counter(outcome.done for outcome in outcomes))


def _move_of(run: Run) -> Move:
    moves: list[Any] = [
        definition.move(run.move) for _pk, definition in definitions_in_use() if definition.has_move(run.move)
    ]
    return moves[0]


def _ids(path: str) -> list[int]:
    return [int(part) for part in path.rstrip(".").split(".")]
