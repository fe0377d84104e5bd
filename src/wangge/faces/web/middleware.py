"""Headers on every answer, and the actor's scope around every view."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import SimpleTemplateResponse
from django.urls import reverse

from wangge.domain.access.actor import AnyActor, Public
from wangge.domain.access.queries import actor_of
from wangge.domain.access.scope import acting_as
from wangge.faces.web import gates
from wangge.faces.web.refusals import ask_to_confirm, ask_to_sign_in, go_to, refusal
from wangge.platform import clock
from wangge.platform.errors import WanggeError


def content_policy(pictures: Iterable[str] = ()) -> str:
    """What a page may load: ours alone, and the hosts of the city's own map pictures where there are any."""
    parts = [urlsplit(address) for address in pictures]
    hosts = "".join(sorted({f" {part.scheme}://{part.netloc}" for part in parts if part.netloc}))
    rules = [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        f"img-src 'self' data: blob:{hosts}",
        # A phone plays what was just recorded.
        "media-src 'self' blob:",
        "worker-src 'self' blob:",
        f"connect-src 'self'{hosts}",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    ]
    return "; ".join(rules)


CSP = content_policy(settings.MAP_PICTURES)


# A browser's page asks with these alone; a view must not take another method for a GET.
_PAGE_METHODS = ("GET", "HEAD", "POST")


class SecurityHeaders:
    """Strict content policy; pages of staff are never kept by a cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class ActorScope:
    """Runs the view inside the scope of who asks: one transaction, rolled back if the view raises.

    Everything under the staff's addresses needs a signed-in member of staff, except views marked with
    Django's `login_not_required`. Who must first choose a password or a second step has no rights before.
    A domain error becomes a page in plain words. A view marked `own_scope` (the API) opens its scope itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: Any, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if getattr(view, "own_scope", False):
            return None
        if _is_page(request) and request.method not in _PAGE_METHODS:
            return HttpResponseNotAllowed(_PAGE_METHODS)
        request.actor = actor_for(request)
        staff_only = for_staff(request, view)
        if isinstance(request.actor, Public) and staff_only:
            return ask_to_sign_in(request)
        if due := gates.first(request, request.actor):
            page, open_pages = due
            if staff_only and request.resolver_match.view_name not in open_pages:
                return go_to(request, reverse(page))
            if not staff_only:
                request.actor = Public()
        try:
            with acting_as(request.actor):
                response = view(request, *args, **kwargs)
                # A page that draws itself later would do so outside the scope.
                return response.render() if isinstance(response, SimpleTemplateResponse) else response
        except ReauthenticationRequired:
            return ask_to_confirm(request)
        except WanggeError as error:
            return refusal(request, error)


def _is_page(request: HttpRequest) -> bool:
    """Whether the address belongs to people and their browsers, not to programs."""
    match = request.resolver_match
    return match is not None and match.app_names[:1] in (["desk"], ["portal"], ["maps"])


def for_staff(request: HttpRequest, view: Callable[..., HttpResponse]) -> bool:
    """Whether a view is closed to anybody who has not signed in."""
    match = request.resolver_match
    return match is not None and match.route.startswith("desk/") and getattr(view, "login_required", True)


def actor_for(request: Any) -> AnyActor:
    """The signed-in member of staff with today's posts, or anybody."""
    user = request.user
    return actor_of(user, clock.today()) if user.is_authenticated else Public()
