"""The catalogue: matters, their conditions with deadlines, and the working calendar of a district."""

from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wangge.domain.access.models import User
from wangge.domain.catalogue.words import group_name_en
from wangge.domain.places.models import Area


class MatterKind(models.TextChoices):
    COMPONENT = "component", _("部件")
    EVENT = "event", _("事件")
    LOCAL = "local", _("本地事项")


class Matter(models.Model):
    """A class of case. The key is (kind, code): components and events of the national list share numbers."""

    kind = models.CharField(max_length=10, choices=MatterKind.choices)
    code = models.CharField(max_length=12)
    group_code = models.CharField(max_length=4)
    group_name = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    explain = models.CharField(max_length=200, blank=True)
    explain_en = models.CharField(max_length=400, blank=True, default="")
    not_to_confuse = models.CharField(max_length=120, blank=True)
    lead_role = models.CharField(
        max_length=30, blank=True, help_text="field of work of the unit that normally leads"
    )
    legacy_code = models.CharField(max_length=12, blank=True)
    frequent_rank = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="order inside its group, then by code")
    enabled = models.BooleanField(default=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="local_classes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="matter_key")]

    def __str__(self) -> str:
        return self.name

    @property
    def group_name_en(self) -> str:
        """English name of a group of the standard or of the product; "" for a city's own."""
        return group_name_en(self.kind, self.group_code)


class Condition(models.Model):
    """A condition of a matter: its deadline, closing condition, proof, level and procedure.

    Rows are never changed: an edit ends one and begins the next, and a case keeps the row it was filed by.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="conditions")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    text_en = models.CharField(max_length=200, blank=True)
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(
        max_length=12, help_text="urgent_hour, urgent_day, work_hour, work_day, hour, day"
    )
    emergency = models.BooleanField(default=False)
    level = models.CharField(max_length=10)
    procedure = models.CharField(max_length=12)
    closing_condition = models.CharField(max_length=200)
    closing_condition_en = models.CharField(max_length=200, blank=True)
    proof = models.CharField(max_length=20)
    on_the_spot = models.BooleanField(default=False)
    valid = DateRangeField()

    class Meta:
        indexes = [models.Index(fields=["matter", "number"], name="condition_number")]

    def __str__(self) -> str:
        return self.text


class WorkingHours(models.Model):
    """Hours of work of a district on a weekday (0 = Monday)."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="working_hours")
    weekday = models.PositiveSmallIntegerField()
    begins = models.TimeField()
    ends = models.TimeField()


class CalendarOverride(models.Model):
    """A day that a district works, or does not, against the national calendar."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="calendar_overrides")
    day = models.DateField()
    working = models.BooleanField()
    note = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "day"], name="one_override_a_day")]


class Subject(models.TextChoices):
    """What a revision is about."""

    MATTER = "matter", _("事项")
    CALENDAR = "calendar", _("工作日历")
    DUTIES = "duties", _("责任清单")
    GRID_SIZE = "grid_size", _("网格规模")


class Revision(models.Model):
    """What one change made of a matter, a district's calendar or size of grids, or an area's responsibility list. Append-only.

    `before` and `after` hold the whole subject as plain values (services/snapshots.py gives the shapes), so
    that two versions are compared and one is restored without a second store.
    """

    subject = models.CharField(max_length=10, choices=Subject.choices)
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, related_name="revisions")
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    before: Any = models.JSONField()
    after: Any = models.JSONField()

    class Meta:
        indexes = [
            models.Index(fields=["matter", "-at"], name="revision_of_matter"),
            models.Index(fields=["subject", "area", "-at"], name="revision_of_area"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(subject="matter", matter__isnull=False, area__isnull=True)
                | Q(subject__in=["calendar", "duties", "grid_size"], matter__isnull=True, area__isnull=False),
                name="revision_has_one_subject",
            )
        ]
