"""Names and codes of the grids of an alternative."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import AnyActor
from wangge.domain.access.scope import acting_as
from wangge.domain.places import rules as place_rules
from wangge.domain.places.models import Area, AreaVersion, Level
from wangge.domain.planning import rules
from wangge.domain.planning.models import Alternative
from wangge.domain.planning.services import PLANNING
from wangge.domain.planning.services.asking import check_planner
from wangge.platform.errors import Conflict, Invalid


def first_names(area: Area, units: Sequence[dict[str, Any]], grid: Sequence[int]) -> list[dict[str, Any]]:
    """A grid that takes most of a present one goes on as that one, with its name and code; others get the next
    free numbers of the community (2 statements)."""
    homes, today = [unit["homes"] for unit in units], [unit["grid"] for unit in units]
    heirs = rules.heirs(grid, homes, today)
    present = {one.pk: one for one in Area.objects.filter(pk__in=[pk for pk in heirs if pk])}
    used = AreaVersion.objects.filter(area__level=Level.GRID, code__startswith=area.code)
    last = max((int(code[12:]) for code in used.values_list("code", flat=True)), default=0)
    names = []
    for heir in heirs:
        if heir is not None:
            names.append({"area": heir, "name": present[heir].name, "code": present[heir].code})
            continue
        last += 1
        name = _("%(community)s第%(number)d网格") % {"community": area.short_name, "number": last}
        names.append({"area": None, "name": name, "code": f"{area.code}{last:03d}"})
    return names


@transaction.atomic
def name_grids(actor: AnyActor, alternative: Alternative, names: Sequence[tuple[str, str]]) -> None:
    """(name, code) of each grid in order; a grid that goes on keeps its code. Invalid names the field."""
    plan = alternative.plan
    check_planner(actor, plan.area)
    if plan.published_at:
        raise Conflict(_("这个方案已经公布，不能再改。"))
    kept = [dict(one) for one in alternative.names]
    wrong: dict[str, str] = {}
    for number, (one, (name, code)) in enumerate(zip(kept, names, strict=True)):
        try:
            one["name"] = place_rules.check_name(name)
        except Invalid as refusal:
            wrong[f"name_{number}"] = refusal.text
        if one["area"] is None:
            try:
                one["code"] = place_rules.check_code(code, Level.GRID, plan.area.code)
            except Invalid as refusal:
                wrong[f"code_{number}"] = refusal.text
    for field in ("name", "code"):
        values = [one[field] for one in kept]
        for number, value in enumerate(values):
            if values.index(value) < number:
                wrong.setdefault(f"{field}_{number}", _("和前面的网格重复了。"))
    if wrong:
        raise Invalid(wrong)
    with acting_as(PLANNING):
        Alternative.objects.filter(pk=alternative.pk).update(names=kept)
