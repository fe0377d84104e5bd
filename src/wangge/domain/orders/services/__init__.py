"""Order imports: staged, checked, merged, taken back."""

from wangge.domain.orders.services.checking import check
from wangge.domain.orders.services.merging import merge
from wangge.domain.orders.services.staging import cancel, confirm, forget_rows, set_columns, start
from wangge.domain.orders.services.undoing import begin_undo, undo

__all__ = ["begin_undo", "cancel", "check", "confirm", "forget_rows", "merge", "set_columns", "start", "undo"]
