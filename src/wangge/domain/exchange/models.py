"""Other systems: who they are here, their tokens, what they asked, and where we tell them what happened."""

import uuid
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wangge.domain.access.models import ROLE_NAMES, Unit, User
from wangge.domain.access.scope import ScopedManager
from wangge.domain.places.models import Area


class Scope(models.TextChoices):
    """What a client may call; its post still decides about which rows."""

    AREAS = "areas:read", _("读区划")
    CATALOGUE = "catalogue:read", _("读事项目录")
    CASES = "cases:read", _("读案件")
    REPORT = "cases:report", _("上报案件")
    MOVE = "cases:move", _("办理案件")
    WEBHOOKS = "webhooks", _("接收推送")


class Topic(models.TextChoices):
    """Kinds of events. Each move is `case.moved` to whoever does not ask for its own kind."""

    REPORTED = "case.reported", _("新上报")
    MOVED = "case.moved", _("每一步办理")
    CLOSED = "case.closed", _("办结")
    DUE_SOON = "case.due_soon", _("将到期")
    OVERDUE = "case.overdue", _("超期")


class Client(models.Model):
    """Another system. It acts as a service user in a post of its own, so POLICY and row security hold as for a person."""

    user = models.OneToOneField(User, models.PROTECT, primary_key=True, related_name="client")
    role = models.CharField(max_length=30, choices=[(role.value, name) for role, name in ROLE_NAMES.items()])
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    scopes: Any = ArrayField(models.CharField(max_length=20, choices=Scope.choices))
    networks: Any = ArrayField(
        models.CharField(max_length=50), default=list, help_text="addresses it may call from; empty = any"
    )
    per_minute = models.PositiveIntegerField(default=600)
    expires_on = models.DateField(null=True, help_text="last day")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    minute = models.DateTimeField(null=True, help_text="the minute that is counted now")
    minute_calls = models.PositiveIntegerField(default=0)


class Token(models.Model):
    """A secret of a client: found by its prefix, kept as a keyed hash, shown once."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="tokens")
    prefix = models.CharField(max_length=12, unique=True)
    hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)


class Usage(models.Model):
    """Calls of a client in one hour by operation; `refused` answered 400 or above."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="usage")
    hour = models.DateTimeField()
    operation = models.CharField(max_length=60)
    calls = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    last_status = models.PositiveSmallIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "hour", "operation"], name="usage_once_an_hour")
        ]


class Answer(models.Model):
    """What a creating call answered, so that its repeat answers the same."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="+")
    key = models.UUIDField()
    fingerprint = models.CharField(max_length=64)
    body: Any = models.JSONField(null=True)
    made_at = models.DateTimeField()

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="answer_once")]


class Webhook(models.Model):
    """An address of a client that is told about events. Its secret follows from `key`, `generation` and our own key."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="webhooks")
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    url = models.CharField(max_length=500)
    topics: Any = ArrayField(models.CharField(max_length=20, choices=Topic.choices))
    generation = models.PositiveIntegerField(default=1)
    rotated_at = models.DateTimeField(null=True, help_text="for a day the secret before signs too")
    made_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_why = models.CharField(max_length=200, blank=True)

    objects: ClassVar[ScopedManager] = ScopedManager()


class Delivery(models.Model):
    """One event on its way to one address. `next_at` is also the claim of whoever sends it now."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待送")
        DELIVERED = "delivered", _("已送达")
        FAILED = "failed", _("未送达")

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    client = models.ForeignKey(Client, models.CASCADE, related_name="+")
    message_id = models.BigIntegerField(help_text="the event in the outbox")
    topic = models.CharField(max_length=20)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    give_up_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webhook", "message_id"], name="delivery_once")]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="delivery_waiting"),
            models.Index(fields=["webhook", "-id"], name="delivery_list"),
        ]
