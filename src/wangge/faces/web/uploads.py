"""What is said when a request sends too much, or too slowly."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from wangge.faces.serving.bodies import FULL, LARGE, MOST_BYTES, REFUSED, SLOW
from wangge.faces.web.refusals import refusal
from wangge.platform.errors import WanggeError
from wangge.platform.given import whole

_STATUS = {SLOW: 408, LARGE: 413, FULL: 503}
_WORDS: dict[str, str | Promise] = {
    SLOW: gettext_lazy("网络太慢，内容没有传完，没有提交。请到信号好的地方，或减少照片后再试。"),
    LARGE: gettext_lazy("一次上传的内容太大（最多 64 MB），没有提交。请返回，减少照片后再试。"),
    FULL: gettext_lazy("同时上传的人太多，没有提交。请过一分钟再试。"),
}
RETRY_S = 60


class BodyNotTaken(WanggeError):
    """The body was not read to its end: too slow, too large, or no room for it."""

    def __init__(self, why: str) -> None:
        super().__init__(_WORDS[why], f"body_{why}")
        self.status = _STATUS[why]


def why_not_taken(request: HttpRequest) -> BodyNotTaken | None:
    """What was wrong with the body; before anything of it is read."""
    if (whole(request.META.get("CONTENT_LENGTH")) or 0) > MOST_BYTES:
        return BodyNotTaken(LARGE)
    return BodyNotTaken(request.META[REFUSED]) if REFUSED in request.META else None


class UploadBound:
    """Refuses a request whose body was not taken, before the check for CSRF would read it. The API does so itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: Any, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        error = None if getattr(view, "own_scope", False) else why_not_taken(request)
        return refusal(request, error) if error else None
