"""What a file is by its bytes, and whether a packed one may be unpacked."""

import io
import struct
import zipfile
import zlib

from wangge.platform.sheets import limits

# How a book before 2007 begins.
OLD_BOOK = b"\xd0\xcf\x11\xe0"
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_PIECE = 1024 * 1024


class Refused(Exception):
    """The file is not taken; `code` says why, `at` where."""

    def __init__(self, code: str, at: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.at = at


def kind_of(data: bytes) -> str:
    """book or text; raises Refused for anything else, and for a package that is too large inside."""
    if not data.strip():
        raise Refused("empty")
    if len(data) > limits.MOST_BYTES:
        raise Refused("too_large")
    if data.startswith(b"PK"):
        _check_package(data)
        return "book"
    if data.startswith(OLD_BOOK):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Refused("encrypted")
        return "book"
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<style")):
        raise Refused("web_page")
    if b"\x00" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")) and not wide_coding(data):
        raise Refused("wrong_type")
    if head.startswith((b"%pdf", b"\x89png", b"\xff\xd8\xff", b"gif8", b"{\\rtf")):
        raise Refused("wrong_type")
    return "text"


def wide_coding(data: bytes) -> str:
    """UTF-16 without its mark: known by line ends and commas of which one half is empty; "" for others."""
    head = data[:4000]
    halves = {at % 2 for at, byte in enumerate(head) if byte == 0}
    for coding, half in (("utf-16-le", {1}), ("utf-16-be", {0})):
        if halves == half and len(data) % 2 == 0 and set(head.decode(coding, "ignore")) & set("\n,\t;"):
            return coding
    return ""


def _check_package(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise Refused("broken") from error
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("encrypted")
    names = {part.filename for part in parts}
    if not ({"xl/workbook.xml", "content.xml"} & names):
        raise Refused("wrong_type")
    if len(parts) > limits.MOST_PARTS or sum(part.file_size for part in parts) > limits.MOST_UNPACKED_BYTES:
        raise Refused("too_large_inside")
    _unpack(data, parts)


def _unpack(data: bytes, parts: list[zipfile.ZipInfo]) -> None:
    """Unpack for the count alone: the sizes that a directory states may be false."""
    left = limits.MOST_UNPACKED_BYTES
    for part in parts:
        if part.compress_type == zipfile.ZIP_STORED:
            left -= part.compress_size
        elif part.compress_type == zipfile.ZIP_DEFLATED:
            left -= _inflated(_packed(data, part), left)
        else:
            raise Refused("broken")
        if left < 0:
            raise Refused("too_large_inside")


def _packed(data: bytes, part: zipfile.ZipInfo) -> bytes:
    try:
        header = _LOCAL_HEADER.unpack_from(data, part.header_offset)
    except struct.error as error:
        raise Refused("broken") from error
    begin = part.header_offset + _LOCAL_HEADER.size + header[-2] + header[-1]
    return data[begin : begin + part.compress_size]


def _inflated(packed: bytes, most: int) -> int:
    """How many bytes come out, counted until more than `most`."""
    inflate, size = zlib.decompressobj(-15), 0
    try:
        while packed and size <= most and not inflate.eof:
            size += len(inflate.decompress(packed, _PIECE))
            packed = inflate.unconsumed_tail
    except zlib.error as error:
        raise Refused("broken") from error
    return size
