"""Published processes, drafts of them and their simulations."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from wangge.domain.access.models import User


class Process(models.Model):
    """A published version of a process definition; running cases stay on theirs."""

    class Origin(models.TextChoices):
        """Whose words it is in: an untouched one of the product follows its upgrades."""

        BUILT_IN = "built_in", _("随产品提供")
        EDITED = "edited", _("本地修改")

    key = models.SlugField()
    version = models.PositiveIntegerField()
    definition: Any = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, null=True)
    origin = models.CharField(
        max_length=10, choices=Origin.choices, default=Origin.BUILT_IN, db_default="built_in"
    )
    note = models.CharField(max_length=600, default="", db_default="", blank=True, help_text="what and why")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="process_version")]


class ProcessDraft(models.Model):
    """A process being edited. `data` is the step at which the draft stands; undoing goes back a step."""

    process = models.SlugField(help_text="key of the process it is a draft of")
    based_on = models.ForeignKey(Process, models.PROTECT, null=True, related_name="drafts")
    built_in = models.BooleanField(default=False, help_text="began as the product's own process")
    name = models.CharField(max_length=80)
    note = models.CharField(max_length=600, blank=True, help_text="what is changed and why")
    data: Any = models.JSONField()
    step = models.PositiveIntegerField(default=0, help_text="number of the step it stands at")
    version = models.PositiveIntegerField(default=0, help_text="rises with every edit, undo and redo")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    edited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    published = models.OneToOneField(Process, models.PROTECT, null=True, related_name="draft")
    discarded_at = models.DateTimeField(null=True)

    @property
    def is_open(self) -> bool:
        return self.published_id is None and self.discarded_at is None


class DraftStep(models.Model):
    """The draft after one edit; number 0 is how it began. `what` names the edit: put, remove, …"""

    draft = models.ForeignKey(ProcessDraft, models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=20)
    element = models.CharField(max_length=200, blank=True, help_text="name of the state or move")
    data: Any = models.JSONField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["draft", "number"], name="draft_step")]


class Simulation(models.Model):
    """A run of a draft over past cases. `digest` is of the draft's data: another digest is another process."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待开始")
        RUNNING = "running", _("正在试算")
        DONE = "done", _("已完成")
        CANCELLED = "cancelled", _("已取消")
        FAILED = "failed", _("没有完成")

    draft = models.ForeignKey(ProcessDraft, models.CASCADE, related_name="simulations")
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    result: Any = models.JSONField(null=True)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    beat_at = models.DateTimeField(help_text="when it last got on")

    class Meta:
        ordering = ["-pk"]
