"""Reads of areas: the tree, a day's answers, and which grid a point lies in."""

from collections.abc import Sequence
from datetime import date

import shapely
from django.db.models import Q, QuerySet

from wangge.domain.places.models import LEVELS, Area, AreaShape, AreaVersion, Level
from wangge.engines.geo import PolygonIndex
from wangge.platform import clock
from wangge.platform.db.instances import Instances, all_columns
from wangge.platform.fresh import fresh_for


def grid_at(lon: float, lat: float) -> Area | None:
    """The grid of today in which a WGS-84 point lies, None outside all."""
    grid_id = _grids().find(lon, lat)
    return next(iter(_AREA.where("id = %s", [grid_id])), None) if grid_id is not None else None


_AREA: Instances[Area] = Instances(Area, *all_columns(Area))


def grid_ids_at(lons: Sequence[float], lats: Sequence[float]) -> list[int | None]:
    """The ids of the grids of today in which many points lie, None outside all."""
    return _grids().find_many(lons, lats)


@fresh_for(60)
def _grids() -> "PolygonIndex[int]":
    shapes = shapes_on(clock.today(), Level.GRID).values_list("version__area_id", "wkb")
    return PolygonIndex((area, bytes(wkb)) for area, wkb in shapes)


forget_shapes = _grids.forget


def shapes_on(day: date, level: str) -> "QuerySet[AreaShape]":
    """The outlines of a level that held on a day."""
    return AreaShape.objects.filter(version__area__level=level, version__valid__contains=day)


def on_day(day: date, *, code: str | None = None) -> "QuerySet[AreaVersion]":
    """The versions that held on a day; with `code`, at most one (the database sees to it)."""
    versions = AreaVersion.objects.filter(valid__contains=day).select_related("area", "parent")
    return versions.filter(code=code) if code else versions


def code_on(code: str, day: date) -> AreaVersion | None:
    """What held a code on a day (1 statement)."""
    return on_day(day, code=code).first()


def point_on(lon: float, lat: float, day: date, level: str) -> AreaVersion | None:
    """The area of a level in which a WGS-84 point lay on a day, by the outlines of that day.

    Where the level has no outline there, a smaller area that holds the point answers for the one above
    it. On a border the smallest id wins. At most one statement a level and one more.
    """
    above = LEVELS.index(level)
    for below in LEVELS[above:]:
        if version := _drawn_on(lon, lat, day, below):
            return version if below == level else on_day(day).get(area_id=_ids(version.path)[above])
    return None


def _drawn_on(lon: float, lat: float, day: date, level: str) -> AreaVersion | None:
    near = shapes_on(day, level).filter(west__lte=lon, east__gte=lon, south__lte=lat, north__gte=lat)
    rows = near.select_related("version__area").order_by("version__area_id")
    hits = (row.version for row in rows if shapely.intersects_xy(shapely.from_wkb(bytes(row.wkb)), lon, lat))
    return next(hits, None)


def ancestors(area: Area) -> "QuerySet[Area]":
    """The areas above, from the top, and the area itself."""
    return Area.objects.filter(pk__in=[int(part) for part in area.path.rstrip(".").split(".")]).order_by(
        "path"
    )


def subtree(area: Area, level: str | None = None) -> "QuerySet[Area]":
    """Active areas below, in code order; all levels or one."""
    rows = Area.objects.filter(path__startswith=area.path, active=True).exclude(pk=area.pk).order_by("code")
    return rows.filter(level=level) if level else rows


@fresh_for(20)
def path_of_area(area_id: int) -> str:
    """The path of an area, "" when there is none (1 statement, kept 20 s)."""
    return Area.objects.filter(pk=area_id).values_list("path", flat=True).first() or ""


@fresh_for(20)
def area_choices(roots: tuple[int, ...], chosen: int | None) -> list[Area]:
    """Areas to choose from, in the order of the tree: the roots, what is right below them, and the chosen
    branch (2 statements, kept 20 s)."""
    branch = path_of_area(chosen) if chosen else ""
    opened = {*roots, *(_ids(branch) if branch else [])}
    areas = Area.objects.filter(Q(pk__in=roots) | Q(parent_id__in=opened), active=True)
    within = [area.path for area in areas if area.pk in roots]
    return sorted(
        (area for area in areas if any(area.path.startswith(path) for path in within)),
        key=lambda area: area.code,
    )


def plan_area(areas: list[int], chosen: int | None = None) -> Area | None:
    """The area whose map shows the chosen area, or else the first of `areas`: its street, or itself above that (1 statement)."""
    wanted = chosen or next(iter(areas), None)
    area = Area.objects.filter(pk=wanted).select_related("parent__parent").first() if wanted else None
    while area is not None and area.parent is not None and area.level in (Level.COMMUNITY, Level.GRID):
        area = area.parent
    return area


def _ids(path: str) -> list[int]:
    return [int(part) for part in path.rstrip(".").split(".")]


def areas_named(words: str, paths: list[str], only: int | None = None, most: int = 12) -> list[Area]:
    """Communities and grids inside the paths whose name or code holds the words; `only` names one by id (1 statement)."""
    within = Q(pk__in=[])
    for path in paths:
        within |= Q(path__startswith=path)
    areas = Area.objects.filter(within, active=True, level__in=[Level.COMMUNITY, Level.GRID])
    found = (
        areas.filter(pk=only) if only else areas.filter(Q(name__icontains=words) | Q(code__startswith=words))
    )
    return list(found.select_related("parent").order_by("level", "code")[:most])


def last_change(area: Area) -> int | None:
    """The number of the latest change of an area, those to come included (1 statement)."""
    found: int | None = area.changes.order_by("-pk").values_list("pk", flat=True).first()
    return found
