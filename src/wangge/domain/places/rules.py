"""Pure decisions about the tree: which level lies under which, which code and name can be, which day."""

import re
from datetime import date, timedelta

from django.utils.translation import gettext as _

from wangge.domain.places.models import LEVELS, Kind, Level
from wangge.engines.codes import CodeError, DivisionCode, short_name
from wangge.platform.errors import Invalid

# A change further ahead is a slip of the pen.
FURTHEST_AHEAD = timedelta(days=5 * 366)
LONGEST_NAME = 100
# Controls, line ends and marks that turn the direction. Rare characters of the private area are real names.
NOT_IN_A_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
CODE_DIGITS = dict(zip(LEVELS, (2, 4, 6, 9, 12, 15), strict=True))


def level_below(level: str | None) -> str:
    """The level of a child; a province lies under nothing. Raises Invalid below a grid."""
    if level is None:
        return Level.PROVINCE.value
    if level == Level.GRID:
        raise Invalid({"parent": _("网格是最小的区划，不能再设下级。")})
    return LEVELS[LEVELS.index(level) + 1]


def check_code(code: str, level: str, parent_code: str) -> str:
    """A division code of this level under its parent (GB/T 2260, GB/T 10114); raises Invalid."""
    digits = CODE_DIGITS[level]
    if len(code) != digits or not code.isascii() or not code.isdecimal():
        raise Invalid(
            {
                "code": _("%(level)s编码须为 %(digits)d 位数字。")
                % {"level": Level(level).label, "digits": digits}
            }
        )
    if not code.startswith(parent_code):
        raise Invalid(
            {
                "code": _("编码 %(code)s 须以上级编码 %(parent)s 开头。")
                % {"code": code, "parent": parent_code}
            }
        )
    try:
        DivisionCode.parse(code)
    except CodeError as error:
        raise Invalid({"code": _("编码 %(code)s 不符合国家标准。") % {"code": code}}) from error
    return code


def check_name(name: str) -> str:
    """The name without blanks around it; raises Invalid for none, a long one or control characters."""
    name = name.strip()
    if not name:
        raise Invalid({"name": _("名称不能为空。")})
    if len(name) > LONGEST_NAME:
        raise Invalid({"name": _("名称不能超过 %(count)d 个字。") % {"count": LONGEST_NAME}})
    if NOT_IN_A_NAME.search(name):
        raise Invalid({"name": _("名称不能含控制字符。")})
    return name


def check_kind(kind: str, level: str) -> str:
    """Only a grid can be dedicated; raises Invalid."""
    if kind not in Kind.values or (kind == Kind.DEDICATED and level != Level.GRID):
        raise Invalid({"kind": _("只有网格可以设为专属。")})
    return kind


def check_day(day: date, today: date) -> None:
    """Raises Invalid for a day too far ahead."""
    if day - today > FURTHEST_AHEAD:
        raise Invalid({"on": _("生效日期不能晚于五年之后。")})


def short(name: str, level: str, above: list[str]) -> str:
    """What people call it; only a community's official name repeats the names `above` it."""
    return short_name(name, above if level == Level.COMMUNITY else ())
