"""The form by which staff take in a report: on the street, at the counter, on the telephone."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wangge.domain.cases.models import Channel
from wangge.domain.cases.services.intake import LONGEST_DESCRIPTION, Report
from wangge.faces.desk.forms.widgets import ConditionField, MatterField, PhotosField


class IntakeForm(forms.Form):
    """`key` is made when the form is opened, so that a second sending is the same report."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    description = forms.CharField(
        label=_("发生了什么"),
        max_length=LONGEST_DESCRIPTION,
        widget=forms.Textarea(attrs={"rows": 3, "data-count": True}),
    )
    photos = PhotosField(label=_("现场照片"), required=False)
    matter = MatterField(label=_("事项"), required=False)
    place = forms.CharField(required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-180, max_value=180)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-90, max_value=90)
    area = forms.IntegerField(label=_("社区或网格"), required=False, widget=forms.HiddenInput)
    facility = forms.IntegerField(required=False, widget=forms.HiddenInput)
    address = forms.CharField(label=_("详细地址"), max_length=200, required=False)
    danger = forms.BooleanField(
        label=_("有危险，须马上处理"),
        required=False,
        help_text=_("危及人身安全时，请先拨打 110、119 或 120。"),
    )
    settled = forms.BooleanField(label=_("当场已解决"), required=False)
    condition = ConditionField(label=_("情形"), required=False)
    proof = PhotosField(label=_("解决后照片"), required=False)
    note = forms.CharField(
        label=_("怎样解决的"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    name = forms.CharField(label=_("称呼"), max_length=40, required=False)
    phone = forms.CharField(
        label=_("回访电话"), max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    email = forms.EmailField(label=_("电子邮箱"), required=False)

    def __init__(self, channel: Channel, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel = channel
        dropped = (
            ("name", "phone", "email")
            if channel == Channel.WORKER
            else ("settled", "condition", "proof", "note")
        )
        for name in dropped:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("settled"):
            needed = {
                "matter": _("请选择事项。"),
                "condition": _("请选择情形。"),
                "proof": _("请拍一张解决后的照片。"),
            }
            for name, text in needed.items():
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, text)
        return cleaned

    def report(self) -> Report:
        """What was filled in, as the domain takes it; only after is_valid()."""
        given = self.cleaned_data
        return Report(
            key=given["key"],
            description=given["description"],
            channel=self.channel,
            lon=given["lon"],
            lat=given["lat"],
            address=given["address"],
            area_id=given["area"],
            matter_id=given["matter"],
            facility_id=given["facility"],
            danger=given["danger"],
            name=given.get("name", ""),
            phone=given.get("phone", ""),
            email=given.get("email", ""),
            images=tuple(given["photos"]),
        )
