"""Which column of a list is what: by what the unit said before, by its name, by what stands in it. Pure."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from wangge.domain.enrolment import rules
from wangge.domain.register.rules import id_number_of

FIELD_NAMES = {
    "address": _("完整住址"),
    "compound": _("小区或门牌"),
    "building": _("楼栋"),
    "stairwell": _("单元"),
    "room": _("房号"),
    "household": _("户号"),
    "name": _("姓名"),
    "phone": _("联系电话"),
    "relation": _("与户主关系"),
    "birth": _("出生日期或年份"),
    "id_number": _("身份证号码"),
    "residence": _("户籍类别"),
    "stay": _("居住方式"),
    "since": _("入住日期"),
}
# Not shown in a preview: which column it is can be told without.
PERSONAL = frozenset({"name", "phone", "birth", "id_number"})
# So much of a column must look like something to be taken for it.
_MOSTLY = 0.6
_MOBILE = re.compile(r"(\+?86)?1[3-9]\d{9}")
_NAME = re.compile(r"[\u3400-\u9fff]{2,4}")
_NEVER = tuple(rules.WORDS["never"])


def plain(name: str) -> str:
    """The name of a column without blanks, brackets and signs."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"\(.*?\)|[\s*:_\-\[\]、/.]", "", folded)


_SYNONYMS = {name: tuple(map(plain, field["names"])) for name, field in rules.WORDS["fields"].items()}
_KNOWN = frozenset(name for names in _SYNONYMS.values() for name in names)


def knows(name: str) -> bool:
    """Whether a column's name is one that lists use."""
    return plain(name) in _KNOWN


def never_read(name: str) -> bool:
    """Whether a column of this name holds what the register never keeps; its cells are not taken in."""
    return any(word in name for word in _NEVER)


def memory_of(name: str) -> str:
    """The hash by which a column's name is remembered."""
    return hashlib.sha256(plain(name).encode()).hexdigest()


def guess(
    header: Sequence[str],
    remembered: Mapping[str, str],
    sample: Sequence[Sequence[str]],
    is_address: Callable[[str], bool],
) -> dict[str, int]:
    """Field > column. `remembered`: hash of a name > field, or "" for none; `sample`: cells of the first rows."""
    columns: dict[str, int] = {}
    settled = set()
    for at, name in enumerate(header):
        field = remembered.get(memory_of(name))
        if field is not None or never_read(name):
            settled.add(at)
        if field and field not in columns:
            columns[field] = at
    _by_name(header, columns, settled)
    _by_content(header, columns, settled, sample, is_address)
    return columns


def _by_name(header: Sequence[str], columns: dict[str, int], settled: set[int]) -> None:
    """The exact name first, then a part of it."""
    names = [plain(name) for name in header]
    for same in (lambda name, cell: name == cell, lambda name, cell: len(name) > 1 and name in cell):
        for field, synonyms in _SYNONYMS.items():
            if field in columns:
                continue
            hits = (at for name in synonyms for at, cell in enumerate(names) if same(name, cell))
            free = next((at for at in hits if at not in settled), None)
            if free is not None:
                columns[field] = free
                settled.add(free)


def _by_content(
    header: Sequence[str],
    columns: dict[str, int],
    settled: set[int],
    sample: Sequence[Sequence[str]],
    is_address: Callable[[str], bool],
) -> None:
    whole = "room" in columns and columns.keys() & {"building", "compound"}
    looks: dict[str, Callable[[str], bool]] = {
        "id_number": lambda cell: bool(id_number_of(cell)),
        "phone": lambda cell: bool(_MOBILE.fullmatch(re.sub(r"[\s-]", "", cell))),
        "relation": lambda cell: bool(rules.choice_of("relation", cell)),
        "address": lambda cell: not whole and is_address(cell),
        "birth": lambda cell: len(cell) > 3 and rules.birth_year_of(cell) is not None,
        "name": lambda cell: bool(_NAME.fullmatch(cell)),
    }
    for field, looks_like in looks.items():
        if field in columns:
            continue
        for at in (at for at in range(len(header)) if at not in settled):
            cells = [row[at] for row in sample if at < len(row) and row[at]]
            if cells and sum(map(looks_like, cells)) >= _MOSTLY * len(cells):
                columns[field] = at
                settled.add(at)
                break


def wrong_columns(columns: Mapping[str, int]) -> dict[str, str]:
    """What is wrong with a choice of columns, by field."""
    wrong = {}
    if "name" not in columns:
        wrong["name"] = _("请选出是哪一列。")
    if "address" not in columns and "room" not in columns:
        wrong["address"] = _("请选出住址这一列；楼栋和房号分开写的，请选出房号。")
    if "room" in columns and "address" not in columns and not columns.keys() & {"compound", "building"}:
        wrong["building"] = _("只有房号找不到房屋，请选出小区或楼栋。")
    taken = list(columns.values())
    for field, at in columns.items():
        if taken.count(at) > 1:
            wrong[field] = _("一列只能选一次。")
    return {field: str(text) for field, text in wrong.items()}
