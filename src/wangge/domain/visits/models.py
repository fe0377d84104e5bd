"""The diary of the grids, visits that somebody asked for, meetings; about places and services, never lists of people."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wangge.domain.access.models import User
from wangge.domain.cases.models import Case
from wangge.domain.places.models import Building, Dwelling
from wangge.domain.register.models import CareNeed
from wangge.domain.register.models.kept import Kept

LONGEST_TEXT = 1000
LONGEST_NOTE = 300
LONGEST_MINUTES = 4000
MOST_PEOPLE = 9999


class EntryKind(models.TextChoices):
    """What the talk was about; nothing about who talked."""

    WISH = "wish", _("意见建议")
    HELP = "help", _("求助")
    REPAIR = "repair", _("设施环境")
    SAFETY = "safety", _("安全隐患")
    NEIGHBOURS = "neighbours", _("邻里协商")
    OTHER = "other", _("其他")


class DiaryEntry(Kept):
    """A short note of a visit or talk (民情日记): words about a place, the dwelling or building where one is named, and
    the case that it became. A person has no column: who lives there is the register's, with its rules."""

    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=EntryKind.choices)
    text = models.CharField(max_length=LONGEST_TEXT)
    building = models.ForeignKey(Building, models.PROTECT, null=True, blank=True, related_name="+")
    dwelling = models.ForeignKey(Dwelling, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    case = models.ForeignKey(Case, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["area", "-made_at"], name="entry_area_time")]


class Comment(Kept):
    """What a leader, or the author in answer, says to an entry."""

    entry = models.ForeignKey(DiaryEntry, models.CASCADE, related_name="comments")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.CharField(max_length=LONGEST_NOTE)
    made_at = models.DateTimeField()


class Rhythm(models.TextChoices):
    """How often somebody asked to be visited; several times a day for who rests at home ill."""

    THREE_A_DAY = "three_a_day", _("每天三次")
    TWO_A_DAY = "two_a_day", _("每天两次")
    DAILY = "daily", _("每天一次")
    TWICE_A_WEEK = "twice_a_week", _("每周两次")
    WEEKLY = "weekly", _("每周一次")
    FORTNIGHTLY = "fortnightly", _("两周一次")
    MONTHLY = "monthly", _("每月一次")


# What a visitor looks after; services to the home, nothing about the person.
CHECKS = {
    "well": _("问一声需要什么"),
    "gas": _("燃气和电器安全"),
    "food": _("三餐有着落"),
    "medicine": _("取药、送药"),
    "repairs": _("家里要修的东西"),
    "rubbish": _("代倒垃圾"),
    "errand": _("代办事项"),
}
BRINGS = {
    "vegetables": _("米面蔬菜"),
    "meals": _("热饭热菜"),
    "medicine": _("药品"),
    "protection": _("口罩、消毒用品"),
    "daily": _("生活用品"),
}


class VisitPlan(Kept):
    """Visits that somebody asked for and agreed to (their care need): how often, what to look after and to bring.

    `checks` and `brings` are keys of CHECKS and BRINGS. Over with its last day, when ended, or when the care ends.
    """

    care = models.ForeignKey(CareNeed, models.CASCADE, related_name="visit_plans")
    rhythm = models.CharField(max_length=12, choices=Rhythm.choices)
    checks: Any = models.JSONField(default=list)
    brings: Any = models.JSONField(default=list)
    starts_on = models.DateField()
    ends_on = models.DateField()
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="visits_end_after_start"),
            models.UniqueConstraint(
                fields=["care"], condition=Q(ended_on__isnull=True), name="one_running_plan_of_a_care"
            ),
        ]


class Outcome(models.TextChoices):
    DONE = "done", _("已探访")
    ABSENT = "absent", _("家里没人")
    DECLINED = "declined", _("这次不需要")


class Visit(Kept):
    """One visit of a plan, by the clock of the server. `text` is about what to do next, never about the person."""

    plan = models.ForeignKey(VisitPlan, models.CASCADE, related_name="visits")
    visitor = models.ForeignKey(User, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    text = models.CharField(max_length=LONGEST_NOTE, blank=True)
    day = models.DateField()
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["plan", "-day"], name="visit_plan_day")]


class MeetingKind(models.TextChoices):
    COUNCIL = "council", _("居民议事会")
    JOINT = "joint", _("联席会议")
    GRID = "grid", _("网格例会")
    ACTIVITY = "activity", _("活动")


class Meeting(Kept):
    """A meeting or activity of a grid or community: the invitation before, how many came and the minutes afterwards.

    Who came is counted, not listed. `area` may be a community.
    """

    called_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=MeetingKind.choices)
    title = models.CharField(max_length=80)
    place = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    invitation = models.CharField(max_length=LONGEST_TEXT, blank=True)
    came = models.PositiveIntegerField(null=True, blank=True)
    minutes = models.CharField(max_length=LONGEST_MINUTES, blank=True)


class FollowUp(Kept):
    """What a meeting agreed on: what, who sees to it, by when."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="follow_ups")
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.CharField(max_length=LONGEST_NOTE)
    due_on = models.DateField()
    done_on = models.DateField(null=True)
