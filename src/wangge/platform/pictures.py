"""Pictures that people send: checked, encoded anew (no position data, no hidden payload) and kept under their hash."""

import hashlib
import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from wangge.platform.errors import Invalid

MOST_BYTES = 10 * 1024 * 1024
# A JPEG can be decoded small; of the others every pixel is laid out in memory, four bytes each.
MOST_PIXELS = 50_000_000
MOST_PIXELS_DECODED = 25_000_000
LONGEST_SIDE = 2000
QUALITY = 82
_MOST_PIXELS = {"JPEG": MOST_PIXELS}
# What a picture may carry and say nothing about where and when it was taken.
_PLAIN_PARTS = frozenset({"APP0", "APP2", "APP14"})
_PLAIN_WORDS = frozenset(
    {
        "jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "adobe", "adobe_transform", "progressive",
        "progression", "icc_profile", "srgb", "gamma", "chromaticity", "transparency", "background", "loop", "duration",
        "timestamp",
    }
)  # fmt: skip
_FORMATS = ("JPEG", "PNG", "WEBP")


class HeavyPicture(ValueError):
    """More bytes than MOST_BYTES, or than the caller takes."""


class HugePicture(ValueError):
    """More pixels than are decoded."""


class NoPicture(ValueError):
    """Nothing that can be opened as JPEG, PNG or WebP."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as it will be kept: encoded anew, with its hash and size in pixels."""

    data: bytes
    sha256: str
    width: int
    height: int

    @property
    def name(self) -> str:
        """Its file inside the media folder."""
        return f"{self.sha256[:2]}/{self.sha256}.jpg"


def encode(raw: bytes, *, longest: int = LONGEST_SIDE, most_bytes: int = MOST_BYTES) -> Picture:
    """A fresh upright JPEG whose sides are at most `longest` px. Raises HeavyPicture, HugePicture, NoPicture."""
    if len(raw) > most_bytes:
        raise HeavyPicture
    try:
        with Image.open(io.BytesIO(raw), formats=_FORMATS) as picture:
            if picture.width * picture.height > _MOST_PIXELS.get(picture.format or "", MOST_PIXELS_DECODED):
                raise HugePicture
            upright = _upright(picture, longest)
    except Image.DecompressionBombError as error:
        raise HugePicture from error
    except HugePicture:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise NoPicture from error
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=QUALITY, optimize=True)
    data = out.getvalue()
    return Picture(data, hashlib.sha256(data).hexdigest(), *upright.size)


def bare(raw: bytes) -> bytes:
    """The bytes of a picture without words and positions beside it: as they are when it has none, else encoded anew.
    Raises as encode()."""
    if len(raw) > MOST_BYTES:
        raise HeavyPicture
    try:
        with Image.open(io.BytesIO(raw), formats=_FORMATS) as picture:
            applied = {name for name, _said in getattr(picture, "applist", ())}
            plain = not applied - _PLAIN_PARTS and not set(picture.info) - _PLAIN_WORDS
            plain = plain and (picture.format != "JPEG" or raw.endswith(b"\xff\xd9"))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NoPicture from error
    return raw if plain else encode(raw).data


def _upright(picture: Image.Image, longest: int) -> Image.Image:
    """Small first, so that the whole picture is in memory once and no more."""
    picture.draft("RGB", (longest, longest))
    whole = picture if picture.mode == "RGB" else picture.convert("RGB")
    whole.thumbnail((longest, longest))
    upright = ImageOps.exif_transpose(whole)
    # The encoder would write a comment of the old file again.
    upright.info.clear()
    return upright


class Named(Protocol):
    """Bytes with the name under which they are kept."""

    @property
    def data(self) -> bytes: ...

    @property
    def name(self) -> str: ...


def keep(file: Named) -> str:
    """On disk before the row is committed: what was acknowledged is there. Returns its name."""
    path = Path(settings.MEDIA_ROOT) / file.name
    if path.exists():
        return file.name
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    with part.open("wb") as out:
        out.write(file.data)
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)
    return file.name


def taken(raw: bytes, field: str = "photo", *, longest: int = LONGEST_SIDE) -> Picture:
    """One picture of a form encoded anew; Invalid on its field, saying why not."""
    try:
        return encode(raw, longest=longest)
    except HeavyPicture as error:
        raise Invalid({field: _("照片超过 10 MB，请压缩后再传。")}) from error
    except HugePicture as error:
        raise Invalid({field: _("照片的像素太多，请缩小后再传。")}) from error
    except NoPicture as error:
        raise Invalid({field: _("这不是能打开的照片（支持 JPG、PNG、WebP）。")}) from error
