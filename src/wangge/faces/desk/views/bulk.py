"""One move in many cases: chosen on a list, looked over, made, and what came of it."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from wangge.domain.access.models import Unit
from wangge.domain.bulk import queries, services
from wangge.domain.bulk.rules import MOST, Wanted
from wangge.domain.cases.inputs import LONGEST_LONG_TEXT, LONGEST_TEXT
from wangge.domain.cases.models import Case
from wangge.domain.cases.queries.lists import Filters
from wangge.engines.flow import Move
from wangge.faces.desk.forms import errors
from wangge.faces.desk.words import case_title
from wangge.platform.errors import NotAllowed, WanggeError
from wangge.platform.language import named


class ChoiceForm(forms.Form):
    """What decides the preview: the unit for all, or the case that the others go into."""

    def __init__(self, key: str, cases: Sequence[Case], units: Sequence[Unit], data: Any) -> None:
        super().__init__(data)
        if key == "dispatch":
            by_list = ("", _("各案按责任清单"))
            choices: list[Any] = [by_list, *((str(unit.pk), unit.name) for unit in units)]
            self.fields["unit"] = forms.ChoiceField(label=_("主办单位"), required=False, choices=choices)
        if key == "merge":
            choices = [(str(case.pk), f"{case.number} · {case_title(case)[:24]}") for case in cases]
            self.fields["into"] = forms.ChoiceField(
                label=_("并入哪一件"), required=False, choices=[("", _("请选择")), *choices]
            )

    def chosen(self, name: str) -> int | None:
        value = self.cleaned_data.get(name, "") if self.is_valid() else ""
        return int(value) if value else None


class SendForm(forms.Form):
    """The words for all cases, and for each its id, version and own value as the preview showed them.

    `shown` is the choice that the preview was made with.
    """

    key = forms.UUIDField(widget=forms.HiddenInput)
    note = forms.CharField(label=gettext_lazy("说明"), required=False, max_length=LONGEST_TEXT)

    def __init__(self, move: Move, data: Any = None) -> None:
        super().__init__(data, initial={"key": uuid.uuid4()})
        asked = next((field for field in move.ask if field.key == "note"), None)
        if asked is None:
            del self.fields["note"]
            return
        if asked.type == "long_text":
            area = forms.Textarea(attrs={"rows": 3, "data-count": True})
            self.fields["note"] = forms.CharField(max_length=LONGEST_LONG_TEXT, widget=area)
        self.fields["note"].label = named(asked)
        self.fields["note"].required = asked.required

    def words(self) -> dict[str, str]:
        note = self.cleaned_data.get("note", "")
        return {"note": note} if note else {}


@require_http_methods(["GET", "POST"])
def preview(request: Any, key: str) -> HttpResponse:
    """What would come of the move in each case of the address; a POST asks for it to be made."""
    move = next((found for found in queries.moves_for(request.actor) if found.key == key), None)
    if move is None:
        raise NotAllowed(_("您没有可以批量办这一步的岗位。"))
    if "list" in request.GET:
        return redirect(f"{request.path}?{_of_list(request)}")
    cases = queries.chosen_cases(_ids(request.GET.getlist("case")))
    units = queries.units_for(cases) if key == "dispatch" else []
    choice = ChoiceForm(key, cases, units, request.GET)
    form = SendForm(move, request.POST if request.method == "POST" else None)
    sent = request.POST.getlist("line")
    if request.method == "POST" and form.is_valid():
        try:
            wanted = [_wanted(key, text) for text in sent]
            run = services.start(request.actor, form.cleaned_data["key"], key, wanted, form.words())
            return redirect("desk:bulk-run", run.pk)
        except WanggeError as error:
            errors.show(form, error)
    into = next((case for case in cases if case.pk == choice.chosen("into")), None)
    unit = next((unit for unit in units if unit.pk == choice.chosen("unit")), None)
    lines = [(line, _value(line)) for line in queries.preview(request.actor, key, cases, unit, into)]
    context = {
        "move": move,
        "cases": cases,
        "choice": choice,
        "form": form,
        "lines": [(line, value, not sent or value in sent) for line, value in lines],
        "able": sum(1 for line, _v in lines if line.wanted),
        "waits_for_choice": key == "merge" and into is None,
        "back": _back(request),
        "most": MOST,
        "cut": len(request.GET.getlist("case")) > MOST,
    }
    status = 422 if form.errors else 200
    return render(request, "desk/bulk.html", context, status=status)


@require_safe
def run(request: Any, run_id: int) -> HttpResponse:
    """What came of it, case by case; while the worker is at it, only the part that changes is asked for again."""
    found = queries.result(run_id)
    context = {
        "result": found,
        "move": found.move,
        "done": found.counts[True],
        "refused": found.counts[False],
        "waiting": found.counts[None],
        "through": found.counts[True] + found.counts[False],
        "total": len(found.outcomes),
    }
    template = "desk/parts/bulk_result.html" if request.htmx else "desk/bulk_run.html"
    return render(request, template, context)


def _of_list(request: Any) -> str:
    """The address's words with every case of the list that it names instead of the list."""
    words = request.GET.copy()
    filters = Filters.from_query(QueryDict(words.pop("list")[0]))
    words.setlist("case", queries.ids_of_list(request.actor, filters))
    return str(words.urlencode())


def _ids(texts: Sequence[str]) -> list[int]:
    return [int(text) for text in texts if text.isdecimal() and len(text) < 19]


def _value(line: queries.Line) -> str:
    """A line as its checkbox carries it: id:version:own value."""
    if line.wanted is None:
        return ""
    own = next(iter(line.wanted.data.values()), "")
    return f"{line.wanted.case_id}:{line.wanted.version}:{own}"


_OWN = {"dispatch": "unit", "merge": "into"}


def _wanted(key: str, text: str) -> Wanted:
    """What `_value` wrote; nonsense is a case that does not exist, which the run then says."""
    case_id, _sign, rest = text.partition(":")
    version, _sign, own = rest.partition(":")
    pk, seen = (*_ids([case_id]), 0)[0], (*_ids([version]), 0)[0]
    name = _OWN.get(key)
    return Wanted(pk, seen, {name: own[:40]} if name else {})


def _back(request: Any) -> str:
    """The list it was chosen on."""
    return reverse("desk:work") if request.GET.get("from") == "work" else reverse("desk:cases")
