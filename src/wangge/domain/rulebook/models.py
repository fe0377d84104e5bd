"""A draft of the rules, the changes it collects, and what trying it on past cases showed."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from wangge.domain.access.models import User
from wangge.domain.catalogue.models import Matter
from wangge.domain.places.models import Area


class DraftState(models.TextChoices):
    OPEN = "open", _("编写中")
    PUBLISHED = "published", _("已发布")
    DROPPED = "dropped", _("已放弃")


class Draft(models.Model):
    """Changes of catalogue, responsibility list and calendar under one name; `version` counts its edits."""

    name = models.CharField(max_length=80)
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=DraftState.choices, default=DraftState.OPEN)
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    edited_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    starts_on = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.name


class Kind(models.TextChoices):
    CONDITION = "condition", _("立案条件")
    END_CONDITION = "end_condition", _("停用立案条件")
    DUTY = "duty", _("主办单位")
    END_DUTY = "end_duty", _("停用主办规定")
    DAY = "day", _("工作日历")


class DraftChange(models.Model):
    """One change of a draft.

    `subject` names what it is about, once a draft. `values` is what shall hold, `base` what held when it was
    written (None: nothing), each as plain values; services/changes.py gives the shapes.
    """

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=15, choices=Kind.choices)
    subject = models.CharField(max_length=700)
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    values: Any = models.JSONField()
    base: Any = models.JSONField(null=True)
    version = models.PositiveIntegerField(default=1)
    edited_at = models.DateTimeField()
    edited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [models.UniqueConstraint(fields=["draft", "subject"], name="one_change_a_subject")]


class SimulationState(models.TextChoices):
    WAITING = "waiting", _("等待开始")
    RUNNING = "running", _("计算中")
    DONE = "done", _("完成")
    CANCELLED = "cancelled", _("已取消")
    FAILED = "failed", _("出错")


class Simulation(models.Model):
    """A draft tried on the cases of the last year; `draft_version` tells whether it is stale."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="simulations")
    draft_version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=SimulationState.choices, default=SimulationState.WAITING)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result: Any = models.JSONField(null=True)


class Upload(models.Model):
    """A file of rules read against what holds, waiting for somebody to take it into the draft."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    rows: Any = models.JSONField(help_text="each with sheet, row, state, text, and the change it would be")
    taken_at = models.DateTimeField(null=True)
