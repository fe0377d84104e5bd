"""Who sees which cases, and what hangs on a case."""

from django.apps import apps
from django.db.models import Q

from wangge.domain.access.actor import Actor, AnyActor, Public, Reporter, Role, System
from wangge.domain.access.policy.base import ALL, NONE

# Who may call a reporter back, and so may see how to reach them while a case waits for it.
CALL_BACK_ROLES = (Role.STATION_OFFICER, Role.STATION_HEAD, Role.STREET_DISPATCHER)

# By the number of areas on the path: the column that holds the last one's id.
_COLUMNS = {3: "in_district", 4: "in_street", 5: "in_community", 6: "area_id"}


def within(path: str, prefix: str = "") -> Q:
    """Cases of an area and of all below it: by an indexed id from the district down, by the path above."""
    column = _COLUMNS.get(path.count("."))
    if column is None:
        return Q(**{f"{prefix}area_path__startswith": path})
    return Q(**{f"{prefix}{column}": int(path.rstrip(".").rpartition(".")[2])})


def _paths(paths: tuple[str, ...], prefix: str = "") -> Q:
    found = NONE
    for path in paths:
        found |= within(path, prefix)
    return found


def case_ways(actor: Actor) -> list[Q]:
    """The ways in which a member of staff may see a case: in their area, reported by them, responsible or in the lead,
    called back by the operator; and, when they have units, last of all, supporting. An index serves each but that."""
    ways = [*(within(path) for path in actor.area_paths), Q(reported_by_id=actor.user_id)]
    # The phone operator calls back for the whole area, and for nothing else.
    called = (post.area_path for post in actor.posts if post.role == Role.OPERATOR)
    ways += [within(path) & Q(state="callback") for path in called]
    if actor.unit_ids:
        ways += [Q(responsible_id__in=actor.unit_ids), Q(lead_id__in=actor.unit_ids)]
        ways.append(Q(support_units__overlap=list(actor.unit_ids)))
    return ways


def case_view(actor: AnyActor) -> Q:
    """Staff: the ways above; a reporter: the case of their receipt."""
    match actor:
        case System():
            return ALL
        case Reporter(receipt_hash=receipt):
            return Q(receipt_hash=receipt)
        case Actor():
            seen = NONE
            for way in case_ways(actor):
                seen |= way
            return seen
        case Public():
            return NONE


def of_visible_case(actor: AnyActor) -> Q:
    if isinstance(actor, System):
        return ALL
    visible = apps.get_model("cases", "Case")._base_manager.filter(case_view(actor))
    return Q(case_id__in=visible.values("pk"))


def event_view(actor: AnyActor) -> Q:
    """Staff see the whole history of their cases; a reporter sees the entries made for them."""
    seen = of_visible_case(actor)
    return seen & Q(public=True) if isinstance(actor, Reporter) else seen


def support_view(actor: AnyActor) -> Q:
    return NONE if isinstance(actor, Reporter | Public) else of_visible_case(actor)


def contact_view(actor: AnyActor) -> Q:
    """Only who must call back, only while the case waits for it; the reporter sees their own."""
    match actor:
        case System():
            return ALL
        case Reporter(receipt_hash=receipt):
            return Q(case__receipt_hash=receipt)
        case Actor():
            callers = (post for post in actor.posts if post.role in (*CALL_BACK_ROLES, Role.OPERATOR))
            return Q(case__state="callback") & _paths(tuple(post.area_path for post in callers), "case__")
        case Public():
            return NONE
