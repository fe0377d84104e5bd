"""Records about cases: reports, moves, notes, corrections."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, Channel
from wangge.domain.cases.queries.single import visible
from wangge.domain.cases.services.intake import STAFF_CHANNELS, Report, report, settle_on_the_spot
from wangge.domain.cases.services.moves import move
from wangge.domain.cases.services.processes import definition_of
from wangge.domain.cases.services.saying import correct, say
from wangge.domain.catalogue.queries import offered_matter
from wangge.domain.field.models import Record, RecordState
from wangge.domain.field.services.making.reading import (
    degrees,
    files,
    part,
    subject,
    unreadable,
    value,
    words,
)
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid
from wangge.platform.given import whole
from wangge.platform.language import named


def report_case(actor: Actor, record: Record, given: dict[str, Any]) -> dict[str, Any]:
    """A phone may hold yesterday's catalogue: what was settled under a matter out of use is reported with its proof, and a
    report under one is left for the station to classify."""
    place, matter_id = part(given, "place"), whole(given.get("matter"))
    photos, settled = files(record, given.get("photos")), given.get("settled") is True
    condition_id = whole(given.get("condition"))
    if settled and (condition_id is None or matter_id is None):
        raise Invalid({"condition": _("当场解决的请选事项和情形。")})
    proof, note = files(record, given.get("proof")), words(given.get("note"))
    description = words(given.get("description"))
    if matter_id is not None and offered_matter(matter_id) is None:
        if settled:
            photos, settled = [*photos, *proof], False
            description = "\n".join(filter(None, (description, note)))
        matter_id = None
    wanted = Report(
        key=record.pk,
        description=description,
        channel=_channel(actor),
        lon=degrees(place.get("lon")),
        lat=degrees(place.get("lat")),
        address=words(place.get("address")),
        area_id=whole(place.get("area")),
        facility_id=whole(place.get("facility")),
        matter_id=matter_id,
        danger=given.get("danger") is True,
        images=photos,
        sounds=files(record, given.get("voice")),
    )
    if settled and condition_id is not None:
        return _result(settle_on_the_spot(actor, wanted, condition_id, proof, note).case)
    return _result(report(actor, wanted).case)


def move_case(actor: Actor, record: Record, given: dict[str, Any]) -> dict[str, Any]:
    """Made if it is open in the case as it now stands: what others did meanwhile is no harm while it still is."""
    case_id, data = subject(record), given.get("data")
    if not isinstance(data, dict):
        raise unreadable()
    answers = {str(key): value(one) for key, one in data.items()}
    images = files(record, given.get("photos"))
    try:
        return _result(move(actor, case_id, words(given.get("move")), answers, images=images))
    except Conflict as error:
        now = as_it_stands(actor, record)
        if now is None:
            raise
        raise Conflict(
            f"{error.text}{_('案件现在是“%(state)s”。') % {'state': now['state_name']}}", error.code
        ) from error


def note_case(actor: Actor, record: Record, given: dict[str, Any]) -> dict[str, Any]:
    photos, voice = files(record, given.get("photos")), files(record, given.get("voice"))
    return _result(say(actor, subject(record), words(given.get("text")), images=photos, recordings=voice))


def patch_case(actor: Actor, record: Record, given: dict[str, Any]) -> dict[str, Any]:
    """Corrections field by field, each with the value from which it was made; what differs is noted on the record.

    With `replaces` the person has decided about an earlier record that differed; without fields for what stands now.
    """
    case_id = subject(record)
    fields = {name: _versions(part(part(given, "fields"), name)) for name in part(given, "fields")}
    replaced = _replaced(record, given.get("replaces"))
    if not fields and not replaced:
        raise unreadable()
    done = correct(actor, case_id, fields)
    record.differs = done.differs or None
    replaced.update(looked_at=clock.now(), looked_by_id=actor.user_id)
    return {**_result(done.case), "merged": done.merged}


def _versions(given: dict[str, Any]) -> tuple[str, str]:
    return words(given.get("base")), words(given.get("mine"))


def _replaced(record: Record, named: Any) -> "QuerySet[Record]":
    """The person's own record of the same subject that this one decides about, if there is one."""
    try:
        earlier = uuid.UUID(named) if isinstance(named, str) else None
    except ValueError:
        earlier = None
    return Record.objects.filter(
        pk=earlier, user_id=record.user_id, subject=record.subject, state=RecordState.DIFFERS
    )


def as_it_stands(actor: Actor, record: Record) -> dict[str, Any] | None:
    """The newer state of the case that a refused record is about (3 statements); None if the person may not see it."""
    case_id = whole(record.subject)
    with acting_as(actor):
        if case_id is None or not visible(actor, case_id):
            return None
        case = Case.objects.get(pk=case_id)
    state = definition_of(case.process_id).state(case.state)
    return {**_result(case), "state": state.key, "state_name": named(state), "revision": case.version}


def _result(case: Case) -> dict[str, Any]:
    return {"case": str(case.pk), "number": case.number}


def _channel(actor: Actor) -> str:
    return next((channel for channel, roles in STAFF_CHANNELS.items() if actor.has(*roles)), Channel.WORKER)
