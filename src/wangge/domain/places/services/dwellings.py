"""Writes of dwellings: made in bulk from a pattern, taken back, changed one by one."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, AnyActor, System
from wangge.domain.access.policy import may_keep_places
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import Building, Dwelling, DwellingBatch, DwellingUse, Stairwell
from wangge.domain.places.patterns import MOST_STAIRWELLS, Pattern, Room
from wangge.platform import clock
from wangge.platform.db.copying import copy_in
from wangge.platform.errors import Conflict, Invalid, NotAllowed

_FIELDS = ("building", "stairwell", "area", "floor", "room", "use", "batch")


@dataclass(frozen=True, slots=True)
class Preview:
    """What a pattern would make: `new` rooms, and `there` the ones that exist and stay as they are."""

    new: tuple[Room, ...]
    there: tuple[Room, ...]


def preview(actor: AnyActor, building: Building, pattern: Pattern) -> Preview:
    """The rooms of a pattern against those of the building (2 statements). Raises Invalid, NotAllowed."""
    check_keeper(actor, building)
    with acting_as(System("preview of dwellings")):
        held = _held(building)
    rooms = pattern.rooms()
    there = tuple(one for one in rooms if (one.stairwell, one.room) in held)
    return Preview(tuple(one for one in rooms if (one.stairwell, one.room) not in held), there)


@transaction.atomic
def generate(actor: AnyActor, building: Building, pattern: Pattern) -> DwellingBatch:
    """Make the rooms of a pattern that are not there yet. Conflict when all of them are."""
    found = preview(actor, building, pattern)
    if not found.new:
        raise Conflict(_("这些房屋都已经有了。"))
    with acting_as(System("dwellings from a pattern")):
        # Two at the same time wait for each other here.
        Building.objects.select_for_update().get(pk=building.pk)
        held = _held(building)
        batch = DwellingBatch.objects.create(
            building=building,
            pattern=asdict(pattern),
            made_at=clock.now(),
            made_by_id=actor.user_id if isinstance(actor, Actor) else None,
        )
        stairs = _stairwells(building, {one.stairwell for one in found.new})
        copy_in(
            Dwelling,
            _FIELDS,
            (
                (
                    building.pk,
                    stairs.get(one.stairwell),
                    building.area_id,
                    one.floor,
                    one.room,
                    pattern.use,
                    batch.pk,
                )
                for one in found.new
                if (one.stairwell, one.room) not in held
            ),
        )
    return batch


@transaction.atomic
def undo(actor: AnyActor, batch: DwellingBatch) -> int:
    """Take back the dwellings of a batch; how many. Conflict once anything hangs on one of them."""
    check_keeper(actor, batch.building)
    if batch.undone_at is not None:
        raise Conflict(_("这一批已经撤销过了。"))
    with acting_as(System("undo of dwellings")):
        try:
            with transaction.atomic():
                count: int = Dwelling.objects.filter(batch=batch).delete()[0]
        except ProtectedError as error:
            raise Conflict(_("这一批里已有房屋登记了住户或案件，不能整批撤销。")) from error
        empty = Stairwell.objects.filter(building=batch.building, dwellings__isnull=True)
        empty.delete()
        batch.undone_at = clock.now()
        batch.save(update_fields=["undone_at"])
    return count


@transaction.atomic
def add(
    actor: AnyActor,
    building: Building,
    *,
    stairwell: int,
    floor: int,
    room: str,
    use: str = DwellingUse.UNKNOWN,
) -> Dwelling:
    """One dwelling more. Conflict when the room is there."""
    check_keeper(actor, building)
    room = _room(room)
    if floor == 0 or not 0 <= stairwell <= MOST_STAIRWELLS:
        raise Invalid({"floor": _("没有 0 层。地下请写 -1。")})
    with acting_as(System("a dwelling")):
        if (stairwell, room) in _held(building):
            raise Conflict(_("这个房号已经有了。"))
        return Dwelling.objects.create(
            building=building,
            stairwell_id=_stairwells(building, {stairwell}).get(stairwell),
            area_id=building.area_id,
            floor=floor,
            room=room,
            use=_use(use),
        )


@transaction.atomic
def change(actor: AnyActor, dwelling: Dwelling, *, room: str, use: str) -> Dwelling:
    """Another number or use. Conflict when another dwelling of the stairwell has the number."""
    check_keeper(actor, dwelling.building)
    room = _room(room)
    with acting_as(System("a dwelling")):
        beside = Dwelling.objects.filter(building=dwelling.building_id, stairwell=dwelling.stairwell_id)
        if beside.filter(room=room).exclude(pk=dwelling.pk).exists():
            raise Conflict(_("这个房号已经有了。"))
        dwelling.room, dwelling.use = room, _use(use)
        dwelling.save(update_fields=["room", "use"])
    return dwelling


@transaction.atomic
def remove(actor: AnyActor, dwelling: Dwelling) -> None:
    """A dwelling that was entered by mistake. Conflict once anything hangs on it."""
    check_keeper(actor, dwelling.building)
    with acting_as(System("a dwelling entered by mistake")):
        try:
            with transaction.atomic():
                dwelling.delete()
        except ProtectedError as error:
            raise Conflict(_("这套房屋已登记了住户或案件，不能删除。")) from error


def check_keeper(actor: AnyActor, building: Building) -> None:
    """Raises NotAllowed for who does not keep the places there."""
    if not may_keep_places(actor, building.area.path):
        raise NotAllowed(_("楼栋和房屋由所在网格、社区和街道的人员维护。"))


def _held(building: Building) -> set[tuple[int, str]]:
    rows: Any = Dwelling.objects.filter(building=building).values_list("stairwell__number", "room")
    return {(number or 0, room) for number, room in rows}


def _stairwells(building: Building, numbers: set[int]) -> dict[int, int]:
    """Id by number, made where missing; number 0 has none."""
    Stairwell.objects.bulk_create(
        (Stairwell(building=building, number=number) for number in sorted(numbers - {0})),
        ignore_conflicts=True,
    )
    return dict(Stairwell.objects.filter(building=building).values_list("number", "pk"))


def _room(room: str) -> str:
    room = room.strip()
    if not room or len(room) > 20:
        raise Invalid({"room": _("请写房号，最多 20 个字。")})
    return room


def _use(use: str) -> str:
    if use not in DwellingUse.values:
        raise Invalid({"use": _("没有这种用途。")})
    return use
