"""Rosters: who is on duty when. When a shift began and ended is kept, never where anybody was."""

from datetime import time

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wangge.domain.access.models import Post, User
from wangge.domain.register.models.kept import Kept


class ShiftKind(models.TextChoices):
    DAY = "day", _("日班")
    EARLY = "early", _("早班")
    LATE = "late", _("晚班")
    WEEKEND = "weekend", _("周末值班")


# From when to when, in the district's time.
HOURS = {
    ShiftKind.DAY: (time(8, 30), time(17, 30)),
    ShiftKind.EARLY: (time(7), time(15)),
    ShiftKind.LATE: (time(14), time(22)),
    ShiftKind.WEEKEND: (time(9), time(17)),
}


class Shift(Kept):
    """A post's shift on a day; `user` holds the post. Who stands in that day may begin and end it, and is `begun_by`."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="shifts")
    user = models.ForeignKey(User, models.PROTECT, related_name="shifts")
    kind = models.CharField(max_length=10, choices=ShiftKind.choices)
    day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    begun_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "starts_at"], name="one_shift_of_a_post_at_a_time"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_start"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(begun_at__isnull=False),
                name="shift_ends_after_it_began",
            ),
        ]
        indexes = [models.Index(fields=["area", "day"], name="shift_area_day")]

    @property
    def state(self) -> str:
        """planned, begun or ended."""
        return "ended" if self.ended_at else "begun" if self.begun_at else "planned"
