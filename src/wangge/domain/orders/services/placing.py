"""Where an order belongs: the area that its row names, and the matter of its category."""

from dataclasses import dataclass

from wangge.domain.access.actor import Actor
from wangge.domain.access.models import User
from wangge.domain.access.queries import actor_of
from wangge.domain.cases.models import Channel
from wangge.domain.cases.services.intake import STAFF_CHANNELS
from wangge.domain.catalogue.models import Matter
from wangge.domain.catalogue.queries import REPORTED_KINDS
from wangge.domain.orders.rules import Problem, Words
from wangge.domain.places.gazetteer import Gazetteer
from wangge.platform import clock


@dataclass(frozen=True, slots=True)
class Placing:
    """The actor who imports, with the names of the areas they serve and of the matters."""

    actor: Actor
    names: Gazetteer
    matters: dict[str, int]

    def area_id(self, words: Words) -> int | None:
        return self.names.find(words.area, words.address)

    def matter_id(self, words: Words) -> int | None:
        return self.matters.get(words.category)

    def problem(self, words: Words) -> Problem | None:
        """What is wrong with the place, with the most similar name."""
        if self.area_id(words) is not None:
            return None
        if not words.area:
            return ["address" if words.address else "area", "no_place", ""]
        if like := self.names.similar(words.area):
            return ["area", "place_like", like]
        return ["area", "place_unknown", words.area[:40]]


def placing_for(user_id: int) -> Placing:
    """For a user with the posts of today (5 statements)."""
    actor = actor_of(User.objects.get(pk=user_id), clock.today())
    roles = STAFF_CHANNELS[Channel.HOTLINE]
    paths = [post.area_path for post in actor.posts if post.role in roles]
    matters = Matter.objects.filter(enabled=True, kind__in=REPORTED_KINDS).values_list("name", "pk")
    return Placing(actor, Gazetteer(paths), dict(matters))
