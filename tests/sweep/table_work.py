"""Addresses of the daily work at the desk."""

from typing import Any

from kinds import STAFF, Address, administrator, anybody, cases, hanging_on_cases, of_ring, rows, staff

from casework import TESTS
from rings import WALL, plans_in, sees_contact, sees_plan
from scene import Scene
from wangge.domain.access.actor import Actor, AnyActor, Role
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Contact


def calls_back(actor: AnyActor, case: Any) -> bool:
    with acting_as(TESTS):
        contact = Contact.objects.select_related("case").filter(case=case).first()
    return contact is not None and isinstance(actor, Actor) and sees_contact(actor, contact)


def takes_reports(actor: AnyActor, row: Any) -> bool:
    takers = {Role.GRID_WORKER, Role.GRID_LEAD, Role.STATION_OFFICER, Role.STATION_HEAD, Role.OPERATOR}
    return isinstance(actor, Actor) and bool(
        actor.roles & (takers | {Role.STREET_DISPATCHER, Role.DISTRICT_DISPATCHER})
    )


def reported_it(actor: AnyActor, case: Any) -> bool:
    return isinstance(actor, Actor) and case.reported_by_id == actor.user_id


def imports(actor: AnyActor, row: Any) -> bool:
    takers = {Role.OPERATOR, Role.STREET_DISPATCHER, Role.DISTRICT_DISPATCHER}
    return isinstance(actor, Actor) and bool(actor.roles & takers)


def own_import(actor: AnyActor, batch: Any) -> bool:
    return WALL["orders.OrderImport"](actor, batch)


def urges(actor: AnyActor, row: Any) -> bool:
    """Whoever may urge one case may urge many; who handles cases, or holds none, does not."""
    others = {Role.GRID_WORKER, Role.GRID_LEAD, Role.UNIT_OFFICER, Role.UNIT_HEAD, Role.ADMINISTRATOR}
    return isinstance(actor, Actor) and bool(actor.roles - others - {Role.PRIVACY_OFFICER})


def own_run(actor: AnyActor, run: Any) -> bool:
    return WALL["bulk.Run"](actor, run)


def own_view(actor: AnyActor, view: Any) -> bool:
    return isinstance(actor, Actor) and view.user_id == actor.user_id


def named_in_it(actor: AnyActor, handover: Any) -> bool:
    return WALL["office.HandOver"](actor, handover)


KEEPERS = {Role.GRID_WORKER, Role.GRID_LEAD, Role.STATION_OFFICER, Role.STATION_HEAD, Role.STREET_DISPATCHER}


def keeps_places(actor: AnyActor, row: Any) -> bool:
    """Whoever works in the grid, its community or its street; `row` None: in the area of one's own first post."""
    if not isinstance(actor, Actor) or not actor.roles & KEEPERS:
        return False
    if row is None:
        return True
    building = getattr(row, "building", row)
    above = {int(part) for part in building.area.path.split(".") if part}
    return any(post.role in KEEPERS and post.area_id in above for post in actor.posts)


def sees_dwelling(actor: AnyActor, dwelling: Any) -> bool:
    return WALL["places.Dwelling"](actor, dwelling)


def sees_panorama(actor: AnyActor, panorama: Any) -> bool:
    return WALL["places.Panorama"](actor, panorama)


def keeps_area(actor: AnyActor, area: Any) -> bool:
    """Whoever works in the community or its street, and administrators."""
    if not isinstance(actor, Actor):
        return False
    above = {int(part) for part in area.path.split(".") if part}
    keeps = any(post.role in KEEPERS and post.area_id in above for post in actor.posts)
    return keeps or actor.has(Role.ADMINISTRATOR)


def keeps_area_of(actor: AnyActor, compound: Any) -> bool:
    return keeps_area(actor, compound.area) and not (
        isinstance(actor, Actor) and actor.roles == {Role.ADMINISTRATOR}
    )


def own_set(actor: AnyActor, run: Any) -> bool:
    return WALL["boards.PrintRun"](actor, run)


def own_list(actor: AnyActor, found: Any) -> bool:
    return WALL["exports.ListFile"](actor, found)


def on_a_board(actor: AnyActor, row: Any) -> bool:
    return isinstance(actor, Actor) and actor.has(Role.GRID_WORKER, Role.GRID_LEAD)


def _communities(scene: Scene) -> list[tuple[Any, dict[str, Any]]]:
    return [(area, {"area_id": area.pk}) for area in scene.town.communities]


def _grid_paper(scene: Scene) -> list[tuple[Any, dict[str, Any]]]:
    return [(None, {"code": scene.town.grids[0].code, "what": "cards"})]


ADDRESSES: dict[str, Address] = {
    "desk:buildings": STAFF,
    "desk:new-building": Address(keeps_places),
    "desk:building": Address(staff, values=rows("places.Building", "building_id")),
    "desk:edit-building": Address(keeps_places, 403, rows("places.Building", "building_id")),
    "desk:remove-building": Address(keeps_places, 403, rows("places.Building", "building_id"), opened=(405,)),
    "desk:generate-dwellings": Address(keeps_places, 403, rows("places.Building", "building_id")),
    "desk:new-dwelling": Address(keeps_places, 403, rows("places.Building", "building_id")),
    "desk:undo-batch": Address(staff, opened=(405,), values=rows("places.DwellingBatch", "batch_id")),
    "desk:new-panorama": Address(keeps_places, 403, rows("places.Building", "building_id")),
    "desk:panorama": Address(sees_panorama, 404, rows("places.Panorama", "panorama_id", 4)),
    # The scene's panoramas have no file.
    "desk:panorama-photo": Address(
        sees_panorama, 404, rows("places.Panorama", "panorama_id", 4), opened=(404,)
    ),
    "desk:remove-panorama": Address(
        sees_panorama, 404, rows("places.Panorama", "panorama_id", 4), opened=(405,)
    ),
    "desk:dwelling": Address(sees_dwelling, 404, rows("places.Dwelling", "dwelling_id", 4)),
    # Who sees a dwelling and does not keep the places there is told so.
    "desk:edit-dwelling": Address(
        sees_dwelling, 404, rows("places.Dwelling", "dwelling_id", 4), opened=(200, 403)
    ),
    "desk:remove-dwelling": Address(
        sees_dwelling, 404, rows("places.Dwelling", "dwelling_id", 4), opened=(405,)
    ),
    "desk:boards": STAFF,
    "desk:board-paper": Address(staff, values=_grid_paper),
    "desk:edit-duties": Address(keeps_area, values=_communities),
    "desk:new-board-set": Address(staff, values=_communities, opened=(405,)),
    "desk:board-set": Address(own_set, 404, rows("boards.PrintRun", "run_id")),
    "desk:board-set-file": Address(own_set, 404, rows("boards.PrintRun", "run_id"), opened=(404,)),
    "desk:plans": STAFF,
    "desk:new-plan": Address(plans_in, values=_communities),
    "desk:plan": Address(sees_plan, 404, rows("planning.Plan", "plan_id")),
    "desk:cancel-plan": Address(sees_plan, 404, rows("planning.Plan", "plan_id"), opened=(405,)),
    "desk:alternative": Address(sees_plan, 404, rows("planning.Plan", "plan_id", number=1)),
    "desk:edit-alternative": Address(
        sees_plan, 404, rows("planning.Plan", "plan_id", number=1), opened=(405,)
    ),
    "desk:name-alternative": Address(sees_plan, 404, rows("planning.Plan", "plan_id", number=1)),
    "desk:publish-alternative": Address(administrator, values=rows("planning.Plan", "plan_id", number=1)),
    "desk:alternative-sheet": Address(sees_plan, 404, rows("planning.Plan", "plan_id", number=1)),
    "desk:own-card": Address(on_a_board),
    "desk:facilities": STAFF,
    "desk:facility-labels": Address(staff, opened=(200, 422)),
    "desk:compounds": STAFF,
    "desk:edit-compound": Address(keeps_area_of, 403, rows("places.Compound", "compound_id")),
    "desk:retire-compound": Address(
        keeps_area_of, 403, rows("places.Compound", "compound_id"), opened=(405,)
    ),
    "desk:new-facility": Address(keeps_places),
    "desk:facility": Address(staff, values=rows("places.Facility", "facility_id")),
    "desk:facility-photo": Address(staff, values=rows("places.Facility", "facility_id"), opened=(404,)),
    "desk:edit-facility": Address(keeps_places, 403, rows("places.Facility", "facility_id")),
    "desk:retire-facility": Address(keeps_places, 403, rows("places.Facility", "facility_id"), opened=(405,)),
    "desk:work": Address(staff, opened=(200, 302)),
    "desk:sign-out": Address(anybody, opened=(405,)),
    "desk:account": STAFF,
    "desk:change-password": STAFF,
    "desk:arrange-stand-in": STAFF,
    "desk:search": Address(staff, opened=(200, 302)),
    "desk:search-phones": Address(staff, opened=(405,)),
    "desk:bulk": Address(urges, values=lambda scene: [(None, {"key": "urge"})], opened=(200, 302, 404)),
    "desk:bulk-run": Address(own_run, 404, rows("bulk.Run", "run_id")),
    "desk:cases": STAFF,
    "desk:case-map": STAFF,
    "desk:map-data": STAFF,
    "desk:case-tile": Address(staff, values=lambda scene: [(None, {"z": 17, "x": 106769, "y": 56887})]),
    "desk:map-workers": Address(staff, values=lambda scene: [(None, {"area_id": scene.town.street.pk})]),
    "desk:case": Address(of_ring, 404, cases()),
    "desk:move": Address(of_ring, 404, cases(key="urge"), opened=(200, 404)),
    "desk:contact": Address(calls_back, 404, cases(), opened=(405,)),
    "desk:support-move": Address(
        of_ring, 404, hanging_on_cases("cases.Support", "support_id", key="done"), opened=(200, 404)
    ),
    "desk:matter-options": STAFF,
    "desk:condition-options": STAFF,
    "desk:case-conditions": Address(of_ring, 404, cases()),
    "desk:report": Address(takes_reports),
    "desk:area-options": STAFF,
    "desk:nearby": STAFF,
    "desk:reported": Address(reported_it, 404, cases()),
    "desk:notices": STAFF,
    "desk:read-notices": STAFF,
    "desk:export-cases": STAFF,
    "desk:export-work": STAFF,
    "desk:new-list": STAFF,
    "desk:list-file": Address(own_list, 404, rows("exports.ListFile", "list_id")),
    "desk:take-list": Address(own_list, 404, rows("exports.ListFile", "list_id"), opened=(404,)),
    "desk:print-cases": STAFF,
    "desk:print-case": Address(of_ring, 404, cases()),
    "desk:order-imports": Address(imports),
    "desk:order-import": Address(own_import, 404, rows("orders.OrderImport", "import_id")),
    "desk:order-columns": Address(own_import, 404, rows("orders.OrderImport", "import_id")),
    "desk:order-returned": Address(
        own_import, 404, rows("orders.OrderImport", "import_id"), opened=(200, 404, 409)
    ),
    "desk:order-act": Address(own_import, 404, rows("orders.OrderImport", "import_id", what="cancel")),
    "desk:views": STAFF,
    "desk:view-tabs": STAFF,
    "desk:view-act": Address(
        own_view, 404, rows("office.SavedView", "view_id", what="remove"), opened=(405,)
    ),
    "desk:handovers": STAFF,
    "desk:new-handover": STAFF,
    "desk:handover": Address(named_in_it, 404, rows("office.HandOver", "handover_id")),
}
