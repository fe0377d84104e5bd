"""What residents fill in. The forms only read; the rules are in the services."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wangge.domain.cases.choices import choices_of
from wangge.domain.cases.models import Channel
from wangge.domain.cases.services import Report
from wangge.domain.cases.services.photos import MOST_BYTES, MOST_PHOTOS
from wangge.engines.flow import Field, Move
from wangge.platform.language import named


class _Files(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class PhotosField(forms.FileField):
    """Files as bytes; of each, and of their number, one more than the service takes, so that it can refuse."""

    widget = _Files

    def clean(self, data: Any, initial: Any = None) -> list[bytes]:
        return [file.read(MOST_BYTES + 1) for file in (data or [])[: MOST_PHOTOS + 1]]


class ReportForm(forms.Form):
    """One report; `key` was made when the form was opened."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    channel = forms.ChoiceField(
        choices=[(Channel.WEB, ""), (Channel.QR, "")], widget=forms.HiddenInput, required=False
    )
    description = forms.CharField(
        label=_("发生了什么"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 2000}),
    )
    photos = PhotosField(label=_("照片（有就更清楚）"), required=False)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-180, max_value=180)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput, min_value=-90, max_value=90)
    address = forms.CharField(label=_("地址或旁边的标志"), required=False, max_length=200)
    area = forms.IntegerField(label=_("在哪个社区"), required=False)
    place = forms.Field(required=False, widget=forms.HiddenInput)
    facility = forms.IntegerField(required=False, widget=forms.HiddenInput)
    matter = forms.IntegerField(required=False)
    danger = forms.BooleanField(
        label=_("有危险，等不得"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input", "aria-describedby": "danger-hint"}),
    )
    name = forms.CharField(label=_("怎么称呼您"), required=False, max_length=40)
    phone = forms.CharField(label=_("电话"), required=False, max_length=30)
    email = forms.EmailField(label=_("电子邮箱"), required=False, max_length=120)
    # Nobody sees this field; programs fill it in.
    website = forms.CharField(required=False, max_length=200)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            self.add_error(None, _("这份上报像是程序自动填的。如果是您本人，请再按一次“提交”。"))
        return ""

    def report(self) -> Report:
        """The cleaned values for the service."""
        data = self.cleaned_data
        return Report(
            key=data["key"],
            description=data["description"],
            channel=data["channel"] or Channel.WEB,
            lon=data["lon"],
            lat=data["lat"],
            address=data["address"],
            area_id=data["area"],
            matter_id=data["matter"],
            facility_id=data["facility"],
            danger=data["danger"],
            name=data["name"],
            phone=data["phone"],
            email=data["email"],
            images=data["photos"],
        )

    @classmethod
    def opened(cls, **initial: Any) -> "ReportForm":
        """An empty form with a new key."""
        return cls(initial={"key": uuid.uuid4(), "channel": Channel.WEB, **initial})


class MoveForm(forms.Form):
    """What a move of the reporter asks for, field by field from the process."""

    def __init__(self, move: Move, data: Any = None) -> None:
        super().__init__(data, auto_id=f"{move.key}-%s")
        self.move = move
        for asked in move.ask:
            self.fields[asked.key] = _field(asked)

    def given(self) -> dict[str, Any]:
        """The values for the service, which checks them."""
        return {asked.key: self.cleaned_data.get(asked.key) for asked in self.move.ask}


def _field(asked: Field) -> forms.Field:
    label = named(asked)
    match asked.type:
        case "boolean":
            return _radios(label, [("1", gettext("解决了")), ("0", gettext("没有解决"))])
        case "choice":
            return _radios(label, [(choice.value, named(choice)) for choice in choices_of(asked.options)])
        case "long_text":
            return forms.CharField(label=label, required=False, widget=forms.Textarea(attrs={"rows": 3}))
        case _:
            return forms.CharField(label=label, required=False)


def _radios(label: str, choices: list[tuple[str, str]]) -> forms.Field:
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=forms.RadioSelect)
