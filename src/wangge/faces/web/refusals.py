"""A domain error as an answer: a page in plain words, or one sentence for a fragment that htmx asked for."""

from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRedirect

from wangge.platform.errors import WanggeError

_HEADINGS = {
    403: gettext_lazy("现在不能这样办"),
    404: gettext_lazy("没有找到"),
    409: gettext_lazy("内容刚刚有变化"),
    429: gettext_lazy("操作太频繁"),
}


def refusal(request: HttpRequest, error: WanggeError) -> HttpResponse:
    """The error's own words with its status; nothing was changed."""
    if is_htmx(request):
        # 422 would be swapped into the page; a bare sentence belongs into the corner.
        status = 400 if error.status == 422 else error.status
        return HttpResponse(error.text, content_type="text/plain; charset=utf-8", status=status)
    heading = _HEADINGS.get(error.status, _("没有办成"))
    page = {"heading": heading, "text": error.text, "back": _came_from(request)}
    return render(request, "web/refused.html", page, status=error.status)


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and afterwards back to what was asked for."""
    if is_htmx(request):
        return HttpResponseClientRedirect(redirect_to_login(_came_from(request) or "/desk/").url)
    wanted = request.get_full_path() if request.method in ("GET", "HEAD") else _came_from(request)
    return redirect_to_login(wanted or "/desk/")


def ask_to_confirm(request: HttpRequest) -> HttpResponse:
    """To the page that asks again who is there, and afterwards back to the page, not to what was sent."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    way = methods[0]["url"] if methods else reverse("account_reauthenticate")
    back = request.get_full_path() if request.method == "GET" else _came_from(request) or reverse("mfa_index")
    return go_to(request, f"{way}?{urlencode({'next': back})}")


def go_to(request: HttpRequest, url: str) -> HttpResponse:
    """Lead the whole page there, also when only a fragment was asked for."""
    return HttpResponseClientRedirect(url) if is_htmx(request) else HttpResponseRedirect(url)


def is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def _came_from(request: HttpRequest) -> str:
    """The path of the page before, if it was one of ours."""
    referrer = urlsplit(request.headers.get("Referer", ""))
    if referrer.netloc != request.get_host() or (referrer.path == request.path and request.method == "GET"):
        return ""
    return f"{referrer.path}?{referrer.query}" if referrer.query else referrer.path
