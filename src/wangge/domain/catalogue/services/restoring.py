"""Bring a matter or a calendar back to an earlier version: a new change, which the history notes as such."""

from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.domain.access.actor import AnyActor
from wangge.domain.catalogue.models import Condition, Matter, Revision, Subject
from wangge.domain.catalogue.services.administering import must_administer
from wangge.domain.catalogue.services.conditions import end_condition, revise_condition
from wangge.domain.catalogue.services.matters import revise_matter, set_enabled
from wangge.domain.catalogue.services.revisions import hold_subject, recorded
from wangge.domain.catalogue.services.snapshots import (
    CONDITION_FIELDS,
    of_calendar,
    of_condition,
    of_matter,
)
from wangge.domain.catalogue.services.working import clear_override, override_day, set_hours
from wangge.engines.worktime import OFFICE_HOURS
from wangge.platform import clock
from wangge.platform.errors import Invalid


@transaction.atomic
def restore_matter(actor: AnyActor, revision: Revision, *, before: bool = False) -> None:
    """The matter as it was after (or `before`) a change: its words at once, its conditions from today on."""
    must_administer(actor)
    wanted = revision.before if before else revision.after
    assert revision.matter_id is not None
    hold_subject(Subject.MATTER, revision.matter_id)
    matter = Matter.objects.select_for_update().get(pk=revision.matter_id)
    with recorded(actor, Subject.MATTER, matter.pk, of_matter, restored_words(revision, before)):
        revise_matter(actor, matter.pk, wanted)
        _restore_conditions(actor, matter.pk, wanted["conditions"])
        set_enabled(actor, matter.pk, wanted["enabled"])


def _restore_conditions(actor: AnyActor, matter_id: int, wanted: dict[str, dict[str, Any]]) -> None:
    rows = Condition.objects.filter(matter_id=matter_id, valid__endswith__isnull=True)
    present = {str(row.number): row for row in rows}
    if not wanted and present:
        raise Invalid({"condition": _("那一版还没有立案条件，不能恢复；需要时请停用事项。")})
    for number, values in wanted.items():
        fields = {name: values[name] for name in CONDITION_FIELDS}
        if number not in present:
            row = Condition(matter_id=matter_id, number=int(number), valid=(clock.today(), None), **fields)
            row.emergency = row.procedure == "emergency"
            row.save()
        elif of_condition(present[number]) != fields:
            revise_condition(actor, present[number].pk, fields)
    for number in present.keys() - wanted.keys():
        end_condition(actor, present[number].pk)


@transaction.atomic
def restore_calendar(actor: AnyActor, revision: Revision, *, before: bool = False) -> None:
    """The calendar as it was after (or `before`) a change: the hours, and the days from today on."""
    must_administer(actor)
    wanted = revision.before if before else revision.after
    district_id = revision.area_id
    assert district_id is not None
    with recorded(actor, Subject.CALENDAR, district_id, of_calendar, restored_words(revision, before)):
        present = of_calendar(district_id)
        if present["hours"] != wanted["hours"]:
            set_hours(actor, district_id, _week(wanted["hours"]))
        for day in sorted(present["days"].keys() | wanted["days"].keys()):
            own = wanted["days"].get(day)
            if date.fromisoformat(day) < clock.today() or own == present["days"].get(day):
                continue
            if own:
                override_day(actor, district_id, date.fromisoformat(day), **own)
            else:
                clear_override(actor, district_id, date.fromisoformat(day))


def restored_words(revision: Revision, before: bool) -> str:
    """What the history says about a restored version."""
    at = timezone.localtime(revision.at).strftime("%Y-%m-%d %H:%M")
    return (_("恢复到 %(at)s 修改之前的版本") if before else _("恢复到 %(at)s 的版本")) % {"at": at}


def _week(hours: dict[str, str]) -> list[list[tuple[time, time]]]:
    if not hours:
        return [list(periods) for periods in OFFICE_HOURS]
    return [[_period(text) for text in hours.get(str(day), "").split()] for day in range(7)]


def _period(text: str) -> tuple[time, time]:
    begins, _dash, ends = text.partition("-")
    return time.fromisoformat(begins), time.fromisoformat(ends)
