"""What every row of the register has in common."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_noop

from wangge.domain.access.scope import ScopedManager
from wangge.domain.places.models import Area

# Kept for two years after somebody moved out or the matter ended, so that questions can be answered.
KEPT_DAYS = 730
MOVED_OUT = gettext_noop("迁出")


class Kept(models.Model):
    """A row in the ring of a grid. `area` is the grid, beside the row for its rules; `version` counts its changes."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", help_text="grid")
    version = models.PositiveIntegerField(default=0, db_default=0)

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        abstract = True
