"""How large a grid should be: the bounds of its district, and what is said about one outside them."""

from dataclasses import asdict, dataclass
from typing import Any

import shapely
from django.utils.translation import gettext as _

from wangge.domain.places.models import LEVELS, Area, GridSize, Level

_DISTRICT = LEVELS.index(Level.DISTRICT)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a drawing and where (WGS-84). A `warning` does not keep it from being saved."""

    kind: str
    text: str
    place: shapely.Geometry
    warning: bool = False

    def as_feature(self) -> dict[str, Any]:
        words = {"kind": self.kind, "text": self.text, "warning": self.warning}
        return {
            "type": "Feature",
            "properties": words,
            "geometry": shapely.geometry.mapping(self.place),
        }


@dataclass(frozen=True, slots=True)
class Bounds:
    """Homes of a grid, both ends included."""

    least: int
    most: int

    def fault(self, name: str, homes: int, shape: shapely.Geometry) -> Fault | None:
        """A warning about a grid with too few or too many homes; one without any is not for living in."""
        if not homes or self.least <= homes <= self.most:
            return None
        words = {"name": name, "homes": homes} | asdict(self)
        text = _("“%(name)s”有 %(homes)d 套住房，规模建议 %(least)d–%(most)d 户。") % words
        return Fault("size", text, shape.representative_point(), warning=True)


# Langya's bounds; where a district set none of its own.
USUAL = Bounds(300, 500)


def bounds_for(area: Area) -> Bounds:
    """The bounds of the district around an area (1 statement)."""
    ids = [int(part) for part in area.path.rstrip(".").split(".")]
    return bounds_of(ids[_DISTRICT]) if len(ids) > _DISTRICT else USUAL


def bounds_of(district_id: int) -> Bounds:
    """The district's own bounds, or the usual ones (1 statement)."""
    row = GridSize.objects.filter(pk=district_id).first()
    return Bounds(row.least, row.most) if row else USUAL


def of_grid_size(district_id: int) -> dict[str, Any]:
    """The bounds as plain values, for their history (1 statement)."""
    return asdict(bounds_of(district_id))
