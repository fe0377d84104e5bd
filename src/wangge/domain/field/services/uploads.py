"""Files of records in pieces, in any order, as often as a line needs; whole when the hash of all is right."""

import hashlib
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor
from wangge.domain.access.scope import acting_as
from wangge.domain.field.models import Upload
from wangge.domain.field.rules import MOST_CHUNK_BYTES, MOST_FILE_BYTES, TYPES, is_hash, joined
from wangge.domain.field.services.keeping import FIELD
from wangge.platform import clock, pictures, sounds
from wangge.platform.errors import Invalid, NotFound

# What one person may have on its way: a day of photos, ten times over.
MOST_BYTES_OF_ONE = 2 * 1024 * 1024 * 1024


def standing(actor: Actor, sha256: str) -> dict[str, Any]:
    """What is here of a file (1 statement); NotFound before its first piece."""
    with acting_as(FIELD):
        found = Upload.objects.filter(user_id=actor.user_id, sha256=sha256).first()
    if found is None:
        raise NotFound(_("还没有收到这个文件。"))
    return {"size": found.size, "have": found.have, "whole": found.whole}


def take_piece(actor: Actor, sha256: str, kind: str, size: int, begin: int, piece: bytes) -> dict[str, Any]:
    """One piece of a file from byte `begin`; on disk before it is acknowledged. Raises Invalid naming what is wrong.

    When all is there and its hash is not that of its name, everything is forgotten and asked for again.
    """
    _check(sha256, kind, size, begin, piece)
    with transaction.atomic(), acting_as(FIELD):
        made = {"size": size, "type": kind, "begun_at": clock.now()}
        if not Upload.objects.filter(user_id=actor.user_id, sha256=sha256).exists():
            _check_room(actor, size)
        upload, _new = Upload.objects.get_or_create(user_id=actor.user_id, sha256=sha256, defaults=made)
        upload = Upload.objects.select_for_update().get(pk=upload.pk)
        if upload.size != size:
            raise Invalid({"size": _("文件大小和先前说的不一样。")})
        if not upload.whole:
            path = path_of(actor.user_id, sha256)
            _write(path, begin, piece)
            upload.have = joined(upload.have, begin, begin + len(piece))
            if upload.have == [[0, size]]:
                raw = path.read_bytes()
                upload.whole = hashlib.sha256(raw).hexdigest() == sha256
                if upload.whole:
                    _strip(path, raw, upload.type)
                upload.have = upload.have if upload.whole else []
            upload.save(update_fields=["have", "whole"])
        return {"size": upload.size, "have": upload.have, "whole": upload.whole}


def path_of(user_id: int, sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "field" / str(user_id) / sha256


def _check(sha256: str, kind: str, size: int, begin: int, piece: bytes) -> None:
    wrong = {}
    if not is_hash(sha256):
        wrong["sha256"] = _("文件的散列值不对。")
    if kind not in TYPES:
        wrong["type"] = _("只收 JPG、PNG、WebP 照片和 WebM、MP4、Ogg 录音。")
    if not 0 < size <= MOST_FILE_BYTES:
        wrong["size"] = _("每个文件最多 10 MB。")
    if not 0 < len(piece) <= MOST_CHUNK_BYTES or begin < 0 or begin + len(piece) > size:
        wrong["from"] = _("这一段不在文件里。")
    if wrong:
        raise Invalid(wrong)


def _strip(path: Path, raw: bytes, kind: str) -> None:
    """No position stays on disk, not for a day: what lies beside picture and sound goes at once. What is neither is
    emptied; the record that names it is then refused in words, and the phone has it still."""
    try:
        kept = sounds.cleaned(raw).data if kind in sounds.TYPES else pictures.bare(raw)
    except (
        sounds.HeavySound,
        sounds.NoSound,
        pictures.HeavyPicture,
        pictures.HugePicture,
        pictures.NoPicture,
    ):
        kept = b""
    if kept == raw:
        return
    part = path.with_suffix(".part")
    with part.open("wb") as out:
        out.write(kept)
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)


def _check_room(actor: Actor, size: int) -> None:
    held = Upload.objects.filter(user_id=actor.user_id).aggregate(held=Sum("size"))["held"] or 0
    if held + size > MOST_BYTES_OF_ONE:
        raise Invalid({"size": _("您待处理的文件太多，请稍后再传。")})


def _write(path: Path, begin: int, piece: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.pwrite(descriptor, piece, begin)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
