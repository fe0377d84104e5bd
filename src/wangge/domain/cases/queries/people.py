"""Who can act in a case next, by name."""

from datetime import date

from django.db.models import Prefetch, Q

from wangge.domain.access.actor import Role
from wangge.domain.access.models import Post, StandIn
from wangge.domain.cases import rules
from wangge.domain.cases.models import Case
from wangge.domain.places.models import LEVELS
from wangge.engines.flow import Definition

MOST = 12
AT_GRID = (Role.GRID_WORKER, Role.GRID_LEAD)


def next_posts(definition: Definition, case: Case, day: date) -> list[Post]:
    """Posts that can make a main move in the case's state on a day, with user, unit, area and stand-ins (2 statements)."""
    wanted = Q(pk__in=[])
    for move in definition.moves:
        if case.state in move.sources and move.tone == "primary" and rules.is_work(move.key, case):
            for who in move.who:
                role, _, place = who.partition("@")
                if not rules.asks(who, definition.state(case.state).owner):
                    continue
                if (where := _where(case, place)) is not None:
                    # A station's grid workers act in their own grid alone.
                    within = Q(area_id__in=_area_ids(case)) if role in AT_GRID else Q()
                    wanted |= Q(role=role) & where & within
    held = Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))
    stand_ins = StandIn.objects.filter(starts_on__lte=day, ends_on__gte=day).select_related("user")
    posts = (
        Post.objects.filter(wanted & held, user__is_active=True)
        .exclude(user_id__in=case.handlers if case.state in rules.INDEPENDENT else [])
        .select_related("user", "unit", "area")
        .prefetch_related(Prefetch("stand_ins", stand_ins))
    )
    # The nearest to the place first.
    return sorted(posts[:MOST], key=lambda post: (-len(post.area.path), post.role, post.pk))


def _where(case: Case, place: str) -> Q | None:
    match place:
        case "lead":
            return _unit(case.lead_id)
        case "owner":
            return _unit(case.responsible_id)
        case "level":
            return _area(case, case.level)
        case "above":
            return _area(case, rules.above(case.level))
        case level if level in LEVELS:
            return _area(case, level)
        case _:
            return None


def _area_ids(case: Case) -> list[int]:
    return [int(part) for part in case.area_path.rstrip(".").split(".")]


def _unit(unit_id: int | None) -> Q | None:
    return Q(unit_id=unit_id) if unit_id else None


def _area(case: Case, level: str) -> Q | None:
    area_id = rules.area_id_at(case.area_path, level)
    return Q(area_id=area_id) if area_id else None
