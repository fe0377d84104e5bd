"""Small recordings as phones make them, byte by byte: nobody's voice, all the structure."""

import os
import struct

PLACE = "+23.1291+113.2644/"


def element(key: bytes, content: bytes, *, open_ended: bool = False) -> bytes:
    """An element of Matroska; a recorder that streams does not know the length of segments and clusters."""
    size = b"\x01" + b"\xff" * 7 if open_ended else (1 << 56 | len(content)).to_bytes(8, "big")
    return key + size + content


def webm(*beside: bytes, track: bytes = b"\x02") -> bytes:
    tracks = element(b"\x16\x54\xae\x6b", element(b"\xae", element(b"\x83", track)))
    sound = element(b"\xa3", b"\x81\x00\x00\x80" + os.urandom(64))
    cluster = element(b"\x1f\x43\xb6\x75", element(b"\xe7", b"\x00") + sound, open_ended=True)
    head = element(b"\x1a\x45\xdf\xa3", element(b"\x42\x82", b"webm"))
    return head + element(b"\x18\x53\x80\x67", tracks + b"".join(beside) + cluster, open_ended=True)


def webm_tags(words: str = PLACE) -> bytes:
    return element(b"\x12\x54\xc3\x67", words.encode())


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def mp4(beside: bytes = b"", handler: bytes = b"soun") -> bytes:
    track = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(12))))
    return box(b"ftyp", b"M4A \0\0\0\0") + box(b"moov", track + beside) + box(b"mdat", os.urandom(64))


def mp4_place() -> bytes:
    return box(b"udta", box(b"\xa9xyz", PLACE.encode()))


def page(number: int, packet: bytes, *, flags: int = 0) -> bytes:
    """A page of Ogg with one packet shorter than 255 bytes."""
    head = struct.pack("<4sBBqIII", b"OggS", 0, flags, 0, 7, number, 0)
    return head + bytes([1, len(packet)]) + packet


def ogg(*words: str) -> bytes:
    listed = b"".join(struct.pack("<I", len(one.encode())) + one.encode() for one in words)
    tags = b"OpusTags" + struct.pack("<I", 4) + b"test" + struct.pack("<I", len(words)) + listed
    return page(0, b"OpusHead" + bytes(11), flags=2) + page(1, tags) + page(2, os.urandom(64))
