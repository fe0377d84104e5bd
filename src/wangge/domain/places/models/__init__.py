"""Tables of places: areas and their history, buildings and dwellings, facilities, the base map."""

from wangge.domain.places.models.areas import (
    LEVELS,
    Area,
    AreaChange,
    AreaShape,
    AreaVersion,
    ChangeKind,
    GridCodeScheme,
    GridSize,
    Kind,
    Level,
    LocalCode,
    Succession,
)
from wangge.domain.places.models.buildings import (
    Building,
    BuildingKind,
    Compound,
    Dwelling,
    DwellingBatch,
    DwellingUse,
    Panorama,
    Stairwell,
)
from wangge.domain.places.models.facilities import Facility, FacilityState
from wangge.domain.places.models.maps import MapFeature, MapLayer, MapStamp
from wangge.domain.places.models.outlines import Outlined

__all__ = [
    "LEVELS",
    "Area",
    "AreaChange",
    "AreaShape",
    "AreaVersion",
    "Building",
    "BuildingKind",
    "ChangeKind",
    "Compound",
    "Dwelling",
    "DwellingBatch",
    "DwellingUse",
    "Facility",
    "FacilityState",
    "GridCodeScheme",
    "GridSize",
    "Kind",
    "Level",
    "LocalCode",
    "MapFeature",
    "MapLayer",
    "MapStamp",
    "Outlined",
    "Panorama",
    "Stairwell",
    "Succession",
]
