"""Error pages in plain words."""

import sys
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.faces.web.build import FrontEndNotBuilt

_TOO_MUCH: dict[type[Exception], str | Promise] = {
    RequestDataTooBig: gettext_lazy("一次提交的文字太多，没有保存。请返回，分几次提交。"),
    TooManyFieldsSent: gettext_lazy("一次提交的字段太多，没有保存。请返回，分几次提交。"),
    TooManyFilesSent: gettext_lazy("一次提交的文件太多，没有保存。请返回，减少文件后再试。"),
}


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """What no view could read. It has no links of ours: the host of the request may be none of our names."""
    text = _TOO_MUCH.get(type(exception), _("请求读不懂，没有保存任何内容。请返回，刷新页面后再试。"))
    return HttpResponse(str(text), content_type="text/plain; charset=utf-8", status=400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    not_built = isinstance(sys.exc_info()[1], FrontEndNotBuilt)
    return render(request, "web/not_built.html" if not_built else "500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "csrf.html", status=403)
