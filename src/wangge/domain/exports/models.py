"""Lists that are too long to be written while somebody waits."""

from typing import Any, ClassVar

from django.db import models

from wangge.domain.access.models import User
from wangge.domain.access.scope import ScopedManager


class ListFile(models.Model):
    """A list of cases as a spreadsheet, written by the worker; only who asked sees it.

    `asked` is what a list is asked with (`cases.queries.lists.Filters`), or {"work": kind} for one's work; `words`
    say the same to people. `file` is set once it is whole.
    """

    key = models.UUIDField(unique=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked: Any = models.JSONField()
    words = models.CharField(max_length=400)
    language = models.CharField(max_length=10)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = ScopedManager()

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="list_file_made_at")]
