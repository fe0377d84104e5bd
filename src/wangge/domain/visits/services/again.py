"""A record that is made once: its key is made where the form was opened, on the desk or on a phone without signal."""

import uuid
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from wangge.domain.register.models.kept import Kept
from wangge.platform.errors import Conflict

RowT = TypeVar("RowT", bound=Kept)


def again(model: type[RowT], key: uuid.UUID, given: dict[str, Any], **at: Any) -> RowT:
    """The row of this key: made now, or found when the same had come before; Conflict when it held other things.

    `at` are the columns of the moment, which no repetition changes.
    """
    row: RowT
    row, new = model.objects.get_or_create(key=key, defaults={**given, **at})
    if not new and any(getattr(row, name) != value for name, value in given.items()):
        raise Conflict(_("这条记录已经交过，内容不同。请重新打开再填。"), "other_content")
    return row
