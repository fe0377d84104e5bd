"""Writes of compounds: another name, and the end of one; their outlines come by an import."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import AnyActor
from wangge.domain.access.policy import may_keep_places
from wangge.domain.places.models import Area, Compound
from wangge.domain.places.rules import NOT_IN_A_NAME
from wangge.domain.places.services.stamp import map_changed
from wangge.platform.errors import Conflict, Invalid, NotAllowed

LONGEST_NAME = 60


@transaction.atomic
def rename(actor: AnyActor, compound: Compound, *, name: str) -> Compound:
    """Another name. Raises NotAllowed, Invalid, Conflict where the community has a compound of that name."""
    check_keeper(actor, compound.area)
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or NOT_IN_A_NAME.search(name):
        raise Invalid({"name": _("请写小区名称，最多 %(most)d 字。") % {"most": LONGEST_NAME}})
    if Compound.objects.filter(area=compound.area, name=name).exclude(pk=compound.pk).exists():
        raise Conflict(_("这个社区已有同名的小区。"))
    compound.name = name
    compound.save(update_fields=["name"])
    map_changed()
    return compound


@transaction.atomic
def retire(actor: AnyActor, compound: Compound, on: date) -> Compound:
    """It is no more: it goes from maps and lists. Conflict while one of its buildings stands."""
    check_keeper(actor, compound.area)
    if standing := compound.buildings.filter(removed_on=None).count():
        text = _("小区里还有 %(n)d 栋楼，请先登记它们已拆除，或改到别的小区。")
        raise Conflict(text % {"n": standing})
    compound.removed_on = on
    compound.save(update_fields=["removed_on"])
    map_changed()
    return compound


def check_keeper(actor: AnyActor, community: Area) -> None:
    """Raises NotAllowed for who does not keep the places of the community."""
    if not may_keep_places(actor, community.path):
        raise NotAllowed(_("小区由所在社区和街道的人员维护。"))
