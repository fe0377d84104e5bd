"""Grid codes of local schemes beside the national ones."""

from collections.abc import Iterator, Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import AnyActor
from wangge.domain.access.policy import may_administer
from wangge.domain.places.models import Area, GridCodeScheme, Kind, Level, LocalCode
from wangge.domain.places.services import versions
from wangge.engines.codes import SCHEMES, CodeError, GridScheme, initials
from wangge.platform.errors import Conflict, Invalid, NotAllowed
from wangge.platform.language import listed

# The kind of a grid in the six digits of a town.
_TOWN_KINDS = {Kind.ORDINARY.value: "1", Kind.DEDICATED.value: "2"}


def ensure_schemes() -> None:
    """The schemes that come with the product; those of the installation stay as they are."""
    GridCodeScheme.objects.bulk_create(
        (GridCodeScheme(key=one.key, name=one.name, pattern=one.pattern) for one in SCHEMES.values()),
        ignore_conflicts=True,
    )


@transaction.atomic
def add_scheme(
    actor: AnyActor, key: str, name: str, pattern: str, area: Area | None = None
) -> GridCodeScheme:
    """A scheme of the installation's own, for the grids in `area` (None: all). Invalid for a bad pattern."""
    _check_actor(actor)
    scheme = GridCodeScheme(key=key, name=name, pattern=pattern, area=area)
    engine = _engine(scheme)
    if unknown := set(engine.part_names) - {"serial", "kind", "community", "village", "street"}:
        raise Invalid(
            {"pattern": _("不认识编码的组成部分：%(parts)s。") % {"parts": listed(sorted(unknown))}}
        )
    try:
        with transaction.atomic():
            scheme.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("已有标识为 %(key)s 的编码方案。") % {"key": key}) from error
    return scheme


@transaction.atomic
def assign_local_codes(
    actor: AnyActor, scheme: GridCodeScheme, area: Area, *, letters: Mapping[int, str] | None = None
) -> list[LocalCode]:
    """Give every active grid of a community or street (or above) that has none a code; returns the new ones.

    `letters`: letters of our own choice for a street or community, by id, where the pinyin initials of
    two are the same. Codes of closed grids are not used again. Conflict says which two clash.
    """
    _check_actor(actor)
    versions.lock()
    if scheme.area and not area.path.startswith(scheme.area.path):
        text = _("编码方案“%(scheme)s”只用于“%(area)s”。")
        raise Invalid({"area": text % {"scheme": scheme.name, "area": scheme.area.name}})
    engine = _engine(scheme)
    taken = _Taken(engine, scheme)
    made = []
    try:
        for grid in _without_code(scheme, area):
            code = _code(engine, grid, taken, letters or {})
            made.append(LocalCode(scheme=scheme, area=grid, code=code))
    except (CodeError, ValueError) as error:
        text = _("“%(name)s”无法按“%(scheme)s”编码：%(reason)s")
        raise Invalid({"area": text % {"name": grid.name, "scheme": scheme.name, "reason": error}}) from error
    return LocalCode.objects.bulk_create(made)


class _Taken:
    """The codes in use, and the community that each place of the scheme (all but the serial) belongs to."""

    def __init__(self, engine: GridScheme, scheme: GridCodeScheme) -> None:
        self.engine = engine
        self.codes: dict[tuple[str, ...], set[str]] = {}
        self.owners: dict[tuple[str, ...], Area] = {}
        for local in LocalCode.objects.filter(scheme=scheme).select_related("area__parent").order_by("pk"):
            self.note(local.code, local.area)

    def place(self, code: str) -> tuple[str, ...]:
        # The kind does not tell a community from another.
        return tuple(text for name, text in self.engine.parse(code).items() if name not in ("serial", "kind"))

    def note(self, code: str, grid: Area) -> None:
        if not self.engine.check(code):
            return
        place = self.place(code)
        self.codes.setdefault(place, set()).add(code)
        if grid.parent:
            self.owners.setdefault(place, grid.parent)

    def check(self, code: str, community: Area) -> None:
        owner = self.owners.get(self.place(code), community)
        if owner.pk != community.pk:
            text = _("“%(a)s”与“%(b)s”的编码会重复（%(code)s），请为其中一个另定字母，或另建编码方案。")
            raise Conflict(text % {"a": owner.name, "b": community.name, "code": code})


def _code(engine: GridScheme, grid: Area, taken: _Taken, letters: Mapping[int, str]) -> str:
    place, serial = _place(engine, grid, letters)
    first = engine.make(**place, serial=serial or 1)
    community = grid.parent or grid
    taken.check(first, community)
    used = taken.codes.get(taken.place(first), set())
    code = first if serial else engine.next_code(used, **place)
    taken.note(code, grid)
    return code


def _place(
    engine: GridScheme, grid: Area, letters: Mapping[int, str]
) -> tuple[dict[str, str | int], int | None]:
    """The parts of a grid's code, and its serial where the official code already says it."""
    community = grid.parent
    street = community.parent if community else None
    if community is None or street is None:
        raise ValueError(grid.name)
    values: dict[str, str | int] = {}
    serial = None
    for part in engine.part_names:
        match part:
            case "kind":
                values[part] = _TOWN_KINDS[grid.kind]
            case "village":
                values[part] = community.code[9:12]
            case "community" if engine.pattern.startswith("{community:12}"):
                values[part] = grid.code[:12]
                serial = int(grid.code[12:])
            case "community":
                values[part] = letters.get(community.pk) or initials(community.name)
            case "street":
                values[part] = letters.get(street.pk) or initials(street.name)
    return values, serial


def _without_code(scheme: GridCodeScheme, area: Area) -> Iterator[Area]:
    grids = Area.objects.filter(path__startswith=area.path, level=Level.GRID, active=True)
    has = LocalCode.objects.filter(scheme=scheme)
    left = grids.exclude(pk__in=has.values("area_id"))
    return iter(left.select_related("parent__parent").order_by("code"))


def _engine(scheme: GridCodeScheme) -> GridScheme:
    try:
        return GridScheme(scheme.key, scheme.name, scheme.pattern)
    except ValueError as error:
        raise Invalid({"pattern": _("编码规则不合格：%(reason)s") % {"reason": error}}) from error


def _check_actor(actor: AnyActor) -> None:
    if not may_administer(actor):
        raise NotAllowed(_("只有平台管理员可以管理网格编码。"))
