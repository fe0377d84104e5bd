"""Reading an uploaded table: xlsx, xls, ods, or csv in UTF-8 or GBK."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
    "encoding": gettext_lazy("认不出文字编码，请另存为 xlsx 再传。"),
    "too_many_rows": gettext_lazy("超过 50,000 行，请分成几份。"),
    "too_many_columns": gettext_lazy("超过 100 列，请只留要导入的列。"),
    "cell_too_long": gettext_lazy("有一格超过 5,000 字，请缩短。"),
    "slow": gettext_lazy("文件太复杂，读取超时。请另存为新的 xlsx，只留要导入的内容。"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of texts with the number that the spreadsheet shows beside it."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The header and the rows below it, each as wide as the header."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read(data: bytes) -> list[Row]:
    """Every row that holds something; raises Invalid on `file`, saying what to do."""
    if len(data) > limits.MOST_BYTES:
        raise _refusal("too_large")
    command = [sys.executable, "-m", "wangge.platform.sheets.parse"]
    # The child looks for us where this process found us.
    found = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=limits.MOST_SECONDS, env=found, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _refusal("slow") from error
    if done.returncode < 0:
        # Killed at its memory limit.
        raise _refusal("too_large_inside")
    if done.returncode:
        raise _refusal("broken")
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise _refusal(answer["error"], answer["at"])
    return [Row(number, tuple(cells)) for number, cells in answer["rows"]]


def _refusal(code: str, at: str = "") -> Invalid:
    text = str(_REFUSALS[code])
    return Invalid({"file": _("第 %(row)s 行：") % {"row": at} + text if at else text})


def as_table(rows: Sequence[Row], knows: Callable[[str], bool]) -> Table:
    """Find the header among the first rows: the one with the most names that `knows`, else the first wide one.

    Titles above are left out; a heading over several columns (诉求人 over 姓名, 电话) lends its text where the
    header row has none.
    """
    first = rows[:_SEARCHED_ROWS]
    counts = [sum(knows(cell) for cell in row.cells) for row in first]
    if max(counts, default=0) > 0:
        at = counts.index(max(counts))
    else:
        at = next((n for n, row in enumerate(first) if sum(map(bool, row.cells)) > 1), 0)
    above = rows[at - 1].cells if at and sum(map(bool, rows[at - 1].cells)) > 1 else ()
    width = max(len(row.cells) for row in rows[at:])
    header = tuple(_wide(rows[at].cells, width)[n] or _wide(above, width)[n] for n in range(width))
    body = tuple(Row(row.number, _wide(row.cells, width)) for row in rows[at + 1 :])
    if not body:
        raise Invalid({"file": _("只有表头，没有内容。")})
    return Table(header, body)


def _wide(cells: Sequence[str], width: int) -> tuple[str, ...]:
    return (*cells, *[""] * (width - len(cells)))[:width]
