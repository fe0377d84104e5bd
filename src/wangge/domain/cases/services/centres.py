"""Which unit serves an area, and so owns a state."""

from django.utils.translation import gettext_lazy as _

from wangge.domain.access.models import Unit
from wangge.domain.cases import rules
from wangge.domain.cases.models import Case
from wangge.engines.flow import State
from wangge.platform.errors import Invalid
from wangge.platform.fresh import fresh_for

_NO_CENTRE = _("这里还没有设立受理单位，请联系平台管理员。")
_KINDS = {"community": "station", "street": "street_centre", "district": "district_centre"}


def centre_id(path: str, level: str) -> int:
    """The station or centre that serves the area of a level on the path; Invalid if there is none."""
    area_id = rules.area_id_at(path, level)
    if area_id is None:
        raise Invalid({"area": _NO_CENTRE})
    return _centre(area_id, _KINDS[level])


@fresh_for(20)
def _centre(area_id: int, kind: str) -> int:
    found = Unit.objects.filter(area_id=area_id, kind=kind, active=True).values_list("pk", flat=True).first()
    if found is None:
        raise Invalid({"area": _NO_CENTRE})
    return found


forget_centres = _centre.forget


def owner_of(case: Case, state: State) -> int | None:
    """The unit responsible in a state; None keeps the present one."""
    match state.owner:
        case "keep" | "none":
            return None
        case "lead":
            return case.lead_id
        case "level":
            return centre_id(case.area_path, case.level)
        case "above":
            return centre_id(case.area_path, rules.above(case.level))
        case level:
            return centre_id(case.area_path, level)
