"""Plans of how a community could be divided into grids: what was asked, what was found, what hands changed."""

from typing import Any, ClassVar

from django.db import models

from wangge.domain.access.models import User
from wangge.domain.access.scope import ScopedManager
from wangge.domain.places.models import Area, GridCodeScheme


class Plan(models.Model):
    """One search for the grids of a community; the worker makes its alternatives.

    `wanted` is the number of grids (None: as many as fit best), `least` and `most` the households of a grid.
    `freedom` is None for a division from nothing, otherwise how far from today's grids it may go (0 to 100).
    `town` are the units as the engine reads them (npz), `cells` their ground (a WKB collection in degrees), and
    `units` what each is: {"name", "homes", "grid" (id of today's grid), "compound" (bool)}, all in one order.
    `share` tells how far the search is (0 to 1); `problem` why there is nothing, in words.
    """

    key = models.UUIDField(unique=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", help_text="its community")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    language = models.CharField(max_length=10)
    wanted = models.PositiveSmallIntegerField(null=True)
    least = models.PositiveSmallIntegerField()
    most = models.PositiveSmallIntegerField()
    freedom = models.PositiveSmallIntegerField(null=True)
    seconds = models.FloatField(help_text="work for each alternative")
    town = models.BinaryField(default=bytes)
    cells = models.BinaryField(default=bytes)
    units: Any = models.JSONField(default=list)
    share = models.FloatField(default=0.0)
    problem = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    effective_on = models.DateField(null=True)
    scheme = models.ForeignKey(
        GridCodeScheme, models.PROTECT, null=True, related_name="+", help_text="codes new grids get that day"
    )
    followed_at = models.DateTimeField(null=True, help_text="when what lies in the grids had followed them")

    objects: ClassVar[Any] = ScopedManager()

    class Meta:
        indexes = [models.Index(fields=["area", "-made_at"], name="plan_of_area")]


class Aim(models.TextChoices):
    """What an alternative puts first."""

    EVEN = "even"
    ROADS = "roads"
    WALKS = "walks"
    CALM = "calm"
    CHOSEN = "chosen"
    SHAPE = "shape"


class Alternative(models.Model):
    """One division: `found` is each unit's grid (0 to k - 1) as the engine left it; the edits go on top.

    `faults` are the engine's reasons why grids cannot be legal: {"reason", "units", "households"}. `names` are
    {"name", "code", "area" (id of the present grid that it goes on as, or None)} of each grid. `revision` grows
    with every edit, undoing and redoing.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="alternatives")
    number = models.PositiveSmallIntegerField()
    aim = models.CharField(max_length=10, choices=Aim.choices)
    found: Any = models.JSONField()
    faults: Any = models.JSONField(default=list)
    names: Any = models.JSONField()
    revision = models.PositiveIntegerField(default=0)
    published = models.BooleanField(default=False)

    objects: ClassVar[Any] = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="alternative_number")]


class Edit(models.Model):
    """A unit given to another grid by hand. An undone one stays until another edit takes its place."""

    alternative = models.ForeignKey(Alternative, models.CASCADE, related_name="edits")
    unit = models.PositiveIntegerField()
    before = models.PositiveSmallIntegerField()
    after = models.PositiveSmallIntegerField()
    undone = models.BooleanField(default=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects: ClassVar[Any] = ScopedManager()
