"""Recordings of cases: never from a public folder, always through the scope of who asks."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from wangge.domain.cases.models import Sound
from wangge.platform.errors import NotFound

_KEEP_SECONDS = 24 * 3600
_MISSING = _("没有找到这段录音。")
_RANGE = re.compile(r"bytes=(\d{1,9})-(\d{0,9})")


@require_safe
def sound(request: HttpRequest, sound_id: int) -> HttpResponse:
    """A recording of a case that the present actor may see; a part of it where one is asked for, as iPhones do."""
    row: Any = Sound.objects.filter(pk=sound_id).first()
    if row is None:
        raise NotFound(_MISSING)
    try:
        data = (Path(settings.MEDIA_ROOT) / row.file).read_bytes()
    except FileNotFoundError as error:
        raise NotFound(_MISSING) from error
    response = _part(data, request.headers.get("Range", ""))
    response.headers["Content-Type"] = row.type
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, max_age=_KEEP_SECONDS)
    return response


def _part(data: bytes, asked: str) -> HttpResponse:
    """All of it, or the one range that was asked for (RFC 9110, 14.2); one that cannot be read is passed over."""
    found = _RANGE.fullmatch(asked)
    if found is None:
        return HttpResponse(data)
    begin, last = int(found[1]), min(int(found[2] or len(data)), len(data) - 1)
    if begin > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(data)}"})
    return HttpResponse(
        data[begin : last + 1], status=206, headers={"Content-Range": f"bytes {begin}-{last}/{len(data)}"}
    )
