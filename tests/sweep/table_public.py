"""Addresses for residents, maps, pictures and machines."""

from typing import Any

from kinds import PUBLIC, Address, anybody, hanging_on_cases, of_ring, rows

from scene import Scene
from wangge.domain.access.actor import AnyActor
from wangge.domain.cases.services.receipts import receipt_code
from wangge.domain.places.models import Facility


def _receipt(scene: Scene, **more: Any) -> list[tuple[Any, dict[str, Any]]]:
    return [(case, {"code": receipt_code(case.key), **more}) for case in scene.cases]


def _area_code(scene: Scene) -> list[tuple[Any, dict[str, Any]]]:
    return [(None, {"code": scene.town.communities[0].code})]


def _facility_code(scene: Scene) -> list[tuple[Any, dict[str, Any]]]:
    return [(None, {"code": Facility.objects.values_list("code", flat=True)[0]})]


def _photos_of_receipt(scene: Scene) -> list[tuple[Any, dict[str, Any]]]:
    """Each case's receipt with each case's photo: only one's own are shown."""
    photos = hanging_on_cases("cases.Photo", "photo_id")(scene)
    codes = _receipt(scene)[:4]
    return [((case, photo), {**code, **name}) for case, code in codes for photo, name in photos]


def own_photo(actor: AnyActor, row: Any) -> bool:
    case, photo = row
    return bool(photo.case_id == case.pk)


def nobody(actor: AnyActor, row: Any) -> bool:
    """A receipt alone opens nothing: the phone must be confirmed too."""
    return False


def photo_of_case(actor: AnyActor, photo: Any) -> bool:
    return of_ring(actor, photo)


ADDRESSES: dict[str, Address] = {
    "portal:home": PUBLIC,
    "portal:report": PUBLIC,
    "portal:nearby": PUBLIC,
    "portal:matters": PUBLIC,
    "portal:poster-code": Address(anybody, values=_area_code, opened=(302,)),
    "portal:facility-code": Address(anybody, values=_facility_code, opened=(302,)),
    "portal:find": Address(anybody, opened=(200, 302)),
    "portal:status": Address(anybody, values=_receipt, by_receipt=True),
    "portal:photo": Address(own_photo, 404, _photos_of_receipt, by_receipt=True),
    "portal:move": Address(
        anybody,
        values=lambda scene: _receipt(scene, move="rate"),
        opened=(200, 302, 405, 409),
        by_receipt=True,
    ),
    "portal:own": Address(anybody, values=_receipt, by_receipt=True),
    "portal:own-code": Address(anybody, values=_receipt, opened=(405,), by_receipt=True),
    "portal:own-confirm": Address(anybody, values=_receipt, opened=(405,), by_receipt=True),
    "portal:own-leave": Address(anybody, values=_receipt, opened=(405,), by_receipt=True),
    "portal:own-export": Address(
        nobody, 404, lambda scene: _receipt(scene, form="json"), opened=(405,), by_receipt=True
    ),
    "portal:own-act": Address(
        nobody, 404, lambda scene: _receipt(scene, what="erase"), opened=(405,), by_receipt=True
    ),
    "portal:mine": PUBLIC,
    "portal:mine-code": Address(anybody, opened=(405,)),
    "portal:mine-confirm": Address(anybody, opened=(405,)),
    "portal:mine-leave": Address(anybody, opened=(405,)),
    "portal:mine-export": Address(nobody, 404, lambda scene: [(None, {"form": "json"})], opened=(405,)),
    "portal:mine-act": Address(nobody, 404, lambda scene: [(None, {"what": "erase"})], opened=(405,)),
    "portal:board": PUBLIC,
    "portal:progress": Address(
        anybody, values=lambda scene: [(case, {"number": case.number}) for case in scene.cases]
    ),
    "portal:area": Address(anybody, values=_area_code),
    "portal:portrait": Address(
        anybody, values=lambda scene: [(None, {"user_id": scene.town.users["grid_worker"].pk})], opened=(404,)
    ),
    "portal:poster": Address(anybody, values=_area_code),
    "portal:never": PUBLIC,
    "portal:privacy": PUBLIC,
    "portal:audit-heads": PUBLIC,
    "portal:audit-heads-file": PUBLIC,
    "portal:audit-verifier": PUBLIC,
    "portal:accessibility": PUBLIC,
    "maps:at": Address(anybody, opened=(200, 422)),
    "maps:outlines": Address(anybody, values=rows("places.Area", "area_id", level="grid")),
    "maps:tile": Address(anybody, values=lambda scene: [(None, {"z": 17, "x": 106769, "y": 56887})]),
    "photo": Address(photo_of_case, 404, hanging_on_cases("cases.Photo", "photo_id")),
    "sound": Address(photo_of_case, 404, hanging_on_cases("cases.Sound", "sound_id")),
    "healthz": Address(anybody, opened=(200, 503)),
    "livez": PUBLIC,
    "metrics": Address(anybody, opened=(404,)),
    "set_language": Address(anybody, opened=(302, 405)),
}
