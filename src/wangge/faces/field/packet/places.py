"""Addresses of the worker's grid: buildings with their doors, facilities with their codes. Places only, no person."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from wangge.domain.access.actor import Actor
from wangge.domain.catalogue.models import Matter, MatterKind
from wangge.domain.places.models import Area, Building, Dwelling, Facility
from wangge.platform.language import named

MOST_BUILDINGS = 600
MOST_DOORS = 6000
MOST_FACILITIES = 1500
_NEAR = ("grid", "community")


def rows(actor: Actor) -> Iterator[dict[str, Any]]:
    """Of the grids of the actor's grid and community posts; none for wider posts (at most 5 statements)."""
    grids = _grids(actor)
    if not grids:
        return
    buildings = list(
        Building.objects.filter(area_id__in=grids, removed_on=None)
        .select_related("compound")
        .order_by("pk")[:MOST_BUILDINGS]
    )
    doors = _doors(buildings)
    for building in buildings:
        yield _building(building, doors[building.pk])
    classes = {
        matter.code: named(matter)
        for matter in Matter.objects.filter(kind=MatterKind.COMPONENT).only("code", "name", "name_en")
    }
    for facility in Facility.objects.filter(area_id__in=grids).order_by("pk")[:MOST_FACILITIES]:
        yield _facility(facility, classes.get(facility.class_code, ""))


def _grids(actor: Actor) -> list[int]:
    near = [post.area_id for post in actor.posts if post.area_level in _NEAR]
    below = Area.objects.filter(parent_id__in=near, level="grid", active=True).values_list("pk", flat=True)
    return [*near, *below] if near else []


def _doors(buildings: list[Building]) -> dict[int, list[tuple[str, str]]]:
    """By building: the sign and the id of each dwelling, in their order."""
    found = Dwelling.objects.filter(building__in=buildings).select_related("stairwell")
    doors: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for dwelling in found.order_by("building_id", "stairwell__number", "floor", "room")[:MOST_DOORS]:
        sign = f"{dwelling.stairwell or ''}{dwelling.room}"
        doors[dwelling.building_id].append((sign, str(dwelling.pk)))
    return doors


def _building(building: Building, doors: list[tuple[str, str]]) -> dict[str, Any]:
    sign = f"{building.compound or ''}{building}"
    return {
        "id": f"b{building.pk}",
        "kind": "building",
        "name": sign,
        "address": sign if building.compound_id else building.address or sign,
        "code": "",
        "lon": building.lon,
        "lat": building.lat,
        "area": str(building.area_id),
        "doors": [sign for sign, _dwelling in doors],
        "dwellings": [dwelling for _sign, dwelling in doors],
    }


def _facility(facility: Facility, kind: str) -> dict[str, Any]:
    return {
        "id": f"f{facility.pk}",
        "kind": "facility",
        "name": kind,
        "address": f"{facility.place} {kind}".strip(),
        "code": facility.code,
        "lon": facility.lon,
        "lat": facility.lat,
        "area": str(facility.area_id),
        "doors": [],
        "dwellings": [],
    }
