"""Answers that rules of several nouns share."""

from collections.abc import Callable

from django.db.models import Q

from wangge.domain.access.actor import Actor, AnyActor, Client, Role, System

Rule = Callable[[AnyActor], Q]

ALL = Q()

NONE = Q(pk__in=[])


def own(actor: AnyActor, prefix: str = "") -> Q:
    """Rows that are one user's alone; `prefix` leads from a row to what holds its user ("batch__")."""
    match actor:
        case System():
            return ALL
        case Actor():
            return Q(**{f"{prefix}user_id": actor.user_id})
        case _:
            return NONE


def in_ring(actor: AnyActor) -> Q:
    """Rows of a grid, by its id: whoever serves an area sees those of the grids below it."""
    match actor:
        case System():
            return ALL
        case Actor():
            found = NONE
            for path in actor.area_paths:
                found |= Q(area__path__startswith=path)
            return found
        case _:
            return NONE


def system_only(actor: AnyActor) -> Q:
    return ALL if isinstance(actor, System) else NONE


def paths_of(actor: Actor, roles: frozenset[Role]) -> tuple[str, ...]:
    if isinstance(actor, Client):
        return ()
    return tuple(sorted({post.area_path for post in actor.posts if post.role in roles}))
