"""Reads of the tree for those who keep it: what lies below an area, and an area's whole life."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from wangge.domain.places.models import Area, AreaChange, AreaVersion, LocalCode, Succession


def below(parent: Area | None) -> "QuerySet[Area]":
    """Active areas right below one (None: the top), in code order, each with `child_count` (1 statement)."""
    rows = Area.objects.filter(parent=parent, active=True).order_by("code", "pk")
    return rows.annotate(child_count=Count("children", filter=Q(children__active=True)))


def found(words: str, most: int = 50) -> "QuerySet[Area]":
    """Areas, ended ones too, whose code begins with the words or whose name holds them (1 statement)."""
    match = Q(code__startswith=words) if words.isdecimal() else Q(name__icontains=words)
    return Area.objects.filter(match).select_related("parent").order_by("-active", "code", "pk")[:most]


@dataclass(frozen=True, slots=True)
class Life:
    """An area's versions, newest first; the changes it was part of; who came before and after; other codes."""

    versions: tuple[AreaVersion, ...]
    changes: tuple[AreaChange, ...]
    predecessors: tuple[Succession, ...]
    successors: tuple[Succession, ...]
    codes: tuple[LocalCode, ...]


def life_of(area: Area) -> Life:
    """The whole history of an area (4 statements)."""
    pairs = Succession.objects.filter(Q(predecessor=area) | Q(successor=area))
    known = tuple(pairs.select_related("predecessor", "successor", "change").order_by("change__effective_on"))
    changes = AreaChange.objects.filter(Q(area=area) | Q(pk__in=[pair.change_id for pair in known]))
    return Life(
        tuple(area.versions.select_related("parent").order_by("-valid")),
        tuple(changes.order_by("-effective_on", "-pk")),
        tuple(pair for pair in known if pair.successor_id == area.pk),
        tuple(pair for pair in known if pair.predecessor_id == area.pk),
        tuple(area.local_codes.select_related("scheme").order_by("scheme__key")),
    )
