"""What can be read of long lists."""

from django.utils.translation import gettext as _

from wangge.domain.exports.models import ListFile
from wangge.platform.errors import NotFound


def list_file(list_id: int) -> ListFile:
    """A list of one's own (1 statement); NotFound otherwise."""
    found: ListFile | None = ListFile.objects.filter(pk=list_id).first()
    if found is None:
        raise NotFound(_("没有找到这份清单。"))
    return found
