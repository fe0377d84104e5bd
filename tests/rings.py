"""Who may see which row, told a second time and in other words than POLICY: row by row, by ids of areas.

WALL says what Python lets through, NET what PostgreSQL alone would; the net is wider only where it says so.
"""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import connection

from wangge.domain.access.actor import AREA_ROLES, ActivePost, Actor, AnyActor, Client, Reporter, Role, System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.platform import clock

Sees = Callable[[AnyActor, Any], bool]
CALLERS = (Role.STATION_OFFICER, Role.STATION_HEAD, Role.STREET_DISPATCHER, Role.OPERATOR)


def sees_case(actor: AnyActor, case: Case) -> bool:
    """The rings: ids of areas instead of prefixes of paths."""
    if isinstance(actor, Reporter):
        return case.receipt_hash == actor.receipt_hash
    if not isinstance(actor, Actor):
        return False
    above = {int(part) for part in case.area_path.split(".") if part}
    for post in actor.posts:
        if post.role in (Role.ADMINISTRATOR, Role.PRIVACY_OFFICER):
            continue
        if post.role in (Role.UNIT_OFFICER, Role.UNIT_HEAD):
            if post.unit_id in (case.lead_id, case.responsible_id, *case.support_units):
                return True
        elif post.role == Role.OPERATOR:
            if post.area_id in above and case.state == "callback":
                return True
        elif post.area_id in above:
            return True
    return case.reported_by_id == actor.user_id


def sees_contact(actor: AnyActor, contact: Any) -> bool:
    case = contact.case
    if isinstance(actor, Reporter):
        return bool(case.receipt_hash == actor.receipt_hash)
    above = {int(part) for part in case.area_path.split(".") if part}
    here = isinstance(actor, Actor) and any(p.role in CALLERS and p.area_id in above for p in actor.posts)
    return here and case.state == "callback"


def of_case(actor: AnyActor, row: Any) -> bool:
    return sees_case(actor, row.case)


def staff_of_case(actor: AnyActor, row: Any) -> bool:
    return isinstance(actor, Actor) and sees_case(actor, row.case)


def sees_event(actor: AnyActor, event: Any) -> bool:
    return of_case(actor, event) and (event.public or isinstance(actor, Actor))


def own(actor: AnyActor, row: Any) -> bool:
    return isinstance(actor, Actor) and row.user_id == actor.user_id


def in_ring(actor: AnyActor, row: Any) -> bool:
    """Places of a grid: whoever serves the grid, or an area above it."""
    above = {int(part) for part in row.area.path.split(".") if part}
    return isinstance(actor, Actor) and any(
        post.area_id in above and post.role in AREA_ROLES for post in actor.posts
    )


def sees_shift(actor: AnyActor, row: Any) -> bool:
    """One's own, and those of the areas one serves."""
    return own(actor, row) or in_ring(actor, row)


def sees_aside(actor: AnyActor, row: Any) -> bool:
    """One's own, and for a station those of its community."""
    if own(actor, row) or row.area is None or not isinstance(actor, Actor) or isinstance(actor, Client):
        return own(actor, row)
    above = {int(part) for part in row.area.path.split(".") if part}
    stations = (Role.STATION_OFFICER, Role.STATION_HEAD)
    return any(post.area_id in above and post.role in stations for post in actor.posts)


def sees_record(actor: AnyActor, row: Any) -> bool:
    """The station's only while somebody must look at it."""
    return own(actor, row) or (row.state in ("refused", "differs") and sees_aside(actor, row))


def net_record(actor: AnyActor, row: Any) -> bool:
    return own(actor, row) or (row.area is not None and in_ring(actor, row))


KEEPERS = (Role.GRID_WORKER, Role.GRID_LEAD, Role.STATION_OFFICER, Role.STATION_HEAD)


def in_register(actor: AnyActor, row: Any) -> bool:
    """People of a grid: who keeps the register there; a street's people only in the street of a running errand."""
    if not isinstance(actor, Actor) or isinstance(actor, Client):
        return False
    above = {int(part) for part in row.area.path.split(".") if part}
    errands: set[int] = set()
    if actor.has(Role.STREET_DISPATCHER, Role.STREET_LEADER):
        with acting_as(System("test")):
            running = apps.get_model("register", "Errand").objects.filter(until__gt=clock.now())
            errands = set(running.filter(user_id=actor.user_id).values_list("area_id", flat=True))
    return any(
        post.area_id in above
        and (
            post.role in KEEPERS
            or (post.role in (Role.STREET_DISPATCHER, Role.STREET_LEADER) and post.area_id in errands)
        )
        for post in actor.posts
    )


def sees_resident(actor: AnyActor, resident: Any) -> bool:
    """Those of the register, and one person by a grant that runs."""
    if in_register(actor, resident) or not isinstance(actor, Actor):
        return in_register(actor, resident)
    with acting_as(System("test")):
        grants = list(resident.grants.all())
    return any(
        grant.user_id == actor.user_id and grant.ended_at is None and grant.until > clock.now()
        for grant in grants
    )


def sees_grant(actor: AnyActor, grant: Any) -> bool:
    return in_register(actor, grant) or own(actor, grant)


HEADS = (Role.STATION_HEAD, Role.STREET_LEADER, Role.DISTRICT_LEADER, Role.UNIT_HEAD)


def _of_unit(post: ActivePost, row: Any) -> bool:
    return post.unit_id is not None and post.unit_id == row.unit_id


def sees_handover(actor: AnyActor, row: Any) -> bool:
    """Giver, successor, and who heads the giver's unit."""
    if not isinstance(actor, Actor):
        return False
    heads = any(post.role in HEADS and _of_unit(post, row) for post in actor.posts)
    return heads or actor.user_id in (row.giver_id, row.receiver_id)


def sees_handover_line(actor: AnyActor, row: Any) -> bool:
    return sees_handover(actor, row.handover)


def own_batch(actor: AnyActor, row: Any) -> bool:
    return own(actor, row.batch)


def own_of_system(actor: AnyActor, row: Any) -> bool:
    return isinstance(actor, Client) and row.client_id == actor.user_id


def nobody(actor: AnyActor, row: Any) -> bool:
    return False


def sees_view(actor: AnyActor, view: Any) -> bool:
    """One's own, removed ones too; a colleague's while it is shared."""
    return own(actor, view) or (view.removed_at is None and net_view(actor, view))


def net_view(actor: AnyActor, view: Any) -> bool:
    """The net asks for the unit; that a removed view is its owner's alone is the wall's."""
    shared = (
        isinstance(actor, Actor)
        and not isinstance(actor, Client)
        and any(post.unit_id == view.unit_id for post in actor.posts)
    )
    return own(actor, view) or (view.unit_id is not None and shared)


PLANNERS = (Role.STATION_HEAD, Role.STREET_DISPATCHER, Role.STREET_LEADER)


def plans_in(actor: AnyActor, area: Any) -> bool:
    """Who drafts plans of grids in an area: administrators, and the heads of its station and street."""
    if not isinstance(actor, Actor) or isinstance(actor, Client):
        return False
    above = {int(part) for part in area.path.split(".") if part}
    return actor.has(Role.ADMINISTRATOR) or any(
        post.area_id in above and post.role in PLANNERS for post in actor.posts
    )


def sees_plan(actor: AnyActor, plan: Any) -> bool:
    return plans_in(actor, plan.area)


def sees_alternative(actor: AnyActor, row: Any) -> bool:
    return sees_plan(actor, row.plan)


def sees_edit(actor: AnyActor, row: Any) -> bool:
    return sees_alternative(actor, row.alternative)


def any_staff(actor: AnyActor, row: Any) -> bool:
    """The net lets all who are signed in to the desk; nothing personal stands there."""
    return isinstance(actor, Actor)


WALL: dict[str, Sees] = {
    "places.Dwelling": in_ring,
    "places.Panorama": in_ring,
    "register.Household": in_register,
    "register.Resident": sees_resident,
    "register.NameMark": in_register,
    "register.Detail": in_register,
    "register.Merge": in_register,
    "register.Tenancy": in_register,
    "register.HomeCheck": in_register,
    "register.Organisation": in_register,
    "register.CareNeed": in_register,
    "register.Correction": in_register,
    "visits.DiaryEntry": in_register,
    "visits.Comment": in_register,
    "visits.VisitPlan": in_register,
    "visits.Visit": in_register,
    "visits.Meeting": in_register,
    "visits.FollowUp": in_register,
    "shifts.Shift": sees_shift,
    "register.Errand": own,
    "register.Grant": sees_grant,
    "cases.Case": sees_case,
    "cases.CaseEvent": sees_event,
    "cases.Support": staff_of_case,
    "cases.Photo": of_case,
    "cases.Sound": staff_of_case,
    "cases.Contact": sees_contact,
    "cases.RepeatAlarm": staff_of_case,
    "orders.OrderImport": own,
    "orders.OrderRow": own_batch,
    "orders.Order": staff_of_case,
    "enrolment.Enrolment": own,
    "enrolment.EnrolmentRow": own_batch,
    "enrolment.Enrolled": own_batch,
    "bulk.Run": own,
    "boards.PrintRun": own,
    "exports.ListFile": own,
    "field.Device": own,
    "field.Record": sees_record,
    "field.Aside": sees_aside,
    "field.Upload": own,
    "planning.Plan": sees_plan,
    "planning.Alternative": sees_alternative,
    "planning.Edit": sees_edit,
    "office.Notice": own,
    "office.SavedView": sees_view,
    "office.HandOver": sees_handover,
    "office.HandOverLine": sees_handover_line,
    "office.Mail": nobody,
    "exchange.Answer": own_of_system,
    "exchange.Webhook": own_of_system,
    "exchange.Delivery": own_of_system,
}


def net_case(actor: AnyActor, case: Case) -> bool:
    """Any member of staff gets a case that waits for a call: the wall asks for the role and the area."""
    return sees_case(actor, case) or (isinstance(actor, Actor) and case.state == "callback")


def net_of_case(actor: AnyActor, row: Any) -> bool:
    """All that hangs on a case; which of it a reporter reads is the wall's."""
    return net_case(actor, row.case)


def net_contact(actor: AnyActor, contact: Any) -> bool:
    case = contact.case
    if isinstance(actor, Reporter):
        return bool(case.receipt_hash == actor.receipt_hash)
    return isinstance(actor, Actor) and case.state == "callback"


def net_handover(actor: AnyActor, row: Any) -> bool:
    """Everybody of the unit and who serves the area above: the wall asks for the head."""
    if not isinstance(actor, Actor):
        return False
    above = {int(part) for part in row.area_path.split(".") if part}
    serving = set(Role) - {
        Role.UNIT_OFFICER,
        Role.UNIT_HEAD,
        Role.OPERATOR,
        Role.ADMINISTRATOR,
        Role.PRIVACY_OFFICER,
    }
    of_unit = (Role.UNIT_OFFICER, Role.UNIT_HEAD, Role.STATION_OFFICER, Role.STATION_HEAD)
    return sees_handover(actor, row) or any(
        (post.role in serving and post.area_id in above) or (post.role in of_unit and _of_unit(post, row))
        for post in actor.posts
    )


def net_handover_line(actor: AnyActor, row: Any) -> bool:
    return net_handover(actor, row.handover)


def net_own_of_system(actor: AnyActor, row: Any) -> bool:
    """Whoever carries the system's number: that it is a system is the wall's."""
    return isinstance(actor, Actor) and row.client_id == actor.user_id


NET: dict[str, Sees] = WALL | {
    "field.Record": net_record,
    "field.Aside": net_record,
    "planning.Plan": any_staff,
    "planning.Alternative": any_staff,
    "planning.Edit": any_staff,
    "office.SavedView": net_view,
    "office.HandOver": net_handover,
    "office.HandOverLine": net_handover_line,
    "cases.Case": net_case,
    "cases.CaseEvent": net_of_case,
    "cases.Support": net_of_case,
    "cases.Photo": net_of_case,
    "cases.Sound": net_of_case,
    "cases.Contact": net_contact,
    "cases.RepeatAlarm": net_of_case,
    "orders.Order": net_of_case,
    "exchange.Answer": net_own_of_system,
    "exchange.Webhook": net_own_of_system,
    "exchange.Delivery": net_own_of_system,
}


def by_wall(model: Any, actor: AnyActor) -> set[int]:
    """Ids that the scoped manager answers with."""
    with acting_as(actor):
        return set(model.objects.values_list("pk", flat=True))


def by_net(model: Any, actor: AnyActor) -> set[int]:
    """Ids that raw SQL answers with."""
    with acting_as(actor), connection.cursor() as cursor:
        cursor.execute(f"SELECT {model._meta.pk.column} FROM {model._meta.db_table}")
        return {row[0] for row in cursor.fetchall()}


def told(
    rings: dict[str, Sees], everybody: dict[str, AnyActor], rows: dict[str, list[Any]]
) -> dict[str, Any]:
    """What each person should see of each model: {"person model": ids}."""
    return {
        f"{name} {label}": {row.pk for row in rows[label] if sees(actor, row)}
        for name, actor in everybody.items()
        for label, sees in rings.items()
    }


def seen(
    look: Callable[[Any, AnyActor], set[int]], everybody: dict[str, AnyActor], labels: Any
) -> dict[str, Any]:
    """What each person does see of each model, by `by_wall` or `by_net`."""
    return {
        f"{name} {label}": look(apps.get_model(label), actor)
        for name, actor in everybody.items()
        for label in labels
    }
