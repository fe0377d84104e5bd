"""Making a move: the form with just the fields it needs, and carrying it out."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from wangge.domain.cases.models import Case, Support
from wangge.domain.cases.queries.page import CasePage, InHand, case_page, in_hand
from wangge.domain.cases.queries.single import visible
from wangge.domain.cases.services import contacts, move, move_support
from wangge.engines.flow import Move, OpenMove
from wangge.faces.desk import matters
from wangge.faces.desk.forms import errors
from wangge.faces.desk.forms.moves import MoveForm
from wangge.faces.desk.history import Entry, entries
from wangge.faces.web.refusals import is_htmx
from wangge.platform.errors import Conflict, NotAllowed, NotFound, WanggeError
from wangge.platform.language import named

_NO_MOVE = gettext_lazy("现在没有这一步可办，案件可能已有新的进展。")


@require_http_methods(["GET", "POST"])
def make(request: Any, case_id: int, key: str) -> HttpResponse:
    """The form of a move of the case; a POST makes it, or with `look` only lists what was searched."""
    action = reverse("desk:move", args=[case_id, key])
    if request.method == "POST" and "look" not in request.POST:
        hand = in_hand(request.actor, case_id)
        if not hand.definition.has_move(key):
            raise NotFound(_NO_MOVE)
        return _carry_out(request, hand, hand.definition.move(key), action)
    page = case_page(request.actor, case_id)
    found = _open(page.moves, key)
    form = MoveForm(found.move, page.case, begun=request.POST.dict())
    return _form(request, page, form, found.move, action)


@require_http_methods(["GET", "POST"])
def make_support(request: Any, support_id: int, key: str) -> HttpResponse:
    """The same for a supporting unit's share."""
    share = Support.objects.filter(pk=support_id).first()
    if share is None:
        raise NotFound(_NO_MOVE)
    page = case_page(request.actor, share.case_id)
    found = _open(page.support_moves[support_id], key)
    action = reverse("desk:support-move", args=[support_id, key])
    if request.method == "GET":
        return _form(request, page, MoveForm(found.move, page.case), found.move, action)
    form = MoveForm(found.move, page.case, request.POST, request.FILES)
    if form.is_valid():
        try:
            move_support(request.actor, support_id, key, form.values())
            return _done(request, page.case, found.move)
        except WanggeError as error:
            errors.show(form, error)
    return _form(request, page, form, found.move, action, status=422)


def _carry_out(request: Any, page: InHand, asked: Move, action: str) -> HttpResponse:
    form = MoveForm(asked, page.case, request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, page, form, asked, action, status=422)
    case_id = page.case.pk
    try:
        move(
            request.actor,
            case_id,
            asked.key,
            form.values(),
            version=form.cleaned_data["version"],
            images=form.images(),
        )
    except (Conflict, NotAllowed) as error:
        # Read anew: the other person may have been first between our reading and our writing.
        return _overtaken(request, case_page(request.actor, case_id), form, asked, action, error)
    except WanggeError as error:
        errors.show(form, error)
        return _form(request, page, form, asked, action, status=422)
    return _done(request, page.case, asked)


def _open(moves: list[OpenMove], key: str) -> OpenMove:
    """The move, if it is the reader's and open now."""
    found = next((found for found in moves if found.move.key == key), None)
    if found is None:
        raise NotFound(_NO_MOVE)
    if not found.open:
        raise NotAllowed(named(found, "why"))
    return found


def _overtaken(
    request: Any, page: CasePage, form: MoveForm, asked: Move, action: str, error: WanggeError
) -> HttpResponse:
    """Somebody was first: what happened meanwhile, and the person's words to send again or to copy."""
    seen = form.cleaned_data["version"]
    news = [event for event in page.events if event.seq > seen]
    errors.show(form, error)
    form.see(page.case.version)
    still = any(found.move.key == asked.key and found.open for found in page.moves)
    meanwhile = entries(page.definition, page.case, news, [])
    return _form(request, page, form, asked, action, 422, meanwhile=meanwhile, still_open=still)


def _form(
    request: Any,
    page: CasePage | InHand,
    form: MoveForm,
    asked: Move,
    action: str,
    status: int = 200,
    meanwhile: list[Entry] | None = None,
    still_open: bool = True,
) -> HttpResponse:
    matter, condition = form.value("matter"), form.value("condition")
    context = {
        "case": page.case,
        "state": page.state,
        "move": asked,
        "form": form,
        "action": action,
        "back": reverse("desk:case", args=[page.case.pk]),
        "meanwhile": meanwhile or [],
        "still_open": still_open,
        "photos_lost": form.is_bound and bool(form.files),
    }
    if "matter" in form.fields:
        context |= matters.options(request.POST.get("matter_words", ""), matter) | matters.condition_options(
            matter, condition
        )
    if "unit" in form.fields:
        context["suggestion"] = matters.suggestion(page.case, matter)
    template = "desk/parts/move_dialog.html" if is_htmx(request) else "desk/move.html"
    return render(request, template, context, status=status)


def _done(request: Any, case: Case, asked: Move) -> HttpResponse:
    text = _("已办：%(move)s") % {"move": named(asked)}
    if _is_on_a_list(request):
        # The dialog goes, the list stays: the browser marks the row and goes on to the next.
        told = {"case": case.pk, "text": text}
        return trigger_client_event(HttpResponse(), "wangge:moved", told, after="settle")
    messages.success(request, text)
    url = reverse("desk:case", args=[case.pk])
    # After the move the case may belong to somebody else alone.
    if not visible(request.actor, case.pk):
        url = reverse("desk:work")
    return HttpResponseClientRedirect(url) if is_htmx(request) else redirect(url)


def _is_on_a_list(request: Any) -> bool:
    """Whether the dialog stands over a list, and not on the page of the case."""
    if not is_htmx(request):
        return False
    path = urlsplit(request.htmx.current_url_abs_path or "").path
    return path in (reverse("desk:work"), reverse("desk:cases"))


@require_safe
def matter_options(request: Any) -> HttpResponse:
    """Fragment: matters to choose from for the words typed."""
    context = matters.options(request.GET.get("matter_words", "").strip(), request.GET.get("matter", ""))
    return render(request, "desk/parts/matter_options.html", context)


@require_safe
def condition_options(request: Any, case_id: int | None = None) -> HttpResponse:
    """Fragment: conditions of the matter just chosen, and the likely unit where the form asks for one."""
    matter = request.GET.get("matter", "")
    context = matters.condition_options(matter, "")
    case = get_object_or_404(Case.objects.select_related("matter"), pk=case_id) if case_id else None
    if case and "unit" in request.GET:
        context["suggestion"] = matters.suggestion(case, matter)
        context["suggests"] = True
    return render(request, "desk/parts/condition_options.html", context)


@require_POST
def unmask(request: Any, case_id: int) -> HttpResponse:
    """The reporter's contact in full, once, with the purpose written down; only where policy lets the actor."""
    shown = contacts.unmask(request.actor, case_id, request.POST.get("purpose", ""))
    if is_htmx(request):
        return render(request, "desk/parts/contact_shown.html", {"contact": shown})
    back = reverse("desk:case", args=[case_id])
    return render(request, "desk/contact.html", {"contact": shown, "back": back})
