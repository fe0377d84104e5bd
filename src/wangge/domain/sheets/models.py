"""What every uploaded list keeps about itself, whatever its rows become."""

import uuid
from typing import Any, ClassVar

from django.db import models

from wangge.domain.access.models import User
from wangge.domain.access.scope import ScopedManager


class Batch(models.Model):
    """One uploaded list. Only who uploaded it sees it. Each kind has its own states and `rows`."""

    rows: Any

    key = models.UUIDField(default=uuid.uuid4, unique=True, help_text="made when the form was opened")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    file_name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, help_text="each kind of list names its own")
    header: Any = models.JSONField()
    columns: Any = models.JSONField(default=dict, help_text="field: number of its column, from 0")
    total = models.PositiveIntegerField(help_text="of the present step")
    done = models.PositiveIntegerField(default=0, help_text="rows of the present step that are through")
    began_at = models.DateTimeField(null=True, help_text="when the present step began")
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        abstract = True
