"""What residents ask for about their own data."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from wangge.domain.register.models.kept import Kept
from wangge.domain.register.models.people import Resident
from wangge.platform.personal import PersonalTextField


class Correction(Kept):
    """What a resident says is right; it counts when the station has confirmed it. `proposed` is JSON by column."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待确认")
        TAKEN = "taken", _("已更正")
        REFUSED = "refused", _("未采纳")

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="corrections")
    proposed = PersonalTextField(
        purpose=gettext_noop("按本人要求更正登记信息"),
        basis=gettext_noop("本人请求更正的权利"),
        data_class=gettext_noop("更正申请"),
        retention_days=180,
        counted_from=gettext_noop("答复"),
        max_chars=1000,
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    answer = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)

    IMPERSONAL = frozenset({"key", "version", "state", "answer", "made_at", "decided_at", "decided_by_id"})

    class Meta:
        indexes = [models.Index(fields=["made_at"], condition=Q(state="waiting"), name="correction_waiting")]


class PhoneCode(models.Model):
    """A code that was sent to the phone of a receipt: as a keyed mark, for some minutes and tries."""

    receipt_hash = models.CharField(max_length=64, primary_key=True)
    mark = models.CharField(max_length=64)
    ends_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
