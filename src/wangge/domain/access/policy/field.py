"""What phones bring, and the rosters of those who carry them."""

from django.db.models import Q

from wangge.domain.access.actor import Actor, AnyActor, Role, System
from wangge.domain.access.policy.base import ALL, NONE, in_ring, own, paths_of

# Who sees to what phones of their community brought and the server could not carry out.
STATION_ROLES = frozenset({Role.STATION_OFFICER, Role.STATION_HEAD})


def shift_view(actor: AnyActor) -> Q:
    """Rosters: one's own shifts, and those of the areas one serves."""
    return own(actor) | in_ring(actor)


def aside_view(actor: AnyActor) -> Q:
    """What a phone brought: its owner, and the station of the place where they work."""
    if isinstance(actor, System):
        return ALL
    return own(actor) | _of_station(actor)


def record_view(actor: AnyActor) -> Q:
    """Its owner; the station only where the server could not carry it out."""
    if isinstance(actor, System):
        return ALL
    return own(actor) | _of_station(actor) & Q(state__in=["refused", "differs"])


def _of_station(actor: AnyActor) -> Q:
    found = NONE
    for path in paths_of(actor, STATION_ROLES) if isinstance(actor, Actor) else ():
        found |= Q(area__path__startswith=path)
    return found


def may_settle_records(actor: AnyActor) -> bool:
    """Whether the actor reads records of the phones of a community that could not be carried out."""
    return isinstance(actor, Actor) and bool(paths_of(actor, STATION_ROLES))
