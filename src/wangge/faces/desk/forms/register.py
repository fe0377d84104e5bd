"""What staff fill in about the register. The forms only read; the rules are in the services."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.domain.access.actor import Actor
from wangge.domain.access.policy import near_paths
from wangge.domain.access.queries import units_serving
from wangge.domain.places.models import Area
from wangge.domain.register.consents import newest
from wangge.domain.register.models import (
    CHECK_ITEMS,
    Applicant,
    CareKind,
    ConsentWay,
    Household,
    OrganisationKind,
    Relation,
    Residence,
    Stay,
)
from wangge.domain.register.purposes import GRANTED, STREET
from wangge.domain.register.services.correcting import LONGEST_ANSWER
from wangge.domain.register.services.details import NEEDS
from wangge.faces.desk.admin_pages import ServiceForm
from wangge.faces.desk.forms.widgets import DayField


def translated(purposes: Iterable[str]) -> list[tuple[str, str]]:
    """Purposes as choices: kept in Chinese, shown in the reader's language."""
    return [(purpose, _(purpose)) for purpose in purposes]


class PurposeForm(forms.Form):
    """Why somebody looks."""

    purpose = forms.ChoiceField(label=gettext_lazy("查看目的"))

    def __init__(self, purposes: Iterable[str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["purpose"]
        field.choices = [("", _("查看目的…")), *translated(purposes)]


class PeopleForm(PurposeForm):
    asked = forms.CharField(
        label=gettext_lazy("姓名或电话"),
        max_length=40,
        help_text=gettext_lazy("姓名写相连的两个字以上，电话写完整号码。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("asked", "purpose")


class HouseholdForm(ServiceForm):
    stay = forms.ChoiceField(label=gettext_lazy("居住方式"), choices=Stay.choices)
    since = DayField(label=gettext_lazy("入住日期"), required=False)


class DayForm(ServiceForm):
    """One day, such as that of moving out."""

    on = DayField(label=gettext_lazy("日期"))


class ResidentForm(ServiceForm):
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=40)
    phone = forms.CharField(
        label=gettext_lazy("电话"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    birth_year = forms.IntegerField(
        label=gettext_lazy("出生年份"), required=False, help_text=gettext_lazy("只记年份，不记生日。")
    )
    relation = forms.ChoiceField(label=gettext_lazy("与户主关系"), choices=Relation.choices)
    residence = forms.ChoiceField(label=gettext_lazy("户籍类别"), choices=Residence.choices)
    since = DayField(label=gettext_lazy("入住日期"), required=False)


class ChangeResidentForm(ServiceForm):
    """Opened without showing anything: what stays empty stays as it is."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=40, required=False)
    phone = forms.CharField(
        label=gettext_lazy("电话"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    no_phone = forms.BooleanField(label=gettext_lazy("不再保留电话"), required=False)
    birth_year = forms.IntegerField(label=gettext_lazy("出生年份"), required=False)
    relation = forms.ChoiceField(label=gettext_lazy("与户主关系"), required=False)
    residence = forms.ChoiceField(label=gettext_lazy("户籍类别"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, choices in (("relation", Relation.choices), ("residence", Residence.choices)):
            field: Any = self.fields[name]
            field.choices = [("", _("不改")), *choices]


def changes(given: dict[str, Any]) -> dict[str, Any]:
    """What a ChangeResidentForm changes: the fields that were filled."""
    values = {name: value for name, value in given.items() if value not in ("", None)}
    if values.pop("no_phone", False):
        values["phone"] = ""
    return values


class MergeForm(ServiceForm):
    """Two people who were just shown and are one."""

    kept = forms.IntegerField()
    gone = forms.IntegerField()


class DetailForm(ServiceForm):
    need = forms.ChoiceField(label=gettext_lazy("哪项服务需要"))
    value = forms.CharField(
        label=gettext_lazy("身份证号码或性别"),
        max_length=20,
        help_text=gettext_lazy("服务需要身份证号码就写号码，需要性别就写“男”或“女”。服务办完自动删除。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["need"]
        field.choices = [("", _("请选择…")), *((key, _(need.name)) for key, need in NEEDS.items())]


class TenancyForm(ServiceForm):
    landlord = forms.CharField(label=gettext_lazy("出租人"), max_length=60)
    landlord_phone = forms.CharField(label=gettext_lazy("出租人电话"), max_length=30, required=False)
    household_id = forms.TypedChoiceField(
        label=gettext_lazy("租给哪一户"), coerce=int, empty_value=None, required=False
    )
    starts_on = DayField(label=gettext_lazy("起租日期"))
    ends_on = DayField(label=gettext_lazy("到期日期"), required=False)

    def __init__(self, households: Iterable[Household], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["household_id"]
        field.choices = [("", _("还没有登记"))]
        for number, one in enumerate(households, 1):
            words = _("第 %(n)d 户（%(stay)s）") % {"n": number, "stay": one.get_stay_display()}
            field.choices.append((one.pk, words))


class CheckForm(ServiceForm):
    day = DayField(label=gettext_lazy("检查日期"))
    faults = forms.MultipleChoiceField(
        label=gettext_lazy("哪些项目不合格"),
        choices=list(CHECK_ITEMS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("都合格就不用勾。"),
    )
    remedy = forms.CharField(
        label=gettext_lazy("要整改什么"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("只写房屋，不写人。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    fix_by = DayField(label=gettext_lazy("整改期限"), required=False)


class OrganisationForm(ServiceForm):
    name = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=OrganisationKind.choices)
    credit_code = forms.CharField(label=gettext_lazy("统一社会信用代码"), max_length=20, required=False)
    address = forms.CharField(label=gettext_lazy("地址"), max_length=160, required=False)
    contact_name = forms.CharField(label=gettext_lazy("联系人"), max_length=40, required=False)
    contact_phone = forms.CharField(label=gettext_lazy("联系电话"), max_length=30, required=False)


class NewOrganisationForm(OrganisationForm):
    area_id = forms.TypedChoiceField(label=gettext_lazy("网格"), coerce=int)
    since = DayField(label=gettext_lazy("从哪天"), required=False)
    field_order = ("name", "kind", "credit_code", "area_id", "address")

    def __init__(self, grids: Iterable[Area], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["area_id"]
        field.choices = [(grid.pk, grid.name) for grid in grids]


class CareForm(ServiceForm):
    kind = forms.ChoiceField(label=gettext_lazy("需要哪种照料"), choices=CareKind.choices)
    asks = forms.CharField(
        label=gettext_lazy("希望得到什么帮助"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    applicant = forms.ChoiceField(label=gettext_lazy("谁提出的"), choices=Applicant.choices)
    consent_way = forms.ChoiceField(label=gettext_lazy("怎样同意的"), choices=ConsentWay.choices)
    consent_on = DayField(label=gettext_lazy("同意的日期"))
    provider_id = forms.TypedChoiceField(
        label=gettext_lazy("由谁提供"), coerce=int, empty_value=None, required=False
    )
    review_on = DayField(label=gettext_lazy("下次复核日期"))
    ends_on = DayField(label=gettext_lazy("到期日期"))
    consent_text = forms.CharField(widget=forms.HiddenInput, initial=lambda: newest().name)

    def __init__(self, area: Area, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer_providers(self, area)


class ReviewForm(ServiceForm):
    provider_id = forms.TypedChoiceField(
        label=gettext_lazy("由谁提供"), coerce=int, empty_value=None, required=False
    )
    review_on = DayField(label=gettext_lazy("下次复核日期"))
    ends_on = DayField(label=gettext_lazy("到期日期"))

    def __init__(self, area: Area, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer_providers(self, area)


def _offer_providers(form: forms.Form, area: Area) -> None:
    field: Any = form.fields["provider_id"]
    field.choices = [("", _("以后再定")), *((unit.pk, unit.name) for unit in units_serving(area))]


class ErrandForm(ServiceForm):
    purpose = forms.ChoiceField(label=gettext_lazy("查看目的"))
    case_number = forms.CharField(
        label=gettext_lazy("案件编号"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("督办和协调案件时必填。"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["purpose"]
        field.choices = [("", _("请选择…")), *translated(STREET)]


class GrantForm(ServiceForm):
    username = forms.CharField(label=gettext_lazy("授权给（账号）"), max_length=60)
    purpose = forms.ChoiceField(label=gettext_lazy("用来做什么"))
    case_number = forms.CharField(label=gettext_lazy("案件编号"), max_length=40)
    days = forms.IntegerField(label=gettext_lazy("几天"), initial=7, min_value=1, max_value=30)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["purpose"]
        field.choices = [("", _("请选择…")), *translated(GRANTED)]


class RefuseForm(ServiceForm):
    answer = forms.CharField(
        label=gettext_lazy("不采纳的理由"),
        max_length=LONGEST_ANSWER,
        help_text=gettext_lazy("本人会看到这句话。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def grids_of(actor: Actor) -> list[Area]:
    """The grids whose register the actor keeps (1 statement)."""
    found: list[Area] = []
    for path in near_paths(actor):
        found += Area.objects.filter(path__startswith=path, level="grid", active=True).order_by("code")
    return found
