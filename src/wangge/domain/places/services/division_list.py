"""Reading the national list of divisions: which level a file holds, and every bad row with its reason."""

import csv
import gzip
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from wangge.domain.places.models import LEVELS, Level
from wangge.domain.places.rules import CODE_DIGITS, LONGEST_NAME, NOT_IN_A_NAME
from wangge.engines.codes import CodeError, DivisionCode
from wangge.platform.errors import WanggeError

MOST_SHOWN = 100
MOST_ROWS = 2_000_000
_LONGEST_LINE = 4096
# The column of the parent's code that tells which level a file holds, lowest level first.
_PARENT_COLUMNS = {
    "streetCode": Level.COMMUNITY,
    "areaCode": Level.STREET,
    "cityCode": Level.DISTRICT,
    "provinceCode": Level.CITY,
}


class Row(NamedTuple):
    """A good row: file number, line in the file, level (0 = province), code, name, parent's code."""

    file: int
    line: int
    level: int
    code: str
    name: str
    parent: str


class BadList(WanggeError):
    """A list that cannot be taken; `lines` are the first 100 of `count` reasons, as "file:row: reason"."""

    status = 422

    def __init__(self, lines: list[str], count: int) -> None:
        super().__init__(_("名单有 %(count)d 处问题，没有写入任何数据。") % {"count": count}, "bad_list")
        self.lines = lines
        self.count = count


@dataclass
class Problems:
    """The first reasons, and how many there are."""

    lines: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, file: str, line: int, reason: str) -> None:
        self.count += 1
        if len(self.lines) < MOST_SHOWN:
            self.lines.append(f"{file}:{line}: {reason}")

    def stop_if_any(self) -> None:
        if self.count:
            raise BadList(self.lines, self.count)


@dataclass(frozen=True, slots=True)
class ListFile:
    """A file whose header says which level it holds."""

    number: int
    path: Path
    level: int
    parent_column: str | None

    @property
    def name(self) -> str:
        return self.path.name


def open_lists(paths: Sequence[Path], problems: Problems) -> list[ListFile]:
    """The files from the top level down; a file without a known header is a problem."""
    files = []
    for number, path in enumerate(paths):
        columns = next(_records(path, problems), (0, []))[1]
        if "code" not in columns or "name" not in columns:
            problems.add(path.name, 1, _("表头须有 code 和 name 两列。"))
            continue
        parent = next((name for name in _PARENT_COLUMNS if name in columns), None)
        level = LEVELS.index(_PARENT_COLUMNS[parent]) if parent else 0
        files.append(ListFile(number, path, level, parent))
    return sorted(files, key=lambda file: file.level)


def read_rows(file: ListFile, problems: Problems, wanted: Callable[[str], bool]) -> Iterator[Row]:
    """The good rows whose code is wanted; the bad ones become problems."""
    records = _records(file.path, problems)
    columns = next(records)[1]
    code_at, name_at = columns.index("code"), columns.index("name")
    parent_at = columns.index(file.parent_column) if file.parent_column else None
    digits = CODE_DIGITS[LEVELS[file.level]]
    parent_digits = CODE_DIGITS[LEVELS[file.level - 1]] if file.level else 0
    provinces: set[str] = set()
    for line, cells in records:
        if len(cells) != len(columns):
            reason = _("应有 %(wanted)d 列，实有 %(found)d 列。")
            problems.add(file.name, line, reason % {"wanted": len(columns), "found": len(cells)})
            continue
        code, name = cells[code_at], cells[name_at]
        if not wanted(code):
            continue
        parent = cells[parent_at] if parent_at is not None else ""
        if bad := _bad(code, name, parent, digits, parent_digits, provinces):
            problems.add(file.name, line, bad)
        else:
            yield Row(file.number, line, file.level, code, name.strip(), parent)


def _bad(
    code: str, name: str, parent: str, digits: int, parent_digits: int, provinces: set[str]
) -> str | None:
    """What is wrong with a row, None for a good one. `provinces` remembers the good beginnings."""
    if not (code.isascii() and code.isdecimal()):
        return _("编码 %(code)r 只能是数字。") % {"code": code[:40]}
    if len(code) != digits:
        return _("编码 %(code)s 应为 %(digits)d 位。") % {"code": code[:40], "digits": digits}
    if code[:2] not in provinces:
        try:
            DivisionCode.parse(code)
        except CodeError:
            return _("编码 %(code)s 的前两位不是任何省级区划。") % {"code": code}
        provinces.add(code[:2])
    if parent != code[:parent_digits]:
        return _("编码 %(code)s 不以上级编码 %(parent)r 开头。") % {"code": code, "parent": parent[:40]}
    if not name.strip():
        return _("名称为空。")
    if len(name) > LONGEST_NAME:
        return _("名称超过 %(count)d 个字。") % {"count": LONGEST_NAME}
    if NOT_IN_A_NAME.search(name):
        return _("名称含控制字符。")
    return None


def _records(path: Path, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of a .csv or .csv.gz; stops at what cannot be read on, and says so."""
    reader = None
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            readline = gzip.GzipFile(fileobj=raw).readline if packed else raw.readline
            reader = csv.reader(_lines(readline), strict=True)
            for count, cells in enumerate(reader):
                if count > MOST_ROWS:
                    problems.add(path.name, reader.line_num, _("超过 %(count)d 行。") % {"count": MOST_ROWS})
                    return
                if cells:
                    yield reader.line_num, cells
    except UnicodeDecodeError:
        problems.add(path.name, reader.line_num + 1 if reader else 1, _("不是 UTF-8 编码。"))
    except _LongLine:
        problems.add(path.name, reader.line_num + 1 if reader else 1, _("一行太长。"))
    except csv.Error:
        problems.add(path.name, reader.line_num if reader else 1, _("不是合格的 CSV 行。"))
    except (EOFError, zlib.error, gzip.BadGzipFile):
        problems.add(path.name, reader.line_num if reader else 1, _("压缩文件损坏或不完整。"))
    except OSError as error:
        problems.add(path.name, 1, _("无法读取：%(reason)s") % {"reason": error.strerror})


class _LongLine(Exception):
    """No row of the list is so long; a file without line ends must not fill the memory."""


def _lines(readline: Callable[[int], bytes]) -> Iterator[str]:
    encoding = "utf-8-sig"
    while line := readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise _LongLine
        yield line.decode(encoding)
        encoding = "utf-8"
