"""The search box: a number goes to its case, anything else to what holds the words; phones are asked for apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.access.actor import Actor
from wangge.domain.access.policy import may_administer
from wangge.domain.access.queries import units_over, users_found
from wangge.domain.cases.queries import lists
from wangge.domain.cases.services.phones import cases_of_phone, may_search_phones
from wangge.domain.catalogue.queries import REPORTED_KINDS, matters_found
from wangge.domain.places.queries import areas_named
from wangge.faces.desk.forms import errors
from wangge.faces.desk.frame import holds_cases
from wangge.faces.desk.rows import Row, rows
from wangge.platform import clock
from wangge.platform.errors import WanggeError
from wangge.platform.language import named

MOST_CASES = 10
MOST = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """A line of another group than cases: what was found, what it is, where it leads."""

    title: str
    about: str
    url: str


class PhoneForm(forms.Form):
    """Sent by POST: a phone never stands in an address."""

    ending = forms.CharField(
        label=gettext_lazy("电话号码的最后 4 至 11 位"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy("只查等您回访的案件。每查到一件都会记录，上报人能看到。"),
    )


@require_safe
def search(request: Any) -> HttpResponse:
    """What holds the words, by kind (at most 4 statements beside the frame's)."""
    words = request.GET.get("q", "").strip()[:60]
    if words and (case_id := lists.numbered(words)):
        return redirect("desk:case", case_id)
    found = _cases(request.actor, words) if words else []
    groups = _groups(request.actor, words) if words else []
    context = {
        "words": words,
        "cases": found[:MOST_CASES],
        "more": len(found) > MOST_CASES,
        "groups": groups,
        "phone": PhoneForm() if may_search_phones(request.actor) else None,
    }
    return render(request, "desk/search.html", context)


@require_POST
def phones(request: Any) -> HttpResponse:
    """Cases that wait for my call, by the end of the phone; the answer has no address of its own."""
    form = PhoneForm(request.POST)
    context: dict[str, Any] = {"phone": form, "asked": True}
    status = 422
    if form.is_valid():
        try:
            found = cases_of_phone(request.actor, form.cleaned_data["ending"])
        except WanggeError as refusal:
            if refusal.status == 403:
                raise
            errors.show(form, refusal)
        else:
            status = 200
            if found.refused:
                errors.show(form, found.refused)
                status = found.refused.status
            context["cases"] = rows(found.cases, clock.now())
    return render(request, "desk/search.html", context, status=status)


def _cases(actor: Actor, words: str) -> list[Row]:
    if not holds_cases(actor):
        return []
    return rows(lists.page_of(actor, lists.Filters(words=words), 1).cases, clock.now())


def _groups(actor: Actor, words: str) -> list[tuple[str, list[Hit]]]:
    """The other groups that hold something: (name, lines). An administrator is led to the page of each thing."""
    edits = may_administer(actor)
    areas = areas_named(words, [post.area_path for post in actor.posts], most=MOST)
    matters = matters_found(words)
    if not edits:
        # Classes of facilities have no cases.
        matters = matters.filter(enabled=True, kind__in=REPORTED_KINDS)
    units = [unit for unit in units_over(actor) if words in unit.name or words in unit.short_name][:MOST]
    groups = [
        (
            _("区划"),
            [Hit(a.name, _parent(a), _to("area", a.pk, edits, "area", str(a.pk))) for a in areas],
        ),
        (
            _("事项"),
            [
                Hit(
                    named(m),
                    f"{m.code} {named(m, 'group_name')}",
                    _to("matter", m.pk, edits, "words", m.name),
                )
                for m in matters[:MOST]
            ],
        ),
        (
            _("单位"),
            [
                Hit(u.name, str(u.get_kind_display()), _to("unit", u.pk, edits, "unit", str(u.pk)))
                for u in units
            ],
        ),
    ]
    if edits:
        groups.append((_("账号"), list(_people(words))))
    return [(name, hits) for name, hits in groups if hits]


def _people(words: str) -> Iterable[Hit]:
    return (
        Hit(user.name, user.username, reverse("desk:user", args=[user.pk]))
        for user in users_found(words)[:MOST]
    )


def _parent(area: Any) -> str:
    return str(area.parent.name) if area.parent else ""


def _to(page: str, pk: int, edits: bool, field: str, value: str) -> str:
    """The thing's own page, or the list of its cases."""
    return (
        reverse(f"desk:{page}", args=[pk])
        if edits
        else f"{reverse('desk:cases')}?{urlencode({field: value})}"
    )
