"""From rows of the domain to what the API says."""

from typing import Any

from wangge.domain.cases.models import Case, CaseEvent, Photo
from wangge.domain.cases.queries.page import CasePage, field_choices
from wangge.domain.cases.services.processes import definition_of
from wangge.engines.flow import Definition, Field, OpenMove
from wangge.faces.api.fields import Named, UnitRef, area_ref, unit_ref
from wangge.faces.api.shapes.cases import (
    CaseDetail,
    CaseRow,
    EventOut,
    FieldOut,
    MatterRef,
    MoveOut,
    MovesOut,
    OptionOut,
    PhotoOut,
    ShareMoves,
    ShareOut,
)
from wangge.platform.language import named

_PLAIN = set(CaseRow.model_fields) - {"id", "state", "matter", "area", "responsible"}
_MORE = set(CaseDetail.model_fields) - set(CaseRow.model_fields) - {"lead", "shares", "photos", "history"}


def row(case: Case) -> CaseRow:
    """A case as queries.lists loads it (no statement)."""
    return CaseRow(**_row(case))


def detail(page: CasePage) -> CaseDetail:
    """The whole case (no statement)."""
    case = page.case
    return CaseDetail(
        **_row(case),
        **{name: getattr(case, name) for name in _MORE},
        lead=unit_ref(case.lead),
        shares=[
            ShareOut(
                id=share.pk,
                unit=_unit(share.unit),
                **{name: getattr(share, name) for name in ("state", "task", "note", "asked_at", "ended_at")},
            )
            for share in page.supports
        ],
        photos=[_photo(photo) for photo in page.photos],
        history=[_event(page.definition, event) for event in page.events],
    )


def moves_of(page: CasePage) -> MovesOut:
    """The reader's moves with their fields (a constant number of statements)."""
    options = _Options(page.case)
    units = {share.pk: share for share in page.supports}
    return MovesOut(
        version=page.case.version,
        state=_named(page.state),
        moves=[_move(found, options) for found in page.moves],
        shares=[
            ShareMoves(
                share_id=pk,
                unit=_unit(units[pk].unit),
                state=units[pk].state,
                moves=[_move(found, options) for found in moves],
            )
            for pk, moves in page.support_moves.items()
            if moves
        ],
    )


class _Options:
    """The choices of fields; the units round a case are read once for all of them."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._units: list[OptionOut] | None = None

    def of(self, field: Field) -> list[OptionOut]:
        if field.type in ("unit", "units"):
            if self._units is None:
                self._units = self._read(field)
            return self._units
        if field.choices:
            return [OptionOut(value=c.value, name=c.name, name_en=c.name_en) for c in field.choices]
        return self._read(field) if field.type in ("choice", "choices") else []

    def _read(self, field: Field) -> list[OptionOut]:
        return [OptionOut(value=v, name=n, name_en=e) for v, n, e in field_choices(field, self._case)]


def _row(case: Case) -> dict[str, Any]:
    matter = case.matter
    return {
        **{name: getattr(case, name) for name in _PLAIN},
        "id": case.pk,
        "state": _named(definition_of(case.process_id).state(case.state)),
        "area": area_ref(case.area),
        "responsible": _unit(case.responsible),
        "matter": MatterRef(
            id=matter.pk, kind=matter.kind, code=matter.code, name=matter.name, name_en=matter.name_en
        )
        if matter
        else None,
    }


def _event(definition: Definition, event: CaseEvent) -> EventOut:
    return EventOut(
        **{
            name: getattr(event, name) for name in ("seq", "at", "source", "target", "role", "reason", "note")
        },
        move=_move_name(definition, event.move),
        by=event.user.name if event.user else "",
        by_kind=event.actor_kind,
        unit=unit_ref(event.unit),
        unit_from=unit_ref(event.unit_from),
        unit_to=unit_ref(event.unit_to),
        values=event.data,
    )


def _move_name(definition: Definition, key: str) -> Named:
    for branch in (None, *(branch.key for branch in definition.branches)):
        if definition.has_move(key, branch):
            return _named(definition.move(key, branch))
    return Named(key=key, name=key, name_en=key)


def _photo(photo: Photo) -> PhotoOut:
    names = set(PhotoOut.model_fields) - {"id"}
    return PhotoOut(id=photo.pk, **{name: getattr(photo, name) for name in names})


def _move(found: OpenMove, options: _Options) -> MoveOut:
    move = found.move
    return MoveOut(
        key=move.key,
        name=move.name,
        name_en=move.name_en,
        open=found.open,
        why="" if found.open else named(found, "why"),
        fields=[
            FieldOut(
                key=field.key,
                type=field.type,
                name=field.name,
                name_en=field.name_en,
                required=field.required,
                options=options.of(field),
            )
            for field in move.ask
        ],
    )


def _named(thing: Any) -> Named:
    return Named(key=thing.key, name=thing.name, name_en=thing.name_en)


def _unit(unit: Any) -> UnitRef:
    return UnitRef(id=unit.pk, name=unit.name)
