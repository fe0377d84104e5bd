"""Forms that were sent: each key is worked on once."""

from django.db import models


class Sent(models.Model):
    """The key of a form, a hash of what it held, and the row that it made, as "app.Model" and id."""

    key = models.UUIDField(primary_key=True)
    fingerprint = models.CharField(max_length=64)
    model = models.CharField(max_length=60, blank=True)
    row = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="sent_made_at")]
