"""Organisations, shops and public institutions at an address."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from wangge.domain.places.models import Building, Dwelling
from wangge.domain.register.models.kept import KEPT_DAYS, Kept
from wangge.platform.personal import PersonalTextField

_CLOSED = gettext_noop("注销或迁出")


class OrganisationKind(models.TextChoices):
    COMPANY = "company", _("企业")
    SHOP = "shop", _("个体商铺")
    SCHOOL = "school", _("学校、幼儿园")
    HEALTH = "health", _("医疗机构")
    PUBLIC = "public", _("机关和公共机构")
    SOCIAL = "social", _("社会组织、群众团体")
    PROPERTY = "property", _("物业服务企业")
    OTHER = "other", _("其他单位")


class Organisation(Kept):
    """An organisation at an address (单位、商铺). Its name and code are public; who answers the phone is a person."""

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=OrganisationKind.choices)
    credit_code = models.CharField(
        max_length=18, null=True, blank=True, help_text="unified social credit code"
    )
    building = models.ForeignKey(
        Building, models.PROTECT, null=True, blank=True, related_name="organisations"
    )
    dwelling = models.ForeignKey(
        Dwelling, models.PROTECT, null=True, blank=True, related_name="organisations"
    )
    address = models.CharField(max_length=160, blank=True)
    contact_name = PersonalTextField(
        purpose=gettext_noop("安全检查和应急时联系单位"),
        basis=gettext_noop("单位指定的联系人，本人同意"),
        data_class=gettext_noop("单位联系人姓名"),
        retention_days=KEPT_DAYS,
        counted_from=_CLOSED,
        max_chars=40,
        blank=True,
    )
    contact_phone = PersonalTextField(
        purpose=gettext_noop("安全检查和应急时联系单位"),
        basis=gettext_noop("单位指定的联系人，本人同意"),
        data_class=gettext_noop("单位联系人电话"),
        retention_days=KEPT_DAYS,
        counted_from=_CLOSED,
        max_chars=20,
        blank=True,
    )
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    IMPERSONAL = frozenset({"key", "version", "name", "kind", "credit_code", "address", "since", "until"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code", "address"],
                condition=Q(until__isnull=True, credit_code__isnull=False),
                name="organisation_once_an_address",
            )
        ]

    def __str__(self) -> str:
        return self.name
