"""How often somebody did something lately: one row for each subject while its span runs."""

from django.db import models


class Tally(models.Model):
    """`key` is a keyed hash: an address or account cannot be read back from it."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="tally_ends")]
