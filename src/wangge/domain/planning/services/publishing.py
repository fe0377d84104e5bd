"""A division becomes the grids of the community from a day on; places, cases and the register follow."""

from datetime import date

import shapely
from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, AnyActor
from wangge.domain.access.policy import may_administer
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.services.areas import find_again, follow_areas
from wangge.domain.places.models import Area, AreaChange, ChangeKind, GridCodeScheme
from wangge.domain.places.queries import shapes_on
from wangge.domain.places.services import (
    Part,
    Repath,
    assign_local_codes,
    changes,
    merge,
    rename,
    set_shape,
    versions,
)
from wangge.domain.planning import rules
from wangge.domain.planning.models import Alternative, Plan
from wangge.domain.planning.queries import Division, division_of
from wangge.domain.planning.services import PLANNING
from wangge.domain.planning.town import ordinary_grids
from wangge.domain.register.services.following import follow_borders
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed


@transaction.atomic
def publish(
    actor: AnyActor, plan: Plan, number: int, on: date, note: str = "", scheme: GridCodeScheme | None = None
) -> list[Area]:
    """Make an alternative the community's grids from a day on; the grids then, in the order of their numbers.

    A grid that goes on keeps its id, posts and cases; new ones are founded, surplus ones merged into the one that
    gets most of their homes. `scheme` gives those without one a code, on the day itself.
    Raises NotAllowed, Invalid for a grid in pieces, Conflict when today's grids are not those planned from.
    """
    if not may_administer(actor):
        raise NotAllowed(_("只有平台管理员可以公布网格方案。"))
    versions.lock()
    division = _checked(plan, number)
    grids, repaths = _settled(actor, plan, division, on, note)
    for grid, shape in zip(grids, division.shapes(), strict=True):
        set_shape(actor, grid, shapely.normalize(shape), on)
    AreaChange.objects.create(
        area=plan.area,
        kind=ChangeKind.REDRAW,
        effective_on=on,
        note=note[:500],
        made_at=clock.now(),
        made_by_id=actor.user_id if isinstance(actor, Actor) else None,
    )
    today = on <= clock.today()
    if today:
        follow_areas(repaths)
        find_again()
        follow_borders()
        if scheme is not None:
            assign_local_codes(actor, scheme, plan.area)
    with acting_as(PLANNING):
        now = clock.now()
        Alternative.objects.filter(pk=division.alternative.pk).update(published=True)
        Plan.objects.filter(pk=plan.pk).update(
            published_at=now, effective_on=on, followed_at=now if today else None
        )
    return grids


def follow_due() -> int:
    """Where the day of a published plan has come, buildings, dwellings and the register come to their grids; how
    many plans."""
    with transaction.atomic(), acting_as(PLANNING):
        due = Plan.objects.filter(effective_on__lte=clock.today(), followed_at=None)
        count: int = due.update(followed_at=clock.now())
        if count:
            follow_borders()
        return count


def _checked(plan: Plan, number: int) -> Division:
    with acting_as(PLANNING):
        if Plan.objects.select_for_update().filter(pk=plan.pk, published_at__isnull=False).exists():
            raise Conflict(_("这个方案已经公布过了。"))
    division = division_of(plan, number)
    if division.score.extra_pieces > 0:
        raise Invalid({"on": _("有网格不连片，请先改好再公布。")})
    return division


def _settled(
    actor: AnyActor, plan: Plan, division: Division, on: date, note: str
) -> tuple[list[Area], list[Repath]]:
    """The area of each grid from the day on, founded, renamed and merged as the plan says."""
    present = {grid.pk: grid for grid in ordinary_grids(plan.area)}
    names = division.alternative.names
    staying = {one["area"] for one in names} - {None}
    if staying - present.keys():
        raise Conflict(_("算这个方案之后，社区的网格变过。请重新算一次。"))
    grids: list[Area] = []
    repaths: list[Repath] = []
    for one in names:
        if one["area"] is None:
            changed = changes.found(actor, plan.area, Part(one["code"], one["name"]), on, note=note)
            grids.append(changed.change.area or plan.area)
            repaths += changed.repaths
            continue
        grid = present[one["area"]]
        if grid.name != one["name"]:
            repaths += rename(actor, grid, one["name"], on, note=note).repaths
        grids.append(grid)
    gone = [pk for pk in present if pk not in staying]
    for pk, heir in _heirs_of(gone, division, on).items():
        repaths += merge(actor, [present[pk]], grids[heir], on, note=note).repaths
    return grids, repaths


def _heirs_of(gone: list[int], division: Division, on: date) -> dict[int, int]:
    """The new grid's number that takes over each present grid that goes: most of its homes, or of its ground."""
    units = division.plan.units
    homes, today = [unit["homes"] for unit in units], [unit["grid"] for unit in units]
    heirs = rules.successors(gone, division.grid, homes, today)
    empty = [pk for pk in gone if pk not in heirs]
    if empty:
        shapes = division.shapes()
        for row in shapes_on(on, "grid").filter(version__area__in=empty).select_related("version"):
            ground = shapely.from_wkb(bytes(row.wkb))
            shared = [shapely.intersection(ground, shape).area for shape in shapes]
            heirs[row.version.area_id] = shared.index(max(shared))
    return {pk: heirs.get(pk, 0) for pk in gone}
