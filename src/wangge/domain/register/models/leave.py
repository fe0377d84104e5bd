"""Leave to look where one's own ring ends: an errand of a street, a grant for one person."""

from typing import ClassVar

from django.db import models

from wangge.domain.access.scope import ScopedManager
from wangge.domain.cases.models import Case
from wangge.domain.places.models import Area
from wangge.domain.register.models.kept import Kept
from wangge.domain.register.models.people import Resident


class Errand(models.Model):
    """A stated purpose for which somebody of a street sees the register of the street for some hours."""

    user_id = models.BigIntegerField()
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", help_text="the street of the post")
    purpose = models.CharField(max_length=60)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    until = models.DateTimeField()

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        indexes = [models.Index(fields=["user_id", "-until"], name="errand_of_user")]


class Grant(Kept):
    """Whoever keeps the register lets one user see one resident, for a purpose, a case and some days."""

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="grants")
    user_id = models.BigIntegerField()
    purpose = models.CharField(max_length=60)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    made_by_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user_id", "-until"], name="grant_of_user")]
