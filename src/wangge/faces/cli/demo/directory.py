"""Who works where in the demo, as actors, so that a story finds the right person without asking the database."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from wangge.domain.access.actor import ActivePost, Actor, Role
from wangge.domain.access.models import Post, Unit
from wangge.domain.cases import rules
from wangge.domain.cases.models import Case
from wangge.domain.catalogue.models import Condition
from wangge.domain.places.models import Area
from wangge.engines.flow import Move


@dataclass(frozen=True)
class Directory:
    """Actors by role and place, departments by district, grids and conditions by their codes."""

    by_post: dict[tuple[str, int], list[Actor]]
    by_unit: dict[tuple[str, int], list[Actor]]
    departments: dict[int, list[Unit]]
    grids: dict[str, Area]
    conditions: dict[tuple[str, str, int], Condition]

    @classmethod
    def load(cls, day: date) -> "Directory":
        by_post: dict[tuple[str, int], list[Actor]] = defaultdict(list)
        by_unit: dict[tuple[str, int], list[Actor]] = defaultdict(list)
        for post in Post.objects.select_related("user", "area").order_by("pk"):
            active = ActivePost(
                post.pk, Role(post.role), post.unit_id, post.area_id, post.area.path, post.area.level
            )
            actor = Actor(post.user_id, post.user.name, (active,))
            by_post[post.role, post.area_id].append(actor)
            if post.unit_id:
                by_unit[post.role, post.unit_id].append(actor)
        departments: dict[int, list[Unit]] = defaultdict(list)
        for unit in Unit.objects.exclude(duty="").order_by("pk"):
            departments[unit.area_id].append(unit)
        conditions = Condition.objects.select_related("matter").filter(valid__contains=day)
        return cls(
            by_post=dict(by_post),
            by_unit=dict(by_unit),
            departments=dict(departments),
            grids={area.code: area for area in Area.objects.filter(level="grid")},
            conditions={(row.matter.kind, row.matter.code, row.number): row for row in conditions},
        )

    def someone(self, rng: Random, case: Case, who: Sequence[str]) -> Actor | None:
        """A person who stands as one of `who` ("role@place") to the case and has not handled it if they can be avoided."""
        found = [actor for place in who if "@" in place for actor in self._holders(place, case)]
        first_approver = (case.extension_asked or {}).get("first_by")
        barred = {*case.handlers, first_approver, case.appeal_reviewer_id}
        free = [actor for actor in found if actor.user_id not in barred]
        return rng.choice(free or found) if found else None

    def for_move(self, rng: Random, case: Case, move: Move) -> Actor | None:
        return self.someone(rng, case, move.who)

    def _holders(self, who: str, case: Case) -> list[Actor]:
        role, _, place = who.partition("@")
        if place == "lead":
            actors = self.by_unit.get((role, case.lead_id or 0), [])
            if role in (Role.GRID_WORKER, Role.GRID_LEAD):
                return [actor for actor in actors if case.area_path.startswith(actor.posts[0].area_path)]
            return actors
        if place == "owner":
            return self.by_unit.get((role, case.responsible_id), [])
        level = {"level": case.level, "above": rules.above(case.level)}.get(place, place)
        if level == "support":
            return []
        area_id = rules.area_id_at(case.area_path, level)
        return self.by_post.get((role, area_id or 0), [])

    def other_department(self, rng: Random, case: Case, than: set[int]) -> Unit:
        """A department of the case's district that is not one of `than`."""
        district = rules.area_id_at(case.area_path, "district") or 0
        return rng.choice([unit for unit in self.departments[district] if unit.pk not in than])
