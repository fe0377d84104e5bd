"""Recordings that people send: known by their content, without tags and pictures, kept under their hash.

The sound is not encoded anew. What lies beside it in a WebM or MP4 file (tags, attachments, user data: where phones write
a position) is overwritten in place; an Ogg file that carries more than its encoder's name is refused.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

MOST_BYTES = 5 * 1024 * 1024
TYPES = {"audio/webm": "webm", "audio/mp4": "m4a", "audio/ogg": "ogg"}
# What encoders write about themselves.
_OGG_WORDS = frozenset({"ENCODER", "ENCODER_OPTIONS"})

# Matroska: https://www.matroska.org/technical/elements.html
_SEGMENT, _CLUSTER, _TRACKS, _TRACK, _TRACK_TYPE = 0x18538067, 0x1F43B675, 0x1654AE6B, 0xAE, 0x83
_TAGS, _ATTACHMENTS, _CHAPTERS = 0x1254C367, 0x1941A469, 0x1043A770
_OPENED = frozenset({_SEGMENT, _CLUSTER, _TRACKS, _TRACK})
_BESIDE = frozenset({_TAGS, _ATTACHMENTS, _CHAPTERS})
_AUDIO_TRACK = b"\x02"

# ISO base media: ISO/IEC 14496-12.
_MP4_OPENED = frozenset({b"moov", b"trak", b"mdia", b"moof", b"traf"})
# moov, trak, mdia.
_MP4_DEEPEST = 3
_MP4_BESIDE = frozenset({b"udta", b"meta", b"uuid"})


class HeavySound(ValueError):
    """More bytes than MOST_BYTES."""


class NoSound(ValueError):
    """No WebM, MP4 or Ogg of sound alone, or one with words that we do not take."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording as it will be kept; `type` is its media type."""

    data: bytes
    sha256: str
    type: str

    @property
    def name(self) -> str:
        """Its file inside the media folder."""
        return f"{self.sha256[:2]}/{self.sha256}.{TYPES[self.type]}"


def cleaned(raw: bytes) -> Sound:
    """The recording without what lies beside the sound. Raises HeavySound, NoSound."""
    if len(raw) > MOST_BYTES:
        raise HeavySound
    data = bytearray(raw)
    try:
        kind = _clean(data)
    except (IndexError, ValueError) as error:
        raise NoSound from error
    return Sound(bytes(data), hashlib.sha256(data).hexdigest(), kind)


def _clean(data: bytearray) -> str:
    if data[:4] == b"\x1a\x45\xdf\xa3":
        _clean_webm(data)
        return "audio/webm"
    if data[4:8] == b"ftyp":
        _clean_mp4(data)
        return "audio/mp4"
    if data[:4] == b"OggS":
        _check_ogg(data)
        return "audio/ogg"
    raise NoSound


def _clean_webm(data: bytearray) -> None:
    tracks, at = [], 0
    while at < len(data):
        begin = at
        key, at, _known = _vint(data, at, marked=True)
        size, at, known = _vint(data, at)
        if key in _OPENED:
            continue
        end = at + size
        if not known or end > len(data):
            raise NoSound
        if key == _TRACK_TYPE:
            tracks.append(bytes(data[at:end]))
        elif key in _BESIDE:
            _void(data, begin, end)
        at = end
    if not tracks or any(kind != _AUDIO_TRACK for kind in tracks):
        raise NoSound


def _vint(data: bytearray, at: int, *, marked: bool = False) -> tuple[int, int, bool]:
    """A number of 1 to 8 bytes, where it ends, and whether it is known; `marked` keeps its length's bit, as ids do."""
    first = data[at]
    length = 9 - first.bit_length()
    end = at + length
    if length > 8 or end > len(data):
        raise NoSound
    whole, mark = int.from_bytes(data[at:end], "big"), 1 << (7 * length)
    value = whole if marked else whole - mark
    return value, end, marked or value != mark - 1


def _void(data: bytearray, begin: int, end: int) -> None:
    """An element of the same length that says nothing: its id is one byte, its size eight where there is room."""
    room = end - begin
    data[begin:end] = bytes(room)
    data[begin] = 0xEC
    if room < 10:
        data[begin + 1] = 0x80 | (room - 2)
    else:
        data[begin + 1 : begin + 9] = (1 << 56 | (room - 9)).to_bytes(8, "big")


def _clean_mp4(data: bytearray) -> None:
    handlers = []
    for at, inside, end in list(_boxes(data, 0, len(data))):
        kind = bytes(data[at + 4 : at + 8])
        if kind == b"hdlr":
            handlers.append(bytes(data[inside + 8 : inside + 12]))
        elif kind in _MP4_BESIDE:
            data[at + 4 : at + 8] = b"free"
            data[inside:end] = bytes(end - inside)
    if not handlers or any(kind != b"soun" for kind in handlers):
        raise NoSound


def _boxes(data: bytearray, at: int, until: int, depth: int = 0) -> Iterator[tuple[int, int, int]]:
    """Where each box, its content and its end are, and those inside the ones that are opened."""
    if depth > _MP4_DEEPEST:
        raise NoSound
    while at < until:
        size, kind, inside = int.from_bytes(data[at : at + 4], "big"), bytes(data[at + 4 : at + 8]), at + 8
        if size == 1:
            size, inside = int.from_bytes(data[at + 8 : at + 16], "big"), at + 16
        end = at + size if size else until
        if end > until or inside > end:
            raise NoSound
        yield at, inside, end
        if kind in _MP4_OPENED:
            yield from _boxes(data, inside, end, depth + 1)
        at = end


def _check_ogg(data: bytearray) -> None:
    """One stream of Opus or Vorbis whose words are the encoder's own."""
    packets, at, begun = [bytearray()], 0, 0
    while at < len(data):
        if data[at : at + 4] != b"OggS":
            raise NoSound
        begun += bool(data[at + 5] & 2)
        lengths = data[at + 27 : at + 27 + data[at + 26]]
        at += 27 + len(lengths)
        for length in lengths:
            # Only the two packets at the front are read.
            if len(packets) <= 2:
                packets[-1] += data[at : at + length]
                if length < 255:
                    packets.append(bytearray())
            at += length
    if begun != 1 or at > len(data) or len(packets) < 3:
        raise NoSound
    head, words = packets[0], packets[1]
    for start, mark in ((b"OpusHead", b"OpusTags"), (b"\x01vorbis", b"\x03vorbis")):
        if head.startswith(start) and words.startswith(mark):
            return _check_words(words, len(mark))
    raise NoSound


def _check_words(words: bytearray, at: int) -> None:
    """A vendor and a list of NAME=value, each with its length before it."""
    at += 4 + int.from_bytes(words[at : at + 4], "little")
    count, at = int.from_bytes(words[at : at + 4], "little"), at + 4
    for _number in range(count):
        length, at = int.from_bytes(words[at : at + 4], "little"), at + 4
        if not length or at + length > len(words):
            raise NoSound
        name = bytes(words[at : at + length]).partition(b"=")[0].decode("ascii", "replace").upper()
        if name not in _OGG_WORDS:
            raise NoSound
        at += length
