"""Recordings of a case."""

from typing import ClassVar

from django.db import models

from wangge.domain.access.models import User
from wangge.domain.access.scope import ScopedManager
from wangge.domain.cases.models.case import Case


class Sound(models.Model):
    """What somebody said instead of writing it, without anything beside the sound (platform.sounds). For staff alone."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="sounds")
    file = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    type = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "sha256"], name="same_sound_once")]
