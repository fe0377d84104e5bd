"""Meetings and activities: called, held, followed up."""

import uuid
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, System
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import Area
from wangge.domain.register.services.base import kept, locked, must_keep, save
from wangge.domain.visits import queries
from wangge.domain.visits.models import (
    LONGEST_MINUTES,
    LONGEST_NOTE,
    LONGEST_TEXT,
    MOST_PEOPLE,
    FollowUp,
    Meeting,
    MeetingKind,
)
from wangge.domain.visits.rules import holds_number_of_a_person
from wangge.domain.visits.services.again import again
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid

MEETINGS = System("meetings")


@transaction.atomic
def call(
    actor: Actor,
    key: uuid.UUID,
    *,
    area_id: int,
    kind: str,
    title: str,
    place: str,
    starts_at: datetime,
    invitation: str = "",
) -> Meeting:
    """A meeting of a grid or community that the actor keeps. Invalid names the field."""
    area = Area.objects.filter(pk=area_id, active=True).first()
    if area is None:
        raise Invalid({"area_id": _("请选择一项。")})
    must_keep(actor, area)
    wrong = _wrong_words(title=(title, 80), place=(place, 120), invitation=(invitation, LONGEST_TEXT))
    if kind not in MeetingKind.values:
        wrong["kind"] = _("请选择一项。")
    for name, text in (("title", title), ("place", place)):
        if not text.strip():
            wrong[name] = _("请写几句话。")
    if wrong:
        raise Invalid(wrong)
    given = {
        "area_id": area.pk,
        "called_by_id": actor.user_id,
        "kind": kind,
        "title": title.strip(),
        "place": place.strip(),
        "starts_at": starts_at,
        "invitation": invitation.strip(),
    }
    with acting_as(MEETINGS):
        return again(Meeting, key, given)


@transaction.atomic
def keep_minutes(
    actor: Actor, meeting_id: int, *, came: int, minutes: str, version: int | None = None
) -> Meeting:
    """How many came and what was said; Conflict before it began, and when somebody changed what `version` was opened on."""
    found = kept(actor, Meeting, meeting_id)
    wrong = _wrong_words(minutes=(minutes, LONGEST_MINUTES))
    if not 0 <= came <= MOST_PEOPLE:
        wrong["came"] = _("人数应在 0 至 %(most)d 之间。") % {"most": MOST_PEOPLE}
    if wrong:
        raise Invalid(wrong)
    if found.starts_at > clock.now():
        raise Conflict(_("还没有开始，开始以后再写记录。"))
    with acting_as(MEETINGS):
        meeting = locked(found, version)
        save(meeting, came=came, minutes=minutes.strip())
    return meeting


@transaction.atomic
def agree(
    actor: Actor, key: uuid.UUID, meeting_id: int, *, text: str, owner_id: int, due_on: date
) -> FollowUp:
    """Something that the meeting agreed on, with who sees to it and by when."""
    found = kept(actor, Meeting, meeting_id)
    wrong = _wrong_words(text=(text, LONGEST_NOTE))
    if not text.strip():
        wrong["text"] = _("请写几句话。")
    if owner_id not in {user.pk for user in queries.could_own(actor)}:
        wrong["owner_id"] = _("请选择一项。")
    if due_on < clock.today():
        wrong["due_on"] = _("期限不能早于今天。")
    if wrong:
        raise Invalid(wrong)
    given = {
        "area_id": found.area_id,
        "meeting_id": found.pk,
        "owner_id": owner_id,
        "text": text.strip(),
        "due_on": due_on,
    }
    with acting_as(MEETINGS):
        return again(FollowUp, key, given)


@transaction.atomic
def finish(actor: Actor, follow_up_id: int) -> FollowUp:
    """What was agreed on is done; a second time changes nothing."""
    found = kept(actor, FollowUp, follow_up_id, "meeting")
    with acting_as(MEETINGS):
        item = locked(found, None)
        if item.done_on is None:
            save(item, done_on=clock.today())
    return item


def _wrong_words(**texts: tuple[str, int]) -> dict[str, str]:
    wrong = {}
    for name, (text, most) in texts.items():
        if len(text) > most:
            wrong[name] = _("最多 %(most)d 字。") % {"most": most}
        elif holds_number_of_a_person(text):
            wrong[name] = _("请不要写电话号码和身份证号码，需要联系的人请登记在住户里。")
    return wrong
