"""Writes of borders: the grids of an area redrawn together from a day on."""

from collections.abc import Mapping, Sequence
from datetime import date

import shapely
from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, AnyActor
from wangge.domain.access.policy import may_administer
from wangge.domain.places import rules
from wangge.domain.places.borders import Borders, borders_of, faults_of, redrawn
from wangge.domain.places.models import Area, AreaChange, ChangeKind, Level
from wangge.domain.places.queries import shapes_on
from wangge.domain.places.services import versions
from wangge.domain.places.services.buildings import find_grids_again
from wangge.domain.places.services.shapes import set_shape
from wangge.engines.geo.topology import Point
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed


@transaction.atomic
def redraw(
    actor: AnyActor, area: Area, changed: Mapping[int, Sequence[Point]], base: str, on: date, note: str = ""
) -> list[Area]:
    """New borders between the grids of an area from a day on; the grids and communities that changed.

    `changed`: arcs by their place in `borders_of(area)`, of which `base` is the mark. Both sides of an arc change
    together, and the outlines of the communities above follow. Conflict when the borders have another mark by now.
    """
    if not may_administer(actor):
        raise NotAllowed(_("只有平台管理员可以变更区划。"))
    rules.check_day(on, clock.today())
    versions.lock()
    borders = borders_of(area)
    if borders.base != base:
        raise Conflict(_("您打开之后，这里的边界已由别人改过。请重新打开再画。"))
    drawn = redrawn(borders, changed)
    wrong = [fault.text for fault in faults_of(borders, drawn) if not fault.warning]
    if wrong:
        raise Invalid({"changed": wrong[0]})
    moved = _save(actor, borders, drawn.areas(), on)
    if not moved:
        raise Invalid({"changed": _("还没有改动任何边界。")})
    AreaChange.objects.create(
        area=area,
        kind=ChangeKind.REDRAW,
        effective_on=on,
        note=note[:500],
        made_at=clock.now(),
        made_by_id=actor.user_id if isinstance(actor, Actor) else None,
    )
    if on <= clock.today():
        find_grids_again()
    return moved


def _save(actor: AnyActor, borders: Borders, shapes: Mapping[int, shapely.Geometry], on: date) -> list[Area]:
    before = borders.topology.areas()
    changed = {key: shape for key, shape in shapes.items() if not shape.equals(before[key])}
    grids = list(Area.objects.filter(pk__in=changed).order_by("code"))
    for grid in grids:
        set_shape(actor, grid, shapely.normalize(changed[grid.pk]), on)
    return grids + _follow(actor, {grid.parent_id for grid in grids if grid.parent_id}, on)


def _follow(actor: AnyActor, communities: set[int], on: date) -> list[Area]:
    """Each community is what its grids are together on the day; those that had another outline."""
    followed = []
    for community in Area.objects.filter(pk__in=communities).order_by("code"):
        grids = shapes_on(on, Level.GRID).filter(version__parent=community)
        parts = [shapely.from_wkb(bytes(wkb)) for wkb in grids.values_list("wkb", flat=True)]
        whole = shapely.union_all(parts, grid_size=1e-7)
        held = shapes_on(on, Level.COMMUNITY).filter(version__area=community).first()
        if held is None or not shapely.equals(
            shapely.set_precision(shapely.from_wkb(bytes(held.wkb)), 1e-7), whole
        ):
            set_shape(actor, community, whole, on)
            followed.append(community)
    return followed
