"""Every write of the catalogue: the seed at setup, and an administrator's edits as new rows with their history."""

from wangge.domain.catalogue.services.conditions import (
    CASE_LEVELS,
    LONGEST_LIMIT,
    PROCEDURES,
    add_condition,
    condition_faults,
    end_condition,
    revise_condition,
)
from wangge.domain.catalogue.services.matters import (
    LOCAL_GROUPS,
    add_matter,
    rename_group,
    revise_matter,
    set_enabled,
)
from wangge.domain.catalogue.services.restoring import restore_calendar, restore_matter
from wangge.domain.catalogue.services.seed import load_seed
from wangge.domain.catalogue.services.working import clear_override, override_day, set_hours

__all__ = [
    "CASE_LEVELS",
    "LOCAL_GROUPS",
    "LONGEST_LIMIT",
    "PROCEDURES",
    "add_condition",
    "add_matter",
    "clear_override",
    "condition_faults",
    "end_condition",
    "load_seed",
    "override_day",
    "rename_group",
    "restore_calendar",
    "restore_matter",
    "revise_condition",
    "revise_matter",
    "set_enabled",
    "set_hours",
]
