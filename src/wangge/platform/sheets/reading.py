"""Reading an uploaded table: xlsx, xls, ods, or csv in any common coding."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from threading import Timer

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.platform.errors import Invalid
from wangge.platform.sheets import limits

_SEARCHED_ROWS = 10
_REFUSALS = {
    "empty": gettext_lazy("表里没有内容。"),
    "too_large": gettext_lazy("文件超过 20 MB，请分成几份。"),
    "too_large_inside": gettext_lazy("文件展开后太大，没有读取。请另存为新的 xlsx，只留要导入的内容。"),
    "encrypted": gettext_lazy("文件有密码保护，请去掉密码后再传。"),
    "web_page": gettext_lazy("这其实是网页，不是表格。请用 Excel 或 WPS 打开，另存为 xlsx 再传。"),
    "wrong_type": gettext_lazy("这不是表格文件。请传 xlsx、xls、ods 或 csv。"),
    "broken": gettext_lazy("文件不完整或已损坏，请用 Excel 或 WPS 打开，另存为 xlsx 再传。"),
    "encoding": gettext_lazy("认不出这里的文字编码。请用 Excel 或 WPS 打开，另存为 xlsx 再传。"),
    "too_many_rows": gettext_lazy("超过 %(most)s 行，请分成几份。"),
    "too_many_columns": gettext_lazy("超过 100 列，请只留要导入的列。"),
    "cell_too_long": gettext_lazy("有一格超过 5,000 字，请缩短。"),
    "slow": gettext_lazy("文件太复杂，读取超时。请另存为新的 xlsx，只留要导入的内容。"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of texts with the number that the spreadsheet shows beside it, and the columns that hold formulas."""

    number: int
    cells: tuple[str, ...]
    formulas: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """The header and the rows below it, each as wide as the header."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read(data: bytes) -> list[Row]:
    """Every row that holds something; raises Invalid on `file`, saying what to do."""
    return list(stream(data, limits.MOST_ROWS))


def stream(data: bytes, most_rows: int) -> Iterator[Row]:
    """The same row by row, in little memory; a fault far down is raised when the rows above it were given."""
    if len(data) > limits.MOST_BYTES:
        raise _refusal("too_large")
    command = [sys.executable, "-m", "wangge.platform.sheets.parse", str(most_rows)]
    # The child looks for us where this process found us.
    found = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        child = subprocess.Popen(
            command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=found
        )
    late = Timer(limits.MOST_SECONDS, child.kill)
    late.start()
    ended = False
    try:
        for line in child.stdout or ():
            answer = json.loads(line)
            if isinstance(answer, list):
                yield Row(answer[0], tuple(answer[1]), tuple(answer[2]))
                continue
            ended = True
            if "error" in answer:
                raise _refusal(answer["error"], answer["at"], most_rows)
    finally:
        on_time = late.is_alive()
        late.cancel()
        child.kill()
        child.communicate()
    if not ended:
        # Killed at its memory limit, or broken off.
        raise _refusal("slow" if not on_time else "too_large_inside" if child.returncode < 0 else "broken")


def _refusal(code: str, at: str = "", most_rows: int = limits.MOST_ROWS) -> Invalid:
    text = str(_REFUSALS[code]) % {"most": f"{most_rows:,}"}
    row, _colon, column = at.partition(":")
    if column:
        text = _("第 %(row)s 行第 %(column)s 列：") % {"row": row, "column": column} + text
    elif row:
        text = _("第 %(row)s 行：") % {"row": row} + text
    return Invalid({"file": text})


def as_table(rows: Sequence[Row], knows: Callable[[str], bool]) -> Table:
    """Find the header among the first rows: the one with the most names that `knows`, else the first wide one.

    Titles above are left out; a heading over several columns (诉求人 over 姓名, 电话) lends its text where the
    header row has none.
    """
    at, header = header_of(rows, knows)
    width = max(len(row.cells) for row in rows[at:])
    header = wide(header, width)
    body = tuple(Row(row.number, wide(row.cells, width)) for row in rows[at + 1 :])
    if not body:
        raise Invalid({"file": _("只有表头，没有内容。")})
    return Table(header, body)


def header_of(rows: Sequence[Row], knows: Callable[[str], bool]) -> tuple[int, tuple[str, ...]]:
    """Which of the first rows is the header, and its names."""
    first = rows[:_SEARCHED_ROWS]
    counts = [sum(knows(cell) for cell in row.cells) for row in first]
    if max(counts, default=0) > 0:
        at = counts.index(max(counts))
    else:
        at = next((n for n, row in enumerate(first) if sum(map(bool, row.cells)) > 1), 0)
    above = rows[at - 1].cells if at and sum(map(bool, rows[at - 1].cells)) > 1 else ()
    width = max(len(row.cells) for row in first[at:])
    return at, tuple(wide(rows[at].cells, width)[n] or wide(above, width)[n] for n in range(width))


def wide(cells: Sequence[str], width: int) -> tuple[str, ...]:
    """The cells, filled up or cut to this many."""
    return (*cells, *[""] * (width - len(cells)))[:width]
