"""Visits that are due, in walking order, and the doors at which somebody waits."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, Role
from wangge.domain.access.policy import near_paths
from wangge.domain.field.rules import MOST_HOUSEHOLDS
from wangge.domain.register.purposes import CARE_ASKED_FOR
from wangge.domain.visits.models import Rhythm
from wangge.domain.visits.queries import Stop, due
from wangge.platform import clock
from wangge.platform.language import listed

MOST = 100
# Who goes from door to door; a station sends and asks at its desk.
_GO = (Role.GRID_WORKER, Role.GRID_LEAD)


def stops(actor: Actor) -> list[Stop]:
    """Today's, for posts that serve doors (1 statement)."""
    return due(actor, clock.today())[:MOST] if near_paths(actor) else []


def rows(found: Sequence[Stop]) -> Iterator[dict[str, Any]]:
    """Where to go, since when, what to bring and to look after; nobody's name."""
    for order, stop in enumerate(found):
        resident = stop.plan.care.resident
        building = resident.household.dwelling.building
        yield {
            "id": str(stop.plan.pk),
            "name": str(Rhythm(stop.plan.rhythm).label),
            "address": stop.address,
            "due": stop.due.since.isoformat(),
            "left": stop.due.left,
            "overdue": stop.overdue,
            "absent_today": stop.absent_today,
            "bring": listed(stop.brings),
            "check": stop.checks,
            "order": order,
            "lon": building.lon,
            "lat": building.lat,
            "household": str(resident.household_id),
        }


def households(actor: Actor, found: Sequence[Stop]) -> Iterator[dict[str, Any]]:
    """Who asked for today's visits, for whoever goes there (no statement). What of it is told is logged when it is told."""
    if not actor.has(*_GO):
        return
    waiting: dict[int, dict[str, Any]] = {}
    for stop in found:
        resident = stop.plan.care.resident
        row = waiting.get(resident.household_id)
        if row is None:
            if len(waiting) == MOST_HOUSEHOLDS:
                continue
            row = waiting[resident.household_id] = {
                "id": str(resident.household_id),
                "address": stop.address,
                "people": [],
                "purpose": _(CARE_ASKED_FOR),
                "dwelling": str(resident.household.dwelling_id),
            }
        person = {"id": str(resident.pk), "name": str(resident.name), "phone": str(resident.phone)}
        if person not in row["people"]:
            row["people"].append(person)
    yield from waiting.values()
