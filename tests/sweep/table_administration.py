"""Addresses of the administration of people, places and the installation."""

from typing import Any

from kinds import ADMINISTRATION, STAFF, Address, administrator, rows, staff

from wangge.domain.access.actor import Actor, AnyActor, Role


def inspector(actor: AnyActor, row: Any) -> bool:
    return isinstance(actor, Actor) and actor.has(Role.PRIVACY_OFFICER)


def drawn_areas(scene: Any) -> list[tuple[Any, dict[str, Any]]]:
    return [(None, {"area_id": area.pk}) for area in (scene.town.street, scene.town.communities[0])]


ADDRESSES: dict[str, Address] = {
    "desk:borders": Address(administrator, values=drawn_areas),
    "desk:borders-data": Address(administrator, values=drawn_areas),
    "desk:borders-file": Address(administrator, values=drawn_areas),
    "desk:check-borders": Address(administrator, values=drawn_areas, opened=(405,)),
    "desk:units": STAFF,
    "desk:new-unit": ADMINISTRATION,
    "desk:unit": Address(staff, values=rows("access.Unit", "unit_id")),
    "desk:close-unit": Address(administrator, values=rows("access.Unit", "unit_id"), opened=(200, 405)),
    "desk:open-unit": Address(administrator, values=rows("access.Unit", "unit_id"), opened=(405,)),
    "desk:send-again": ADMINISTRATION,
    "desk:posts": STAFF,
    "desk:teams": STAFF,
    "desk:new-post": ADMINISTRATION,
    "desk:end-post": Address(administrator, values=rows("access.Post", "post_id")),
    "desk:post-stand-in": Address(administrator, values=rows("access.Post", "post_id")),
    "desk:end-stand-in": Address(administrator, values=rows("access.StandIn", "stand_in_id")),
    "desk:users": ADMINISTRATION,
    "desk:new-user": ADMINISTRATION,
    "desk:user": Address(administrator, values=rows("access.User", "user_id")),
    "desk:user-password": Address(administrator, values=rows("access.User", "user_id")),
    "desk:user-active": Address(administrator, values=rows("access.User", "user_id")),
    "desk:areas": STAFF,
    "desk:area": Address(staff, values=rows("places.Area", "area_id", 6)),
    "desk:area-children": Address(staff, values=rows("places.Area", "area_id", 6)),
    "desk:grid-size": Address(
        administrator, values=lambda scene: [(None, {"area_id": scene.town.district.pk})]
    ),
    "desk:area-change": Address(administrator, values=rows("places.Area", "area_id", 6, kind="rename")),
    "desk:operation": ADMINISTRATION,
    "desk:deliver-again": ADMINISTRATION,
    "desk:privacy": Address(inspector),
    "desk:privacy-print": Address(inspector),
    "desk:privacy-record": Address(inspector),
    "desk:privacy-export": Address(inspector, opened=(405,)),
    "desk:clients": ADMINISTRATION,
    "desk:new-client": ADMINISTRATION,
    "desk:client": Address(administrator, values=rows("exchange.Client", "client_id")),
    "desk:rotate-client": Address(administrator, values=rows("exchange.Client", "client_id")),
    "desk:revoke-client": Address(administrator, values=rows("exchange.Client", "client_id")),
    "desk:staff-list": ADMINISTRATION,
    "desk:staff-template": ADMINISTRATION,
    "desk:join": ADMINISTRATION,
    "desk:leave": Address(administrator, values=rows("access.User", "user_id")),
}
