"""Writes of public facilities: entered with a code of the standard, changed, taken away."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from wangge.domain.access.actor import AnyActor
from wangge.domain.access.models import Unit
from wangge.domain.access.policy import may_keep_places
from wangge.domain.catalogue.queries import component_classes
from wangge.domain.places.models import Area, Facility, FacilityState
from wangge.domain.places.queries import grid_at
from wangge.domain.places.services.stamp import map_changed
from wangge.engines.codes import CodeError, ComponentCode, MatterClassCode
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed
from wangge.platform.hold import hold
from wangge.platform.pictures import keep, taken

LONGEST_PLACE = 120
_LAST_SERIAL = 999_999


@transaction.atomic
def add(
    actor: AnyActor,
    *,
    class_code: str,
    lon: float,
    lat: float,
    place: str = "",
    state: str = FacilityState.SOUND,
    owner: Unit | None = None,
    code: str = "",
    photo: bytes | None = None,
) -> Facility:
    """A facility where it stands, which decides the grid.

    `code` are the 17 digits it carries already; without them it takes the next serial of its class in the
    district (GB/T 47678). Raises Invalid naming the field, NotAllowed, Conflict for a code that is taken.
    """
    grid = grid_at(lon, lat)
    if grid is None:
        raise Invalid({"lon": _("这里不在任何网格里，请在地图上重新选择。")})
    check_keeper(actor, grid)
    _check(class_code, place, state)
    district = grid.code[:6]
    hold(f"facilities {district}{class_code}")
    full = _given(code, district, class_code) if code.strip() else _next(district, class_code)
    made = Facility.objects.create(
        code=full,
        class_code=class_code,
        area=grid,
        lon=lon,
        lat=lat,
        place=place.strip(),
        state=state,
        owner=owner,
        photo=keep(taken(photo)) if photo else "",
        seen_on=clock.today(),
    )
    map_changed()
    return made


@transaction.atomic
def change(
    actor: AnyActor,
    facility: Facility,
    *,
    lon: float,
    lat: float,
    place: str = "",
    state: str = FacilityState.SOUND,
    owner: Unit | None = None,
    photo: bytes | None = None,
) -> Facility:
    """Another state, keeper, place or photo, as somebody saw it today. The code stays for ever."""
    check_keeper(actor, facility.area)
    _check(facility.class_code, place, state)
    grid = grid_at(lon, lat)
    if grid is None or grid.code[:6] != facility.code[:6]:
        raise Invalid({"lon": _("这里不在本区的任何网格里，请在地图上重新选择。")})
    check_keeper(actor, grid)
    facility.area, facility.lon, facility.lat = grid, lon, lat
    facility.place, facility.state, facility.owner = place.strip(), state, owner
    facility.seen_on = clock.today()
    if photo:
        facility.photo = keep(taken(photo))
    facility.save()
    map_changed()
    return facility


@transaction.atomic
def retire(actor: AnyActor, facility: Facility) -> Facility:
    """It was taken away: it goes from maps, lists and labels; its row and its cases stay."""
    check_keeper(actor, facility.area)
    facility.state, facility.seen_on = FacilityState.REMOVED, clock.today()
    facility.save(update_fields=["state", "seen_on"])
    map_changed()
    return facility


def check_keeper(actor: AnyActor, grid: Area) -> None:
    """Raises NotAllowed for who does not keep the places there."""
    if not may_keep_places(actor, grid.path):
        raise NotAllowed(_("部件由所在网格、社区和街道的人员维护。"))


def _check(class_code: str, place: str, state: str) -> None:
    wrong: dict[str, Any] = {}
    if class_code not in component_classes():
        wrong["class_code"] = _("目录里没有这一类部件。")
    if state not in FacilityState.values:
        wrong["state"] = _("没有这种状态。")
    if len(place.strip()) > LONGEST_PLACE:
        wrong["place"] = _("位置最多 %(most)d 字。") % {"most": LONGEST_PLACE}
    if wrong:
        raise Invalid(wrong)


def _given(code: str, district: str, class_code: str) -> str:
    """The code on the facility itself, if it is one of this district and class and nobody else's."""
    code = "".join(code.split())
    try:
        parsed = ComponentCode.parse(code)
    except CodeError as error:
        raise Invalid(
            {"code": _("部件编码是 17 位数字：区县 6 位、大类 2 位、小类 3 位、序号 6 位。")}
        ) from error
    if parsed.district != district:
        raise Invalid({"code": _("编码的前 6 位应是所在区县 %(district)s。") % {"district": district}})
    if parsed.group + parsed.number != class_code:
        raise Invalid({"code": _("编码的第 7 至 11 位应是所选类别 %(class)s。") % {"class": class_code}})
    if Facility.objects.filter(code=code).exists():
        raise Conflict(_("部件 %(code)s 已经登记过了。") % {"code": code})
    return code


def _next(district: str, class_code: str) -> str:
    """The serial after the highest; a gap is never filled, for a code stays with what it once named."""
    highest = Facility.objects.filter(code__startswith=district + class_code).aggregate(Max("code"))[
        "code__max"
    ]
    serial = int(highest[11:]) + 1 if highest else 1
    if serial > _LAST_SERIAL:
        raise Invalid({"code": _("这一类部件的序号已经用完。")})
    of_class = MatterClassCode(district, class_code[:2], class_code[2:])
    return str(ComponentCode.make(of_class, serial))
