"""Reads of public facilities: a list, one by its code, the parts of its code in words."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from wangge.domain.access.models import Unit
from wangge.domain.catalogue.models import Matter
from wangge.domain.catalogue.queries import component_classes
from wangge.domain.places.models import Area, Facility, FacilityState, Level


def facilities_in(
    area: Area, words: str = "", class_code: str = "", state: str = "", owner: int | None = None
) -> "QuerySet[Facility]":
    """Facilities of an area by code or place, class, state and keeper (1 statement).

    Without a state those that still stand. `class_code` may be a group of two digits.
    """
    rows = Facility.objects.select_related("area", "owner")
    rows = (
        rows.filter(area=area) if area.level == Level.GRID else rows.filter(area__path__startswith=area.path)
    )
    for word in words.split():
        rows = rows.filter(Q(code__startswith=word) | Q(place__icontains=word))
    if class_code:
        rows = rows.filter(class_code__startswith=class_code)
    if owner:
        rows = rows.filter(owner_id=owner)
    rows = (
        rows.filter(state=state)
        if state in FacilityState.values
        else rows.exclude(state=FacilityState.REMOVED)
    )
    return rows.order_by("code")


def by_code(code: str) -> Facility | None:
    """The facility with these 17 digits (1 statement)."""
    return Facility.objects.filter(code=code).select_related("area__parent", "owner").first()


def owners_below(area: Area) -> list[Unit]:
    """Units that may keep facilities of an area: those of the areas above and below it (1 statement)."""
    above = [int(part) for part in area.path.rstrip(".").split(".")]
    return list(
        Unit.objects.filter(Q(area_id__in=above) | Q(area__path__startswith=area.path), active=True).order_by(
            "kind", "name"
        )
    )


@dataclass(frozen=True, slots=True)
class CodePart:
    """Digits of a code and what they stand for; `matter` names a class or group in both languages."""

    digits: str
    kind: str
    name: str = ""
    matter: Matter | None = None


def code_parts(facility: Facility) -> list[CodePart]:
    """District, group, class and serial of a code (1 statement; the classes are kept)."""
    code = facility.code
    district = Area.objects.filter(code=code[:6]).values_list("name", flat=True).first()
    of_class = component_classes().get(facility.class_code)
    return [
        CodePart(code[:6], "district", district or ""),
        CodePart(code[6:8], "group", of_class.group_name if of_class else "", of_class),
        CodePart(code[8:11], "class", of_class.name if of_class else "", of_class),
        CodePart(code[11:], "serial", str(int(code[11:]))),
    ]
