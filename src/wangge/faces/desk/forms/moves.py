"""The form of a move, made from what the process asks for. The domain judges the values; this only draws and carries."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from wangge.domain.cases.inputs import LONGEST_LONG_TEXT, LONGEST_TEXT
from wangge.domain.cases.models import Case
from wangge.domain.cases.queries.lists import same_community
from wangge.domain.cases.queries.page import default_for, field_choices
from wangge.engines.flow import Field, Move
from wangge.faces.desk.forms.widgets import ConditionField, DayField, MatterField, PhotosField
from wangge.platform.language import english, named

# A list this long is searched as a drop-down, a shorter one is read at a glance.
_MOST_RADIOS = 9


class MoveForm(forms.Form):
    """Hidden `version`: the case as the person saw it."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        move: Move,
        case: Case,
        data: Any = None,
        files: Any = None,
        *,
        begun: Mapping[str, str] | None = None,
    ) -> None:
        """`begun` holds what was chosen so far by somebody who works without scripts."""
        super().__init__(data, files, auto_id=f"{move.key}_%s")
        self.kinds: dict[str, str] = {}
        for asked in move.ask:
            self.fields[asked.key] = _FIELDS.get(asked.type, _text)(asked, case)
            self.fields[asked.key].label = named(asked)
            self.fields[asked.key].required = asked.required
            self.kinds[asked.key] = asked.type
            # What was sent needs no suggestion.
            if not self.is_bound and (default := (begun or {}).get(asked.key) or default_for(asked, case)):
                self.initial[asked.key] = default
        self.initial["version"] = case.version

    def see(self, version: int) -> None:
        """From now on the form stands on this version; what was typed stays."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["version"] = str(version)  # type: ignore[index]

    def values(self) -> dict[str, Any]:
        """What the move takes, without photos and version."""
        return {key: self.cleaned_data[key] for key, kind in self.kinds.items() if kind != "photos"}

    def images(self) -> list[bytes]:
        return [
            image for key, kind in self.kinds.items() if kind == "photos" for image in self.cleaned_data[key]
        ]

    def drawn(self) -> list[tuple[str, forms.BoundField]]:
        """(kind, field) in order, for the template."""
        return [(kind, self[key]) for key, kind in self.kinds.items()]

    def value(self, key: str) -> str:
        """What a field holds now, typed or suggested; "" without the field."""
        return str(self[key].value() or "") if key in self.fields else ""


def _text(asked: Field, case: Case) -> forms.Field:
    return forms.CharField(max_length=LONGEST_TEXT)


def _long_text(asked: Field, case: Case) -> forms.Field:
    area = forms.Textarea(attrs={"rows": 3, "data-count": True})
    return forms.CharField(max_length=LONGEST_LONG_TEXT, widget=area)


def _choice(asked: Field, case: Case) -> forms.Field:
    options = [
        (value, name_en if english() and name_en else name)
        for value, name, name_en in field_choices(asked, case)
    ]
    if len(options) <= _MOST_RADIOS:
        return forms.ChoiceField(choices=options, widget=forms.RadioSelect)
    return forms.ChoiceField(choices=[("", _("请选择")), *options])


def _unit(asked: Field, case: Case) -> forms.Field:
    units = [(value, name) for value, name, _en in field_choices(asked, case)]
    return forms.ChoiceField(choices=[("", _("请选择")), *units])


def _units(asked: Field, case: Case) -> forms.Field:
    units = [(value, name) for value, name, _en in field_choices(asked, case)]
    return forms.MultipleChoiceField(choices=units, widget=forms.CheckboxSelectMultiple)


def _boolean(asked: Field, case: Case) -> forms.Field:
    return forms.ChoiceField(choices=[("1", _("是")), ("0", _("否"))], widget=forms.RadioSelect)


def _date(asked: Field, case: Case) -> forms.Field:
    return DayField()


def _number(asked: Field, case: Case) -> forms.Field:
    most = case.condition.amount if case.condition else None
    return forms.IntegerField(min_value=1, max_value=most, help_text=_limit_help(case))


def _limit_help(case: Case) -> str:
    if case.condition is None:
        return ""
    return _("原时限 %(amount)s，单位与原时限相同。") % {"amount": case.condition.amount}


def _case(asked: Field, case: Case) -> forms.Field:
    others = [
        (other.number, f"{other.number} · {named(other.matter) or other.description[:16]} · {other.address}")
        for other in same_community(case)
    ]
    return forms.ChoiceField(choices=[("", _("请选择")), *others])


_FIELDS = {
    "text": _text,
    "long_text": _long_text,
    "choice": _choice,
    "unit": _unit,
    "units": _units,
    "boolean": _boolean,
    "date": _date,
    "number": _number,
    "case": _case,
    "matter": lambda asked, case: MatterField(),
    "condition": lambda asked, case: ConditionField(),
    "photos": lambda asked, case: PhotosField(),
}
