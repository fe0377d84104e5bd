"""Who keeps the register and sees its rows."""

from django.apps import apps
from django.db.models import Exists, Q

from wangge.domain.access.actor import Actor, AnyActor, Role, System
from wangge.domain.access.policy.base import ALL, NONE, own, paths_of
from wangge.platform import clock

# Who keeps the register of the area of their post and sees it; a street sees it on an errand only.
REGISTER_ROLES = frozenset({Role.GRID_WORKER, Role.GRID_LEAD, Role.STATION_OFFICER, Role.STATION_HEAD})

# Who may take a file of it away: a right of its own.
EXPORT_ROLES = frozenset({Role.STATION_HEAD})

ERRAND_ROLES = frozenset({Role.STREET_DISPATCHER, Role.STREET_LEADER})


def near_paths(actor: Actor) -> tuple[str, ...]:
    """Paths of the areas whose register the actor keeps; a system keeps none."""
    return paths_of(actor, REGISTER_ROLES)


def export_paths(actor: Actor) -> tuple[str, ...]:
    """Paths of the areas of whose register the actor may take a file away."""
    return paths_of(actor, EXPORT_ROLES)


def errand_paths(actor: Actor) -> tuple[str, ...]:
    """Paths of the areas whose register the actor may see on an errand."""
    return paths_of(actor, ERRAND_ROLES)


def of_register(actor: AnyActor) -> Q:
    """Rows of the register: whoever keeps it there; a street while an errand of the actor is open."""
    match actor:
        case System():
            return ALL
        case Actor():
            found = NONE
            for path in near_paths(actor):
                found |= Q(area__path__startswith=path)
            for path in errand_paths(actor):
                found |= Q(_errand(actor, path), area__path__startswith=path)
            return found
        case _:
            return NONE


def _errand(actor: Actor, path: str) -> Exists:
    """Whether the actor is on an errand in this very area."""
    errands = apps.get_model("register", "Errand")._base_manager
    return Exists(errands.filter(user_id=actor.user_id, area__path=path, until__gt=clock.now()))


def resident_view(actor: AnyActor) -> Q:
    """Residents of one's ring, and single ones by a grant."""
    seen = of_register(actor)
    if isinstance(actor, Actor):
        grants = apps.get_model("register", "Grant")._base_manager
        running = grants.filter(user_id=actor.user_id, ended_at__isnull=True, until__gt=clock.now())
        seen |= Q(pk__in=running.values("resident_id"))
    return seen


def grant_view(actor: AnyActor) -> Q:
    return of_register(actor) | own(actor)
