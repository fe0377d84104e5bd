"""What every drawn thing has: its shape and the box around it."""

from django.db import models


class Outlined(models.Model):
    """A shape as WKB in WGS-84 degrees, with its bounding box for indexes."""

    wkb = models.BinaryField()
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()

    class Meta:
        abstract = True
