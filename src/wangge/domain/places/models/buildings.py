"""Compound > building > stairwell > dwelling: where people live and work, without the people."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wangge.domain.access.scope import ScopedManager
from wangge.domain.places.models.areas import Area
from wangge.domain.places.models.outlines import Outlined, box_index


class Compound(Outlined):
    """A gated estate or natural village inside one community (小区); grids never cut it."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="compounds", help_text="its community")
    name = models.CharField(max_length=60)
    origin = models.CharField(max_length=80, null=True, blank=True, unique=True)
    removed_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [box_index("compound_in_box")]
        constraints = [
            models.UniqueConstraint(fields=["area", "name"], name="compound_name"),
        ]

    def __str__(self) -> str:
        return self.name


class BuildingKind(models.TextChoices):
    """What a building mostly is for, as anybody sees from the street."""

    HOME = "home", _("住宅")
    MIXED = "mixed", _("商住")
    TRADE = "trade", _("商业")
    OFFICE = "office", _("办公")
    SCHOOL = "school", _("学校")
    HEALTH = "health", _("医疗")
    MARKET = "market", _("市场")
    INDUSTRY = "industry", _("厂房仓库")
    OTHER = "other", _("其他")


class Building(Outlined):
    """A building (楼栋) in a grid. (lon, lat) is its entrance, which decides the grid.

    `number` is its sign inside the compound ("3栋"), `address` the door on the street ("厚德里12号"); one of
    the two is there. A building that was pulled down keeps its rows and has `removed_on`.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="buildings", help_text="its grid")
    compound = models.ForeignKey(Compound, models.PROTECT, null=True, blank=True, related_name="buildings")
    name = models.CharField(max_length=60, blank=True)
    number = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=10, choices=BuildingKind.choices, default=BuildingKind.HOME)
    floors = models.PositiveSmallIntegerField(default=1)
    floors_below = models.PositiveSmallIntegerField(default=0)
    height_m = models.FloatField(null=True, blank=True)
    lon = models.FloatField()
    lat = models.FloatField()
    origin = models.CharField(max_length=80, null=True, blank=True, unique=True)
    removed_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [box_index("building_in_box")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(number="") | ~Q(address="") | ~Q(name=""), name="building_has_a_sign"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.number or self.address


class Stairwell(models.Model):
    """A stairwell of a building (单元): the dwellings behind one street door. A building may have none."""

    building = models.ForeignKey(Building, models.CASCADE, related_name="stairwells")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["building", "number"], name="stairwell_number")]

    def __str__(self) -> str:
        return self.name or _("%(number)d单元") % {"number": self.number}


class DwellingUse(models.TextChoices):
    """What a dwelling is used for; nothing about who uses it."""

    UNKNOWN = "unknown", _("未登记")
    OWN = "own", _("自住")
    LET = "let", _("出租")
    EMPTY = "empty", _("空置")
    SHOP = "shop", _("商铺")
    OFFICE = "office", _("办公")
    OTHER = "other", _("其他")


class DwellingBatch(models.Model):
    """Dwellings of a building that were made together from a pattern, so that they can be taken back together."""

    building = models.ForeignKey(Building, models.CASCADE, related_name="batches")
    pattern: Any = models.JSONField(help_text="services.dwellings.Pattern as plain values")
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True)


class Panorama(models.Model):
    """A photo all round (2:1, equirectangular) at a building, encoded anew: no position data, no recognition of anybody.

    `area` is the grid of the building, beside it for the row rules; the services keep the two equal.
    """

    building = models.ForeignKey(Building, models.PROTECT, related_name="panoramas")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", help_text="grid of the building")
    title = models.CharField(max_length=40)
    taken_on = models.DateField()
    file = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager] = ScopedManager()


class Dwelling(models.Model):
    """A flat, house or shop (房屋): building + stairwell + floor + room. Who lives there hangs on it by foreign key.

    `area` is the grid of the building, beside it for the row rules; the services keep the two equal.
    `floor` counts from 1 upwards and from -1 downwards; `code` is the city's own number, where it has one.
    """

    building = models.ForeignKey(Building, models.PROTECT, related_name="dwellings")
    stairwell = models.ForeignKey(Stairwell, models.PROTECT, null=True, blank=True, related_name="dwellings")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", help_text="grid of the building")
    floor = models.SmallIntegerField()
    room = models.CharField(max_length=20)
    use = models.CharField(max_length=10, choices=DwellingUse.choices, default=DwellingUse.UNKNOWN)
    code = models.CharField(max_length=40, null=True, blank=True, unique=True)
    batch = models.ForeignKey(DwellingBatch, models.SET_NULL, null=True, related_name="dwellings")

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["building", "stairwell", "room"], name="dwelling_room", nulls_distinct=False
            ),
            models.CheckConstraint(condition=~Q(floor=0), name="dwelling_no_floor_0"),
        ]

    def __str__(self) -> str:
        return self.room
