"""The catalogue: groups, matters, and the conditions that hold on a day."""

from datetime import date
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from wangge.domain.catalogue import queries
from wangge.domain.catalogue.models import Condition
from wangge.domain.catalogue.models import Matter as MatterRow
from wangge.faces.api.about import about
from wangge.faces.api.fields import Cursor, Day, Id, Limit, Words, cursor_of, day_of, place_of
from wangge.platform.errors import NotFound

router = Router(tags=["catalogue"])
_SCOPE = "catalogue:read"
Kind = Literal["component", "event", "local"]


class Group(Schema):
    """A group of matters; `enabled` of them are offered for reporting."""

    kind: Kind
    code: str
    name: str
    name_en: str
    total: int
    enabled: int


class Groups(Schema):
    items: list[Group]


class Matter(Schema):
    """A class of case (GB/T 47678.5-2026 or the city's own)."""

    id: int
    kind: Kind
    code: str
    group_code: str
    group_name: str
    name: str
    name_en: str
    explain: str
    enabled: bool
    parent_id: int | None = Field(description="The matter that a local class is part of")


class MatterPage(Schema):
    items: list[Matter]
    next: str | None = Field(description="`cursor` of the next page; null on the last")


class ConditionOut(Schema):
    """A condition of a matter: what must be done, by when, proved how."""

    id: int = Field(description="Of this version; a changed condition has a new id")
    number: int
    text: str
    text_en: str
    amount: int
    unit: str = Field(description="urgent_hour, urgent_day, work_hour, work_day, hour, day")
    emergency: bool
    level: str
    procedure: str
    closing_condition: str
    closing_condition_en: str
    proof: str
    on_the_spot: bool
    valid_from: date | None
    valid_until: date | None


class MatterDetail(Matter):
    conditions: list[ConditionOut]


@router.get("/catalogue/groups", **about("listGroups", _SCOPE, Groups, "List groups of matters"))
def list_groups(request: object) -> Groups:
    """All groups with their counts."""
    names = Group.model_fields
    return Groups(
        items=[Group(**{name: getattr(found, name) for name in names}) for found in queries.groups()]
    )


@router.get("/catalogue/matters", **about("listMatters", _SCOPE, MatterPage, "List matters"))
def list_matters(
    request: object,
    q: Words,
    kind: Annotated[Kind | None, Query(None)],
    group: Annotated[str, Query("", max_length=4, pattern="^[0-9A-Za-z]*$")],
    enabled: Annotated[bool | None, Query(None)],
    cursor: Cursor,
    limit: Limit,
) -> MatterPage:
    """Matters by code or part of a name, in the order of their ids."""
    rows = queries.matters_found(q.strip(), kind=kind or "", group=group, enabled=enabled).order_by("pk")
    if place := place_of(cursor, int):
        rows = rows.filter(pk__gt=place[0])
    found = list(rows[: limit + 1])
    more = len(found) > limit
    return MatterPage(
        items=[Matter(**_matter(row)) for row in found[:limit]],
        next=cursor_of(found[limit - 1].pk) if more else None,
    )


@router.get("/catalogue/matters/{matter_id}", **about("getMatter", _SCOPE, MatterDetail, "One matter"))
def get_matter(request: object, matter_id: Id, on: Day) -> MatterDetail:
    """A matter with its conditions of a day."""
    found = queries.matter_page(matter_id)
    if found is None:
        raise NotFound(_("没有这个事项。"))
    day = day_of(on)
    held = [row for row in found.rows if _held(row, day)]  # type: ignore[attr-defined]
    return MatterDetail(**_matter(found), conditions=[_condition(row) for row in held])


def _held(row: Condition, day: date) -> bool:
    begins, ends = row.valid.lower, row.valid.upper
    return (begins is None or begins <= day) and (ends is None or day < ends)


def _matter(row: MatterRow) -> dict[str, Any]:
    return {name: getattr(row, "pk" if name == "id" else name) for name in Matter.model_fields}


def _condition(row: Condition) -> ConditionOut:
    own = set(ConditionOut.model_fields) - {"valid_from", "valid_until"}
    values = {name: getattr(row, name) for name in own}
    return ConditionOut(**values, valid_from=row.valid.lower, valid_until=row.valid.upper)
