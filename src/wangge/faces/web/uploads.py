"""A bound on what one request may send, before anything of it is read."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wangge.platform.given import whole

# Six photos of 10 MB and the words.
MOST_BYTES = 64 * 1024 * 1024


class UploadBound:
    """Answers 413 to a request that is too large; without a stated length Django reads nothing of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/api/"):
            # Its own door is narrower, and refuses in its own form.
            return self.get_response(request)
        if (whole(request.META.get("CONTENT_LENGTH")) or 0) > MOST_BYTES:
            text = _("一次上传的内容太大（最多 64 MB），没有提交。请返回，减少照片后再试。")
            return HttpResponse(text, content_type="text/plain; charset=utf-8", status=413)
        return self.get_response(request)
