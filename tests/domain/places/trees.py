"""A small tree for tests, and what must be true of every tree on every day."""

from datetime import date

from wangge.domain.access.actor import System
from wangge.domain.places.models import LEVELS, Area, AreaVersion, Kind
from wangge.domain.places.services import Part, found

TESTER = System("test")
BEGAN = date(2020, 1, 1)

_NAMES = {
    "44": "广东省",
    "4401": "广州市",
    "440105": "海珠区",
    "440105008": "南华西街道",
    "440105009": "海幢街道",
    "440105008001": "同福西社区居民委员会",
    "440105008002": "龙涧社区居民委员会",
    "440105009001": "草芳围社区居民委员会",
    "440105008001001": "同福西第一网格",
    "440105008001002": "同福西第二网格",
    "440105008002001": "龙涧第一网格",
    "440105009001001": "草芳围第一网格",
}


def plant() -> dict[str, Area]:
    """A province down to four grids, all founded in 2020; areas by code."""
    areas: dict[str, Area] = {}
    for code, name in _NAMES.items():
        parent = next((areas[code[:n]] for n in (12, 9, 6, 4, 2) if n < len(code)), None)
        areas[code] = establish(parent, code, name)
    return areas


def establish(parent: Area | None, code: str, name: str, on: date = BEGAN, kind: str = Kind.ORDINARY) -> Area:
    """One more area."""
    (area,) = found(TESTER, parent, Part(code, name, kind=kind), on).areas
    return area


def assert_sound() -> None:
    """On each day: one version an area, one area a code, living parents one level up, paths that agree."""
    versions = list(AreaVersion.objects.select_related("area"))
    days = {v.valid.lower for v in versions} | {v.valid.upper for v in versions if v.valid.upper}
    for day in days:
        assert_sound_on(day, versions)


def assert_sound_on(day: date, versions: list[AreaVersion]) -> None:
    alive = [v for v in versions if v.valid.lower <= day and (v.valid.upper is None or day < v.valid.upper)]
    by_area = {v.area_id: v for v in alive}
    assert len(by_area) == len(alive)
    assert len({v.code for v in alive}) == len(alive)
    for version in alive:
        own = f"{version.area_id}."
        if version.parent_id is None:
            assert (version.area.level, version.path) == ("province", own)
        else:
            parent = by_area[version.parent_id]
            assert version.path == parent.path + own
            assert LEVELS.index(version.area.level) == LEVELS.index(parent.area.level) + 1


def assert_areas_show(day: date) -> None:
    """Every area has the values of its version of the day, and is active just when it has one."""
    held = {v.area_id: v for v in AreaVersion.objects.filter(valid__contains=day)}
    for area in Area.objects.all():
        assert area.active == (area.pk in held)
        if version := held.get(area.pk):
            for name in ("code", "name", "short_name", "parent_id", "path"):
                assert getattr(area, name) == getattr(version, name)
