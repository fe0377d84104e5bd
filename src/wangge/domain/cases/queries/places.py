"""Cases of a place: what is open at a building, what was reported about a facility."""

import shapely

from wangge.domain.access.actor import Actor
from wangge.domain.cases.models import Case
from wangge.domain.cases.queries.lists import by_urgency, with_names
from wangge.domain.places.addresses import BUILDING_METRES
from wangge.domain.places.models import Building, Facility
from wangge.engines.geo import Frame

_MOST = 20


def open_cases_at(actor: Actor, building: Building) -> list[Case]:
    """Open cases that the actor may see, reported in the building or beside its walls, the most urgent first (1 statement)."""
    frame = Frame(building.lon, building.lat)
    walls = frame.project(shapely.from_wkb(bytes(building.wkb)))
    west, south, east, north = frame.unproject(walls.buffer(BUILDING_METRES)).bounds
    near = Case.objects.filter(ended=False, lon__range=(west, east), lat__range=(south, north))
    rows = list(by_urgency(with_names(near))[: 5 * _MOST])
    points = [shapely.Point(*frame.to_metres(case.lon or 0.0, case.lat or 0.0)) for case in rows]
    close = shapely.distance(points, walls) <= BUILDING_METRES if rows else []
    return [case for case, is_close in zip(rows, close, strict=True) if is_close][:_MOST]


def cases_of_facility(facility: Facility) -> list[Case]:
    """Cases about a facility that the reader may see, the newest first (1 statement)."""
    about = Case.objects.filter(facility=facility)
    return list(with_names(about).order_by("-reported_at")[:_MOST])
