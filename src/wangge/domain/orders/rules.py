"""What a row of a hotline's list says: columns by their names, and what is wrong with a row. Pure."""

import hashlib
import json
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import resources

from django.utils.translation import gettext_lazy as _

from wangge.platform.sheets.cells import lost_digits, moment_of

LONGEST_NUMBER = 60
LONGEST_CONTENT = 2000
LONGEST_ADDRESS = 200
LONGEST_NAME = 40
_DIGITS = re.compile(r"\+?\d[\d\- ]{3,24}\d")

FIELD_NAMES = {
    "number": _("工单编号"),
    "content": _("诉求内容"),
    "title": _("标题"),
    "area": _("社区或网格"),
    "address": _("诉求地址"),
    "category": _("诉求类别"),
    "received_at": _("来电时间"),
    "name": _("诉求人姓名"),
    "phone": _("联系电话"),
}
PROBLEMS = {
    "no_number": _("没有工单编号"),
    "number_long": _("工单编号超过 60 字"),
    "number_lost": _("编号被表格改成了 %(detail)s，末位已丢失；请把这一列设为文本，重新导出"),
    "number_twice": _("和第 %(detail)s 行的工单编号重复"),
    "no_content": _("没有诉求内容"),
    "content_long": _("诉求内容有 %(detail)s 字，最多 2000 字"),
    "phone_lost": _("号码被表格改成了 %(detail)s，末位已丢失；请把这一列设为文本，重新导出"),
    "phone_wrong": _("电话应为 5 至 20 位数字"),
    "name_long": _("姓名最多 40 字"),
    "address_long": _("地址最多 200 字"),
    "time_wrong": _("看不懂这个时间，请写成 2026-11-22 08:30"),
    "no_place": _("没有写社区，地址也看不出在哪个社区；请在这一行写上社区名称"),
    "place_unknown": _("您负责的范围里没有“%(detail)s”"),
    "place_like": _("没有这个社区；是不是“%(detail)s”？"),
    "refused": "%(detail)s",
}


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"\(.*?\)|[\s*:_\-\[\]]", "", folded)


_FILE = tomllib.loads(
    resources.files("wangge.domain.orders").joinpath("columns.toml").read_text(encoding="utf-8")
)
# How a list says that somebody left no name or number.
_NONE = frozenset(_FILE["nobody"])
REQUIRED = frozenset(name for name, field in _FILE["fields"].items() if field.get("required"))
SYNONYMS = {name: tuple(map(_plain, field["names"])) for name, field in _FILE["fields"].items()}
_KNOWN = frozenset(name for names in SYNONYMS.values() for name in names)


def knows(name: str) -> bool:
    """Whether a column's name is one that lists use."""
    return _plain(name) in _KNOWN


def layout_of(header: Sequence[str]) -> str:
    """The hash by which a list of the same form is known again."""
    return hashlib.sha256(json.dumps([_plain(name) for name in header]).encode()).hexdigest()


def guess(header: Sequence[str]) -> dict[str, int]:
    """Field > column: by the exact name, the likeliest name first, then by part of a name; a column serves once."""
    plain = [_plain(name) for name in header]
    columns: dict[str, int] = {}
    for same in (lambda name, cell: name == cell, lambda name, cell: len(name) > 1 and name in cell):
        for field, names in SYNONYMS.items():
            if field in columns:
                continue
            hits = (n for name in names for n, cell in enumerate(plain) if same(name, cell))
            free = next((n for n in hits if n not in columns.values()), None)
            if free is not None:
                columns[field] = free
    return columns


@dataclass(frozen=True, slots=True)
class Words:
    """An order as its row tells it; `received_at` without a zone."""

    number: str = ""
    content: str = ""
    area: str = ""
    address: str = ""
    category: str = ""
    received_at: datetime | None = None
    name: str = ""
    phone: str = ""

    def digest(self) -> str:
        """Hash of all the words."""
        return hashlib.sha256(json.dumps(asdict(self), default=str, sort_keys=True).encode()).hexdigest()


Problem = list[str]


def words_of(cells: Sequence[str], columns: Mapping[str, int]) -> tuple[Words, list[Problem]]:
    """What the cells say, and what is wrong with it as [field, code, detail]; the place is not looked up here."""
    given = {name: cells[at].strip() if at < len(cells) else "" for name, at in columns.items()}
    content = given.get("content", "")
    title = given.get("title", "")
    if title and not content.startswith(title):
        content = f"{title}\n{content}" if content else title
    phone, phone_wrong = _phone(given.get("phone", ""))
    time = given.get("received_at", "")
    name = given.get("name", "")
    words = Words(
        number=given.get("number", ""),
        content=content,
        area=given.get("area", ""),
        address=given.get("address", ""),
        category=given.get("category", ""),
        received_at=moment_of(time),
        name="" if name in _NONE else name,
        phone=phone,
    )
    found: list[tuple[bool, Problem]] = [
        (not words.number, ["number", "no_number", ""]),
        (lost_digits(words.number), ["number", "number_lost", words.number]),
        (len(words.number) > LONGEST_NUMBER, ["number", "number_long", ""]),
        (not content, ["content", "no_content", ""]),
        (len(content) > LONGEST_CONTENT, ["content", "content_long", str(len(content))]),
        (len(words.name) > LONGEST_NAME, ["name", "name_long", ""]),
        (len(words.address) > LONGEST_ADDRESS, ["address", "address_long", ""]),
        (bool(time) and words.received_at is None, ["received_at", "time_wrong", ""]),
        (
            bool(phone_wrong),
            ["phone", phone_wrong, given.get("phone", "") if phone_wrong == "phone_lost" else ""],
        ),
    ]
    return words, [problem for wrong, problem in found if wrong]


def _phone(text: str) -> tuple[str, str]:
    """The first number of the cell, and the code of what is wrong."""
    if not text or text in _NONE:
        return "", ""
    if lost_digits(text):
        return "", "phone_lost"
    found = _DIGITS.search(unicodedata.normalize("NFKC", text))
    number = re.sub(r"[\- ]", "", found.group()) if found else ""
    return (number, "") if 5 <= len(number.lstrip("+")) <= 20 else ("", "phone_wrong")


def problem_words(problem: Problem) -> str:
    """A problem as a sentence in the reader's language."""
    _field, code, detail = problem
    return str(PROBLEMS[code]) % {"detail": detail}
