"""Lists of households: staged, checked, merged, paused and resumed, taken back."""

from wangge.domain.enrolment.services.checking import check
from wangge.domain.enrolment.services.merging import merge
from wangge.domain.enrolment.services.staging import forget_rows, start
from wangge.domain.enrolment.services.steps import cancel, confirm, pause, resume, set_columns
from wangge.domain.enrolment.services.undoing import begin_undo, undo

__all__ = [
    "begin_undo",
    "cancel",
    "check",
    "confirm",
    "forget_rows",
    "merge",
    "pause",
    "resume",
    "set_columns",
    "start",
    "undo",
]
