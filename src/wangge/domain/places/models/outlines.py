"""What every drawn thing has: its shape and the box around it."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models

from wangge.platform.db.boxes import box_of


class Outlined(models.Model):
    """A shape as WKB in WGS-84 degrees, with its bounding box for indexes."""

    wkb = models.BinaryField()
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()

    class Meta:
        abstract = True


def box_index(name: str) -> GistIndex:
    """The index that finds an Outlined by a box."""
    return GistIndex(box_of(), name=name)


def point_index(name: str) -> GistIndex:
    """The index that finds a row with `lon` and `lat` by a box."""
    return GistIndex(box_of("lon", "lat", "lon", "lat"), name=name)
