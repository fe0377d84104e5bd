"""Care on application and with consent; without both there is no row."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from wangge.domain.access.models import Unit
from wangge.domain.register.models.kept import Kept
from wangge.domain.register.models.people import Resident
from wangge.platform.personal import PersonalTextField, about_person

_CONSENT = gettext_noop("本人申请并单独同意")
_ENDED = gettext_noop("服务结束")
_AFTER = 180


class CareKind(models.TextChoices):
    """What care is for; only what somebody asks for."""

    ALONE = "alone", _("独居老人探访")
    AGED = "aged", _("高龄照料")
    DISABILITY = "disability", _("残疾人帮扶")
    LOW_INCOME = "low_income", _("困难家庭帮扶")
    CHILD = "child", _("留守、困境儿童关爱")
    HOME_REST = "home_rest", _("居家休养期间照料")
    OTHER = "other", _("其他照料")


class Applicant(models.TextChoices):
    SELF = "self", _("本人")
    FAMILY = "family", _("家属")
    WORKER = "worker", _("工作人员代为提出")


class ConsentWay(models.TextChoices):
    SIGNED = "signed", _("签字")
    SPOKEN = "spoken", _("口头，有见证人")
    ONLINE = "online", _("网上确认")
    GUARDIAN = "guardian", _("监护人签字")


class CareNeed(Kept):
    """Care that a resident asked for: provided by a unit, looked at again on a day, over on a day.

    `kind` is sensitive and encrypted. `consent_text` names the text that was agreed to and its version
    (consents.toml keeps every version). After the end or a withdrawal only the dates stay until the retention is over.
    """

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="care_needs")
    kind = PersonalTextField(
        purpose=gettext_noop("提供本人申请的照料服务"),
        basis=_CONSENT,
        data_class=gettext_noop("照料需求（敏感信息）"),
        retention_days=_AFTER,
        counted_from=_ENDED,
        max_chars=20,
        blank=True,
    )
    asks = PersonalTextField(
        purpose=gettext_noop("知道本人希望得到什么帮助"),
        basis=_CONSENT,
        data_class=gettext_noop("照料需求（敏感信息）"),
        retention_days=_AFTER,
        counted_from=_ENDED,
        max_chars=300,
        blank=True,
    )
    applied_on = about_person(
        models.DateField(),
        purpose=gettext_noop("证明服务依申请提供"),
        basis=_CONSENT,
        data_class=gettext_noop("申请和同意"),
        retention_days=_AFTER,
        counted_from=_ENDED,
    )
    applicant = about_person(
        models.CharField(max_length=10, choices=Applicant.choices),
        purpose=gettext_noop("证明服务依申请提供"),
        basis=_CONSENT,
        data_class=gettext_noop("申请和同意"),
        retention_days=_AFTER,
        counted_from=_ENDED,
    )
    consent_text = about_person(
        models.CharField(max_length=40, help_text="key and version of the text, such as care-1"),
        purpose=gettext_noop("证明本人同意过什么"),
        basis=_CONSENT,
        data_class=gettext_noop("申请和同意"),
        retention_days=_AFTER,
        counted_from=_ENDED,
    )
    consent_on = about_person(
        models.DateField(),
        purpose=gettext_noop("证明本人同意过什么"),
        basis=_CONSENT,
        data_class=gettext_noop("申请和同意"),
        retention_days=_AFTER,
        counted_from=_ENDED,
    )
    consent_way = about_person(
        models.CharField(max_length=10, choices=ConsentWay.choices),
        purpose=gettext_noop("证明本人同意过什么"),
        basis=_CONSENT,
        data_class=gettext_noop("申请和同意"),
        retention_days=_AFTER,
        counted_from=_ENDED,
    )
    provider = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    review_on = models.DateField()
    ends_on = models.DateField()
    withdrawn_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True)

    IMPERSONAL = frozenset({"key", "version", "review_on", "ends_on", "withdrawn_at", "ended_on"})

    class Meta:
        indexes = [models.Index(fields=["review_on"], condition=Q(ended_on__isnull=True), name="care_review")]
