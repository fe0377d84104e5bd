"""Who drafts the grids of which communities."""

from django.apps import apps
from django.db.models import Q

from wangge.domain.access.actor import Actor, AnyActor, Role, System
from wangge.domain.access.policy.acts import may_administer
from wangge.domain.access.policy.base import ALL, NONE, paths_of

# Who drafts how the communities of the area of their post are divided into grids; administrators do so everywhere.
PLANNER_ROLES = frozenset({Role.STATION_HEAD, Role.STREET_DISPATCHER, Role.STREET_LEADER})


def plan_view(actor: AnyActor) -> Q:
    """Plans of grids: who drafts them in the area, and administrators."""
    match actor:
        case System():
            return ALL
        case Actor():
            if actor.has(Role.ADMINISTRATOR):
                return ALL
            found = NONE
            for path in planned_paths(actor):
                found |= Q(area__path__startswith=path)
            return found
        case _:
            return NONE


def of_visible_plan(actor: AnyActor, prefix: str = "") -> Q:
    if isinstance(actor, System):
        return ALL
    visible = apps.get_model("planning", "Plan")._base_manager.filter(plan_view(actor))
    return Q(**{f"{prefix}plan_id__in": visible.values("pk")})


def edit_view(actor: AnyActor) -> Q:
    return of_visible_plan(actor, "alternative__")


def planned_paths(actor: AnyActor) -> tuple[str, ...]:
    """Paths of the areas whose communities the actor drafts plans for, by a post."""
    return paths_of(actor, PLANNER_ROLES) if isinstance(actor, Actor) else ()


def may_plan(actor: AnyActor, path: str) -> bool:
    """Whether the actor may draft how the community of this path is divided into grids."""
    return may_administer(actor) or any(path.startswith(own) for own in planned_paths(actor))
