"""Why somebody may look: a closed list for each kind of post. Kept in the log as they stand; a face translates them."""

from django.utils.translation import gettext_noop

from wangge.domain.access.actor import Actor
from wangge.domain.access.policy import errand_paths, near_paths

CARE_ASKED_FOR = gettext_noop("提供本人申请的照料")
NEAR = (
    gettext_noop("上门走访服务"),
    gettext_noop("办理居民本人的申请"),
    gettext_noop("处置案件"),
    gettext_noop("核实登记信息"),
    CARE_ASKED_FOR,
    gettext_noop("应急联络"),
)
STREET = (
    gettext_noop("应急处置"),
    gettext_noop("督办和协调案件"),
    gettext_noop("办理跨社区的申请"),
)
GRANTED = (gettext_noop("处置案件"), gettext_noop("应急处置"))
# Looks that the product itself makes for the resident.
OWN = gettext_noop("本人查看自己的信息")


def purposes_of(actor: Actor) -> tuple[str, ...]:
    """What somebody of these posts may look for; nothing for who has neither ring nor errands."""
    found = (*(NEAR if near_paths(actor) else ()), *(STREET if errand_paths(actor) else ()))
    return tuple(dict.fromkeys(found))
