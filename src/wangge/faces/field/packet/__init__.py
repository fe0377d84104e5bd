"""What a phone may hold for today's work: docs/offline.md gives the rows. No person but the one who carries it, who
waits for a visit today, and whom a caller must call back."""

from wangge.domain.access.actor import Actor
from wangge.faces.field.packet import (
    care,
    cases,
    contacts,
    matters,
    me,
    meetings,
    notices,
    places,
    shifts,
    visits,
)

Row = dict[str, object]
Packet = dict[str, dict[str, Row]]


def whole(actor: Actor) -> Packet:
    """The rows of every kind by their ids, in the language of the request (at most 20 statements, and one for each
    case with supporting units)."""
    stops = visits.stops(actor)
    kinds = {
        "me": me.rows(actor),
        "cases": cases.rows(actor),
        "contacts": contacts.rows(actor),
        "matters": matters.rows(actor),
        "places": places.rows(actor),
        "notices": notices.rows(actor),
        "visits": visits.rows(stops),
        "households": visits.households(actor, stops),
        "shifts": shifts.rows(actor),
        "care": care.rows(actor),
        "meetings": meetings.rows(actor),
    }
    return {kind: {str(row["id"]): row for row in found} for kind, found in kinds.items()}
