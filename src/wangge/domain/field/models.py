"""What phones bring: records kept as they came, their files, and what each phone has been told. docs/offline.md."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from wangge.domain.access.models import User
from wangge.domain.access.scope import ScopedManager
from wangge.domain.places.models import Area


class Device(models.Model):
    """One person on one phone. `told` is what it holds by the packet's kinds: {kind: {id: hash}}, at cursor `number`;
    `before` what it held one answer earlier, for an answer that did not arrive."""

    uid = models.UUIDField(help_text="made on the phone")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    first_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    number = models.PositiveIntegerField(default=0)
    told: Any = models.JSONField(default=dict)
    before: Any = models.JSONField(default=dict)

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["uid", "user"], name="device_of_user")]


class RecordState(models.TextChoices):
    WAITING = "waiting", _("等待办理")
    DONE = "done", _("已办好")
    REFUSED = "refused", _("没有办成")
    DIFFERS = "differs", _("和别人改的不一样")


class Looked(models.Model):
    """What a person must look at: whose area it is of, and who has looked."""

    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", help_text="of the post then")
    looked_at = models.DateTimeField(null=True)
    looked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True


class Record(Looked):
    """Something done on a phone, in the very bytes in which it came. The id was made there when it was opened.

    `files` is [{"sha256"}]; `after` the record of the same subject that was made before it; `differs` the fields that
    somebody else changed meanwhile: {field: {"base", "mine", "theirs"}}.
    """

    id = models.UUIDField(primary_key=True)
    device = models.ForeignKey(Device, models.PROTECT, related_name="records")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    form = models.CharField(max_length=30)
    subject = models.CharField(max_length=40, blank=True)
    after = models.UUIDField(null=True)
    payload = models.TextField()
    sha256 = models.CharField(max_length=64)
    files: Any = models.JSONField(default=list)
    language = models.CharField(max_length=10, help_text="in which refusals are worded")
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=RecordState.choices, default=RecordState.WAITING)
    failures = models.PositiveSmallIntegerField(default=0)
    result: Any = models.JSONField(null=True)
    problem: Any = models.JSONField(null=True)
    differs: Any = models.JSONField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        indexes = [
            models.Index(fields=["received_at"], name="record_waiting", condition=models.Q(state="waiting")),
            models.Index(fields=["ended_at"], name="record_ended"),
            models.Index(
                fields=["-received_at"],
                name="record_to_look_at",
                condition=models.Q(state__in=["refused", "differs"], looked_at=None),
            ),
        ]


class Aside(Looked):
    """Other bytes under the id of a record that was there already: kept for a person to look at."""

    record = models.UUIDField()
    form = models.CharField(max_length=30, blank=True, db_default="")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    payload = models.TextField()
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "sha256", "user"], name="aside_once")]


class Upload(models.Model):
    """A file of records on its way, in pieces of any order: `have` is [[from, to], …]."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    type = models.CharField(max_length=40)
    have: Any = models.JSONField(default=list)
    whole = models.BooleanField(default=False)
    begun_at = models.DateTimeField()

    objects: ClassVar[ScopedManager] = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "sha256"], name="upload_once")]
        indexes = [models.Index(fields=["begun_at"], name="upload_begun")]
