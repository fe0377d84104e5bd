"""Whose phone it is: posts of today, grids, and for whom they stand in."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor
from wangge.domain.access.models import User
from wangge.domain.cases.models import Channel
from wangge.domain.cases.services.intake import STAFF_CHANNELS
from wangge.domain.places.maps import centre_of_area
from wangge.faces.desk.words import role_name


def rows(actor: Actor) -> Iterator[dict[str, Any]]:
    """One row (at most 2 statements, and what the middle of each grid costs)."""
    yield {
        "id": "me",
        "user": str(actor.user_id),
        "name": actor.name,
        "post": "、".join(f"{role_name(post.role)} · {post.place}" for post in actor.posts),
        "grids": [_grid(post) for post in actor.posts if post.area_level == "grid"],
        "reports": actor.has(*STAFF_CHANNELS[Channel.WORKER]),
        "standins": _stood_in_for(actor),
        "zone": settings.TIME_ZONE,
    }


def _grid(post: Any) -> dict[str, Any]:
    lon, lat = centre_of_area(post.area_id) or (None, None)
    return {"id": str(post.area_id), "name": post.place, "lon": lon, "lat": lat}


def _stood_in_for(actor: Actor) -> list[str]:
    posts = [(post.on_behalf_of, post.place) for post in actor.posts if post.on_behalf_of]
    names = dict(User.objects.filter(pk__in=[holder for holder, _place in posts]).values_list("pk", "name"))
    return [
        _("今天代%(name)s：%(place)s") % {"name": names.get(holder, ""), "place": place}
        for holder, place in posts
    ]
