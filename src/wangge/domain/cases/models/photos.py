"""Pictures of a case."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from wangge.domain.access.models import User
from wangge.domain.access.scope import ScopedManager
from wangge.domain.cases.models.case import Case


class Photo(models.Model):
    """A picture of a case, encoded anew by us: no position data, no hidden payload."""

    class Use(models.TextChoices):
        REPORT = "report", _("上报照片")
        BEFORE = "before", _("处置前")
        AFTER = "after", _("处置后")
        CHECK = "check", _("核查照片")

    case = models.ForeignKey(Case, models.PROTECT, related_name="photos")
    use = models.CharField(max_length=10, choices=Use.choices)
    file = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "use", "sha256"], name="same_photo_once")]
