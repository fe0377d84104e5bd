"""Outlines of the areas below one area, from a file: matched, checked, saved together from a day on."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

import shapely
from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, AnyActor
from wangge.domain.access.policy import may_administer
from wangge.domain.places import rules
from wangge.domain.places.borders import size_faults, square_metres
from wangge.domain.places.models import Area, AreaChange, ChangeKind, Level
from wangge.domain.places.queries import shapes_on
from wangge.domain.places.services.buildings import find_grids_again
from wangge.domain.places.services.shapes import set_shape
from wangge.domain.places.sizes import Fault
from wangge.platform import clock
from wangge.platform.errors import Invalid, NotAllowed
from wangge.platform.geodata.reading import Feature

# Smaller overlaps and gaps come from rounding.
_SPECK_M2 = 10.0
_MOST_FAULTS = 60
Shapes = dict[int, shapely.Geometry]


@dataclass(frozen=True, slots=True)
class Matched:
    """The areas that a file has outlines for, by id; what of it names no area there, by its number."""

    shapes: Shapes
    names: dict[int, str]
    unknown: tuple[str, ...]


def match(area: Area, level: str, features: Sequence[Feature]) -> Matched:
    """Each shape to the area of a level below whose code or name stands among its values (1 statement)."""
    below = list(Area.objects.filter(path__startswith=area.path, level=level, active=True))
    known = {word: one for one in below for word in (one.code, one.name, one.short_name)}
    shapes: Shapes = {}
    unknown = []
    for feature in features:
        found = next((known[value] for value in feature.values.values() if value in known), None)
        if found is None or feature.shape.geom_type not in ("Polygon", "MultiPolygon"):
            unknown.append(_("第 %(number)d 个图形") % {"number": feature.number})
        elif found.pk in shapes:
            raise Invalid({"file": _("“%(name)s”在文件里有两个图形。") % {"name": found.name}})
        else:
            shapes[found.pk] = feature.shape
    if not shapes:
        raise Invalid({"file": _("文件里没有图形带着这里区划的编码或名称。")})
    return Matched(shapes, {one.pk: one.short_name for one in below if one.pk in shapes}, tuple(unknown))


def read_shapes(text: str) -> Shapes:
    """What a preview sent back: {"id": wkb in hex}. Raises Invalid."""
    try:
        return {int(key): shapely.from_wkb(value) for key, value in json.loads(text).items()}
    except (ValueError, TypeError, AttributeError, shapely.errors.ShapelyError) as error:
        raise Invalid({"shapes": _("预览的内容没有完整送回，请重新传文件。")}) from error


def faults_of(area: Area, shapes: Mapping[int, shapely.Geometry], names: Mapping[int, str]) -> list[Fault]:
    """Self-crossings, overlaps, gaps, ground outside the area, and sizes outside the bounds (3 statements)."""
    broken = [
        Fault("crossing", _("“%(name)s”的边界自己相交。") % {"name": names[key]}, _where_broken(shape))
        for key, shape in shapes.items()
        if not shape.is_valid
    ]
    if broken:
        return broken[:_MOST_FAULTS]
    return [*_overlaps(shapes, names), *_against(area, shapes, names), *size_faults(area, shapes, names)][
        :_MOST_FAULTS
    ]


@transaction.atomic
def save(
    actor: AnyActor, area: Area, shapes: Mapping[int, shapely.Geometry], on: date, note: str = ""
) -> int:
    """The outlines hold from the day on; how many. Raises Invalid for a self-crossing or an overlap."""
    if not may_administer(actor):
        raise NotAllowed(_("只有平台管理员可以变更区划。"))
    rules.check_day(on, clock.today())
    areas = list(Area.objects.filter(pk__in=shapes, path__startswith=area.path, active=True).order_by("code"))
    if not areas or len(areas) < len(shapes):
        raise Invalid({"shapes": _("预览的内容没有完整送回，请重新传文件。")})
    names = {one.pk: one.short_name for one in areas}
    if wrong := [fault.text for fault in faults_of(area, shapes, names) if not fault.warning]:
        raise Invalid({"shapes": wrong[0]})
    for one in areas:
        set_shape(actor, one, shapes[one.pk], on)
    AreaChange.objects.create(
        area=area,
        kind=ChangeKind.REDRAW,
        effective_on=on,
        note=note[:500],
        made_at=clock.now(),
        made_by_id=actor.user_id if isinstance(actor, Actor) else None,
    )
    if on <= clock.today() and areas[0].level == Level.GRID:
        find_grids_again()
    return len(areas)


def preview(matched: Matched, faults: Sequence[Fault]) -> dict[str, Any]:
    """For the map: the outlines with their names, and each fault at its place."""
    outlines = [
        {
            "type": "Feature",
            "properties": {"kind": "outline", "text": matched.names[key]},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for key, shape in matched.shapes.items()
    ]
    return {"type": "FeatureCollection", "features": [*outlines, *(fault.as_feature() for fault in faults)]}


def _where_broken(shape: shapely.Geometry) -> shapely.Geometry:
    """The point that the reason names: "Self-intersection[113.25 23.1]"."""
    inside = shapely.is_valid_reason(shape).partition("[")[2].rstrip("]").split()
    return shapely.Point(*map(float, inside)) if len(inside) == 2 else shape.centroid


def _overlaps(shapes: Mapping[int, shapely.Geometry], names: Mapping[int, str]) -> list[Fault]:
    keys = list(shapes)
    tree = shapely.STRtree([shapes[key] for key in keys])
    first, second = tree.query([shapes[key] for key in keys], predicate="intersects")
    near = {(min(i, j), max(i, j)) for i, j in zip(first.tolist(), second.tolist(), strict=True) if i != j}
    faults = []
    for i, j in (pair for pair in combinations(range(len(keys)), 2) if pair in near):
        common = shapely.intersection(shapes[keys[i]], shapes[keys[j]])
        if not common.is_empty and square_metres(common) > _SPECK_M2:
            words = {"one": names[keys[i]], "other": names[keys[j]], "area": round(square_metres(common))}
            text = _("“%(one)s”与“%(other)s”重叠 %(area)d 平方米。") % words
            faults.append(Fault("overlap", text, common.representative_point()))
    return faults


def _against(area: Area, shapes: Mapping[int, shapely.Geometry], names: Mapping[int, str]) -> list[Fault]:
    """Ground outside the area is a fault; ground of it that is in none of the shapes is a warning."""
    above = shapes_on(clock.today(), area.level).filter(version__area=area).first()
    if above is None:
        return []
    whole = shapely.from_wkb(bytes(above.wkb))
    faults = []
    for key, shape in shapes.items():
        outside = shapely.difference(shape, whole)
        if not outside.is_empty and square_metres(outside) > _SPECK_M2:
            words = {"name": names[key], "area": round(square_metres(outside)), "above": area.short_name}
            text = _("“%(name)s”有 %(area)d 平方米在“%(above)s”之外。") % words
            faults.append(Fault("outside", text, outside.representative_point()))
    left = shapely.difference(whole, shapely.union_all([*shapes.values()]))
    for gap in shapely.get_parts(left):
        if square_metres(gap) > _SPECK_M2:
            text = _("这里有 %(area)d 平方米不属于任何图形。") % {"area": round(square_metres(gap))}
            faults.append(Fault("gap", text, gap.representative_point(), warning=True))
    return faults
