"""What a board shows that stands nowhere else, and sets of boards that are being printed."""

from typing import Any, ClassVar

from django.db import models

from wangge.domain.access.models import User
from wangge.domain.access.scope import ScopedManager
from wangge.domain.places.models import Area


class Duties(models.Model):
    """What the workers of an area do, a duty a line; it holds for all areas below that have no lines of their own."""

    area = models.OneToOneField(Area, models.PROTECT, primary_key=True, related_name="+")
    lines = models.TextField(max_length=1000)


class Card(models.Model):
    """What a member of staff lets the public board show of themselves: given by nobody else, taken back at any time."""

    user = models.OneToOneField(User, models.PROTECT, primary_key=True, related_name="+")
    phone = models.CharField(max_length=30, blank=True, help_text="number at work")
    photo = models.CharField(max_length=120, blank=True, help_text="name of the file in the storage")
    given_at = models.DateTimeField()


class PrintRun(models.Model):
    """The boards and cards of an area's grids as one PDF, drawn by the worker; only who asked sees it.

    `links` is the address of a grid's report form with {code} in it. `file` is set once it is whole.
    """

    key = models.UUIDField(unique=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    links = models.CharField(max_length=300)
    language = models.CharField(max_length=10)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=120, blank=True)
    problem = models.CharField(max_length=200, blank=True, help_text="why there is no file, in words")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = ScopedManager()

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="print_run_made_at")]
