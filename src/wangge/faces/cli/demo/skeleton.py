"""The hand-drawn part of the demo's town: its shore, main roads, communities and lane names.

The plan is invented; it only shares its name, its place and its communities with the real street. All
coordinates are metres east and north of `ORIGIN`.
"""

from dataclasses import dataclass
from typing import Literal

RoadKind = Literal["main", "arcade", "secondary", "lane", "alley"]
XY = tuple[float, float]

STREET_CODE = "440105008"
STREET_NAME = "南华西街道"
ORIGIN = (113.256, 23.102)
"""Longitude and latitude (WGS-84) of the plan's origin."""

GRID_COUNT = 79
GRIDS_PER_COMMUNITY = (5, 8)

WIDTH_M: dict[RoadKind, float] = {"main": 24, "arcade": 17, "secondary": 12, "lane": 6, "alley": 3}

BANK: tuple[XY, ...] = (
    (-548, -402), (-585, -215), (-632, -90), (-640, 40), (-612, 170), (-545, 262), (-430, 325),
    (-285, 360), (-110, 378), (90, 380), (290, 392), (470, 415), (585, 440),
)  # fmt: skip
"""The embankment from the south-west to the north-east; the river lies on its left."""

EAST: tuple[XY, ...] = ((585, 440), (570, 300), (552, 150), (560, -10), (575, -160), (562, -330), (556, -425))
SOUTH: tuple[XY, ...] = (
    (556, -425), (380, -412), (180, -420), (-20, -430), (-220, -415), (-400, -422), (-548, -402),
)  # fmt: skip


@dataclass(frozen=True)
class Stroke:
    """One named road drawn by hand; all of them are borders of communities."""

    name: str
    kind: RoadKind
    points: tuple[XY, ...]


STROKES: tuple[Stroke, ...] = (
    Stroke("南华西路", "arcade", (
        (-655, 62), (-480, 105), (-300, 118), (-113, 112), (60, 122), (250, 135), (420, 128), (566, 141))),
    Stroke("同福西路", "main", (
        (-622, -152), (-450, -140), (-280, -160), (-112, -158), (70, -140), (240, -146), (430, -165),
        (588, -152))),
    Stroke("东和路", "secondary", EAST),
    Stroke("南园路", "secondary", SOUTH),
    Stroke("洪福路", "secondary", (
        (-140, 390), (-126, 250), (-113, 112), (-96, -10), (-113, -163))),
    Stroke("龙溪路", "secondary", ((272, 405), (252, 250), (250, 135), (233, 0), (240, -151))),
    Stroke("鳌洲路", "secondary", ((58, 392), (74, 250), (60, 117))),
    Stroke("聚龙路", "secondary", ((-237, -151), (-214, -270), (-232, -425))),
    Stroke("永兴路", "secondary", ((148, -137), (170, -280), (150, -430))),
)  # fmt: skip

PROMENADE = "滨江西路"
PROMENADE_INSET_M = 30
"""The riverside road follows the bank at this distance; the strip between is a green promenade."""

CREEK_NAME = "聚龙涌"
CREEK: tuple[XY, ...] = ((-330, 385), (-352, 230), (-350, 114), (-371, -10), (-366, -95), (-362, -160))
"""A creek from the river southwards, itself a border of communities; quays run on both sides."""

CREEK_WIDTH_M = 11
QUAYS = ("涌西街", "涌东街")


@dataclass(frozen=True)
class Ward:
    """A community: a point inside it, its lane names and the share of its grids that are gated estates."""

    name: str
    anchor: XY
    lanes: tuple[str, str]
    gated: float


WARDS: tuple[Ward, ...] = (
    Ward("鳌洲社区", (-25, 250), ("鳌洲正街", "鳌洲外街"), 0.2),
    Ward("福安社区", (165, 260), ("福安街", "平安里"), 0.2),
    Ward("敬和里社区", (410, 270), ("敬和里", "和睦里"), 0.4),
    Ward("龙武里社区", (410, -10), ("龙武里", "武成街"), 0.35),
    Ward("兆龙里社区", (70, 0), ("兆龙里", "兆龙横街"), 0.15),
    Ward("海天社区", (-240, 240), ("海天横街", "望江里"), 0.2),
    Ward("洲头咀社区", (-480, 190), ("洲头咀大街", "渡口街"), 0.6),
    Ward("德和新社区", (-500, -30), ("德和新街", "德厚里"), 0.4),
    Ward("后乐园社区", (-420, -290), ("后乐园街", "乐园横街"), 0.5),
    Ward("厚德社区", (-240, -20), ("厚德里", "仁厚街"), 0.15),
    Ward("永兴社区", (370, -290), ("永兴街", "兴隆里"), 0.5),
    Ward("聚龙社区", (-30, -290), ("聚龙大街", "聚宝街"), 0.4),
)


@dataclass(frozen=True)
class Landmark:
    """A grid with a use of its own. A `dedicated` one is a dedicated grid (专属网格)."""

    use: Literal["school", "market", "hospital", "park"]
    name: str
    ward: str
    share: float
    dedicated: bool = False


LANDMARKS: tuple[Landmark, ...] = (
    Landmark("school", "聚龙小学", "聚龙社区", 0.9, dedicated=True),
    Landmark("market", "永兴农贸市场", "永兴社区", 0.55, dedicated=True),
    Landmark("hospital", "江畔医院", "龙武里社区", 0.8),
    Landmark("park", "后乐公园", "后乐园社区", 1.3),
)

COMPOUND_NAMES: tuple[str, ...] = (
    "江畔花园", "珠岸雅苑", "嘉和苑", "翠竹新村", "怡景花园", "同德大院", "康乐新村",
    "锦江名居", "丰泽苑", "云水居", "南园新村", "金城花园", "和顺小区", "晴川苑",
    "船厂宿舍大院", "纺织新村", "教师新村", "望江楼小区", "榕荫苑", "龙溪花园", "福满居",
    "德馨苑", "海韵花园", "渡口新村", "百合苑", "宏德公寓", "春晖小区", "长庚新村",
    "紫荆苑", "明珠大院", "东和花园", "兴华小区", "新港湾小区", "木棉苑", "景南居",
    "安居大院",
)  # fmt: skip
