"""What the services of the register share: which row may be changed, by whom, and from what it was opened on."""

from datetime import date
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, AnyActor, System
from wangge.domain.access.policy import near_paths
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import LEVELS, Area, Level
from wangge.domain.register.models.kept import Kept
from wangge.platform.errors import Conflict, Invalid, NotAllowed, NotFound

RowT = TypeVar("RowT", bound=Kept)
EARLIEST_BIRTH = 1900


def keeps(actor: AnyActor, area: Area) -> bool:
    """Whether the actor keeps the register of this grid."""
    if isinstance(actor, System):
        return True
    return isinstance(actor, Actor) and area.path.startswith(near_paths(actor) or ("-",))


def must_keep(actor: AnyActor, area: Area) -> None:
    """Raises NotAllowed for who only looks."""
    if not keeps(actor, area):
        raise NotAllowed(_("住户登记由所在网格和社区的人员维护。"))


def visible(actor: AnyActor, model: type[RowT], pk: int, *related: str) -> RowT:
    """A row of the actor's ring with its area; NotFound outside."""
    with acting_as(actor):
        found: RowT | None = model.objects.select_related("area", *related).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("没有找到这条登记，或者不在您的服务范围内。"))
    return found


def kept(actor: AnyActor, model: type[RowT], pk: int, *related: str) -> RowT:
    """A row that the actor keeps; NotFound outside their ring, NotAllowed for who only looks."""
    found = visible(actor, model, pk, *related)
    must_keep(actor, found.area)
    return found


def locked(row: RowT, version: int | None) -> RowT:
    """The row anew and held until the end of the transaction; Conflict when it is not what `version` was opened on."""
    fresh: RowT = type(row).objects.select_for_update().get(pk=row.pk)
    if version is not None and fresh.version != version:
        raise Conflict(_("别人刚改过这条登记，请重新打开再改。"))
    return fresh


def save(row: Kept, **values: Any) -> None:
    """Write these columns and count the change."""
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*values, "version"])


def community_of(area: Area) -> int:
    """The id of the community of a grid: the chain of looks at its people."""
    return int(area.path.split(".")[LEVELS.index(Level.COMMUNITY)])


def must_state(purpose: str, only: str) -> None:
    """Raises Invalid unless the one purpose that there is was stated: nothing is disclosed without."""
    if purpose != only:
        raise Invalid({"purpose": _("请选择查看目的。")})


def check_days(since: date | None, until: date | None, field: str = "until") -> None:
    """Raises Invalid when the end lies before the beginning."""
    if since and until and until < since:
        raise Invalid({field: _("结束日期不能早于开始日期。")})
