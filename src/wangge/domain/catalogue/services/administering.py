"""Who may change the catalogue and the calendar."""

from django.utils.translation import gettext as _

from wangge.domain.access.actor import AnyActor
from wangge.domain.access.policy import may_administer
from wangge.platform.errors import NotAllowed


def must_administer(actor: AnyActor) -> None:
    """Raises NotAllowed for everybody but administrators."""
    if not may_administer(actor):
        raise NotAllowed(_("只有平台管理员可以修改事项目录和工作日历。"))
