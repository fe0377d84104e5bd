"""Notices to members of staff."""

from typing import Any, ClassVar

from django.db import models

from wangge.domain.access.models import User
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

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        indexes = [models.Index(fields=["made_at"], condition=models.Q(state="waiting"), name="mail_waiting")]
