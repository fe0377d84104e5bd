"""Photos: checked, encoded anew (no position data, no hidden payload) and kept under their hash."""

import hashlib
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from wangge.domain.cases.models import Case, Photo
from wangge.platform.errors import Invalid

MOST_PHOTOS = 6
MOST_BYTES = 10 * 1024 * 1024
# A JPEG can be decoded small; of the others every pixel is laid out in memory, four bytes each.
MOST_PIXELS = 50_000_000
MOST_PIXELS_DECODED = 25_000_000
_MOST_PIXELS = {"JPEG": MOST_PIXELS}
LONGEST_SIDE = 2000
QUALITY = 82
_FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as it will be kept: encoded anew, with its hash and size in pixels."""

    data: bytes
    sha256: str
    width: int
    height: int


def read(images: Sequence[bytes]) -> list[Picture]:
    """The images encoded anew; Invalid on `photos` naming which and why."""
    if len(images) > MOST_PHOTOS:
        raise Invalid({"photos": _("一次最多上传 %(most)d 张照片。") % {"most": MOST_PHOTOS}})
    pictures = []
    for number, raw in enumerate(images, start=1):
        data, (width, height) = encode(raw, number)
        pictures.append(Picture(data, hashlib.sha256(data).hexdigest(), width, height))
    return pictures


def new_to(case: Case, pictures: Sequence[Picture]) -> list[Picture]:
    """Those that the case does not have yet in any use: only they can prove something (1 statement)."""
    digests = [picture.sha256 for picture in pictures]
    known = set(Photo.objects.filter(case=case, sha256__in=digests).values_list("sha256", flat=True))
    return [picture for picture in pictures if picture.sha256 not in known]


def store(
    case: Case, use: str, pictures: Sequence[Picture], *, user_id: int | None, at: datetime
) -> list[Photo]:
    """Keep the pictures with the case; the same one twice is kept once."""
    rows = []
    for picture in pictures:
        name = f"{picture.sha256[:2]}/{picture.sha256}.jpg"
        _write(Path(settings.MEDIA_ROOT) / name, picture.data)
        rows.append(
            Photo(
                case=case,
                use=use,
                file=name,
                sha256=picture.sha256,
                width=picture.width,
                height=picture.height,
                made_at=at,
                user_id=user_id,
            )
        )
    return Photo.objects.bulk_create(rows, ignore_conflicts=True) if rows else []


def encode(raw: bytes, number: int = 1) -> tuple[bytes, tuple[int, int]]:
    """A fresh JPEG of at most LONGEST_SIDE px, upright; raises Invalid naming which photo and why."""
    if len(raw) > MOST_BYTES:
        raise Invalid({"photos": _("第 %(number)d 张照片超过 10 MB，请压缩后再传。") % {"number": number}})
    try:
        with Image.open(io.BytesIO(raw), formats=_FORMATS) as picture:
            if picture.width * picture.height > _MOST_PIXELS.get(picture.format or "", MOST_PIXELS_DECODED):
                raise Image.DecompressionBombError
            upright = _upright(picture)
    except Image.DecompressionBombError as error:
        text = _("第 %(number)d 张照片的像素太多，请缩小后再传。")
        raise Invalid({"photos": text % {"number": number}}) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        text = _("第 %(number)d 个文件不是能打开的照片（支持 JPG、PNG、WebP）。")
        raise Invalid({"photos": text % {"number": number}}) from error
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue(), upright.size


def _upright(picture: Image.Image) -> Image.Image:
    """Small first, so that the whole picture is in memory once and no more."""
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    whole = picture if picture.mode == "RGB" else picture.convert("RGB")
    whole.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(whole)
    # The encoder would write a comment of the old file again.
    upright.info.clear()
    return upright


def _write(path: Path, data: bytes) -> None:
    """On disk before the row is committed: what was acknowledged is there."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    with part.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)
