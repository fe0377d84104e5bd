"""What staff fill in about visits and in the diary. The forms only read; the rules are in the services."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from wangge.domain.places.models import Area
from wangge.domain.visits.models import (
    BRINGS,
    CHECKS,
    LONGEST_NOTE,
    LONGEST_TEXT,
    EntryKind,
    Outcome,
    Rhythm,
)
from wangge.faces.desk.admin_pages import ServiceForm
from wangge.faces.desk.forms.widgets import DayField


class EntryForm(ServiceForm):
    """`grids` are offered unless the place is known already."""

    text = forms.CharField(
        label=gettext_lazy("记什么"),
        max_length=LONGEST_TEXT,
        help_text=gettext_lazy("写地方和事情，不写姓名、电话和证件号码。"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("哪一类"), choices=EntryKind.choices)
    area_id = forms.TypedChoiceField(label=gettext_lazy("网格"), coerce=int)

    def __init__(self, grids: Iterable[Area], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["area_id"]
        field.choices = [(grid.pk, grid.name) for grid in grids]
        if not field.choices:
            del self.fields["area_id"]


class EntryFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("找日记"), required=False, max_length=40)
    kind = forms.ChoiceField(
        label=gettext_lazy("哪一类"),
        choices=[("", gettext_lazy("全部类型")), *EntryKind.choices],
        required=False,
    )


class CommentForm(ServiceForm):
    text = forms.CharField(
        label=gettext_lazy("批示或回复"), max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 2})
    )


class PlanForm(ServiceForm):
    rhythm = forms.ChoiceField(label=gettext_lazy("多久一次"), choices=Rhythm.choices)
    checks = forms.MultipleChoiceField(
        label=gettext_lazy("看什么"),
        choices=list(CHECKS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    brings = forms.MultipleChoiceField(
        label=gettext_lazy("带什么"),
        choices=list(BRINGS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    starts_on = DayField(label=gettext_lazy("从哪天"))
    ends_on = DayField(label=gettext_lazy("到哪天"))


class VisitForm(ServiceForm):
    outcome = forms.ChoiceField(
        label=gettext_lazy("结果"), choices=Outcome.choices, initial=Outcome.DONE, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=gettext_lazy("下次要带、要办的事"),
        max_length=LONGEST_NOTE,
        required=False,
        help_text=gettext_lazy("可以不写。不写病情和家事。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def key_of(form: Any) -> Any:
    """The key that the form was opened with."""
    return form.cleaned_data.get("key") or form.fields["key"].initial()
