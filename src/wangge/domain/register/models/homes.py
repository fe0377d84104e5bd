"""Rented homes: who lets them, to which household, and whether they are safe."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from wangge.domain.places.models import Dwelling
from wangge.domain.register.models.kept import KEPT_DAYS, Kept
from wangge.domain.register.models.people import Household
from wangge.platform.personal import PersonalTextField, about_person

_DUTY = gettext_noop("房屋租赁登记的法定职责")
_ENDED = gettext_noop("租约结束")


class Tenancy(Kept):
    """A dwelling let for a term; `landlord` is who lets it, `household` who lives in it, where that is registered."""

    dwelling = models.ForeignKey(Dwelling, models.PROTECT, related_name="tenancies")
    household = models.ForeignKey(Household, models.SET_NULL, null=True, blank=True, related_name="tenancies")
    landlord = PersonalTextField(
        purpose=gettext_noop("通知出租人整改房屋安全隐患"),
        basis=_DUTY,
        data_class=gettext_noop("出租人姓名"),
        retention_days=KEPT_DAYS,
        counted_from=_ENDED,
        max_chars=60,
    )
    landlord_phone = PersonalTextField(
        purpose=gettext_noop("通知出租人整改房屋安全隐患"),
        basis=_DUTY,
        data_class=gettext_noop("出租人电话"),
        retention_days=KEPT_DAYS,
        counted_from=_ENDED,
        max_chars=20,
        blank=True,
    )
    starts_on = about_person(
        models.DateField(),
        purpose=gettext_noop("知道租约是否还在"),
        basis=_DUTY,
        data_class=gettext_noop("租期"),
        retention_days=KEPT_DAYS,
        counted_from=_ENDED,
    )
    ends_on = about_person(
        models.DateField(null=True, blank=True),
        purpose=gettext_noop("知道租约是否还在"),
        basis=_DUTY,
        data_class=gettext_noop("租期"),
        retention_days=KEPT_DAYS,
        counted_from=_ENDED,
    )

    IMPERSONAL = frozenset({"key", "version"})

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="tenancy_ends_after_start",
            )
        ]


# What is looked at in a rented home; nothing about who lives there.
CHECK_ITEMS = {
    "gas": _("燃气灶具、软管和报警器"),
    "wiring": _("电线、插座和用电负荷"),
    "charging": _("电动自行车不在室内充电"),
    "fire": _("灭火器、烟感等消防器材"),
    "exit": _("安全出口和逃生窗畅通"),
    "walls": _("没有违规隔断和超员"),
    "structure": _("墙体、阳台、外挂物牢固"),
}


class CheckState(models.TextChoices):
    PASSED = "passed", _("合格")
    TO_FIX = "to_fix", _("待整改")
    FIXED = "fixed", _("已整改")


class HomeCheck(Kept):
    """A look at the safety of a rented home: `faults` are keys of CHECK_ITEMS, `remedy` what must be put right."""

    dwelling = models.ForeignKey(Dwelling, models.PROTECT, related_name="checks")
    day = models.DateField()
    made_by_id = models.BigIntegerField(null=True)
    faults: Any = models.JSONField(default=list)
    remedy = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=CheckState.choices)
    fix_by = models.DateField(null=True, blank=True)
    fixed_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["fix_by"], condition=Q(state="to_fix"), name="check_to_fix")]
