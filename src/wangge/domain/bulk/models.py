"""One move made in many cases at once: what was asked for, and what came of each."""

from typing import Any, ClassVar

from django.db import models

from wangge.domain.access.models import User
from wangge.domain.access.scope import ScopedManager


class Run(models.Model):
    """The key is that of the form; only who sent it sees it.

    `lines`, in order: {"case": id, "version": as seen in the preview, "data": its own fields of the move,
    "done": true | false | null while it waits, "why": the refusal in words}. `data` holds the fields for all.
    """

    key = models.UUIDField(unique=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    move = models.CharField(max_length=40)
    data: Any = models.JSONField(default=dict)
    lines: Any = models.JSONField()
    language = models.CharField(max_length=10, help_text="in which refusals are worded")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="bulk_run_made_at")]
