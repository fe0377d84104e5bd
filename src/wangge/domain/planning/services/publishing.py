"""A division becomes the grids of the community from a day on; places, cases and the register follow."""

import logging
from datetime import date

import shapely
from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, AnyActor
from wangge.domain.access.moving import move_posts
from wangge.domain.access.policy import may_administer
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.services.areas import find_again, follow_areas
from wangge.domain.places.models import Area, AreaChange, ChangeKind, GridCodeScheme, Succession
from wangge.domain.places.queries import shapes_on
from wangge.domain.places.services import (
    Part,
    Repath,
    apply_due_changes,
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

_log = logging.getLogger(__name__)


@transaction.atomic
def publish(
    actor: AnyActor, plan: Plan, number: int, on: date, note: str = "", scheme: GridCodeScheme | None = None
) -> list[Area]:
    """Make an alternative the community's grids from a day on; the grids then, in the order of their numbers.

    A grid that goes on keeps its id, posts and cases; new ones are founded, surplus ones merged into the one that
    gets most of their homes. On the day itself the posts of a merged one move to its heir, and `scheme` gives
    grids without one a code; whether it can is tried at once.
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
        _follow(repaths)
        move_posts(_merged(plan.area, on), clock.today())
    if scheme is not None:
        _assign_codes(actor, scheme, plan.area, rehearsing=not today)
    with acting_as(PLANNING):
        now = clock.now()
        Alternative.objects.filter(pk=division.alternative.pk).update(published=True)
        Plan.objects.filter(pk=plan.pk).update(
            published_at=now, effective_on=on, scheme=scheme, followed_at=now if today else None
        )
    return grids


def follow_due() -> int:
    """Where the day of a published plan has come: cases, buildings, dwellings, the register and posts come to their
    grids, and new grids get their local codes; how many plans."""
    with transaction.atomic(), acting_as(PLANNING):
        waiting = Plan.objects.select_for_update(of=("self",)).select_related("area", "scheme")
        due = list(waiting.filter(effective_on__lte=clock.today(), followed_at=None).order_by("pk"))
        if not due:
            return 0
        _follow(apply_due_changes(clock.today()))
        for plan in due:
            move_posts(_merged(plan.area, plan.effective_on), plan.effective_on)
            if plan.scheme is not None:
                _codes_of_the_day(plan, plan.scheme)
        Plan.objects.filter(pk__in=[plan.pk for plan in due]).update(followed_at=clock.now())
        return len(due)


def _follow(repaths: list[Repath]) -> None:
    follow_areas(repaths)
    find_again()
    follow_borders()


def _merged(area: Area, on: date) -> dict[int, int]:
    """The heir of each grid of the community that is merged into another on a day."""
    merges = Succession.objects.filter(
        change__kind=ChangeKind.MERGE, change__effective_on=on, predecessor__path__startswith=area.path
    )
    return dict(merges.values_list("predecessor_id", "successor_id"))


def _assign_codes(actor: AnyActor, scheme: GridCodeScheme, area: Area, *, rehearsing: bool) -> None:
    """Codes for grids without one; a rehearsal leaves nothing and raises what the day itself would raise."""
    with transaction.atomic():
        assign_local_codes(actor, scheme, area)
        if rehearsing:
            transaction.set_rollback(True)


def _codes_of_the_day(plan: Plan, scheme: GridCodeScheme) -> None:
    """What has come between a code and its grid since the rehearsal keeps nothing else from following."""
    try:
        _assign_codes(PLANNING, scheme, plan.area, rehearsing=False)
    except (Conflict, Invalid) as refusal:
        _log.warning("plan %s: no local codes: %s", plan.pk, refusal)


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
