"""Short names of communities, and initials for codes.

Official names stay as published; the short name is what people say. The national list is dirty: a
committee is written in some thirty ways ("居民委员会", "居委会会", "民员委会", "村委").
"""

import re
from collections.abc import Sequence

from pypinyin import Style, lazy_pinyin

_NOTE = re.compile(r"(?:[（(][^（()）]*[)）]|[）)])+$")
_COMMITTEE = re.compile(
    r"(?:(?P<residents>居民居|居民|居名|居|家属|家(?=委))|(?P<villagers>村民民?|村名|村(?=委)|[牧渔]民|[牧渔](?=委))|民(?=[委员]))"
    r"(?:管理)?(?:[委员会]{2,6}|[委会])$"
    r"|(?:管理|人民)?委员?会+$"
)
_LAST = ("委", "员", "会", "）", ")")
_KINDS = ("社区", "街道", "地区", "嘎查", "村", "镇", "乡")
_NOT_A_NAME = frozenset(("", "社区", "嘎查", "村", "居民", "村民"))


def short_name(official: str, within: Sequence[str] = ()) -> str:
    """What people call a community: "海幢社区居民委员会" gives "海幢社区", "袁村村民委员会" gives "袁村".

    `within`: names of the areas above, from the top; where the official name repeats them, they go.
    Notes in brackets at the end go too. Never empty for a name that is not; a short name is its own
    short name. Not unique: two communities of a street may share one.
    """
    name = official.strip()
    rest = name
    for area in within:
        rest = rest.removeprefix(area)
    short = _shorten(rest)
    return _shorten(name) if short in _NOT_A_NAME or _shortened(short) in _NOT_A_NAME else short


def stem(name: str) -> str:
    """A short name without the word for its kind: "海幢社区" gives "海幢", "琅琊街道" gives "琅琊"."""
    for kind in _KINDS:
        if name.endswith(kind) and len(name) > len(kind):
            return name.removesuffix(kind)
    return name


def initials(name: str) -> str:
    """Lower-case pinyin initials of a community's or street's stem: "琅琊街道" gives "ly".

    Digits and Latin letters stay, anything else without a reading is left out. Raises ValueError where
    nothing is left.
    """
    letters = "".join(lazy_pinyin(stem(short_name(name)), style=Style.FIRST_LETTER, errors="default"))
    result = "".join(c for c in letters.lower() if c.isascii() and c.isalnum())
    if not result:
        raise ValueError(f"no initials can be made from {name!r}")
    return result


def _shorten(name: str) -> str:
    while (shorter := _once(name)) != name:
        name = shorter
    return name


def _once(name: str) -> str:
    if not name.endswith(_LAST):
        return name
    bare = _NOTE.sub("", name)
    if bare and bare != name:
        return bare
    shorter = _shortened(name)
    return name if shorter in _NOT_A_NAME else shorter


def _shortened(name: str) -> str:
    match = _COMMITTEE.search(name)
    if match is None:
        return name
    rest = _shortened(name[: match.start()])
    if match["residents"] and rest not in _NOT_A_NAME:
        return rest if rest.endswith("社区") else rest + "社区"
    if match["villagers"] and rest not in _NOT_A_NAME:
        return rest if rest.endswith(("村", "嘎查", "社区")) else rest + "村"
    return rest
