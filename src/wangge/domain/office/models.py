"""Notices to members of staff, their saved views, hand-over lists between them, and mail to reporters."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db import models
from django.utils.translation import gettext_lazy as _

from wangge.domain.access.models import Post, Unit, User
from wangge.domain.access.scope import ScopedManager
from wangge.domain.cases.models import Case


class Notice(models.Model):
    """One line in a member of staff's inbox. `dedupe` makes a second sending impossible."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notices")
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=30)
    urgent = models.BooleanField(default=False)
    params: Any = models.JSONField(default=dict)
    dedupe = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "dedupe"], name="notice_once")]
        indexes = [models.Index(fields=["user", "read_at", "-made_at"], name="notice_inbox")]


class SavedView(models.Model):
    """Filters and order of the list of cases under a name: one's own, or shared with a unit.

    `filters` holds the fields of cases.queries.lists.Filters that are not empty.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=30)
    filters: Any = models.JSONField()
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"], condition=models.Q(removed_at__isnull=True), name="view_name"
            )
        ]
        indexes = [models.Index(fields=["unit"], name="view_unit")]

    @property
    def address(self) -> str:
        """The filters as the list's address holds them."""
        return urlencode(self.filters)


class HandOver(models.Model):
    """A hand-over list: what somebody leaves to a named successor, as it stood when the list was made.

    It is answered once: accepted, or sent back with a remark; then a new list follows (`earlier`).
    """

    class Reason(models.TextChoices):
        POST = "post", _("岗位调整")
        LEAVE = "leave", _("请假")
        LEAVING = "leaving", _("离岗")
        SHIFT = "shift", _("交班")

    class State(models.TextChoices):
        WAITING = "waiting", _("待接收")
        ACCEPTED = "accepted", _("已接收")
        SENT_BACK = "sent_back", _("已退回")

    key = models.UUIDField(unique=True, help_text="made where the list was opened")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    giver = models.ForeignKey(User, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    area_path = models.CharField(max_length=120, help_text="path of the post's area then")
    receiver = models.ForeignKey(User, models.PROTECT, related_name="+")
    from_day = models.DateField(help_text="from when the successor answers for the work")
    note = models.TextField(max_length=2000, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(max_length=1000, blank=True)
    earlier = models.OneToOneField("self", models.PROTECT, null=True, related_name="later")

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        indexes = [
            models.Index(fields=["receiver"], condition=models.Q(state="waiting"), name="handover_waiting"),
            models.Index(fields=["giver", "-made_at"], name="handover_given"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="waiting", answered_at__isnull=True)
                | models.Q(~models.Q(state="waiting"), answered_at__isnull=False),
                name="an_answer_has_its_moment",
            )
        ]


class HandOverLine(models.Model):
    """One thing on a list: a case or a stand-in as it stood then (`facts`), with the giver's own words."""

    class Kind(models.TextChoices):
        CASE = "case", _("在办案件")
        SUSPENDED = "suspended", _("挂账案件")
        STAND_IN = "stand_in", _("替班")

    handover = models.ForeignKey(HandOver, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    facts: Any = models.JSONField()
    note = models.CharField(max_length=500, blank=True)

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["handover", "position"], name="handover_line_place")]


class Mail(models.Model):
    """One message to a reporter. Claimed before it is sent, so a crash can lose a doubtful one but never double it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"

    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    event_id = models.BigIntegerField(unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    next_at = models.DateTimeField(null=True, help_text="not before, after a failed attempt")
    error = models.CharField(
        max_length=200, blank=True, default="", db_default="", help_text="kind of the last error"
    )

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        indexes = [models.Index(fields=["made_at"], condition=models.Q(state="waiting"), name="mail_waiting")]
