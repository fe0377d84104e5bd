"""Photos of cases: encoded anew by platform.pictures and kept under their hash."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from wangge.domain.cases.models import Case, Photo
from wangge.platform.errors import Invalid
from wangge.platform.pictures import MOST_BYTES, HeavyPicture, HugePicture, NoPicture, Picture, encode, keep

__all__ = ["MOST_BYTES", "MOST_PHOTOS", "Picture", "new_to", "read", "store"]

MOST_PHOTOS = 6


def read(images: Sequence[bytes]) -> list[Picture]:
    """The images encoded anew; Invalid on `photos` naming which and why."""
    if len(images) > MOST_PHOTOS:
        raise Invalid({"photos": _("一次最多上传 %(most)d 张照片。") % {"most": MOST_PHOTOS}})
    return [_read(raw, number) for number, raw in enumerate(images, start=1)]


def _read(raw: bytes, number: int) -> Picture:
    try:
        return encode(raw)
    except HeavyPicture as error:
        text = _("第 %(number)d 张照片超过 10 MB，请压缩后再传。")
        raise Invalid({"photos": text % {"number": number}}) from error
    except HugePicture as error:
        text = _("第 %(number)d 张照片的像素太多，请缩小后再传。")
        raise Invalid({"photos": text % {"number": number}}) from error
    except NoPicture as error:
        text = _("第 %(number)d 个文件不是能打开的照片（支持 JPG、PNG、WebP）。")
        raise Invalid({"photos": text % {"number": number}}) from error


def new_to(case: Case, pictures: Sequence[Picture]) -> list[Picture]:
    """Those that the case does not have yet in any use: only they can prove something (1 statement)."""
    digests = [picture.sha256 for picture in pictures]
    known = set(Photo.objects.filter(case=case, sha256__in=digests).values_list("sha256", flat=True))
    return [picture for picture in pictures if picture.sha256 not in known]


def store(
    case: Case, use: str, pictures: Sequence[Picture], *, user_id: int | None, at: datetime
) -> list[Photo]:
    """Keep the pictures with the case; the same one twice is kept once."""
    rows = [
        Photo(
            case=case,
            use=use,
            file=keep(picture),
            sha256=picture.sha256,
            width=picture.width,
            height=picture.height,
            made_at=at,
            user_id=user_id,
        )
        for picture in pictures
    ]
    return Photo.objects.bulk_create(rows, ignore_conflicts=True) if rows else []
