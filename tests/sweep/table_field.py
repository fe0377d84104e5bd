"""Addresses of the field app. A device is answered 401 as JSON, never a redirect."""

from typing import Any

from kinds import PUBLIC, Address, administrator, rows, staff

from rings import sees_aside, sees_record
from wangge.domain.access.actor import Actor, AnyActor, Client, Role


def looks(actor: AnyActor, row: Any) -> bool:
    """Stations, for what phones of their community brought; administrators, who are shown no case data."""
    person = isinstance(actor, Actor) and not isinstance(actor, Client)
    return (
        person
        and isinstance(actor, Actor)
        and actor.has(Role.STATION_OFFICER, Role.STATION_HEAD, Role.ADMINISTRATOR)
    )


def looks_at_record(actor: AnyActor, row: Any) -> bool:
    return looks(actor, row) and (administrator(actor, row) or sees_record(actor, row))


def looks_at_aside(actor: AnyActor, row: Any) -> bool:
    return looks(actor, row) and (administrator(actor, row) or sees_aside(actor, row))


ADDRESSES: dict[str, Address] = {
    "field:shell": PUBLIC,
    "field:manifest": PUBLIC,
    "field:service-worker": PUBLIC,
    # A phone sends by POST and PUT alone; a GET tells how much of a file of one's own is here.
    "field:sync": Address(staff, 401, opened=(405,)),
    "field:file": Address(staff, 401, lambda scene: [(None, {"sha256": "0" * 64})], opened=(404,)),
    "field:session": Address(staff, 401),
    "desk:field-records": Address(looks),
    "desk:look-at-record": Address(
        looks_at_record, (403, 404), rows("field.Record", "record_id", 6), opened=(405,)
    ),
    "desk:look-at-aside": Address(
        looks_at_aside, (403, 404), rows("field.Aside", "aside_id", 6), opened=(405,)
    ),
}
