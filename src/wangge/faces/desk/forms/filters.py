"""The filters above the list of cases, as the address holds them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from wangge.domain.access.models import Unit
from wangge.domain.cases.models import Channel
from wangge.domain.catalogue.queries import Group
from wangge.domain.places.models import LEVELS, Area
from wangge.engines.flow import Definition
from wangge.faces.desk.forms.widgets import DayField
from wangge.faces.desk.words import STEP_NAMES
from wangge.faces.web.tones import LIGHTS
from wangge.platform.language import named

FLAGS = (
    ("", _("全部标记")),
    ("open", _("在办")),
    ("ended", _("已结束")),
    ("emergency", _("应急")),
    ("late", _("超期未结")),
    ("overdue", _("曾超期")),
    ("supervised", _("督办中")),
    ("waiting", _("等待审批")),
    ("extension", _("延期待批")),
    ("arbitration", _("等待裁定")),
    ("returned", _("退过单")),
    ("bounced", _("退单在办")),
    ("reworked", _("返过工")),
    ("repeat", _("重复发生")),
    ("repeating", _("重复发生在办")),
    ("suspended", _("已挂账")),
    ("appeal", _("申诉待审")),
)
SORTS = (("", _("最近上报在前")), ("urgency", _("最急的在前")))


@dataclass(frozen=True, slots=True)
class Choices:
    """What the lists of the filters offer, in the page's language: (value, words)."""

    state: tuple[tuple[str, str], ...]
    area: tuple[tuple[int, str], ...]
    group: tuple[tuple[str, str], ...]
    unit: tuple[tuple[int, str], ...]

    @classmethod
    def among(
        cls,
        definitions: Iterable[Definition],
        areas: list[Area],
        groups: Iterable[Group],
        units: Iterable[Unit],
    ) -> "Choices":
        group_names: dict[str, str] = {}
        for group in groups:
            group_names.setdefault(group.code, named(group))
        # The first definition, the newest, has the say about names and order.
        state_names: dict[str, str] = {}
        for definition in definitions:
            state_names |= {s.key: named(s) for s in definition.states if s.key not in state_names}
        top = min((LEVELS.index(area.level) for area in areas), default=0)
        return cls(
            state=tuple(state_names.items()),
            area=tuple((a.pk, "　" * (LEVELS.index(a.level) - top) + a.short_name) for a in areas),
            group=tuple(group_names.items()),
            unit=tuple((unit.pk, unit.short_name) for unit in units),
        )


@dataclass(frozen=True, slots=True)
class FilterBar:
    """The filters above a list, as values that say everything that is drawn: the address's query and the choices."""

    query: str
    choices: Choices

    @property
    def form(self) -> "FilterForm":
        return FilterForm(QueryDict(self.query), self.choices)


class FilterForm(forms.Form):
    """Every field is optional; names are those of queries.lists.Filters."""

    words = forms.CharField(label=_("编号、地址、内容"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False)
    light = forms.ChoiceField(label=_("时限"), required=False)
    area = forms.ChoiceField(label=_("区划"), required=False)
    group = forms.ChoiceField(label=_("大类"), required=False)
    unit = forms.ChoiceField(label=_("责任单位"), required=False)
    flag = forms.ChoiceField(label=_("标记"), required=False, choices=FLAGS)
    channel = forms.ChoiceField(label=_("渠道"), required=False)
    step = forms.ChoiceField(label=_("步骤"), required=False)
    since = DayField(label=_("上报自"), required=False)
    until = DayField(label=_("至"), required=False)
    sort = forms.ChoiceField(label=_("排序"), required=False, choices=SORTS)

    # Shown at once; the rest is behind 更多筛选; on a phone everything is.
    FIRST = ("words", "area", "state", "light", "flag", "sort")

    def __init__(self, data: Any, choices: Choices) -> None:
        super().__init__(data)
        steps = enumerate(STEP_NAMES, start=1)
        found: dict[str, Iterable[tuple[Any, Any]]] = {
            "state": choices.state,
            "light": [(key, str(name)) for key, (_icon, name) in LIGHTS.items() if key != "ended"],
            "area": choices.area,
            "group": choices.group,
            "unit": choices.unit,
            "channel": list(Channel.choices),
            "step": [(str(number), f"{number} {name}") for number, name in steps],
        }
        for name, offered in found.items():
            self.fields[name].choices = [("", _("全部")), *offered]  # type: ignore[attr-defined]

    def first(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FIRST]

    def more(self) -> list[forms.BoundField]:
        return [bound for bound in self if bound.name not in self.FIRST]

    def chosen(self) -> list[tuple[str, str, str]]:
        """(label, chosen words, query without it) of every filter in use; an order of rows is none."""
        used = (bound for bound in self if bound.data and bound.name != "sort")
        return [(str(bound.label), _words(bound), self._without(bound.name)) for bound in used]

    def _without(self, name: str) -> str:
        kept = {key: value for key, value in self.data.items() if key not in (name, "page")}
        # A bare address would open the view that this person sees first.
        return urlencode(kept) or "all=1"


def _words(bound: forms.BoundField) -> str:
    choices = dict(getattr(bound.field, "choices", ()))
    found = next((name for value, name in choices.items() if str(value) == bound.data), bound.data)
    return str(found).strip()
