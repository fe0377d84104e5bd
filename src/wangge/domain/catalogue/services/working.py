"""Edits of a district's working calendar: its own days and its hours of work."""

from collections.abc import Sequence
from datetime import date, time

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import AnyActor
from wangge.domain.catalogue.calendar import forget_calendars
from wangge.domain.catalogue.models import CalendarOverride, Subject, WorkingHours
from wangge.domain.catalogue.services.administering import must_administer
from wangge.domain.catalogue.services.revisions import recorded
from wangge.domain.catalogue.services.snapshots import of_calendar
from wangge.engines.worktime import WorkCalendar
from wangge.platform import clock
from wangge.platform.errors import Invalid


@transaction.atomic
def override_day(actor: AnyActor, district_id: int, day: date, *, working: bool, note: str) -> None:
    """A district works on a day, or does not, against the national calendar; the note says why.

    Deadlines already promised stay; those computed from now on follow. Invalid without a note or for a past day.
    """
    must_administer(actor)
    wrong = {}
    if not note.strip():
        wrong["note"] = _("请写明依据，例如通知的文号。")
    if day < clock.today():
        wrong["day"] = _("过去的日子不能再改。")
    if wrong:
        raise Invalid(wrong)
    with recorded(actor, Subject.CALENDAR, district_id, of_calendar):
        CalendarOverride.objects.update_or_create(
            area_id=district_id, day=day, defaults={"working": working, "note": note.strip()[:100]}
        )
    forget_calendars()


@transaction.atomic
def clear_override(actor: AnyActor, district_id: int, day: date) -> None:
    """The national calendar holds again on a day, which must not be past."""
    must_administer(actor)
    if day < clock.today():
        raise Invalid({"day": _("过去的日子不能再改。")})
    with recorded(actor, Subject.CALENDAR, district_id, of_calendar):
        CalendarOverride.objects.filter(area_id=district_id, day=day).delete()
    forget_calendars()


@transaction.atomic
def set_hours(actor: AnyActor, district_id: int, week: Sequence[Sequence[tuple[time, time]]]) -> None:
    """The hours of work from Monday to Sunday, each day a list of (from, to); Invalid for a week out of order."""
    must_administer(actor)
    try:
        WorkCalendar(week)
    except ValueError:
        raise Invalid({"week": _("每天的时段须有先后、不能重叠，一周至少有一天上班。")}) from None
    with recorded(actor, Subject.CALENDAR, district_id, of_calendar):
        WorkingHours.objects.filter(area_id=district_id).delete()
        WorkingHours.objects.bulk_create(
            WorkingHours(area_id=district_id, weekday=weekday, begins=begins, ends=ends)
            for weekday, periods in enumerate(week)
            for begins, ends in periods
        )
    forget_calendars()
