"""The six changes of the tree: found, rename, move, merge, split, close; each from a day on.

`on` is the first day of the new state. Every change writes an AreaChange, and for mergers and splits
the Successions; it may lie ahead, then `apply_due_changes` makes it visible when its day has come.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, AnyActor
from wangge.domain.access.policy import may_administer
from wangge.domain.places import rules
from wangge.domain.places.models import Area, AreaChange, AreaVersion, ChangeKind, Kind, Succession
from wangge.domain.places.queries import forget_shapes
from wangge.domain.places.services import versions
from wangge.domain.places.services.stamp import map_changed
from wangge.domain.places.services.versions import Repath
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change did. `repaths`: the areas whose path is another one today; open cases must follow."""

    change: AreaChange
    areas: tuple[Area, ...]
    repaths: tuple[Repath, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """An area that a merger or split founds; of a split, with the ids of the children it takes over."""

    code: str
    name: str
    children: tuple[int, ...] = field(default=())
    kind: str = Kind.ORDINARY


@transaction.atomic
def found(actor: AnyActor, parent: Area | None, part: Part, on: date, *, note: str = "") -> Changed:
    """A new area one level below `parent` (None: a province). Invalid or Conflict says what cannot be."""
    _open(actor, on)
    area = _establish(parent, part, on)
    return _done(actor, ChangeKind.FOUND, area, on, note, touched=[area.pk])


@transaction.atomic
def rename(actor: AnyActor, area: Area, name: str, on: date, *, note: str = "") -> Changed:
    """Another official name from the day on."""
    _open(actor, on)
    version = versions.last(area, on)
    name = rules.check_name(name)
    if name == version.name:
        raise Invalid({"name": _("新名称与现名称相同。")})
    versions.begin(
        version, on, name=name, short_name=rules.short(name, area.level, _names_above(version, on))
    )
    return _done(actor, ChangeKind.RENAME, area, on, note, touched=[area.pk])


@transaction.atomic
def move(
    actor: AnyActor, area: Area, to: Area, on: date, *, code: str | None = None, note: str = ""
) -> Changed:
    """Under another parent of the same level, with everything below.

    `code`: its code under the new parent; the codes below that begin with the old one follow. None keeps them.
    """
    _open(actor, on)
    version = versions.last(area, on)
    _check_under(area, to)
    if version.parent_id == to.pk:
        raise Invalid({"parent": _("“%(name)s”已经属于“%(to)s”。") % {"name": version.name, "to": to.name}})
    recode = None
    if code is not None and code != version.code:
        rules.check_code(code, area.level, versions.home(to, on).code)
        recode = (version.code, code)
    above = version.path.removesuffix(f"{area.pk}.")
    touched = versions.hang(area, above, to, on, recode=recode)
    return _done(actor, ChangeKind.MOVE, area, on, note, touched=touched)


@transaction.atomic
def merge(
    actor: AnyActor, sources: Sequence[Area], into: Area | Part, on: date, *, note: str = ""
) -> Changed:
    """Several areas of one level into an existing one, or into a new one under the first one's parent.

    The sources end, what lies in them hangs under the successor, which remembers them as predecessors.
    """
    _open(actor, on)
    _check_sources(sources, into)
    last = [versions.last(area, on) for area in sources]
    children = [(one.path, child) for one in last for child in versions.children_from(one.area, on)]
    for area in sources:
        versions.end(area, on)
    if isinstance(into, Part):
        target = _establish(last[0].parent, into, on)
    else:
        target = into
        versions.last(target, on)
    touched = [area.pk for area in sources] + [target.pk]
    for path, child in children:
        touched += versions.hang(child, path, target, on)
    pairs = [(area, target) for area in sources]
    return _done(actor, ChangeKind.MERGE, target, on, note, touched=touched, pairs=pairs)


@transaction.atomic
def split(actor: AnyActor, area: Area, parts: Sequence[Part], on: date, *, note: str = "") -> Changed:
    """One area into two or more new ones under its parent; each child goes to the part that names it.

    A part may take over the code of the area, which ends.
    """
    _open(actor, on)
    version = versions.last(area, on)
    children = {child.pk: child for child in versions.children_from(area, on)}
    _check_parts(parts, children)
    versions.end(area, on)
    founded = [_establish(version.parent, part, on) for part in parts]
    touched = [area.pk, *(new.pk for new in founded)]
    for part, new in zip(parts, founded, strict=True):
        for child in part.children:
            touched += versions.hang(children[child], version.path, new, on)
    pairs = [(area, new) for new in founded]
    return _done(actor, ChangeKind.SPLIT, area, on, note, touched=touched, pairs=pairs)


@transaction.atomic
def close(actor: AnyActor, area: Area, on: date, *, note: str = "") -> Changed:
    """The area is no more from the day on and has no successor. Conflict while others lie in it."""
    _open(actor, on)
    if child := versions.children_from(area, on).first():
        text = _("“%(name)s”之下还有“%(child)s”，请先撤销、移出或合并下级。")
        raise Conflict(text % {"name": area.name, "child": child.name})
    versions.end(area, on)
    return _done(actor, ChangeKind.CLOSE, area, on, note, touched=[area.pk])


@transaction.atomic
def apply_due_changes(day: date) -> list[Repath]:
    """Make every area agree with its version of the day; to be run daily. Returns the changed paths."""
    versions.lock()
    repaths = versions.agree(day)
    map_changed()
    transaction.on_commit(forget_shapes)
    return repaths


def _open(actor: AnyActor, on: date) -> None:
    if not may_administer(actor):
        raise NotAllowed(_("只有平台管理员可以变更区划。"))
    rules.check_day(on, clock.today())
    versions.lock()


def _done(
    actor: AnyActor,
    kind: ChangeKind,
    area: Area,
    on: date,
    note: str,
    *,
    touched: Iterable[int],
    pairs: Sequence[tuple[Area, Area]] = (),
) -> Changed:
    """Write the decision, and make the areas show it where its day has come."""
    change = AreaChange.objects.create(
        area=area,
        kind=kind,
        effective_on=on,
        note=note[:500],
        made_at=clock.now(),
        made_by_id=actor.user_id if isinstance(actor, Actor) else None,
    )
    Succession.objects.bulk_create(
        Succession(change=change, predecessor=before, successor=after) for before, after in pairs
    )
    ids = set(touched)
    repaths = versions.agree(clock.today(), ids)
    map_changed()
    transaction.on_commit(forget_shapes)
    chief = {area.pk, *(one.pk for pair in pairs for one in pair)}
    return Changed(change, tuple(Area.objects.filter(pk__in=chief).order_by("code", "pk")), tuple(repaths))


def _establish(parent: Area | None, part: Part, on: date) -> Area:
    """A new area with its first version. Not active until `agree` finds that its day has come."""
    level = rules.level_below(parent.level if parent else None)
    above = versions.home(parent, on) if parent else None
    code = rules.check_code(part.code, level, above.code if above else "")
    name = rules.check_name(part.name)
    if held := versions.code_taken(code, on):
        raise Conflict(_("编码 %(code)s 已由“%(name)s”使用。") % {"code": code, "name": held.name})
    area = Area(level=level, kind=rules.check_kind(part.kind, level), code=code, name=name, active=False)
    names = [*_names_above(above, on), above.name] if above else []
    area.short_name, area.parent = rules.short(name, level, names), parent
    area.save()
    area.path = f"{above.path if above else ''}{area.pk}."
    area.save(update_fields=["path"])
    AreaVersion.objects.create(
        area=area,
        code=code,
        name=name,
        short_name=area.short_name,
        parent=parent,
        path=area.path,
        valid=DateRange(on, None),
    )
    return area


def _names_above(version: AreaVersion, on: date) -> list[str]:
    """Names of the areas above a version on a day, from the top."""
    ids = [int(part) for part in version.path.rstrip(".").split(".")][:-1]
    names = dict(
        AreaVersion.objects.filter(area_id__in=ids, valid__contains=on).values_list("area_id", "name")
    )
    return [names[one] for one in ids if one in names]


def _check_under(area: Area, parent: Area) -> None:
    # A child is always one level down, so an area can never come to lie under itself.
    if rules.level_below(parent.level) != area.level:
        text = _("“%(name)s”（%(level)s）不能划归“%(to)s”（%(to_level)s）。")
        words = {"name": area.name, "level": area.get_level_display(), "to": parent.name}
        raise Invalid({"parent": text % (words | {"to_level": parent.get_level_display()})})


def _check_sources(sources: Sequence[Area], into: Area | Part) -> None:
    ids = {area.pk for area in sources}
    if len(ids) < len(sources) or len(ids) < (2 if isinstance(into, Part) else 1):
        raise Invalid({"sources": _("请选择要合并的区划，不能重复；合并为新区划时至少两个。")})
    levels = {area.level for area in sources} | ({into.level} if isinstance(into, Area) else set())
    if len(levels) > 1:
        raise Invalid({"sources": _("只有同级的区划可以合并。")})
    if isinstance(into, Area) and into.pk in ids:
        raise Invalid({"into": _("不能把“%(name)s”并入它自己。") % {"name": into.name}})


def _check_parts(parts: Sequence[Part], children: dict[int, Area]) -> None:
    if len(parts) < 2:
        raise Invalid({"parts": _("至少要拆分为两个区划。")})
    given = [child for part in parts for child in part.children]
    if len(set(given)) < len(given) or set(given) - children.keys():
        raise Invalid({"parts": _("每个下级只能划归一个新区划，且须是原区划的下级。")})
    if left := children.keys() - set(given):
        name = children[min(left)].name
        raise Invalid({"parts": _("还没有说明下级“%(name)s”划归哪个新区划。") % {"name": name}})
