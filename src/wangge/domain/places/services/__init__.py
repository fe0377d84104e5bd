"""Every write of places; each takes the actor and runs in one transaction."""

from wangge.domain.places.services.changes import (
    Changed,
    Part,
    apply_due_changes,
    close,
    found,
    merge,
    move,
    rename,
    split,
)
from wangge.domain.places.services.division_list import BadList
from wangge.domain.places.services.divisions import Loaded, load_divisions
from wangge.domain.places.services.local_codes import add_scheme, assign_local_codes, ensure_schemes
from wangge.domain.places.services.shapes import set_shape
from wangge.domain.places.services.versions import Repath

__all__ = [
    "BadList",
    "Changed",
    "Loaded",
    "Part",
    "Repath",
    "add_scheme",
    "apply_due_changes",
    "assign_local_codes",
    "close",
    "ensure_schemes",
    "found",
    "load_divisions",
    "merge",
    "move",
    "rename",
    "set_shape",
    "split",
]
