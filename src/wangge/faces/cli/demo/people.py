"""Invented people and the units of the demo's two districts.

Names are put together at random from common parts; a likeness to a person is chance. Mobile numbers have the
form of one (`1[3-9]` and nine digits), but begin with 164000: the prefix 164 has been given to no carrier, so
that no telephone rings. Mail addresses end in example.org, which RFC 2606 keeps for examples.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

MAIL_DOMAIN = "example.org"

SURNAMES = (
    "陈李黄张梁林王吴刘何罗郑谢冯邓叶许蔡潘杨周徐彭钟朱苏曾谭麦卢区严伍关霍简赖黎廖龙陆骆莫欧邱阮邵施司温翁冼萧薛"
    "余袁詹庄邹左甘古"
)
FIRST = "秋绮慧婉凤佩淑月巧惠锦润炳炽锐健永兆桂厚伯仲沛浩志仕宏启景嘉卓颖晓雅静诗敏燕玉洁"
SECOND = "芬莲珍欢棠雯琼钿好婵坤荣生钧泉添辉培权平和康均谦宁恒桐霖琪瑶莹蓉韵兰"

PHONE_PREFIX = "164000"
_PHONE_SPACE = 100_000
_PHONE_STRIDE = 61_803
"""Has no common factor with the space, so that every number comes once before any comes again."""

LEAD_ROLES = (
    "urban_management", "sanitation", "municipal", "landscaping", "water", "housing", "police", "traffic",
    "market", "fire", "power", "telecom", "gas", "civil_affairs", "property", "health", "environment",
)  # fmt: skip

_DEPARTMENTS: dict[str, tuple[str, str]] = {
    "urban_management": ("{d}城市管理和综合执法局", "城管执法"),
    "sanitation": ("{d}环卫作业中心", "环卫"),
    "municipal": ("{d}市政设施养护所", "市政"),
    "landscaping": ("{d}园林绿化管理所", "园林"),
    "water": ("{d}水务局", "水务"),
    "housing": ("{d}住房和城乡建设局", "住建"),
    "police": ("公安局{d}分局", "公安"),
    "traffic": ("{d}交通警察大队", "交通"),
    "market": ("{d}市场监督管理局", "市场监管"),
    "fire": ("{d}消防救援大队", "消防"),
    "power": ("{d}供电服务所", "供电"),
    "telecom": ("{d}通信管线联合维护队", "通信"),
    "gas": ("{d}燃气抢修服务站", "燃气"),
    "civil_affairs": ("{d}民政局", "民政"),
    "property": ("{d}物业服务联合公司", "物业"),
    "health": ("{d}卫生健康局", "卫健"),
    "environment": ("{d}生态环境分局", "环境"),
}
_COMPANIES = frozenset({"sanitation", "power", "telecom", "gas", "property"})


@dataclass(frozen=True)
class Person:
    """An invented person. `login` is a Latin user name, unique within one `People`."""

    name: str
    phone: str
    mail: str
    login: str


@dataclass(frozen=True)
class DemoUnit:
    """A unit that handles matters: a department, or an outside company."""

    key: str
    name: str
    short: str
    lead_role: str
    company: bool


class People:
    """An endless, seeded source of people; no name and no number comes twice."""

    def __init__(self, seed: int) -> None:
        self._rng = Random(seed)  # noqa: S311 - names, not secrets
        self._names: set[str] = set()
        self._phone = self._rng.randrange(_PHONE_SPACE)
        self._phones_left = _PHONE_SPACE

    def staff(self, login: str) -> Person:
        """A member of staff with the given login, such as "nhx-grid-07"."""
        return Person(self.name(), self.phone(), f"{login}@{MAIL_DOMAIN}", login)

    def resident(self) -> Person:
        """A resident who left a name and a number; without mail and login."""
        return Person(self.name(), self.phone(), "", "")

    def name(self) -> str:
        """A name of three characters that was not given before. RuntimeError when nearly all are used."""
        for _ in range(1000):
            name = "".join(self._rng.choice(part) for part in (SURNAMES, FIRST, SECOND))
            if name not in self._names:
                self._names.add(name)
                return name
        raise RuntimeError("no unused name found")

    def phone(self) -> str:
        """A mobile number of 11 digits that no carrier serves. RuntimeError after 100,000."""
        if not self._phones_left:
            raise RuntimeError("all numbers are given away")
        self._phones_left -= 1
        self._phone = (self._phone + _PHONE_STRIDE) % _PHONE_SPACE
        return f"{PHONE_PREFIX}{self._phone:05d}"


def departments(county6: str, county_name: str) -> Iterator[DemoUnit]:
    """One unit for each lead role of the catalogue, in the district `county_name` ("海珠区")."""
    for role in LEAD_ROLES:
        pattern, short = _DEPARTMENTS[role]
        name = pattern.format(d=county_name)
        yield DemoUnit(f"{county6}-{role}", name, short, role, role in _COMPANIES)
