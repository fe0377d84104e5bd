"""Who acts: a member of staff or another system with posts, a reporter with a receipt, anybody, or the product itself."""

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a post lets its holder do; product.md names them."""

    GRID_WORKER = "grid_worker"
    GRID_LEAD = "grid_lead"
    STATION_OFFICER = "station_officer"
    STATION_HEAD = "station_head"
    STREET_DISPATCHER = "street_dispatcher"
    STREET_LEADER = "street_leader"
    DISTRICT_DISPATCHER = "district_dispatcher"
    DISTRICT_LEADER = "district_leader"
    UNIT_OFFICER = "unit_officer"
    UNIT_HEAD = "unit_head"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"
    PRIVACY_OFFICER = "privacy_officer"


# Roles that serve an area see its cases; roles of a unit see what was dispatched to the unit.
AREA_ROLES = frozenset(
    {
        Role.GRID_WORKER,
        Role.GRID_LEAD,
        Role.STATION_OFFICER,
        Role.STATION_HEAD,
        Role.STREET_DISPATCHER,
        Role.STREET_LEADER,
        Role.DISTRICT_DISPATCHER,
        Role.DISTRICT_LEADER,
    }
)
UNIT_ROLES = frozenset({Role.UNIT_OFFICER, Role.UNIT_HEAD, Role.STATION_OFFICER, Role.STATION_HEAD})


@dataclass(frozen=True, slots=True)
class ActivePost:
    """A post as it counts today. `on_behalf_of` is the holder's user id when this is a stand-in; `place` is its
    grid's or unit's short name."""

    id: int
    role: Role
    unit_id: int | None
    area_id: int
    area_path: str
    area_level: str
    on_behalf_of: int | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in member of staff."""

    user_id: int
    name: str
    posts: tuple[ActivePost, ...] = field(default=())

    def has(self, *roles: Role) -> bool:
        """Whether any post of today has one of the roles."""
        return any(post.role in roles for post in self.posts)

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(post.role for post in self.posts)

    @property
    def area_paths(self) -> tuple[str, ...]:
        """Paths (ending in a dot) of the areas whose cases this actor serves."""
        return tuple(sorted({post.area_path for post in self.posts if post.role in AREA_ROLES}))

    @property
    def unit_ids(self) -> tuple[int, ...]:
        """Units whose dispatched work this actor shares."""
        return tuple(
            sorted({post.unit_id for post in self.posts if post.unit_id and post.role in UNIT_ROLES})
        )

    def post_in(self, *roles: Role) -> ActivePost | None:
        """The first post with one of the roles."""
        return next((post for post in self.posts if post.role in roles), None)


@dataclass(frozen=True, slots=True)
class Client(Actor):
    """Another system, which acts in a post of its own; `user_id` is its service user."""


@dataclass(frozen=True, slots=True)
class Reporter:
    """Someone who shows a receipt code: may see and answer for that one case."""

    receipt_hash: str


@dataclass(frozen=True, slots=True)
class Public:
    """Anybody: may report and read what is published."""


@dataclass(frozen=True, slots=True)
class System:
    """The product itself (a job, a migration of data, a lookup inside a service), with the reason why."""

    reason: str


AnyActor = Actor | Reporter | Public | System
