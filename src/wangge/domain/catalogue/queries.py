"""Reads of the catalogue: groups, matters by code or name, conditions of a day and their history."""

from dataclasses import dataclass

from django.db.models import Case, Count, Prefetch, Q, QuerySet, When

from wangge.domain.catalogue.models import Condition, Matter, MatterKind, Revision, Subject
from wangge.domain.catalogue.words import group_name_en
from wangge.platform.db.instances import Instances, all_columns
from wangge.platform.fresh import fresh_for

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


@fresh_for(20)
def groups_lately() -> list[Group]:
    """The groups as a list to choose from: what `groups` gave in the last 20 s."""
    return groups()


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
    """Matters by code, old code or part of a name, each with the number of conditions that hold now.

    By group, place in it and code; what is reported before the classes of facilities.
    """
    matters = Matter.objects.select_related("parent").annotate(
        condition_count=Count("conditions", filter=Q(conditions__valid__endswith__isnull=True))
    )
    if words:
        matters = matters.filter(
            Q(code__startswith=words)
            | Q(name__icontains=words)
            | Q(name_en__icontains=words)
            | Q(legacy_code__startswith=words)
        )
    if kind:
        matters = matters.filter(kind=kind)
    if group:
        matters = matters.filter(group_code=group)
    if enabled is not None:
        matters = matters.filter(enabled=enabled)
    component = Case(When(kind=MatterKind.COMPONENT, then=1), default=0)
    return matters.order_by(component, "group_code", "position", "code", "kind")


def matter_page(matter_id: int) -> Matter | None:
    """A matter with `rows`, all conditions ever, by number and time, and its local classes (3 statements)."""
    history = Condition.objects.order_by("number", "-valid")
    return (
        Matter.objects.filter(pk=matter_id)
        .select_related("parent")
        .prefetch_related(
            Prefetch("conditions", history, to_attr="rows"),
            Prefetch("local_classes", Matter.objects.order_by("position", "code")),
        )
        .first()
    )


def matters_with_conditions(words: str, most: int) -> list[Matter]:
    """Matters found by words, each with `held`, its conditions as they hold or will hold last (2 statements)."""
    held = Condition.objects.filter(valid__endswith__isnull=True).order_by("number")
    return list(matters_found(words).prefetch_related(Prefetch("conditions", held, to_attr="held"))[:most])


def last_version(row: Condition) -> Condition:
    """The latest version of a condition: itself, or the last row of its number (1 statement for an ended row)."""
    if row.valid.upper is None:
        return row
    same = Condition.objects.filter(matter_id=row.matter_id, number=row.number)
    found = same.select_related("matter").order_by("-valid").first()
    return found or row


def neighbours_of(matter: Matter) -> list[Matter]:
    """The matters easily taken for this one, of its own kind (1 statement)."""
    codes = [code for code in matter.not_to_confuse.split(";") if code]
    kinds = [MatterKind.COMPONENT] if matter.kind == MatterKind.COMPONENT else list(REPORTED_KINDS)
    return list(Matter.objects.filter(code__in=codes, kind__in=kinds).order_by("code"))


def frequent() -> list[Matter]:
    """The ten matters reported most, in their order (1 statement)."""
    return list(Matter.objects.filter(frequent_rank__isnull=False, enabled=True).order_by("frequent_rank"))


def revisions_of(subject: Subject, of: int) -> "QuerySet[Revision]":
    """The changes of a matter, or of an area's calendar or list, the newest first (1 statement)."""
    about = {"matter_id": of} if subject == Subject.MATTER else {"area_id": of}
    return Revision.objects.filter(subject=subject, **about).select_related("user").order_by("-at", "-pk")


def last_revision(subject: Subject, of: int) -> int:
    """The id of the newest change of a subject, 0 when there is none: what an edit form remembers (1 statement)."""
    return revisions_of(subject, of).values_list("pk", flat=True).first() or 0


@fresh_for(60)
def component_classes() -> dict[str, Matter]:
    """Classes of facilities by their five digits, in order (1 statement, kept 60 s)."""
    found = Matter.objects.filter(kind=MatterKind.COMPONENT).order_by("code")
    return {matter.code: matter for matter in found}


def matter_of_class(class_code: str) -> Matter | None:
    """What is reported about a facility of a class: the event of the same number (1 statement)."""
    return Matter.objects.filter(kind=MatterKind.EVENT, code=class_code, enabled=True).first()


def offered_matter(matter_id: int) -> Matter | None:
    """A matter that can be reported; None for an unknown one and one out of use (1 statement)."""
    return next(iter(_MATTER.where("id = %s AND enabled", [matter_id])), None)


_MATTER: Instances[Matter] = Instances(Matter, *all_columns(Matter))
