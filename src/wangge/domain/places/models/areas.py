"""Areas and their history: an Area is an identity that never changes, its versions say what it was when."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from wangge.domain.places.models.outlines import Outlined, box_index


class Level(models.TextChoices):
    """Levels of the tree, from the top; the grid is the smallest area."""

    PROVINCE = "province", _("省级")
    CITY = "city", _("地级")
    DISTRICT = "district", _("区县")
    STREET = "street", _("街道")
    COMMUNITY = "community", _("社区")
    GRID = "grid", _("网格")


LEVELS = [level.value for level in Level]


class Kind(models.TextChoices):
    ORDINARY = "ordinary", _("普通")
    DEDICATED = "dedicated", _("专属")


class Area(models.Model):
    """An area of the tree for ever, with the values of today's version beside it for speed.

    `path` holds the ids from the root, each followed by a dot ("12.345."), so that a prefix match
    on it never confuses 1. with 10.
    """

    level = models.CharField(max_length=10, choices=Level.choices)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.ORDINARY)
    code = models.CharField(max_length=15)
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=100)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=120)
    active = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(OpClass("path", "text_pattern_ops"), name="area_path"),
            models.Index(fields=["code"], name="area_code"),
        ]

    def __str__(self) -> str:
        return self.name


class AreaVersion(models.Model):
    """What an area was in a span of days: [from, until). The database refuses two answers for one day."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="versions")
    code = models.CharField(max_length=15)
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=100)
    parent = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    path = models.CharField(max_length=120)
    valid = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="area_one_version_a_day",
                expressions=[("area", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
            ExclusionConstraint(
                name="code_one_area_a_day",
                # As a number: GiST compares texts four times slower, felt on a list of 660,000.
                expressions=[
                    (Cast("code", models.BigIntegerField()), RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]


class AreaShape(Outlined):
    """The outline of an area version."""

    version = models.OneToOneField(AreaVersion, models.CASCADE, primary_key=True, related_name="shape")

    class Meta:
        indexes = [box_index("areashape_in_box")]


class ChangeKind(models.TextChoices):
    FOUND = "found", _("设立")
    RENAME = "rename", _("更名")
    MOVE = "move", _("变更隶属")
    MERGE = "merge", _("合并")
    SPLIT = "split", _("拆分")
    CLOSE = "close", _("撤销")
    REDRAW = "redraw", _("调整边界")


class AreaChange(models.Model):
    """A decision that changed the tree from a day on.

    `area`: what it founded, renamed, moved or closed; of a merger the successor, of a split the
    predecessor. None for the many areas that one national list founded together.
    """

    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="changes")
    kind = models.CharField(max_length=10, choices=ChangeKind.choices)
    effective_on = models.DateField()
    note = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)


class Succession(models.Model):
    """One predecessor and one successor of a change; a merge has several of the first, a split of the second."""

    change = models.ForeignKey(AreaChange, models.PROTECT, related_name="successions")
    predecessor = models.ForeignKey(Area, models.PROTECT, related_name="later")
    successor = models.ForeignKey(Area, models.PROTECT, related_name="earlier")


class GridSize(models.Model):
    """How many homes a grid of a district should hold; a warning to who draws borders, never a refusal."""

    area = models.OneToOneField(
        Area, models.PROTECT, primary_key=True, related_name="+", help_text="district"
    )
    least = models.PositiveIntegerField()
    most = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(least__lt=models.F("most")), name="grid_size_in_order")
        ]


class GridCodeScheme(models.Model):
    """A way to code grids beside the national one; `pattern` is read by engines.codes."""

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    pattern = models.CharField(max_length=200)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, help_text="district that uses it; none = everywhere"
    )


class LocalCode(models.Model):
    """The code of a grid in one scheme."""

    scheme = models.ForeignKey(GridCodeScheme, models.PROTECT)
    area = models.ForeignKey(Area, models.PROTECT, related_name="local_codes")
    code = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "area"], name="one_code_a_scheme"),
            models.UniqueConstraint(fields=["scheme", "code"], name="local_code_unique"),
        ]
