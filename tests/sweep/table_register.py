"""Addresses of the register: dwellings, people, care, leave to look."""

from typing import Any

from kinds import Address, May, rows, staff

from casework import TESTS
from rings import in_register, own, sees_shift
from scene import Scene
from wangge.domain.access.actor import Actor, AnyActor, Client, Role
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import Dwelling

KEEPERS = (Role.GRID_WORKER, Role.GRID_LEAD, Role.STATION_OFFICER, Role.STATION_HEAD)
STREET = (Role.STREET_DISPATCHER, Role.STREET_LEADER)


def serves(actor: AnyActor, row: Any) -> bool:
    return isinstance(actor, Actor) and actor.has(*KEEPERS, *STREET)


def near(actor: AnyActor, row: Any) -> bool:
    return isinstance(actor, Actor) and not isinstance(actor, Client) and actor.has(*KEEPERS)


def exports(actor: AnyActor, row: Any) -> bool:
    return near(actor, row) and isinstance(actor, Actor) and actor.has(Role.STATION_HEAD)


def own_list(actor: AnyActor, batch: Any) -> bool:
    """An uploaded list is its uploader's alone."""
    return near(actor, batch) and own(actor, batch)


def rosters(actor: AnyActor, row: Any) -> bool:
    """Who makes the roster of a station."""
    return (
        near(actor, row) and isinstance(actor, Actor) and actor.has(Role.STATION_OFFICER, Role.STATION_HEAD)
    )


def near_shift(actor: AnyActor, shift: Any) -> bool:
    """Who is on rosters sees shifts of the areas served."""
    return near(actor, shift) and sees_shift(actor, shift)


def of_street(actor: AnyActor, row: Any) -> bool:
    return isinstance(actor, Actor) and actor.has(*STREET)


def keeps(actor: AnyActor, row: Any) -> bool:
    """Who keeps the register where the row is: not a street, even on an errand."""
    return isinstance(actor, Actor) and actor.has(*KEEPERS) and in_register(actor, row)


def sees(actor: AnyActor, row: Any) -> bool:
    return serves(actor, row) and in_register(actor, row)


def serves_dwelling(actor: AnyActor, dwelling: Any) -> bool:
    """The page of a dwelling: its address is no secret on the street; who lives there is asked about by itself."""
    above = {int(part) for part in dwelling.area.path.split(".") if part}
    return serves(actor, dwelling) and any(post.area_id in above for post in getattr(actor, "posts", ()))


def _of(label: str, name: str, may: May, opened: tuple[int, ...] = (200,), **more: Any) -> Address:
    """One row of the register each in the neighbour's grid and in the own; a stranger's is not found, who serves
    nobody is told so."""
    return Address(may, (403, 404), rows(label, name, 4, **more), opened)


def _dwellings(scene: Scene) -> list[tuple[Any, dict[str, Any]]]:
    with acting_as(TESTS):
        found = Dwelling.objects.select_related("area").order_by("pk")[:4]
        return [(one, {"dwelling_id": one.pk}) for one in found]


_POST = (405,)
ADDRESSES: dict[str, Address] = {
    "desk:register": Address(serves),
    "desk:register-people": Address(serves, opened=_POST),
    "desk:household-of-dwelling": Address(serves_dwelling, (403, 404), _dwellings),
    "desk:show-household": _of("register.Household", "household_id", sees, _POST),
    "desk:new-household": Address(keeps, (403, 404), _dwellings),
    "desk:edit-household": _of("register.Household", "household_id", keeps),
    "desk:household-out": _of("register.Household", "household_id", keeps),
    "desk:new-resident": _of("register.Household", "household_id", keeps),
    "desk:edit-resident": _of("register.Resident", "resident_id", keeps),
    "desk:resident-out": _of("register.Resident", "resident_id", keeps),
    "desk:merge-residents": Address(serves, opened=_POST),
    "desk:undo-merge": _of("register.Merge", "merge_id", keeps, _POST),
    "desk:new-detail": _of("register.Resident", "resident_id", keeps),
    "desk:show-detail": _of("register.Detail", "detail_id", keeps, _POST),
    "desk:remove-detail": _of("register.Detail", "detail_id", keeps, _POST),
    "desk:new-tenancy": Address(keeps, (403, 404), _dwellings),
    "desk:show-landlord": _of("register.Tenancy", "tenancy_id", sees, _POST),
    "desk:end-tenancy": _of("register.Tenancy", "tenancy_id", keeps),
    "desk:new-check": Address(keeps, (403, 404), _dwellings),
    "desk:checks": Address(serves),
    "desk:check-fixed": _of("register.HomeCheck", "check_id", keeps, _POST),
    "desk:organisations": Address(serves),
    "desk:new-organisation": Address(serves),
    "desk:organisation": _of("register.Organisation", "organisation_id", keeps),
    "desk:show-contact": _of("register.Organisation", "organisation_id", sees, _POST),
    "desk:close-organisation": _of("register.Organisation", "organisation_id", keeps),
    "desk:care": Address(serves),
    "desk:new-care": _of("register.Resident", "resident_id", keeps),
    "desk:show-care": _of("register.CareNeed", "care_id", sees, _POST),
    "desk:review-care": _of("register.CareNeed", "care_id", keeps),
    "desk:care-act": _of("register.CareNeed", "care_id", keeps, _POST, what="end"),
    "desk:visits": Address(near),
    "desk:visit-plans": Address(near),
    "desk:new-visits": _of("register.CareNeed", "care_id", keeps),
    "desk:end-visits": _of("visits.VisitPlan", "plan_id", keeps, _POST),
    "desk:record-visit": _of("visits.VisitPlan", "plan_id", keeps),
    "desk:diary": Address(near),
    "desk:new-entry": Address(near),
    "desk:diary-week": Address(near),
    "desk:entry": _of("visits.DiaryEntry", "entry_id", keeps),
    "desk:entry-case": _of("visits.DiaryEntry", "entry_id", keeps, _POST),
    "desk:shifts": Address(near),
    "desk:plan-shifts": Address(rosters),
    "desk:copy-week": Address(rosters, opened=_POST),
    "desk:shift-month": Address(near),
    "desk:shift-month-file": Address(near),
    "desk:shift-act": _of("shifts.Shift", "shift_id", near_shift, _POST, what="begin"),
    "desk:meetings": Address(near),
    "desk:new-meeting": Address(near),
    "desk:meeting": _of("visits.Meeting", "meeting_id", keeps),
    "desk:minutes": _of("visits.Meeting", "meeting_id", keeps),
    "desk:follow-up-done": _of("visits.FollowUp", "follow_up_id", keeps, _POST),
    "desk:errand": Address(of_street),
    "desk:end-errand": Address(serves, opened=_POST),
    "desk:grants": Address(staff),
    "desk:show-grant": _of("register.Grant", "grant_id", own, _POST),
    "desk:end-grant": _of("register.Grant", "grant_id", keeps, _POST),
    "desk:new-grant": _of("register.Resident", "resident_id", keeps),
    "desk:register-export": Address(exports),
    "desk:enrolments": Address(near),
    "desk:enrolment": Address(own_list, (403, 404), rows("enrolment.Enrolment", "enrolment_id")),
    "desk:enrolment-columns": Address(
        own_list, (403, 404), rows("enrolment.Enrolment", "enrolment_id"), opened=_POST
    ),
    "desk:enrolment-returned": Address(
        own_list, (403, 404), rows("enrolment.Enrolment", "enrolment_id"), opened=(200, 404, 409)
    ),
    "desk:enrolment-act": Address(
        own_list, (403, 404), rows("enrolment.Enrolment", "enrolment_id", what="cancel"), opened=_POST
    ),
    "desk:register-figures": Address(staff),
    "desk:corrections": Address(serves),
    "desk:show-correction": _of("register.Correction", "correction_id", keeps, _POST),
    "desk:decide-correction": _of("register.Correction", "correction_id", keeps, _POST, what="take"),
}
