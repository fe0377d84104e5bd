"""Acts that need a role and no row."""

from wangge.domain.access.actor import Actor, AnyActor, Role, System

# Who keeps the buildings, dwellings and facilities of the area of their post.
KEEPER_ROLES = frozenset(
    {Role.GRID_WORKER, Role.GRID_LEAD, Role.STATION_OFFICER, Role.STATION_HEAD, Role.STREET_DISPATCHER}
)


def may_inspect(actor: AnyActor) -> bool:
    """Whether the actor may read who looked at personal data and why."""
    return isinstance(actor, Actor) and actor.has(Role.PRIVACY_OFFICER)


def may_administer(actor: AnyActor) -> bool:
    """Whether the actor may change organisations, posts, catalogue, calendar and lists."""
    return isinstance(actor, System) or (isinstance(actor, Actor) and actor.has(Role.ADMINISTRATOR))


def may_keep_places(actor: AnyActor, path: str) -> bool:
    """Whether the actor may change buildings, dwellings and facilities in the area of this path."""
    if isinstance(actor, Actor):
        return any(post.role in KEEPER_ROLES and path.startswith(post.area_path) for post in actor.posts)
    return isinstance(actor, System)
