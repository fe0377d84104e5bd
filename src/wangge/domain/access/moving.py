"""Posts of areas that go on as part of another."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from wangge.domain.access.models import Post, StandIn

_ONE_DAY = timedelta(days=1)


@transaction.atomic
def move_posts(heirs: Mapping[int, int], on: date) -> int:
    """From a day on, whoever has a post in an area has it in the area's heir; returns how many posts move.

    A post that ran before ends the day before, so that it stays on record where it was, and goes on as a new one
    with the stand-ins of the days that follow. Who has the same post in the heir already keeps that one alone.
    """
    running = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    posts = Post.objects.select_for_update().filter(running, area__in=heirs).order_by("pk")
    return sum(_move(post, heirs[post.area_id], on) for post in posts)


def _move(post: Post, heir: int, on: date) -> bool:
    if post.starts_on >= on:
        Post.objects.filter(pk=post.pk).update(area=heir)
        return True
    later = StandIn.objects.filter(post=post, ends_on__gte=on)
    new = None
    if not _held(post, heir, on):
        new = Post.objects.create(
            user_id=post.user_id,
            role=post.role,
            unit_id=post.unit_id,
            area_id=heir,
            starts_on=on,
            ends_on=post.ends_on,
        )
        StandIn.objects.bulk_create(
            StandIn(
                post=new,
                user_id=one.user_id,
                starts_on=max(one.starts_on, on),
                ends_on=one.ends_on,
                reason=one.reason,
            )
            for one in later.order_by("pk")
        )
    later.filter(starts_on__gte=on).delete()
    later.update(ends_on=on - _ONE_DAY)
    Post.objects.filter(pk=post.pk).update(ends_on=on - _ONE_DAY)
    return new is not None


def _held(post: Post, heir: int, on: date) -> bool:
    """Whether its holder has the same post in the heir in some of the days that are left of it."""
    same = Post.objects.filter(user=post.user_id, role=post.role, unit=post.unit_id, area=heir)
    days = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    if post.ends_on is not None:
        days &= Q(starts_on__lte=post.ends_on)
    return same.filter(days).exists()
