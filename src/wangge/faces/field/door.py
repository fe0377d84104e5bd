"""The door of the field app: who asks, in which scope, and one form of answer that a device can trust."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor
from wangge.domain.field.services.devices import is_revoked
from wangge.domain.field.services.keeping import Revoked
from wangge.faces.web import gates
from wangge.faces.web.middleware import actor_for
from wangge.faces.web.uploads import why_not_taken
from wangge.platform.errors import Invalid, WanggeError

View = Callable[..., HttpResponse]
# A device takes no answer without it: the sign-in page of a hotel's network answers 200 too.
OURS = "Wangge-Field"
# By it a phone names itself, so that a revoked one is told so when its session is over too.
DEVICE = "Wangge-Device"


def for_field(view: View) -> View:
    """A view for a signed-in member of staff: 401 as JSON for anybody else and while a gate is due, a domain error
    as JSON with its status, our header on every answer. The services that it calls open their own scopes, so that
    what one has kept stays when another fails."""

    @wraps(view)
    def enter(request: Any, *words: Any, **named: Any) -> HttpResponse:
        response = _answer(view, request, words, named)
        response.headers[OURS] = "1"
        return response

    enter.own_scope = True  # type: ignore[attr-defined]
    return enter


def _answer(view: View, request: Any, words: tuple[Any, ...], named: dict[str, Any]) -> HttpResponse:
    actor = actor_for(request)
    if not isinstance(actor, Actor) or gates.first(request, actor):
        return problem(Revoked()) if is_revoked(request.headers.get(DEVICE, "")) else signed_out()
    request.actor = actor
    if error := why_not_taken(request):
        return problem(error)
    try:
        return view(request, *words, **named)
    except WanggeError as error:
        return problem(error)


def signed_out() -> JsonResponse:
    return JsonResponse({"code": "signed_out", "text": _("请先登录，再继续同步。")}, status=401)


def problem(error: WanggeError) -> JsonResponse:
    """A domain error in words for the person, with the fields it names."""
    fields = error.fields if isinstance(error, Invalid) else {}
    return JsonResponse(
        {"code": error.code, "text": error.text, "fields": fields},
        status=error.status,
    )
