"""Form fields that Django lacks: several photos at once, a matter from the catalogue, conditions of a matter."""

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from wangge.domain.cases.services.photos import MOST_BYTES, MOST_PHOTOS
from wangge.platform.given import FIRST_DAY, LAST_DAY
from wangge.platform.sheets import limits


class DayInput(forms.DateInput):
    """A day by the browser's own picker, which takes no local format."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class RangeInput(forms.NumberInput):
    """A slider."""

    input_type = "range"


class TableInput(forms.FileInput):
    """A table to upload; the browser says before it is sent when it is too large."""

    def __init__(self) -> None:
        super().__init__({"accept": ".xlsx,.xls,.ods,.csv,.txt", "data-most-bytes": limits.MOST_BYTES})


class DayField(forms.DateField):
    """A day of this calendar: 1900 to 2199."""

    widget = DayInput()

    def to_python(self, value: Any) -> date | None:
        found: date | None = super().to_python(value)
        if found and not FIRST_DAY <= found <= LAST_DAY:
            raise forms.ValidationError(_("日期应在 1900 年至 2199 年之间。"))
        return found


class _Files(forms.FileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Photos as a list of bytes; too many or too heavy ones are left to the domain's words, unread."""

    widget = _Files(attrs={"accept": "image/*", "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[bytes]:
        files: list[UploadedFile] = data if isinstance(data, list) else [data] if data else []
        if not files and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(files) > MOST_PHOTOS:
            raise forms.ValidationError(_("一次最多上传 %(most)d 张照片。") % {"most": MOST_PHOTOS})
        for number, file in enumerate(files, start=1):
            if (file.size or 0) > MOST_BYTES:
                text = _("第 %(number)d 张照片超过 10 MB，请压缩后再传。")
                raise forms.ValidationError(text % {"number": number})
        return [file.read() for file in files]


class PhotoField(forms.FileField):
    """One photo as bytes, None without one; a too heavy one is left to the domain's words, unread."""

    widget = forms.FileInput(attrs={"accept": "image/*"})

    def clean(self, data: Any, initial: Any = None) -> bytes | None:
        file: UploadedFile | None = super().clean(data, initial)
        return file.read(MOST_BYTES + 1) if file else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)


class _LastGiven(forms.HiddenInput):
    """One of several inputs of the same name may be filled; the last that is counts."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        given = data.getlist(name) if hasattr(data, "getlist") else [data.get(name)]
        return next((value for value in reversed(given) if value), None)


class MatterField(forms.IntegerField):
    """The id of a matter; desk/parts/matter_picker.html draws it."""

    widget = _LastGiven


class ConditionField(forms.IntegerField):
    """The id of a condition of the chosen matter; desk/parts/condition_options.html draws it."""

    widget = _LastGiven
