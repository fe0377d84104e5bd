"""Reads of the catalogue: groups, matters by code or name, conditions of a day and their history."""

from dataclasses import dataclass

from django.db.models import Case, Count, Prefetch, Q, QuerySet, When

from wangge.domain.catalogue.models import Condition, Matter, MatterKind
from wangge.domain.catalogue.words import group_name_en

# What is reported; components are classes of facilities, for the register.
REPORTED_KINDS = (MatterKind.EVENT, MatterKind.LOCAL)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of matters; `total` of them, `enabled` offered for reporting."""

    kind: str
    code: str
    name: str
    name_en: str
    total: int
    enabled: int


def groups() -> list[Group]:
    """All groups with their counts: events, local matters, components (1 statement)."""
    rows = (
        Matter.objects.values("kind", "group_code", "group_name")
        .annotate(total=Count("pk"), offered=Count("pk", filter=Q(enabled=True)))
        .order_by("group_code")
    )
    order = [*REPORTED_KINDS, MatterKind.COMPONENT]
    found = [
        Group(
            row["kind"],
            row["group_code"],
            row["group_name"],
            group_name_en(row["kind"], row["group_code"]),
            row["total"],
            row["offered"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda group: (order.index(MatterKind(group.kind)), group.code))


def matters_found(
    words: str = "", *, kind: str = "", group: str = "", enabled: bool | None = None
) -> "QuerySet[Matter]":
    """Matters by code or part of a name, each with the number of conditions that hold now.

    In code order; what is reported before the classes of facilities.
    """
    matters = Matter.objects.select_related("parent").annotate(
        condition_count=Count("conditions", filter=Q(conditions__valid__endswith__isnull=True))
    )
    if words:
        matters = matters.filter(
            Q(code__startswith=words) | Q(name__icontains=words) | Q(name_en__icontains=words)
        )
    if kind:
        matters = matters.filter(kind=kind)
    if group:
        matters = matters.filter(group_code=group)
    if enabled is not None:
        matters = matters.filter(enabled=enabled)
    return matters.order_by(Case(When(kind=MatterKind.COMPONENT, then=1), default=0), "code", "kind")


def matter_page(matter_id: int) -> Matter | None:
    """A matter with `rows`, all conditions ever, by number and time, and its local classes (3 statements)."""
    history = Condition.objects.order_by("number", "-valid")
    return (
        Matter.objects.filter(pk=matter_id)
        .select_related("parent")
        .prefetch_related(Prefetch("conditions", history, to_attr="rows"), "local_classes")
        .first()
    )


def frequent() -> list[Matter]:
    """The ten matters reported most, in their order (1 statement)."""
    return list(Matter.objects.filter(frequent_rank__isnull=False, enabled=True).order_by("frequent_rank"))
