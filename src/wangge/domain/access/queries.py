"""Reads of users, posts and units."""

from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from wangge.domain.access.actor import ActivePost, Actor, Role
from wangge.domain.access.models import Post, StandIn, Unit, User


def _on(day: date) -> Q:
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def actor_of(user: User, day: date) -> Actor:
    """The actor that a user is on a day: own posts first, then those they stand in for (2 queries)."""
    own = Post.objects.filter(_on(day), user=user).select_related("area").order_by("id")
    lent = StandIn.objects.filter(_on(day), user=user).select_related("post__area").order_by("id")
    posts = [_active(post) for post in own]
    posts += [_active(stand_in.post, on_behalf_of=stand_in.post.user_id) for stand_in in lent if stand_in.post.ends_on is None or stand_in.post.ends_on >= day]
    return Actor(user.pk, user.name, tuple(posts))


def _active(post: Post, on_behalf_of: int | None = None) -> ActivePost:
    area = post.area
    return ActivePost(post.pk, Role(post.role), post.unit_id, area.pk, area.path, area.level, on_behalf_of)


def posts_on(day: date) -> "QuerySet[Post]":
    """Posts that count on a day, with user, unit, area and that day's stand-ins."""
    stand_ins = Prefetch("stand_ins", StandIn.objects.filter(_on(day)).select_related("user"))
    return Post.objects.filter(_on(day)).select_related("user", "unit", "area").prefetch_related(stand_ins)


def holders(day: date, *, roles: tuple[Role, ...], unit_id: int | None = None, path: str | None = None) -> list[int]:
    """User ids who hold one of the roles on a day in a unit, or in an area at or above `path`; stand-ins included."""
    posts = Post.objects.filter(_on(day), role__in=roles, user__is_active=True)
    if unit_id is not None:
        posts = posts.filter(unit_id=unit_id)
    if path is not None:
        posts = posts.filter(area__path__in=ancestors(path))
    found = list(posts.values_list("id", "user_id"))
    lent = StandIn.objects.filter(_on(day), post_id__in=[post_id for post_id, _ in found]).values_list("user_id", flat=True)
    return sorted({user_id for _, user_id in found} | set(lent))


def ancestors(path: str) -> list[str]:
    """Paths of an area and of all above it: "1.5.9." > ["1.", "1.5.", "1.5.9."]."""
    ids = path.rstrip(".").split(".")
    return [".".join(ids[: n + 1]) + "." for n in range(len(ids))]


def centre_of(area_id: int) -> Unit | None:
    """The station or centre that serves an area."""
    return Unit.objects.filter(area_id=area_id, active=True, kind__in=["station", "street_centre", "district_centre"]).first()
