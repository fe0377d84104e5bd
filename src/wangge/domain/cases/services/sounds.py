"""Recordings of cases: cleaned by platform.sounds and kept under their hash."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from wangge.domain.cases.models import Case, Sound
from wangge.platform import sounds
from wangge.platform.errors import Invalid
from wangge.platform.pictures import keep

MOST_SOUNDS = 3


def read(recordings: Sequence[bytes]) -> list[sounds.Sound]:
    """The recordings without what lies beside the sound; Invalid on `voice` naming which and why."""
    if len(recordings) > MOST_SOUNDS:
        raise Invalid({"voice": _("一次最多 %(most)d 段录音。") % {"most": MOST_SOUNDS}})
    return [_read(raw, number) for number, raw in enumerate(recordings, start=1)]


def _read(raw: bytes, number: int) -> sounds.Sound:
    try:
        return sounds.cleaned(raw)
    except sounds.HeavySound as error:
        raise Invalid(
            {"voice": _("第 %(number)d 段录音超过 5 MB，请分段录。") % {"number": number}}
        ) from error
    except sounds.NoSound as error:
        text = _("第 %(number)d 个文件不是能用的录音，请用手机应用重新录。")
        raise Invalid({"voice": text % {"number": number}}) from error


def store(case: Case, found: Sequence[sounds.Sound], *, user_id: int | None, at: datetime) -> None:
    """Keep the recordings with the case; the same one twice is kept once."""
    rows = [
        Sound(case=case, file=keep(one), sha256=one.sha256, type=one.type, made_at=at, user_id=user_id)
        for one in found
    ]
    if rows:
        Sound.objects.bulk_create(rows, ignore_conflicts=True)
