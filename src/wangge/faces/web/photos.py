"""Pictures of cases: never from a public folder, always through the scope of who asks."""

import io
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import condition, require_safe
from PIL import Image

from wangge.domain.cases.models import Photo
from wangge.platform.errors import NotFound

THUMB_PX = 320
# A picture never changes under its id, and only this person's browser may keep it.
_KEEP_SECONDS = 24 * 3600
_MISSING = _("没有找到这张照片。")


def _tag(request: HttpRequest, photo_id: int) -> str | None:
    photo = _seen(photo_id)
    return f'"{photo.sha256[:32]}{"-s" if "small" in request.GET else ""}"'


@require_safe
@condition(etag_func=_tag)
def photo(request: HttpRequest, photo_id: int) -> HttpResponse:
    """A picture of a case that the present actor may see, as JPEG; `?small` at most 320 px."""
    return picture(_seen(photo_id), small="small" in request.GET)


def picture(row: Photo, *, small: bool) -> HttpResponse:
    """The answer with one picture; NotFound if its file is gone."""
    return kept_picture(row.file, small=small)


def kept_picture(name: str, *, small: bool = False) -> HttpResponse:
    """The answer with a picture by its name in the media folder, for whoever was found to may see it."""
    path = Path(settings.MEDIA_ROOT) / name
    try:
        data = _small(path) if small else path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(_MISSING) from error
    response = HttpResponse(data, content_type="image/jpeg")
    response.headers["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, max_age=_KEEP_SECONDS)
    return response


def _seen(photo_id: int) -> Photo:
    row: Any = Photo.objects.filter(pk=photo_id).first()
    if row is None:
        raise NotFound(_MISSING)
    return row


def _small(path: Path) -> bytes:
    with Image.open(path) as image:
        image.draft("RGB", (THUMB_PX, THUMB_PX))
        image.thumbnail((THUMB_PX, THUMB_PX))
        out = io.BytesIO()
        image.save(out, "JPEG", quality=78)
    return out.getvalue()
