"""The one place where texts from a browser are made fit to be kept."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from wangge.faces.web.refusals import refusal
from wangge.platform.errors import WanggeError
from wangge.platform.given import NUL, plain


class PlainWords:
    """Takes characters that nobody sees out of what was typed; refuses NUL, which only programs send.

    PostgreSQL cannot keep NUL. The API has its own patterns and refuses all of them.
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
        if NUL in request.path_info:
            raise Http404
        # Texts of a form come after CSRF's check: nothing is read for somebody who has no page of ours.
        for name in ("GET", "POST") if request.method == "POST" else ("GET",):
            given = getattr(request, name)
            if any(NUL in value for _key, values in given.lists() for value in values):
                text = _(
                    "内容里混有看不见的空字符，没有提交。请返回重新输入；从别处复制来的文字请先粘贴到记事本。"
                )
                return refusal(request, WanggeError(text))
            setattr(request, name, _plain(given))
        return None


def _plain(given: QueryDict) -> QueryDict:
    """The same, or a copy where something had to be taken out."""
    if not any(value != plain(value) for _key, values in given.lists() for value in values):
        return given
    cleaned = given.copy()
    for key, values in given.lists():
        cleaned.setlist(key, [plain(value) for value in values])
    return cleaned
