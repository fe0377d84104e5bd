"""Writes of panoramas: photos all round at a building."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, AnyActor, System
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import Building, Panorama
from wangge.domain.places.services.dwellings import check_keeper
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid
from wangge.platform.pictures import keep, taken

LONGEST_TITLE = 40
MOST_OF_A_BUILDING = 12
# What a phone's graphics take whole; a side of 2 pixels a tenth of a degree is plenty to look round.
LONGEST_SIDE = 4096
LEAST_WIDTH = 1500
# Makers round their sizes; more is no photo all round.
_RATIO_SLACK = 0.02


@transaction.atomic
def add(actor: AnyActor, building: Building, *, title: str, taken_on: date, photo: bytes) -> Panorama:
    """A panorama, encoded anew. Raises NotAllowed, Invalid naming the field, Conflict when the building has many."""
    check_keeper(actor, building)
    title, wrong = title.strip(), {}
    if not title or len(title) > LONGEST_TITLE:
        wrong["title"] = _("请写在哪里拍的，最多 %(most)d 字。") % {"most": LONGEST_TITLE}
    if taken_on > clock.today():
        wrong["taken_on"] = _("拍摄日期不能晚于今天。")
    if wrong:
        raise Invalid(wrong)
    picture = taken(photo, longest=LONGEST_SIDE)
    if picture.width < LEAST_WIDTH or abs(picture.width / picture.height - 2) > _RATIO_SLACK:
        text = _("全景照片的宽应是高的两倍，宽至少 %(least)d 像素。请用全景相机或手机的全景（球形）模式拍。")
        raise Invalid({"photo": text % {"least": LEAST_WIDTH}})
    with acting_as(System("panoramas of a building")):
        # Two at the same time wait for each other here.
        Building.objects.select_for_update().get(pk=building.pk)
        if Panorama.objects.filter(building=building, removed_at=None).count() >= MOST_OF_A_BUILDING:
            text = _("这栋楼已有 %(most)d 张全景照片，请先删掉旧的。")
            raise Conflict(text % {"most": MOST_OF_A_BUILDING})
        made: Panorama = Panorama.objects.create(
            building=building,
            area_id=building.area_id,
            title=title,
            taken_on=taken_on,
            file=keep(picture),
            made_at=clock.now(),
            made_by_id=actor.user_id if isinstance(actor, Actor) else None,
        )
    return made


@transaction.atomic
def remove(actor: AnyActor, panorama: Panorama) -> None:
    """It is not shown any more."""
    check_keeper(actor, panorama.building)
    with acting_as(System("panoramas of a building")):
        Panorama.objects.filter(pk=panorama.pk).update(removed_at=clock.now())
