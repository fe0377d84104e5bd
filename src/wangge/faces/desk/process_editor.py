"""One state or move of a draft, being edited: its form and rows together, read into data again."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from wangge.domain.cases.models import ProcessDraft
from wangge.domain.cases.services.drafts import mark, problems_of
from wangge.engines.flow import Definition, DefinitionError, Element, editing
from wangge.faces.desk.forms.process import (
    AskForm,
    Choices,
    Data,
    EffectForm,
    ElementForm,
    MoveForm,
    StateForm,
    TimerForm,
    WayForm,
    WhoForm,
    kept,
)
from wangge.faces.desk.process_vocabulary import EFFECT_WORDS
from wangge.faces.desk.process_words import ProblemRow, problem_rows
from wangge.platform.given import whole

# Empty rows that wait at the end of each list, and how many rows one may have.
EXTRA = 1
MOST_ROWS = 40
NEW = "new"


class Editor:
    """`data` is what was sent, None when the page is only opened. `element.key` is NEW for one to be added."""

    def __init__(self, draft: ProcessDraft, element: Element, data: QueryDict | None = None) -> None:
        self.draft, self.element, self.data = draft, element, data
        self.present = None if self.is_new else editing.find(draft.data, element)
        self.part = next(
            (row for row in draft.data.get("branches", ()) if row["key"] == element.branch), draft.data
        )
        shown = self.present or {}
        make = self._state_forms if element.kind == "state" else self._move_forms
        self.form, self.rows = make(shown)

    @property
    def is_new(self) -> bool:
        return self.element.key == NEW

    @property
    def name(self) -> str:
        return str(self.present["name"]) if self.present else ""

    def _form(self, kind: type[ElementForm], initial: Data, **options: Any) -> Any:
        taken = {row["key"] for row in self.part[f"{self.element.kind}s"]} | {NEW}
        initial = initial | {"was": mark(self.present)}
        return kind(self.data, initial=initial, new=self.is_new, taken=taken, **options)

    def _state_forms(self, shown: Data) -> tuple[Any, dict[str, Any]]:
        initial = StateForm.initial_of(shown) if shown else {}
        form = self._form(StateForm, initial, branch=bool(self.element.branch))
        moves: Choices = [
            (f"move:{move['key']}", _("自动“%(move)s”") % {"move": move["name"]})
            for move in self.part["moves"]
            if "system" in move["who"]
        ]
        held = [timer["do"] for timer in shown.get("timers", ()) if "do" in timer]
        effects = dict.fromkeys(("remind", "escalate", *held))
        whats: Choices = [(f"do:{name}", EFFECT_WORDS.get(name, name)) for name in effects]
        return form, {"timers": self._rows(TimerForm, "timers", shown.get("timers", []), whats=whats + moves)}

    def _move_forms(self, shown: Data) -> tuple[Any, dict[str, Any]]:
        initial = MoveForm.initial_of(shown) if shown else {"tone": "normal"}
        states: Choices = [(state["key"], state["name"]) for state in self.part["states"]]
        branches: Choices = [(row["key"], row["name"]) for row in self.draft.data.get("branches", ())]
        form = self._form(MoveForm, initial, states=states, branches=[] if self.element.branch else branches)
        ways = shown.get("to", [])
        ways = [{"to": ways}] if isinstance(ways, str) else ways
        return form, {
            "ways": self._rows(WayForm, "ways", ways, states=states),
            "who": self._rows(WhoForm, "who", shown.get("who", [])),
            "ask": self._rows(AskForm, "ask", shown.get("ask", [])),
            "effects": self._rows(EffectForm, "effects", shown.get("effects", [])),
        }

    def _rows(self, kind: Any, prefix: str, values: list[Any], **options: Any) -> Any:
        formset = forms.formset_factory(
            kind, extra=EXTRA, can_delete=True, max_num=MOST_ROWS, absolute_max=MOST_ROWS
        )
        initial = [kind.initial_of(value) for value in values]
        data = self._with_more(prefix) if self.data is not None else None
        return formset(data, initial=initial, prefix=prefix, form_kwargs=options)

    def _with_more(self, prefix: str) -> QueryDict:
        """What was sent, with one more row where "another row" was pressed."""
        assert self.data is not None
        if self.data.get("more") != prefix:
            return self.data
        more = self.data.copy()
        count = more.get(f"{prefix}-TOTAL_FORMS", "0")
        more[f"{prefix}-TOTAL_FORMS"] = str(min((whole(count) or 0) + 1, MOST_ROWS))
        return more

    @cached_property
    def is_valid(self) -> bool:
        return all([self.form.is_valid(), *(rows.is_valid() for rows in self.rows.values())])

    def target(self) -> Element:
        """The element that is saved: a new one by the code that was typed. Only when valid."""
        key = self.form.cleaned_data["key"] if self.is_new else self.element.key
        return Element(self.element.branch, self.element.kind, key)

    def value(self) -> Data:
        """The element's data as it was filled in. Only when valid."""
        value: Data = {"key": self.target().key} | self.form.value()
        if self.element.kind == "state":
            return value | kept({"timers": self._values("timers")})
        ways = self._values("ways")
        to = ways[0]["to"] if len(ways) == 1 and "when" not in ways[0] else ways
        value |= {"to": to, "who": self._values("who")}
        return value | kept({"ask": self._values("ask"), "effects": self._values("effects")})

    def _values(self, prefix: str) -> list[Any]:
        rows = [form for form in self.rows[prefix] if not form.cleaned_data.get("DELETE")]
        return [value for form in rows if (value := form.value()) is not None]

    def would_be(self) -> Data:
        """The draft's data with this element as it is filled in; as it stands while that cannot be read."""
        if self.data is None or not self.is_valid:
            return dict(self.draft.data)
        data = editing.put(self.draft.data, self.target(), self.value())
        try:
            return Definition.from_data(data).to_data()
        except DefinitionError:
            return data

    def problems(self) -> list[ProblemRow]:
        """What a check finds in the draft with this element as it is filled in."""
        data = self.would_be()
        return problem_rows(data, problems_of(data))

    def own_problems(self) -> dict[str, list[ProblemRow]]:
        """Problems in this very element by the field they belong to: to, when, who …"""
        if self.is_new and (self.data is None or not self.is_valid):
            return {}
        here = self.target() if self.data is not None and self.is_valid else self.element
        found: dict[str, list[ProblemRow]] = {}
        for row in self.problems():
            if row.element == here:
                found.setdefault(_field_of(row.problem.where), []).append(row)
        return found


def _field_of(where: str) -> str:
    """The field of an element that a path lies in: moves[3].to[1].when > to."""
    inner = where.removeprefix("branches[").partition("].")[2] if where.startswith("branches[") else where
    inner = inner.partition("].")[2]
    return inner.partition("[")[0].partition(".")[0]
