"""What a division says in words, what may be asked, and which present grid a new one goes on as; pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wangge.domain.planning.models import Aim
from wangge.engines.partition import Score
from wangge.platform.errors import Invalid
from wangge.platform.language import listed

MOST_GRIDS = 60
SECONDS = 4.0
# Metres of open border that a metre of main road inside a grid costs; weight of short ways.
_WHOLE_ROADS, _SHORT_WALKS = 2.0, 1.0


def works_of(freedom: int | None) -> list[tuple[Aim, dict[str, float]]]:
    """What the engine is asked for: three wishes, or three positions of the slider (percent) from today's grids on."""
    if freedom is None:
        return [
            (Aim.EVEN, {}),
            (Aim.ROADS, {"whole_roads": _WHOLE_ROADS}),
            (Aim.WALKS, {"short_walks": _SHORT_WALKS}),
        ]
    places = {freedom: Aim.CHOSEN}
    for share, aim in ((0, Aim.CALM), (100, Aim.SHAPE)):
        places.setdefault(share, aim)
    return [(aim, {"freedom": share / 100}) for share, aim in places.items()]


def check_wish(least: int, most: int, wanted: int | None) -> None:
    """Raises Invalid for bounds that no grid can keep to."""
    if not 1 <= least < most <= 5000:
        raise Invalid({"most": _("上限要大于下限，最多 5000 户。")})
    if wanted is not None and not 1 <= wanted <= MOST_GRIDS:
        raise Invalid({"wanted": _("网格数应在 1 至 %(most)d 之间；不填就由系统定。") % {"most": MOST_GRIDS}})


def aim_words(aim: str) -> str:
    """What an alternative puts first."""
    return {
        Aim.EVEN: _("各网格户数均匀"),
        Aim.ROADS: _("不跨大路"),
        Aim.WALKS: _("走动的路短"),
        Aim.CALM: _("尽量少变动"),
        Aim.CHOSEN: _("按选定的变动程度"),
        Aim.SHAPE: _("形状最好"),
    }[Aim(aim)]


def score_words(score: Score, outside: int, least: int, most: int) -> list[str]:
    """A division in sentences: sizes, borders, ways. `outside`: how many grids are out of bounds."""
    sizes = {"k": score.k, "smallest": score.smallest, "largest": score.largest}
    if outside:
        bounds = {"outside": outside, "least": least, "most": most}
        text = _(
            "%(k)d 个网格中有 %(outside)d 个不在 %(least)d 至 %(most)d 户之间（最少 %(smallest)d 户，最多 %(largest)d 户）"
        )
        first = text % (sizes | bounds)
    else:
        text = ngettext(
            "全部 %(k)d 个网格在 %(smallest)d 至 %(largest)d 户之间",
            "全部 %(k)d 个网格在 %(smallest)d 至 %(largest)d 户之间",
            score.k,
        )
        first = text % sizes
    found = [
        first,
        _("%(share)d%% 的边界沿街") % {"share": round(score.street_border)},
        _("最远步行 %(metres)d 米") % {"metres": round(score.walk_longest_m)},
    ]
    if score.extra_pieces > 0:
        found.append(_("有网格不连片"))
    return found


def fault_words(fault: Mapping[str, Any], names: Sequence[str], least: int, most: int) -> str:
    """Why grids cannot all be legal, with the units named that make it so."""
    told = listed(names[:5]) if len(names) <= 5 else _("%(names)s等") % {"names": listed(names[:5])}
    values = {"names": told, "homes": fault["households"], "least": least, "most": most}
    texts = {
        "too_large": _("%(names)s自己就有 %(homes)d 户，超过每个网格 %(most)d 户，又不能拆开。"),
        "island": _("%(names)s与别处不相连，合起来只有 %(homes)d 户，不够 %(least)d 户。"),
        "wedged": _(
            "%(names)s（%(homes)d 户）无论和哪些相邻的合在一起，都不在 %(least)d 至 %(most)d 户之间。"
        ),
        "undividable": _("共 %(homes)d 户，分成几个网格都不能全在 %(least)d 至 %(most)d 户之间。"),
        "count": _("共 %(homes)d 户，按这个网格数不能全在 %(least)d 至 %(most)d 户之间。"),
        "untied": _("%(names)s要在一起，却不相连。"),
        "unproven": _("%(names)s这里没有找到 %(least)d 至 %(most)d 户的分法。"),
    }
    return texts[fault["reason"]] % values


def heirs(found: Sequence[int], homes: Sequence[int], today: Sequence[int | None]) -> list[int | None]:
    """For each grid the present grid that it goes on as: the one with most of its homes, each only once."""
    shared: dict[tuple[int, int], float] = {}
    for grid, count, area in zip(found, homes, today, strict=True):
        if area is not None:
            # Ground without homes decides only where nothing else does.
            shared[grid, area] = shared.get((grid, area), 0.0) + count + 0.001
    heir: dict[int, int] = {}
    for (grid, area), _most in sorted(shared.items(), key=lambda one: (-one[1], one[0])):
        if grid not in heir and area not in heir.values():
            heir[grid] = area
    return [heir.get(grid) for grid in range(max(found) + 1)]


def successors(
    gone: Sequence[int], found: Sequence[int], homes: Sequence[int], today: Sequence[int | None]
) -> dict[int, int]:
    """For each present grid that goes, the number of the new grid that gets most of its homes."""
    shares: dict[int, dict[int, float]] = {area: {} for area in gone}
    for grid, count, area in zip(found, homes, today, strict=True):
        if area in shares:
            shares[area][grid] = shares[area].get(grid, 0.0) + count + 0.001
    return {area: max(share, key=lambda grid: share[grid]) for area, share in shares.items() if share}


def outside(homes: Sequence[int], least: int, most: int) -> int:
    """How many grids are out of bounds."""
    return sum(not least <= count <= most for count in homes)


def verdict(gain: float, breaks: bool) -> str:
    """What an edit would do to the whole, in a word."""
    if breaks:
        return _("不能：网格会断开或没有了")
    if abs(gain) < 0.0005:
        return _("差不多")
    return _("更好") if gain > 0 else _("差一些")
