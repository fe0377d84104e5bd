"""The door of the API: what may come in, whose token it is, and the scope around each operation."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from wangge.domain.access.scope import acting_as
from wangge.domain.exchange.services.calls import Caller, NotKnown, caller_of, count_call, note_refusal
from wangge.faces.api.problems import problem
from wangge.faces.web.address import address_of
from wangge.faces.web.uploads import RETRY_S, why_not_taken
from wangge.platform.errors import NotAllowed

# Six photos of 2 MB in base64 and the words.
MOST_BYTES = 20 * 1024 * 1024
View = Callable[..., HttpResponse]


class ClientToken(HttpBearer):
    """The token of a client, with the scope that the operation asks for. Cookies and sessions count for nothing."""

    def __init__(self, scope: str, operation: str) -> None:
        super().__init__()
        self.scope, self.operation = scope, operation

    def __call__(self, request: HttpRequest) -> Caller:
        kind, _space, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise NotKnown(_("请在请求头里写 Authorization: Bearer 访问令牌。"), "no_token")
        return self.authenticate(request, token.strip())

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """The caller; raises NotKnown, TooMany or NotAllowed."""
        caller = caller_of(token, address_of(request))
        request.caller = caller, self.operation  # type: ignore[attr-defined]
        count_call(caller, self.operation)
        if self.scope not in caller.scopes:
            text = _("这个令牌没有“%(scope)s”权限，请联系平台管理员。") % {"scope": self.scope}
            raise NotAllowed(text, "scope")
        return caller


def in_scope(view: Callable[..., Any]) -> Callable[..., Any]:
    """The operation inside the client's scope: one transaction, rolled back if it raises."""

    @wraps(view)
    def run(request: Any, *words: Any, **named: Any) -> Any:
        with acting_as(request.auth.actor):
            return view(request, *words, **named)

    return run


def door(view: View) -> View:
    """Wraps each address of the API: bounds on the body before, one form of refusal after."""

    @wraps(view)
    def enter(request: Any, *words: Any, **named: Any) -> HttpResponse:
        response = _refuse_body(request) or view(request, *words, **named)
        if response.status_code == 405:
            text, allowed = _("这个地址不支持这种方法。"), response.headers.get("Allow", "")
            response = problem(405, text, "method", headers={"Allow": allowed})
        known = getattr(request, "caller", None)
        if known and response.status_code >= 400:
            caller, operation = known
            note_refusal(caller, operation, response.status_code)
        return response

    enter.csrf_exempt = True  # type: ignore[attr-defined]
    enter.own_scope = True  # type: ignore[attr-defined]
    return enter


def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    return problem(404, _("API 没有这个地址。"), "no_such_address")


def _refuse_body(request: Any) -> HttpResponse | None:
    """A body of unknown length would look empty to Django; a large one is not read at all."""
    if request.method != "POST":
        return None
    stated = request.META.get("CONTENT_LENGTH") or ""
    if not stated and request.headers.get("Transfer-Encoding"):
        return problem(411, _("请写明 Content-Length，不支持分块传送。"), "no_length")
    if error := why_not_taken(request):
        headers = {"Retry-After": str(RETRY_S)} if error.status == 503 else None
        return problem(error.status, error.text, error.code, headers=headers)
    length = int(stated) if stated.isdecimal() else 0
    if length > MOST_BYTES:
        text = _("一次最多发送 %(most)d MB。") % {"most": MOST_BYTES // 1024 // 1024}
        return problem(413, text, "too_large")
    if length and request.content_type != "application/json":
        return problem(415, _("请用 application/json 发送。"), "not_json_type")
    # Photos make a body larger than Django's own bound on forms, which `body` would hold it to.
    request._body = request.read(length) if length else b""
    return None
