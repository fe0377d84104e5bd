"""Which areas this installation serves, and the public number of each office."""

from dataclasses import dataclass, field

from wangge.domain.access.models import Unit, UnitKind
from wangge.domain.places.models import Area, AreaShape


@dataclass(slots=True)
class ServedStreet:
    """A street with its centre and the stations of its communities, in code order."""

    street: Area
    centre: Unit | None = None
    stations: list[Unit] = field(default_factory=list)


def served_streets() -> list[ServedStreet]:
    """Every street with an active centre or station; those with a drawn map and the most offices first (2 statements)."""
    units = Unit.objects.filter(active=True, kind__in=[UnitKind.STREET_CENTRE, UnitKind.STATION])
    streets: dict[int, ServedStreet] = {}
    for unit in units.select_related("area__parent__parent").order_by("area__code"):
        street = unit.area if unit.kind == UnitKind.STREET_CENTRE else unit.area.parent
        if street is None:
            continue
        served = streets.setdefault(street.pk, ServedStreet(street))
        if unit.kind == UnitKind.STREET_CENTRE:
            served.centre = unit
        else:
            served.stations.append(unit)
    drawn = set(
        AreaShape.objects.filter(version__area__in=streets).values_list("version__area_id", flat=True)
    )
    return sorted(
        streets.values(),
        key=lambda served: (
            served.street.pk not in drawn,
            served.centre is None,
            -len(served.stations),
            served.street.code,
        ),
    )


def office_of(area: Area) -> Unit | None:
    """The station or centre that serves an area or the nearest area above it (1 statement)."""
    ids = [int(part) for part in area.path.rstrip(".").split(".")]
    offices = Unit.objects.filter(
        active=True, kind__in=[UnitKind.STREET_CENTRE, UnitKind.STATION], area_id__in=ids
    )
    return offices.order_by("-area__path").first()
