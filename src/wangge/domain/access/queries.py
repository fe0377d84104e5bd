"""Reads of users, posts and units."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from wangge.domain.access.actor import AREA_ROLES, ActivePost, Actor, Role
from wangge.domain.access.models import Post, StandIn, Unit, UnitKind, User
from wangge.domain.places.models import Area, AreaVersion, Level
from wangge.platform import clock
from wangge.platform.fresh import fresh_for


def _on(day: date, via: str = "") -> Q:
    """Held on the day; `via` is the relation to look through, such as "posts__"."""
    open_ended = Q(**{f"{via}ends_on__isnull": True})
    return Q(**{f"{via}starts_on__lte": day}) & (open_ended | Q(**{f"{via}ends_on__gte": day}))


def actor_of(user: User, day: date) -> Actor:
    """The actor that a user is on a day: own posts first, then those they stand in for (1 statement).

    Asked at every request and never kept, so that an ended post ends at once.
    """
    with connection.cursor() as cursor:
        cursor.execute(_POSTS, {"user": user.pk, "day": day})
        posts = tuple(ActivePost(post, Role(role), *rest) for post, role, *rest in cursor.fetchall())
    return Actor(user.pk, user.name, posts)


# As text: built by the ORM at every request, the two queries cost ten times what they cost to run.
_POST = """
    p.id, p.role, p.unit_id, a.id, a.path, a.level, {holder},
    CASE WHEN u.id IS NULL OR p.role IN ('grid_worker', 'grid_lead') THEN coalesce(nullif(a.short_name, ''), a.name)
         ELSE coalesce(nullif(u.short_name, ''), u.name) END
    FROM access_post p JOIN places_area a ON a.id = p.area_id LEFT JOIN access_unit u ON u.id = p.unit_id
"""
_HELD = "p.starts_on <= %(day)s AND (p.ends_on IS NULL OR p.ends_on >= %(day)s)"
_POSTS = f"""
    (SELECT {_POST.format(holder="NULL::bigint")} WHERE p.user_id = %(user)s AND {_HELD} ORDER BY p.id)
    UNION ALL
    (SELECT {_POST.format(holder="p.user_id")} JOIN access_standin s ON s.post_id = p.id
     WHERE s.user_id = %(user)s AND s.starts_on <= %(day)s AND s.ends_on >= %(day)s AND {_HELD} ORDER BY s.id)
"""


def posts_on(day: date) -> "QuerySet[Post]":
    """Posts that count on a day, with user, unit, area and that day's stand-ins."""
    stand_ins = Prefetch("stand_ins", StandIn.objects.filter(_on(day)).select_related("user"))
    return Post.objects.filter(_on(day)).select_related("user", "unit", "area").prefetch_related(stand_ins)


def holders(
    day: date,
    *,
    roles: tuple[Role, ...],
    unit_id: int | None = None,
    area_id: int | None = None,
    path: str | None = None,
) -> list[int]:
    """User ids who hold one of the roles on a day in a unit, an area, or an area at or above `path`; stand-ins included."""
    posts = Post.objects.filter(_on(day), role__in=roles, user__is_active=True)
    if unit_id is not None:
        posts = posts.filter(unit_id=unit_id)
    if area_id is not None:
        posts = posts.filter(area_id=area_id)
    if path is not None:
        posts = posts.filter(area__path__in=ancestors(path))
    found = list(posts.values_list("id", "user_id"))
    lent = StandIn.objects.filter(
        _on(day), post_id__in=[post_id for post_id, _ in found], user__is_active=True
    ).values_list("user_id", flat=True)
    return sorted({user_id for _, user_id in found} | set(lent))


def ancestors(path: str) -> list[str]:
    """Paths of an area and of all above it: "1.5.9." > ["1.", "1.5.", "1.5.9."]."""
    ids = path.rstrip(".").split(".")
    return [".".join(ids[: n + 1]) + "." for n in range(len(ids))]


def centre_of(area_id: int) -> Unit | None:
    """The station or centre that serves an area."""
    return centres_of([area_id]).get(area_id)


def centres_of(area_ids: Collection[int]) -> dict[int, Unit]:
    """The stations and centres that serve areas, by area (1 statement)."""
    kinds = ["station", "street_centre", "district_centre"]
    found = Unit.objects.filter(area_id__in=area_ids, active=True, kind__in=kinds).order_by("-pk")
    return {unit.area_id: unit for unit in found}


def units_under(path: str, *, words: str = "", kind: str = "", duty: str = "") -> "QuerySet[Unit]":
    """Units of an area and below, by place and kind, each with `people`: how many have a post in it today."""
    working = Count("posts__user", filter=_on(clock.today(), "posts__"), distinct=True)
    units = Unit.objects.filter(area__path__startswith=path).select_related("area").annotate(people=working)
    if words:
        units = units.filter(Q(name__icontains=words) | Q(short_name__icontains=words))
    units = units.filter(**{name: value for name, value in (("kind", kind), ("duty", duty)) if value})
    return units.order_by("-active", "area__path", "kind", "name")


def successors(unit: Unit) -> "QuerySet[Unit]":
    """Units that may take over from one: of its kind and area for a station or centre, also closed ones; else those near it."""
    centres = (UnitKind.STATION, UnitKind.STREET_CENTRE, UnitKind.DISTRICT_CENTRE)
    others = Unit.objects.exclude(pk=unit.pk)
    if unit.kind in centres:
        return others.filter(area=unit.area, kind=unit.kind).order_by("name")
    return others.filter(area__path__in=ancestors(unit.area.path), active=True).order_by(
        "-area__path", "name"
    )


def units_serving(area: Area) -> "QuerySet[Unit]":
    """Active units of an area and of all above it, the nearest first."""
    return Unit.objects.filter(area__path__in=ancestors(area.path), active=True).order_by(
        "-area__path", "name"
    )


@dataclass(frozen=True, slots=True)
class GridTeam:
    """Who serves a grid on a day: its lead, its worker, and further workers who help. No worker is a gap."""

    grid: AreaVersion
    leads: tuple[Post, ...]
    worker: Post | None
    helpers: tuple[Post, ...]


def grid_teams(area: Area, day: date) -> list[GridTeam]:
    """The team of each grid that a community or street has on a day, in code order (3 statements)."""
    within = AreaVersion.objects.filter(area__level=Level.GRID, path__startswith=area.path)
    grids = within.filter(valid__contains=day).select_related("parent").order_by("code")
    by_grid: dict[int, list[Post]] = defaultdict(list)
    team = posts_on(day).filter(role__in=(Role.GRID_LEAD, Role.GRID_WORKER), user__is_active=True)
    for post in team.filter(area__in=grids.values("area_id")).order_by("starts_on", "pk"):
        by_grid[post.area_id].append(post)
    return [_team(grid, by_grid[grid.area_id]) for grid in grids]


def _team(grid: AreaVersion, posts: list[Post]) -> GridTeam:
    workers = [post for post in posts if post.role == Role.GRID_WORKER]
    leads = tuple(post for post in posts if post.role == Role.GRID_LEAD)
    return GridTeam(grid, leads, workers[0] if workers else None, tuple(workers[1:]))


def users_found(words: str = "", state: str = "") -> "QuerySet[User]":
    """Accounts by name, with the posts of today; `state`: active, closed, idle (active without a post), or all."""
    today = _on(clock.today())
    held = Post.objects.filter(today, user=OuterRef("pk"))
    users = User.objects.filter(service=False).prefetch_related(
        Prefetch("posts", Post.objects.filter(today).select_related("unit", "area"), to_attr="posts_today")
    )
    if words:
        users = users.filter(Q(name__icontains=words) | Q(username__icontains=words))
    match state:
        case "active" | "closed":
            users = users.filter(is_active=state == "active")
        case "idle":
            users = users.filter(~Exists(held), is_active=True)
    return users.order_by("-is_active", "username")


def posts_of(user_id: int) -> "QuerySet[Post]":
    """All posts of a user, past and to come, the newest first, with every stand-in."""
    stand_ins = Prefetch("stand_ins", StandIn.objects.select_related("user").order_by("starts_on"))
    posts = Post.objects.filter(user_id=user_id).select_related("user", "unit", "area")
    return posts.prefetch_related(stand_ins).order_by("-starts_on", "-pk")


def posts_today(actor: Actor) -> list[Post]:
    """The rows of the actor's posts of today in their order, own before lent, with holder, unit and area (1 statement)."""
    rows = Post.objects.select_related("user", "unit", "area").in_bulk([post.id for post in actor.posts])
    return [rows[post.id] for post in actor.posts]


def colleagues(actor: Actor) -> "QuerySet[User]":
    """Who could stand in for the actor: people with a post of today in the same units or areas (1 statement)."""
    units = [post.unit_id for post in actor.posts if post.unit_id]
    near = Q(posts__unit_id__in=units) | Q(posts__area_id__in=[post.area_id for post in actor.posts])
    found = User.objects.filter(near & _on(clock.today(), "posts__"), is_active=True).exclude(
        pk=actor.user_id
    )
    return found.distinct().order_by("name", "pk")


def could_follow(post: Post) -> "QuerySet[User]":
    """Who may take over from a post: people with a post, today or later, in the same unit, or who serve the area or one above."""
    near = Q(posts__area__path__in=ancestors(post.area.path), posts__role__in=AREA_ROLES)
    if post.unit_id:
        near |= Q(posts__unit_id=post.unit_id)
    still = Q(posts__ends_on__isnull=True) | Q(posts__ends_on__gte=clock.today())
    serves = ~Q(posts__role__in=(Role.ADMINISTRATOR, Role.PRIVACY_OFFICER, Role.OPERATOR))
    people = User.objects.filter(near & still & serves, is_active=True).exclude(pk=post.user_id)
    return people.distinct().order_by("name", "pk")


def posts_headed(actor: Actor, roles: tuple[Role, ...]) -> list[Post]:
    """Posts of today that the actor may hand over: own ones, then those of units headed by one of `roles` (1 statement)."""
    units = [post.unit_id for post in actor.posts if post.role in roles and post.unit_id]
    rows = Post.objects.filter(_on(clock.today()), Q(user_id=actor.user_id) | Q(unit_id__in=units))
    found = rows.exclude(role__in=(Role.ADMINISTRATOR, Role.PRIVACY_OFFICER)).select_related(
        "user", "unit", "area"
    )
    return sorted(found, key=lambda post: (post.user_id != actor.user_id, post.user.name, post.pk))


def stand_ins_of(actor: Actor, day: date) -> list[StandIn]:
    """Stand-ins for the actor's own posts and by the actor, not yet over on a day, the soonest first (1 statement)."""
    mine = Q(post__user_id=actor.user_id) | Q(user_id=actor.user_id)
    rows = StandIn.objects.filter(mine, ends_on__gte=day).order_by("starts_on", "pk")
    return list(rows.select_related("user", "post__user", "post__unit", "post__area"))


@fresh_for(20)
def units_over(actor: Actor) -> list[Unit]:
    """Units that may be responsible for what the actor sees: those in and above the areas of today's posts (1 statement,
    kept 20 s)."""
    areas = Q(pk__in=[])
    for post in actor.posts:
        areas |= Q(area__path__startswith=post.area_path) | Q(area__path__in=ancestors(post.area_path))
    return list(Unit.objects.filter(areas, active=True).order_by("kind", "name").distinct()[:300])
