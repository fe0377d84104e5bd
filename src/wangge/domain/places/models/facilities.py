"""Public facilities (部件): what stands in the street and is somebody's to keep."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wangge.domain.places.models.areas import Area
from wangge.domain.places.models.outlines import point_index


class FacilityState(models.TextChoices):
    """Condition of a facility, the values of GB/T 30428.2 (现状)."""

    SOUND = "sound", _("完好")
    DAMAGED = "damaged", _("破损")
    MISSING = "missing", _("丢失")
    DISUSED = "disused", _("废弃")
    REMOVED = "removed", _("移除")


class Facility(models.Model):
    """One facility with the 17-digit code of GB/T 47678: district 6, group 2, class 3, serial 6 digits.

    `class_code` are the five digits of the catalogue (a matter of kind component), part of the code and apart for
    lists. `place` says where it stands in words.
    """

    code = models.CharField(max_length=17, unique=True)
    class_code = models.CharField(max_length=5)
    area = models.ForeignKey(Area, models.PROTECT, related_name="facilities", help_text="its grid")
    lon = models.FloatField()
    lat = models.FloatField()
    place = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=FacilityState.choices, default=FacilityState.SOUND)
    owner = models.ForeignKey("access.Unit", models.PROTECT, null=True, blank=True, related_name="facilities")
    photo = models.CharField(max_length=120, blank=True, help_text="name of the file in the storage")
    seen_on = models.DateField(null=True, blank=True, help_text="when its state was last looked at")

    class Meta:
        indexes = [
            point_index("facility_in_box"),
            models.Index(fields=["class_code"], name="facility_class"),
        ]

    def __str__(self) -> str:
        return self.code
