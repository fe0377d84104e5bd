"""Records of a round: visits, the diary, shifts, meetings."""

from typing import Any

from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor
from wangge.domain.field.models import Record
from wangge.domain.field.services.making.reading import part, subject, unreadable, words
from wangge.domain.shifts import services as shifts
from wangge.domain.visits.services import meetings
from wangge.domain.visits.services.diary import make_case, write_entry
from wangge.domain.visits.services.visiting import record_visit
from wangge.platform.errors import Invalid
from wangge.platform.given import whole


def visit(actor: Actor, record: Record, given: dict[str, Any]) -> dict[str, Any]:
    """A visit of a plan, on the day on which it arrives."""
    made = record_visit(
        actor,
        record.pk,
        subject(record),
        outcome=words(given.get("outcome")),
        text=words(given.get("text")),
    )
    return {"visit": str(made.pk)}


def diary_entry(actor: Actor, record: Record, given: dict[str, Any]) -> dict[str, Any]:
    """A note of a grid or building, which becomes a case at once if its author says so."""
    place = part(given, "place")
    entry = write_entry(
        actor,
        record.pk,
        kind=words(given.get("kind")),
        text=words(given.get("text")),
        area_id=whole(place.get("area")),
        building_id=whole(place.get("building")),
    )
    if given.get("as_case") is not True:
        return {"entry": str(entry.pk)}
    case = make_case(actor, entry.pk)
    return {"entry": str(entry.pk), "case": str(case.pk), "number": case.number}


def minutes(actor: Actor, record: Record, given: dict[str, Any]) -> dict[str, Any]:
    """How many came to a meeting and what was said, from the version that the person saw: no other's words are lost."""
    came, version = whole(given.get("came")), whole(given.get("version"))
    if came is None:
        raise Invalid({"came": _("请写来了多少人。")})
    if version is None:
        raise unreadable()
    text = words(given.get("minutes"))
    made = meetings.keep_minutes(actor, subject(record), came=came, minutes=text, version=version)
    return {"meeting": str(made.pk)}


def agreed(actor: Actor, record: Record, given: dict[str, Any]) -> dict[str, Any]:
    """Something that a meeting left to see to is done; a second time changes nothing."""
    return {"item": str(meetings.finish(actor, subject(record)).pk)}


def shift(actor: Actor, record: Record, given: dict[str, Any]) -> dict[str, Any]:
    """The beginning or end of a shift, by the server's clock."""
    act = {"begin": shifts.begin, "end": shifts.end}.get(words(given.get("act")))
    if act is None:
        raise unreadable()
    found = act(actor, subject(record))
    return {"shift": str(found.pk), "state": found.state}
