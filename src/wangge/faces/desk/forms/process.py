"""The forms of a process draft: a state, a move, and the rows of what they are made of."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from wangge.domain.access.models import ROLE_NAMES
from wangge.engines.flow import REPORTER, SYSTEM
from wangge.engines.worktime import Duration
from wangge.engines.worktime.duration import MAX_AMOUNT
from wangge.faces.desk.process_vocabulary import (
    CLOCK_NAMES,
    EFFECT_WORDS,
    FIELD_TYPE_NAMES,
    MOMENT_NAMES,
    OPTION_LIST_NAMES,
    PLACE_NAMES,
    TONE_NAMES,
    UNIT_NAMES,
    Words,
)
from wangge.faces.desk.words import STEP_NAMES

Data = dict[str, Any]
Choices = list[tuple[str, str | Promise]]
_NONE = ("", "—")
_CONDITION = {"spellcheck": "false", "autocapitalize": "off", "data-condition": ""}


def choices(words: Words, *, none: bool = True) -> Choices:
    """A list to choose from, with a dash for nothing."""
    return [_NONE, *words.items()] if none else list(words.items())


class KeyField(forms.RegexField):
    """The code of a new element; it never changes afterwards, because cases and history name it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            regex=r"^[a-z][a-z0-9_]{0,29}$",
            label=lazy("代码"),
            help_text=lazy("小写字母、数字和下划线，例如 second_check；以后不能改。"),
            error_messages={"invalid": lazy("请用小写字母开头，只用小写字母、数字和下划线，最多 30 个。")},
            max_length=30,
            **options,
        )


class ElementForm(forms.Form):
    """What states and moves share. `was` is the mark of the element when the form was opened."""

    was = forms.CharField(required=False, widget=forms.HiddenInput)
    key = KeyField(required=False)
    name = forms.CharField(label=lazy("名称"), max_length=40)
    name_en = forms.CharField(label=lazy("英文名称"), max_length=80, required=False)

    def __init__(self, *args: Any, new: bool, taken: set[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.taken = taken
        if new:
            self.fields["key"].required = True
        else:
            del self.fields["key"]

    def clean_key(self) -> str:
        key = str(self.cleaned_data["key"])
        if key in self.taken:
            raise forms.ValidationError(_("这个代码已经有了，请换一个。"))
        return key


class StateForm(ElementForm):
    """A state; in a branch only its names, whether it ends, and its timers."""

    step = forms.ChoiceField(label=lazy("五步中的哪一步"))
    owner = forms.ChoiceField(label=lazy("谁负责"), required=False)
    clock = forms.ChoiceField(label=lazy("怎样计时"), choices=choices(CLOCK_NAMES), required=False)
    amount = forms.IntegerField(label=lazy("本环节时限"), min_value=1, max_value=MAX_AMOUNT, required=False)
    unit = forms.ChoiceField(label=lazy("时限单位"), choices=choices(UNIT_NAMES, none=False), required=False)
    end = forms.BooleanField(label=lazy("到这里就结束（终点）"), required=False)

    def __init__(self, *args: Any, branch: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        owners = ("community", "street", "district", "level", "above", "lead", "keep", "none")
        self.fields["owner"].choices = [(key, PLACE_NAMES[key]) for key in owners]  # type: ignore[attr-defined]
        steps = [(str(number), f"{number} {name}") for number, name in enumerate(STEP_NAMES, start=1)]
        self.fields["step"].choices = steps  # type: ignore[attr-defined]
        if branch:
            for name in ("step", "owner", "clock", "amount", "unit"):
                del self.fields[name]

    def clean(self) -> Data:
        cleaned = super().clean() or {}
        if cleaned.get("clock") == "stage" and "amount" in self.fields and not cleaned.get("amount"):
            self.add_error("amount", _("按本环节时限计时，请填写时限。"))
        return cleaned

    @classmethod
    def initial_of(cls, state: Data) -> Data:
        amount, unit = _limit_parts(state.get("limit"))
        shown = {name: state.get(name) for name in ("name", "name_en", "clock", "end")}
        owner = state.get("owner", "none")
        return shown | {"step": str(state.get("step", 1)), "owner": owner, "amount": amount, "unit": unit}

    def value(self) -> Data:
        given = self.cleaned_data
        data = {name: given.get(name) for name in ("name", "name_en", "owner", "clock", "end")}
        if given.get("step"):
            data["step"] = int(given["step"])
        if given.get("clock") == "stage" and given.get("amount"):
            data["limit"] = f"{given['amount']} {given['unit']}"
        return kept(data)


class MoveForm(ElementForm):
    """A move, without its rows."""

    tone = forms.ChoiceField(label=lazy("样子"), choices=choices(TONE_NAMES, none=False))
    sources = forms.MultipleChoiceField(label=lazy("从哪些状态可以办"), widget=forms.CheckboxSelectMultiple)
    when = forms.CharField(
        label=lazy("条件（不填就是总能办）"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, **_CONDITION}),
    )
    why = forms.CharField(label=lazy("条件不满足时给人看的理由"), max_length=200, required=False)
    why_en = forms.CharField(label=lazy("理由（英文）"), max_length=200, required=False)
    join = forms.ChoiceField(label=lazy("须先全部结束"), required=False)

    def __init__(self, *args: Any, states: Choices, branches: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["sources"].choices = states  # type: ignore[attr-defined]
        self.fields["join"].choices = [_NONE, *branches]  # type: ignore[attr-defined]
        if not branches:
            del self.fields["join"]

    @classmethod
    def initial_of(cls, move: Data) -> Data:
        shown = {name: move.get(name) for name in ("name", "name_en", "when", "why", "why_en", "join")}
        return shown | {"tone": move.get("tone", "normal"), "sources": move.get("from", [])}

    def value(self) -> Data:
        given = self.cleaned_data
        names = ("name", "name_en", "when", "why", "why_en", "join", "tone")
        return kept({name: given.get(name) for name in names}) | {"from": given["sources"]}


class TimerForm(forms.Form):
    """Something that happens by itself in a state."""

    moment = forms.ChoiceField(
        label=lazy("什么时候"),
        choices=[_NONE, ("after", lazy("进入后过了")), *MOMENT_NAMES.items()],
        required=False,
    )
    amount = forms.IntegerField(label=lazy("多久"), min_value=1, max_value=MAX_AMOUNT, required=False)
    unit = forms.ChoiceField(label=lazy("时限单位"), choices=choices(UNIT_NAMES, none=False), required=False)
    what = forms.ChoiceField(label=lazy("自动做什么"), required=False)

    def __init__(self, *args: Any, whats: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["what"].choices = [_NONE, *whats]  # type: ignore[attr-defined]

    def clean(self) -> Data:
        cleaned = super().clean() or {}
        if bool(cleaned.get("moment")) != bool(cleaned.get("what")):
            self.add_error("what" if cleaned.get("moment") else "moment", _("请选择。"))
        if cleaned.get("moment") == "after" and not cleaned.get("amount"):
            self.add_error("amount", _("请填写多久。"))
        return cleaned

    @classmethod
    def initial_of(cls, timer: Data) -> Data:
        amount, unit = _limit_parts(timer.get("after"))
        what = f"move:{timer['move']}" if "move" in timer else f"do:{timer.get('do')}"
        return {"moment": timer.get("at", "after"), "amount": amount, "unit": unit, "what": what}

    def value(self) -> Data | None:
        given = self.cleaned_data
        if not given.get("moment"):
            return None
        kind, _colon, what = given["what"].partition(":")
        after = given["moment"] == "after"
        when = {"after": f"{given['amount']} {given['unit']}"} if after else {"at": given["moment"]}
        return when | {kind: what}


class WayForm(forms.Form):
    """One way a move may lead."""

    when = forms.CharField(
        label=lazy("如果"), max_length=2000, required=False, widget=forms.TextInput(attrs=_CONDITION)
    )
    to = forms.ChoiceField(label=lazy("到"), required=False)

    def __init__(self, *args: Any, states: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].choices = [_NONE, ("=", lazy("状态不变")), *states]  # type: ignore[attr-defined]

    def clean(self) -> Data:
        cleaned = super().clean() or {}
        if cleaned.get("when") and not cleaned.get("to"):
            self.add_error("to", _("请选择到哪里。"))
        return cleaned

    @classmethod
    def initial_of(cls, way: Data) -> Data:
        return {"when": way.get("when", ""), "to": way["to"]}

    def value(self) -> Data | None:
        given = self.cleaned_data
        return kept({"when": given["when"], "to": given["to"]}) if given.get("to") else None


class WhoForm(forms.Form):
    """A role at a place, the reporter, or the system."""

    role = forms.ChoiceField(label=lazy("岗位"), required=False)
    place = forms.ChoiceField(label=lazy("在哪里"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        roles: Choices = [(role.value, name) for role, name in ROLE_NAMES.items()]
        others: Choices = [(REPORTER, lazy("上报人")), (SYSTEM, lazy("系统"))]
        self.fields["role"].choices = [_NONE, *roles, *others]  # type: ignore[attr-defined]
        places = ("grid", "community", "street", "district", "level", "above", "owner", "lead", "support")
        self.fields["place"].choices = [_NONE, *((key, PLACE_NAMES[key]) for key in places)]  # type: ignore[attr-defined]

    def clean(self) -> Data:
        cleaned = super().clean() or {}
        role = cleaned.get("role")
        if role and role not in (REPORTER, SYSTEM) and not cleaned.get("place"):
            self.add_error("place", _("请选择在哪里。"))
        return cleaned

    @classmethod
    def initial_of(cls, who: str) -> Data:
        role, _at, place = who.partition("@")
        return {"role": role, "place": place}

    def value(self) -> str | None:
        role, place = self.cleaned_data.get("role"), self.cleaned_data.get("place")
        if not role:
            return None
        return role if role in (REPORTER, SYSTEM) else f"{role}@{place}"


class AskForm(forms.Form):
    """A field that a move asks for. Own choices are lines of 值 名称 or 值 名称 / English."""

    key = forms.RegexField(r"^[a-z][a-z0-9_]{0,59}$", label=lazy("代码"), max_length=60, required=False)
    name = forms.CharField(label=lazy("名称"), max_length=60, required=False)
    name_en = forms.CharField(label=lazy("英文名称"), max_length=120, required=False)
    type = forms.ChoiceField(label=lazy("种类"), choices=choices(FIELD_TYPE_NAMES), required=False)
    required = forms.BooleanField(label=lazy("必填"), required=False)
    options = forms.ChoiceField(label=lazy("选项表"), choices=choices(OPTION_LIST_NAMES), required=False)
    own = forms.CharField(
        label=lazy("自己的选项"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=lazy("没有选项表时用：每行一个，值 名称 / English。"),
    )

    def clean(self) -> Data:
        cleaned = super().clean() or {}
        if any(cleaned.get(name) for name in ("key", "name", "type")):
            for name in ("key", "name", "type"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("请填写。"))
        return cleaned

    @classmethod
    def initial_of(cls, asked: Data) -> Data:
        listed = asked.get("options")
        own = "" if isinstance(listed, str) else "\n".join(_option_line(option) for option in listed or ())
        shown = {name: asked.get(name) for name in ("key", "name", "name_en", "type", "required")}
        return shown | {"options": listed if isinstance(listed, str) else "", "own": own}

    def value(self) -> Data | None:
        given = self.cleaned_data
        if not given.get("key"):
            return None
        own = [_option(line) for line in given["own"].splitlines() if line.strip()]
        names = ("key", "type", "name", "name_en", "required")
        return kept({name: given[name] for name in names} | {"options": given["options"] or own})


class EffectForm(forms.Form):
    """Something a move does to the case."""

    effect = forms.ChoiceField(label=lazy("办的事"), choices=choices(EFFECT_WORDS), required=False)

    @classmethod
    def initial_of(cls, effect: str) -> Data:
        return {"effect": effect}

    def value(self) -> str | None:
        return self.cleaned_data.get("effect") or None


class HeadForm(forms.Form):
    """The process itself."""

    name = forms.CharField(label=lazy("流程名称"), max_length=40)
    name_en = forms.CharField(label=lazy("英文名称"), max_length=80, required=False)
    start = forms.ChoiceField(label=lazy("从哪个状态开始"))

    def __init__(self, *args: Any, states: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["start"].choices = states  # type: ignore[attr-defined]


def kept(data: Data) -> Data:
    """Without what was left empty."""
    return {name: value for name, value in data.items() if value not in (None, "", False, [])}


def _limit_parts(text: str | None) -> tuple[int | None, str]:
    if not text:
        return None, "work_hour"
    try:
        found = Duration.parse(text)
    except ValueError:
        return None, "work_hour"
    return found.amount, found.unit.value


def _option(line: str) -> Data:
    value, _space, rest = line.strip().partition(" ")
    name, _slash, name_en = rest.partition(" / ")
    return kept({"value": value, "name": name.strip() or value, "name_en": name_en.strip()})


def _option_line(option: Data) -> str:
    english = f" / {option['name_en']}" if option.get("name_en") else ""
    return f"{option['value']} {option['name']}{english}"
