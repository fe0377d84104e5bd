"""Who leads which matter where."""

from django.db import models

from wangge.domain.access.models import Unit
from wangge.domain.cases.models.case import Case
from wangge.domain.catalogue.models import Matter
from wangge.domain.places.models import Area


class Responsibility(models.Model):
    """The responsibility list: class x area > lead unit; leading.py says which row goes first.

    A null matter means all matters of `duty`. `when` is a condition over leading.FACTS, "" for always, and
    `when_name` says it in words. `decided_in` names the case whose arbitration wrote the row.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, null=True, blank=True, related_name="responsibilities")
    duty = models.CharField(max_length=30, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="responsibilities")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="responsibilities")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    decided_in = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    when = models.CharField(max_length=500, blank=True, db_default="", default="")
    when_name = models.CharField(max_length=80, blank=True, db_default="", default="")
