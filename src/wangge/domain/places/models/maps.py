"""What a map draws under the areas: water, parks, roads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wangge.domain.places.models.outlines import Outlined, box_index


class MapLayer(models.TextChoices):
    """Layers of the base map, in the order in which they are drawn."""

    LAND = "land", _("用地")
    PARK = "park", _("绿地")
    WATER = "water", _("水面")
    WAY = "way", _("道路")


class MapFeature(Outlined):
    """A thing of the base map: a line or a polygon with its layer.

    `kind` is the class inside the layer ("main", "lane"; of land its use); `width_m` is of ways. `origin` names the
    thing in the file that it came from, so that the same file imported again changes it and makes none twice.
    """

    layer = models.CharField(max_length=10, choices=MapLayer.choices)
    kind = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=80, blank=True)
    width_m = models.FloatField(null=True)
    origin = models.CharField(max_length=80, null=True, blank=True, unique=True)

    class Meta:
        indexes = [box_index("mapfeature_in_box")]


class MapStamp(models.Model):
    """One row, whose number grows with every change of what maps show: tiles of an older number are stale."""

    number = models.BigIntegerField(default=0)
