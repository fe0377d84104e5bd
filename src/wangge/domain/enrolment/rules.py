"""What a row of a list says, and what is wrong with it. Pure."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources

from django.utils.translation import gettext_lazy as _

from wangge.domain.register.models import Relation, Residence, Stay
from wangge.domain.register.rules import id_number_of, name_of, phone_of
from wangge.domain.register.services.base import EARLIEST_BIRTH
from wangge.domain.register.services.people import LONGEST_NAME
from wangge.platform.sheets.cells import lost_digits, moment_of

WORDS = tomllib.loads(
    resources.files("wangge.domain.enrolment").joinpath("columns.toml").read_text(encoding="utf-8")
)
PROBLEMS = {
    "no_name": _("没有姓名"),
    "name_long": _("姓名最多 40 个字"),
    "garbled": _("有认不出的字，请改正"),
    "formula": _("这里是公式，读到的是它算出的值，请核对"),
    "formula_text": _("这里是公式，csv 里没有它算出的值；请写上值"),
    "phone_wrong": _("电话号码应为 5 至 15 位数字"),
    "phone_lost": _("号码被表格改成了科学计数，末位已丢失；请把这一列设为文本，重新填写"),
    "id_wrong": _("身份证号码不对，请核对 18 位号码"),
    "id_lost": _("号码被表格改成了科学计数，末位已丢失；请把这一列设为文本，重新填写"),
    "id_birth": _("出生日期和身份证号码里的不一样"),
    "birth_wrong": _("看不懂这个出生日期，请写成 1980-05-01 或 1980"),
    "since_wrong": _("看不懂这个日期，请写成 2026-11-22"),
    "since_future": _("入住日期不能晚于今天"),
    "relation_wrong": _("与户主关系请写户主、配偶、子女、父母、孙辈、其他亲属或同住人"),
    "residence_wrong": _("户籍类别请写本社区户籍、本市其他户籍、外地户籍或港澳台及境外"),
    "stay_wrong": _("居住方式请写自有住房、租住、借住或集体宿舍"),
    "head_twice": _("这一户有两个户主（另一个在第 %(detail)s 行）；如果是两户，请用“户号”分开"),
    "person_twice": _("和第 %(detail)s 行是同一个人"),
    "no_address": _("没有住址"),
    "no_house": _("您的服务范围里没有找到这个住址"),
    "no_room": _("找到了 %(detail)s，没有这个房号；房屋还没登记的，请先在“楼栋和房屋”里登记"),
    "ambiguous": _("有两套房屋都可以写成这个住址，请写上单元"),
    "occupied": _("这套房屋已登记有住户，名单里没有他们；如果是另外一户，请在“户号”一列写上编号，如 2"),
    "head_there": _("这一户登记里已有户主"),
    "changed": _("检查之后这套房屋的登记变了，请把这一行重新上传"),
    "lives_elsewhere": _("本人已登记在您服务范围里的另一套房屋；搬了家的，请先登记迁出"),
}
# Told beside a good row; the row is imported all the same.
NOTES = frozenset({"formula"})
_LABELS = {"relation": Relation, "residence": Residence, "stay": Stay}
_UNSAID = {"relation": Relation.OTHER.value, "residence": Residence.UNKNOWN.value, "stay": Stay.UNKNOWN.value}
_NOTHING = frozenset(WORDS["nothing"])
_YEAR = re.compile(r"(19|20)\d{2}年?")
_YEAR_MONTH = re.compile(r"((?:19|20)\d{2})(?:\s*[-/.年]\s*(?:0?[1-9]|1[0-2])\s*月?|0[1-9]|1[0-2])")

Problem = list[str]


@dataclass(frozen=True, slots=True)
class Words:
    """A person as the row tells it. `id_number` is compared and never kept."""

    name: str = ""
    phone: str = ""
    birth_year: int | None = None
    relation: str = Relation.OTHER
    residence: str = Residence.UNKNOWN
    stay: str = Stay.UNKNOWN
    since: date | None = None
    household: str = ""
    id_number: str = ""


def _choices(kind: str) -> dict[str, str]:
    """Every way to write a value of a field."""
    labels = {str(label): value for value, label in _LABELS[kind].choices}
    return {word: value for value, words in WORDS[kind].items() for word in words} | labels


_CHOICES = {kind: _choices(kind) for kind in _LABELS}


def choice_of(kind: str, text: str) -> str:
    """The value that a word stands for, "" for none."""
    return _CHOICES[kind].get(_packed(text), "")


def birth_year_of(text: str) -> int | None:
    """The year of 1980-05-01, 1980.5, 1980年, 19800501 or a spreadsheet's serial number; None for others."""
    packed = _packed(text)
    if _YEAR.fullmatch(packed):
        year = int(packed[:4])
    elif found := _YEAR_MONTH.fullmatch(packed):
        year = int(found[1])
    elif moment := moment_of(text):
        year = moment.year
    else:
        return None
    return year if year >= EARLIEST_BIRTH else None


def words_of(
    cells: Sequence[str], formulas: Sequence[int], columns: Mapping[str, int], today: date
) -> tuple[Words, list[Problem]]:
    """What the cells say of the person, and what is wrong with it as [field, code, detail]; the place is looked up
    elsewhere."""
    given = {field: _given(cells, at) for field, at in columns.items()}
    found: list[Problem] = [
        [field, "formula_text" if given[field].startswith(("=", "＝")) else "formula", ""]
        for field, at in columns.items()
        if at in formulas and given[field]
    ]
    found += [[field, "garbled", ""] for field, text in given.items() if "\ufffd" in text]
    name = name_of(given.get("name", ""))
    if not name:
        found.append(["name", "no_name", ""])
    elif len(name) > LONGEST_NAME:
        found.append(["name", "name_long", ""])
    number, birth_year = _birth(given, today, found)
    words = Words(
        name=name,
        phone=_phone(given.get("phone", ""), found),
        birth_year=birth_year,
        since=_since(given.get("since", ""), today, found),
        household=given.get("household", "")[:40],
        id_number=number,
        **{kind: _chosen(kind, given.get(kind, ""), found) for kind in _LABELS},
    )
    return words, found


def address_of(cells: Sequence[str], columns: Mapping[str, int]) -> tuple[str, str]:
    """The address in one line, and the field to which what is wrong with it belongs."""
    given = {field: _given(cells, at) for field, at in columns.items()}
    parts = [given.get(part, "") for part in ("compound", "building", "stairwell", "room")]
    if parts[3] and (parts[0] or parts[1]):
        building, stairwell = parts[1], parts[2]
        if building.isdecimal():
            building += WORDS["signs"]["building"]
        if stairwell.isdecimal():
            stairwell += WORDS["signs"]["stairwell"]
        return f"{parts[0]}{building}{stairwell}{' ' if building[-1:].isdecimal() else ''}{parts[3]}", "room"
    return given.get("address", ""), "address"


def is_wrong(problems: Sequence[Problem]) -> bool:
    """Whether any is more than a note."""
    return any(code not in NOTES for _field, code, _detail in problems)


def problem_words(problem: Problem) -> str:
    """A problem as a sentence in the reader's language."""
    _field, code, detail = problem
    return str(PROBLEMS[code]) % {"detail": detail}


def _packed(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _given(cells: Sequence[str], at: int) -> str:
    text = cells[at].strip() if at < len(cells) else ""
    return "" if text in _NOTHING else text


def _phone(text: str, found: list[Problem]) -> str:
    """The first number of the cell."""
    if not text:
        return ""
    if lost_digits(text):
        found.append(["phone", "phone_lost", ""])
        return ""
    phone = next(filter(None, map(phone_of, re.split(r"[,，;；、/\n]", text))), "")
    if not phone:
        found.append(["phone", "phone_wrong", ""])
    return phone


def _birth(given: Mapping[str, str], today: date, found: list[Problem]) -> tuple[str, int | None]:
    """The ID number for the comparison of rows, and the year of birth from it or from the date."""
    text, birth = given.get("id_number", ""), given.get("birth", "")
    number = id_number_of(text) if text else ""
    if text and not number:
        found.append(["id_number", "id_lost" if lost_digits(text) else "id_wrong", ""])
    year = birth_year_of(birth) if birth else None
    if birth and (year is None or year > today.year):
        found.append(["birth", "birth_wrong", ""])
        return number, None
    of_number = int(number[6:10]) if number else None
    if year and of_number and year != of_number:
        found.append(["birth", "id_birth", ""])
    return number, year or of_number


def _since(text: str, today: date, found: list[Problem]) -> date | None:
    if not text:
        return None
    moment = moment_of(text)
    if moment is None:
        found.append(["since", "since_wrong", ""])
        return None
    if moment.date() > today:
        found.append(["since", "since_future", ""])
    return moment.date()


def _chosen(kind: str, text: str, found: list[Problem]) -> str:
    value = choice_of(kind, text) if text else ""
    if text and not value:
        found.append([kind, f"{kind}_wrong", ""])
    return value or _UNSAID[kind]
