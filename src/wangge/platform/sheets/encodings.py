"""Text files in the codings that lists come in: UTF-8, UTF-16, GB 18030 with GBK and GB 2312, Big5."""

import csv
import io
import re

from wangge.platform.sheets.packages import Refused, wide_coding

# Two bytes of a character; the first byte of the common ones lies in these spans (GB 2312 level 1, Big5 level 1).
_PAIR = re.compile(rb"[\x00-\x7f]|[\x81-\xfe][\x00-\xff]", re.DOTALL)
_COMMON = {"gb18030": (0xB0, 0xD7), "big5": (0xA4, 0xC6)}
_SAMPLE = 200_000
# How much commoner the characters must be before a file is taken for one from Taiwan or Hong Kong.
_CLEARLY = 0.15


def decoded(data: bytes) -> str:
    """The text; raises Refused with the row and column of the first sign that no coding explains."""
    found = codings(data)
    for coding in found:
        try:
            return data.decode(coding)
        except UnicodeDecodeError:
            continue
    raise Refused("encoding", _place(data, found))


def codings(data: bytes) -> tuple[str, ...]:
    """The codings to try, the likeliest first."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if wide := wide_coding(data):
        return (wide,)
    chinese = ["gb18030", "big5hkscs"]
    if _commonness(data, "big5") > _commonness(data, "gb18030") + _CLEARLY:
        chinese.reverse()
    return ("utf-8-sig", *chinese)


def _commonness(data: bytes, coding: str) -> float:
    """The share of common characters among the pairs of bytes that this coding would read."""
    low, high = _COMMON[coding]
    pairs = [pair for pair in _PAIR.findall(data[:_SAMPLE]) if len(pair) == 2]
    if not pairs:
        return 0.0
    least = 0xA1 if coding == "gb18030" else 0x40
    return sum(low <= pair[0] <= high and pair[1] >= least for pair in pairs) / len(pairs)


def _place(data: bytes, tried: tuple[str, ...]) -> str:
    """ "row:column" of the first bytes that the coding which came furthest could not read."""
    furthest, coding = max((_stopped(data, coding), coding) for coding in tried)
    before = data[:furthest].decode(coding, "replace")
    row = before.count("\n") + 1
    last = before.rpartition("\n")[2]
    cells = next(csv.reader(io.StringIO(last), delimiter="\t" if "\t" in last else ","), [""])
    return f"{row}:{max(len(cells), 1)}"


def _stopped(data: bytes, coding: str) -> int:
    try:
        data.decode(coding)
    except UnicodeDecodeError as error:
        return error.start
    return len(data)
