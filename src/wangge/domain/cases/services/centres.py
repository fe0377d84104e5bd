"""Which unit serves an area, and so owns a state."""

from wangge.domain.access.models import Unit
from wangge.domain.cases import rules
from wangge.domain.cases.models import Case
from wangge.engines.flow import State
from wangge.platform.errors import Invalid

_KINDS = {"community": "station", "street": "street_centre", "district": "district_centre"}


def centre_id(path: str, level: str) -> int:
    """The station or centre that serves the area of a level on the path; Invalid if there is none."""
    found = Unit.objects.filter(area_id=rules.area_id_at(path, level), kind=_KINDS[level], active=True)
    unit_id: int | None = found.values_list("pk", flat=True).first()
    if unit_id is None:
        raise Invalid({"area": "这里还没有设立受理单位，请联系平台管理员。"})
    return unit_id


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
