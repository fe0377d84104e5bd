"""Pure decisions about a case: who stands where to it, and what conditions may read."""

from datetime import datetime
from typing import Any

from wangge.domain.access.actor import AREA_ROLES, Actor, AnyActor, Reporter, Role, System
from wangge.domain.cases.models import Case
from wangge.domain.places.models import LEVELS

# States in which nobody who handled the case may act.
INDEPENDENT = ("checking", "callback", "closing", "arbitration")
# Levels on which cases are decided, from below.
CASE_LEVELS = ("community", "street", "district")
_PLACED = AREA_ROLES | {Role.OPERATOR}
_GRID_ROLES = frozenset({Role.GRID_WORKER, Role.GRID_LEAD})


# Moves that stay open in a state but are work only while something waits: the field and its stage.
WAITING = {
    "approve_extension": ("extension_stage", 1),
    "grant_extension": ("extension_stage", 2),
    "review_appeal": ("appeal_stage", 1),
    "accept_appeal": ("appeal_stage", 2),
}


def is_work(move: str, case: Case) -> bool:
    """Whether a main move of the case's state is asked for now."""
    field, stage = WAITING.get(move, ("", None))
    return not field or getattr(case, field) == stage


def asks(who: str, owner: str) -> bool:
    """Whether a main move is asked of this standing where `owner` has the state.

    A level above the owner's may act in its place, but it is not that level's work.
    """
    role, _, place = who.partition("@")
    levelled = place in CASE_LEVELS and owner in (*CASE_LEVELS, "level")
    return not levelled or place == owner or role == Role.OPERATOR


def area_id_at(path: str, level: str) -> int | None:
    """The id of the area of a level on a path: ("1.5.9.", "city") > 5."""
    ids = path.rstrip(".").split(".")
    index = LEVELS.index(level)
    return int(ids[index]) if index < len(ids) else None


def path_at(path: str, level: str) -> str:
    """The part of a path that ends with the area of a level: ("1.5.9.", "city") > "1.5."; all of a shorter path."""
    ids = path.rstrip(".").split(".")
    return ".".join(ids[: LEVELS.index(level) + 1]) + "."


def above(level: str) -> str:
    """The next level up; the district is its own."""
    index = CASE_LEVELS.index(level)
    return CASE_LEVELS[min(index + 1, len(CASE_LEVELS) - 1)]


def below(level: str) -> str:
    """The next level down; the community is its own."""
    return CASE_LEVELS[max(CASE_LEVELS.index(level) - 1, 0)]


def standing(actor: AnyActor, case: Case) -> frozenset[str]:
    """What the actor is to this case, as "role@place" (see processes/case.toml for the places)."""
    match actor:
        case System():
            return frozenset({"system"})
        case Reporter(receipt_hash=receipt):
            return frozenset({"reporter"}) if receipt == case.receipt_hash else frozenset()
        case Actor():
            return frozenset(f"{post.role}@{place}" for post in actor.posts for place in _places(post, case))
        case _:
            return frozenset()


def _places(post: Any, case: Case) -> list[str]:
    places = []
    covers = case.area_path.startswith(post.area_path)
    if covers and post.role in _PLACED:
        places.append(post.area_level)
        if post.area_level == case.level:
            places.append("level")
        if post.area_level == above(case.level):
            places.append("above")
    if post.unit_id is not None and (covers or post.role not in _GRID_ROLES):
        places += [
            name
            for name, unit_id in (("lead", case.lead_id), ("owner", case.responsible_id))
            if unit_id == post.unit_id
        ]
        if post.unit_id in case.support_units:
            places.append("support")
    return places


def facts(actor: AnyActor, case: Case, now: datetime, data: dict[str, Any] | None = None) -> dict[str, Any]:
    """What conditions of the process may read, as named in its `facts`."""
    user_id = actor.user_id if isinstance(actor, Actor) else None
    asked = case.extension_asked or {}
    return {
        "case": {
            "level": case.level,
            "procedure": case.procedure,
            "emergency": case.emergency,
            "returns": case.returns,
            "unit_returned": case.lead_id in case.returned_by,
            "arbitrated": case.arbitrated,
            "extensions": case.extensions,
            "extension_stage": case.extension_stage,
            "late": bool(case.case_due_at and now > case.case_due_at),
            "suspensions": case.suspensions,
            "has_contact": case.has_contact,
            "objections": case.objections,
            "reworks": case.reworks,
            "days_closed": (now - case.closed_at).days if case.closed_at else 0,
            "appeal_stage": case.appeal_stage,
            "overdue": case.overdue,
            "urges": case.urges,
            "rated": case.satisfied is not None,
        },
        "actor": {
            "handled": user_id is not None and user_id in case.handlers,
            "approved_extension": user_id is not None and asked.get("first_by") == user_id,
            "reviewed_appeal": user_id is not None and case.appeal_reviewer_id == user_id,
        },
        "data": {"procedure": "", "reached": False, "solved": False, "satisfied": 0} | (data or {}),
    }
