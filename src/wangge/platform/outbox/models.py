"""Events that leave a transaction only if it commits: written beside the change, delivered by the worker."""

from typing import Any

from django.db import models
from django.db.models import Q


class Message(models.Model):
    """One event for the handlers of its topic."""

    topic = models.CharField(max_length=40)
    payload: Any = models.JSONField()
    made_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["next_at"], condition=Q(done_at__isnull=True), name="outbox_waiting")]


class Beat(models.Model):
    """When a loop of a worker was last seen alive."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()
