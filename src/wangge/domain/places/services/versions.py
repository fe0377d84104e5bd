"""How versions begin and end, and how an area comes to agree with its version of a day.

Every service that changes the tree stands on these. They expect a transaction with `lock()` taken.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.functions import Concat, Lower, Substr
from django.utils.translation import gettext as _

from wangge.domain.places.models import Area, AreaVersion, Succession
from wangge.platform.errors import Conflict
from wangge.platform.hold import hold


@dataclass(frozen=True, slots=True)
class Repath:
    """The area `area_id` has another path from now on; for a merged area, the path of its successor.

    Rows elsewhere that copy exactly the old path (open cases) must follow.
    """

    area_id: int
    old_path: str
    new_path: str


def lock() -> None:
    """Until the end of the transaction nobody else changes the tree, so that checks hold until commit."""
    hold("tree of areas")


def holding_from(on: date) -> Q:
    """Versions that hold on the day or on any later one."""
    return Q(valid__overlap=DateRange(on, None))


def last(area: Area, on: date) -> AreaVersion:
    """The version that a change on this day ends: the last one, still open, begun by then.

    Raises Conflict: history is added to, never rewritten.
    """
    version = area.versions.order_by("-valid").first()
    if version is None:
        raise Conflict(_("“%(name)s”没有可变更的记录。") % {"name": area.name})
    if version.valid.upper is not None:
        text = _("“%(name)s”自 %(day)s 起已撤销。")
        raise Conflict(text % {"name": version.name, "day": version.valid.upper})
    if version.valid.lower > on:
        text = _("“%(name)s”自 %(day)s 起已有变更，新的变更不能早于这一天。")
        raise Conflict(text % {"name": version.name, "day": version.valid.lower})
    return version


def home(parent: Area, on: date) -> AreaVersion:
    """The version of a parent on the day; Conflict unless it stays where it is from then on."""
    versions = list(parent.versions.filter(holding_from(on)).order_by("valid"))
    if not versions or versions[0].valid.lower > on or versions[-1].valid.upper is not None:
        text = _("上级“%(name)s”在 %(day)s 不存在或将要撤销。")
        raise Conflict(text % {"name": parent.name, "day": on})
    if len({version.path for version in versions}) > 1:
        text = _("上级“%(name)s”在 %(day)s 之后还要变更隶属，请改用那之后的日期。")
        raise Conflict(text % {"name": parent.name, "day": on})
    return versions[0]


def begin(version: AreaVersion, on: date, **values: Any) -> AreaVersion:
    """End the version and begin its changed copy, outline included; a version of the same day is changed."""
    if version.valid.lower == on:
        for name, value in values.items():
            setattr(version, name, value)
        version.save(update_fields=list(values))
        return version
    _cut([version.pk], on)
    (copy,) = AreaVersion.objects.bulk_create([_copy(version, on, **values)])
    _carry_shapes([copy.pk], on)
    return copy


def end(area: Area, on: date) -> None:
    """The area is no more from the day on. Conflict on the very day it was founded."""
    version = last(area, on)
    if version.valid.lower < on:
        _cut([version.pk], on)
    elif area.versions.exclude(pk=version.pk).exists():
        version.delete()
    else:
        raise Conflict(_("“%(name)s”在设立当日不能撤销。") % {"name": version.name})


def hang(
    area: Area, old_parent: str, parent: Area, on: date, *, recode: tuple[str, str] | None = None
) -> list[int]:
    """From a day on, hang an area with all below it under a parent; returns the ids of the areas touched.

    `old_parent`: the path above it until now ("" for none); versions elsewhere stay as they are.
    `recode`: (old, new) beginning of the codes. A constant number of statements, however many areas.
    """
    old_path, new_path = f"{old_parent}{area.pk}.", f"{home(parent, on).path}{area.pk}."
    rows = list(AreaVersion.objects.filter(holding_from(on), path__startswith=old_path).order_by("pk"))
    if recode:
        _check_codes_free(rows, recode, on)
    cut = [row for row in rows if row.valid.lower < on]
    copies = [_copy(row, on) for row in cut]
    _cut([row.pk for row in cut], on)
    _move_rows([row.pk for row in rows if row.valid.lower >= on], area, parent, (old_path, new_path), recode)
    for copy in copies:
        copy.path = new_path + copy.path.removeprefix(old_path)
        copy.parent_id = parent.pk if copy.area_id == area.pk else copy.parent_id
        if recode and copy.code.startswith(recode[0]):
            copy.code = recode[1] + copy.code.removeprefix(recode[0])
    _carry_shapes([copy.pk for copy in AreaVersion.objects.bulk_create(copies)], on)
    return sorted({row.area_id for row in rows})


def children_from(area: Area, on: date) -> "QuerySet[Area]":
    """Areas that lie directly in the area on the day or on any later one."""
    held = AreaVersion.objects.filter(holding_from(on), parent=area)
    return Area.objects.filter(pk__in=held.values("area_id")).order_by("code")


def code_taken(code: str, on: date) -> AreaVersion | None:
    """Who holds the code on the day or later."""
    return AreaVersion.objects.filter(holding_from(on), code=code).order_by("valid").first()


def agree(day: date, ids: Iterable[int] | None = None) -> list[Repath]:
    """Make areas (all, or these) show the values of their version of the day; which paths changed."""
    chosen = None if ids is None else sorted(ids)
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW, {"day": day, "ids": chosen})
        moved = [Repath(area, old, new) for area, old, new in cursor.fetchall() if old != new]
        cursor.execute(_RETIRE, {"day": day, "ids": chosen})
        retired = dict(cursor.fetchall())
    return moved + _inherited(retired, day)


_FOLLOW = """
    WITH stale AS (
        SELECT a.id, a.path AS old_path, v.code, v.name, v.short_name, v.parent_id, v.path
        FROM places_area a JOIN places_areaversion v ON v.area_id = a.id AND v.valid @> %(day)s::date
        WHERE (%(ids)s::bigint[] IS NULL OR a.id = ANY(%(ids)s::bigint[]))
          AND (a.active, a.code, a.name, a.short_name, a.parent_id, a.path)
              IS DISTINCT FROM (true, v.code, v.name, v.short_name, v.parent_id, v.path)
    )
    UPDATE places_area a
    SET active = true, code = s.code, name = s.name, short_name = s.short_name, parent_id = s.parent_id, path = s.path
    FROM stale s WHERE a.id = s.id
    RETURNING a.id, s.old_path, a.path
"""
_RETIRE = """
    UPDATE places_area a SET active = false
    WHERE a.active AND (%(ids)s::bigint[] IS NULL OR a.id = ANY(%(ids)s::bigint[]))
      AND NOT EXISTS (SELECT 1 FROM places_areaversion v WHERE v.area_id = a.id AND v.valid @> %(day)s::date)
    RETURNING a.id, a.path
"""


def _inherited(retired: dict[int, str], day: date) -> list[Repath]:
    """Where the affairs of merged areas go: to the one successor, or to its own one successor."""
    heirs: dict[int, set[int]] = {}
    due = Succession.objects.filter(change__effective_on__lte=day)
    asked = set(retired)
    while asked:
        pairs = due.filter(predecessor_id__in=asked).values_list("predecessor_id", "successor_id")
        for predecessor, successor in pairs:
            heirs.setdefault(predecessor, set()).add(successor)
        asked = {heir for area in asked for heir in heirs.get(area, ())} - heirs.keys()
    final = {area: _follow(area, heirs) for area in retired}
    paths = dict(Area.objects.filter(pk__in=final.values(), active=True).values_list("pk", "path"))
    return [Repath(area, path, paths[final[area]]) for area, path in retired.items() if final[area] in paths]


def _follow(area: int, heirs: dict[int, set[int]]) -> int:
    while len(heirs.get(area, ())) == 1:
        (area,) = heirs[area]
    return area


def _copy(version: AreaVersion, on: date, **values: Any) -> AreaVersion:
    same = {
        name: getattr(version, name)
        for name in ("area_id", "code", "name", "short_name", "parent_id", "path")
    }
    return AreaVersion(**(same | {"valid": DateRange(on, version.valid.upper)} | values))


def _cut(ids: list[int], on: date) -> None:
    valid = Func(Lower("valid"), Value(on), function="daterange", output_field=DateRangeField())
    AreaVersion.objects.filter(pk__in=ids).update(valid=valid)


def _move_rows(
    ids: list[int], root: Area, parent: Area, paths: tuple[str, str], recode: tuple[str, str] | None
) -> None:
    rows = AreaVersion.objects.filter(pk__in=ids)
    rows.update(path=Concat(Value(paths[1]), Substr("path", len(paths[0]) + 1)))
    rows.filter(area=root).update(parent=parent)
    if recode:
        old, new = recode
        rows.filter(code__startswith=old).update(code=Concat(Value(new), Substr(F("code"), len(old) + 1)))


def _check_codes_free(rows: list[AreaVersion], recode: tuple[str, str], on: date) -> None:
    old, new = recode
    wanted = {new + row.code.removeprefix(old) for row in rows if row.code.startswith(old)}
    areas = {row.area_id for row in rows}
    held = AreaVersion.objects.filter(holding_from(on), code__in=wanted).exclude(area_id__in=areas).first()
    if held:
        raise Conflict(_("编码 %(code)s 已由“%(name)s”使用。") % {"code": held.code, "name": held.name})


def _carry_shapes(ids: list[int], on: date) -> None:
    """The outline of the version before goes on in the version that begins now."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO places_areashape (version_id, wkb, west, south, east, north)
            SELECT v.id, s.wkb, s.west, s.south, s.east, s.north
            FROM places_areaversion v
            JOIN places_areaversion before ON before.area_id = v.area_id AND upper(before.valid) = %(on)s
            JOIN places_areashape s ON s.version_id = before.id
            WHERE v.id = ANY(%(ids)s)
            """,
            {"ids": ids, "on": on},
        )
