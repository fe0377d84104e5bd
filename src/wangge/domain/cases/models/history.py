"""What happened to a case, and who has a share in it."""

from typing import Any, ClassVar

from django.db import models

from wangge.domain.access.models import Unit, User
from wangge.domain.access.scope import ScopedManager
from wangge.domain.cases.models.case import Case


class CaseEvent(models.Model):
    """One entry of a case's history. Append-only: the database refuses changes and deletions.

    `after` holds the fields that the move changed, with their new values, so that folding the
    history gives the present state.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="events", db_index=False)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    move = models.CharField(max_length=40)
    source = models.CharField(max_length=30, blank=True)
    target = models.CharField(max_length=30)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    on_behalf_of = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    actor_kind = models.CharField(max_length=10)
    role = models.CharField(max_length=30, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    unit_from = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    unit_to = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=60, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    data: Any = models.JSONField(default=dict)
    after: Any = models.JSONField(default=dict)
    public = models.BooleanField(default=False, help_text="shown on the reporter's status page")

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="history_number")]


class Support(models.Model):
    """A supporting unit's share of a case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="supports", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=20)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    task = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=500, blank=True)

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        indexes = [models.Index(fields=["unit", "-case"], name="support_of_unit")]
        constraints = [models.UniqueConstraint(fields=["case", "unit"], name="one_share_a_unit")]


class RepeatAlarm(models.Model):
    """The same place and class again soon after closing: shown to the supervisor."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="repeat_alarm")
    earlier = models.ForeignKey(Case, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects: ClassVar[ScopedManager] = ScopedManager()
