"""The diary: a note in half a minute, what is said to it, and the case that it becomes."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, Role, System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, Channel
from wangge.domain.cases.services.intake import Report, report
from wangge.domain.places.models import Area, Building, Dwelling, Level
from wangge.domain.register.services.base import kept, must_keep, visible
from wangge.domain.visits import queries
from wangge.domain.visits.models import LONGEST_NOTE, LONGEST_TEXT, Comment, DiaryEntry, EntryKind
from wangge.domain.visits.rules import holds_number_of_a_person
from wangge.domain.visits.services.again import again
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed, NotFound

DIARY = System("diary")
# Who leads: they comment; the author answers.
LEADERS = (Role.GRID_LEAD, Role.STATION_HEAD)


@transaction.atomic
def write_entry(
    actor: Actor,
    key: uuid.UUID,
    *,
    kind: str,
    text: str,
    area_id: int | None = None,
    building_id: int | None = None,
    dwelling_id: int | None = None,
) -> DiaryEntry:
    """Keep a note of a grid: of a dwelling, a building, or of the grid alone. The same key with the same content answers the
    same entry again, with other content Conflict. Invalid names the field; NotFound for a place outside the ring."""
    area, building, dwelling = _place(actor, area_id, building_id, dwelling_id)
    must_keep(actor, area)
    _check(kind, text)
    given = {
        "area_id": area.pk,
        "author_id": actor.user_id,
        "kind": kind,
        "text": text.strip(),
        "building_id": building.pk if building else None,
        "dwelling_id": dwelling.pk if dwelling else None,
    }
    with acting_as(DIARY):
        return again(DiaryEntry, key, given, made_at=clock.now())


@transaction.atomic
def comment(actor: Actor, key: uuid.UUID, entry_id: int, *, text: str) -> Comment:
    """A leader says something to an entry, or its author answers."""
    found = visible(actor, DiaryEntry, entry_id, "author")
    if not may_comment(actor, found):
        raise NotAllowed(_("网格长和站负责人可以批示，写日记的人可以回复。"))
    _check_words(text, LONGEST_NOTE)
    given = {
        "area_id": found.area_id,
        "entry_id": found.pk,
        "author_id": actor.user_id,
        "text": text.strip(),
    }
    with acting_as(DIARY):
        return again(Comment, key, given, made_at=clock.now())


def may_comment(actor: Actor, entry: DiaryEntry) -> bool:
    """Whether the actor leads, or wrote the entry; that they see it is asked before."""
    return actor.user_id == entry.author.pk or actor.has(*LEADERS)


@transaction.atomic
def make_case(actor: Actor, entry_id: int) -> Case:
    """The entry is reported as it stands, with its place, once; Conflict when it is a case already."""
    found = kept(
        actor,
        DiaryEntry,
        entry_id,
        "building__compound",
        "dwelling__building__compound",
        "dwelling__stairwell",
        "case",
    )
    if found.case is not None:
        raise Conflict(_("这篇日记已经转为案件。"))
    building = found.building or (found.dwelling.building if found.dwelling else None)
    given = Report(
        key=found.key,
        description=found.text,
        channel=channel_of(actor),
        lon=building.lon if building else None,
        lat=building.lat if building else None,
        address=queries.place_of(found)[:200] if building else "",
        area_id=found.area_id,
    )
    case = report(actor, given).case
    with acting_as(DIARY):
        DiaryEntry.objects.filter(pk=found.pk).update(case=case, version=found.version + 1)
    return case


def channel_of(actor: Actor) -> str:
    """A grid's people report as workers, a station's at its desk."""
    return Channel.WORKER if actor.has(Role.GRID_WORKER, Role.GRID_LEAD) else Channel.STATION


def _place(
    actor: Actor, area_id: int | None, building_id: int | None, dwelling_id: int | None
) -> tuple[Area, Building | None, Dwelling | None]:
    if dwelling_id:
        with acting_as(actor):
            dwelling = Dwelling.objects.select_related("area").filter(pk=dwelling_id).first()
        if dwelling is None:
            raise NotFound(_("没有找到这套房屋，或者不在您的服务范围内。"))
        return dwelling.area, None, dwelling
    if building_id:
        building = Building.objects.select_related("area").filter(pk=building_id, removed_on=None).first()
        if building is None:
            raise NotFound(_("没有找到这栋楼。"))
        return building.area, building, None
    area = Area.objects.filter(pk=area_id or 0, level=Level.GRID, active=True).first()
    if area is None:
        raise Invalid({"area_id": _("请选择网格。")})
    return area, None, None


def _check(kind: str, text: str) -> None:
    if kind not in EntryKind.values:
        raise Invalid({"kind": _("请选择一项。")})
    _check_words(text, LONGEST_TEXT)


def _check_words(text: str, most: int) -> None:
    if not text.strip():
        raise Invalid({"text": _("请写几句话。")})
    if len(text) > most:
        raise Invalid({"text": _("最多 %(most)d 字。") % {"most": most}})
    if holds_number_of_a_person(text):
        raise Invalid({"text": _("请不要写电话号码和身份证号码，需要联系的人请登记在住户里。")})
