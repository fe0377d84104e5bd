"""Saved views: tabs above the list of cases, and the page where one saves, renames and removes them."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.access.actor import Actor
from wangge.domain.access.queries import posts_today
from wangge.domain.cases.queries.lists import Filters
from wangge.domain.office import queries
from wangge.domain.office.models import SavedView
from wangge.domain.office.services import views as services
from wangge.faces.desk.admin_pages import ServiceForm, asked_id, done, posted
from wangge.faces.desk.forms import errors
from wangge.platform.errors import Invalid, NotFound


class NameForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("名称"), max_length=services.LONGEST_NAME)


class SaveForm(ServiceForm, NameForm):
    """A name, and whether colleagues of a unit see it too."""

    unit_id = forms.TypedChoiceField(
        label=gettext_lazy("谁能用"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        units = {post.unit.pk: post.unit.name for post in posts_today(actor) if post.unit}
        shared = [(pk, _("我和 %(unit)s 的同事") % {"unit": name}) for pk, name in units.items()]
        self.fields["unit_id"].choices = [("", _("只有我")), *shared]  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Line:
    """A view on the page of views; `count` only where it was asked for."""

    view: SavedView
    mine: bool
    first: bool
    rename: NameForm | None
    count: int | None


@require_safe
def tabs(request: Any) -> HttpResponse:
    """The tabs of the list whose address is given, fetched by the list itself."""
    query, found = present(request.GET), queries.saved_views(request.actor)
    context = {
        "views": found,
        "query": query,
        "new": query and all(view.address != query for view in found),
        "me": request.actor.user_id,
    }
    return render(request, "desk/parts/view_tabs.html", context)


def views(request: Any) -> HttpResponse:
    """Everything about views; with filters in the address, they can be saved here."""
    query = present(request.GET)
    form = SaveForm(request.actor, posted(request)) if query or request.method == "POST" else None
    if form is not None and request.method == "POST":
        filters = dict(request.GET.items())
        if form.submit(lambda name, unit_id: services.save_view(request.actor, name, filters, unit_id)):
            text = _("视图已保存，以后在案件列表上方点一下就能打开。")
            return done(request, text, f"{reverse('desk:cases')}?{query}")
    return _page(request, form, query)


@require_POST
def act(request: Any, view_id: int, what: str) -> HttpResponse:
    """One button of the page: rename, remove, restore, first, plain."""
    here = reverse("desk:views")
    actor = request.actor
    if what == "rename":
        form = NameForm(request.POST, auto_id=f"v{view_id}-%s")
        if form.is_valid():
            try:
                services.rename_view(actor, view_id, form.cleaned_data["name"])
                return done(request, _("名称已改。"), here)
            except Invalid as refusal:
                errors.show(form, refusal)
        return _page(request, None, "", form, view_id)
    acts = {
        "remove": (services.remove_view, _("视图已删除，30 天内可以在本页恢复。")),
        "restore": (services.restore_view, _("视图已恢复。")),
        "first": (services.choose_first, _("以后打开案件列表，先显示这个视图。")),
        "plain": (services.choose_none, _("以后打开案件列表，显示全部案件。")),
    }
    if what not in acts:
        raise NotFound(_("没有这个操作。"))
    service, text = acts[what]
    try:
        service(actor, view_id)
    except Invalid as refusal:
        messages.error(request, refusal.text)
        return redirect(here)
    return done(request, text, here)


def present(given: Any) -> str:
    """The filters of an address in their own order, "" for none: two lists are the same when these are."""
    filters = Filters.from_query(given)
    return urlencode({name: value for name in Filters.__slots__ if (value := getattr(filters, name))})


def _page(
    request: Any, form: SaveForm | None, query: str, renamed: NameForm | None = None, view_id: int = 0
) -> HttpResponse:
    actor, wanted = request.actor, asked_id(request, "count")
    first = (request.user.first_view or {}).get("id")
    lines = [
        Line(
            view,
            mine=view.user_id == actor.user_id,
            first=view.pk == first,
            rename=_rename_form(view, renamed if view.pk == view_id else None)
            if view.user_id == actor.user_id
            else None,
            count=queries.counted(actor, view) if view.pk == wanted else None,
        )
        for view in queries.saved_views(actor)
    ]
    context = {
        "form": form,
        "query": query,
        "lines": lines,
        "removed": queries.removed_views(actor),
        "most": queries.MOST_IN_VIEW,
        "opened": view_id,
    }
    wrong = any(one is not None and one.errors for one in (form, renamed))
    return render(request, "desk/views.html", context, status=422 if wrong else 200)


def _rename_form(view: SavedView, sent: NameForm | None) -> NameForm:
    return sent or NameForm(initial={"name": view.name}, auto_id=f"v{view.pk}-%s")
