"""Conditions: one small safe expression language for processes, forms, dispatch and warnings.

A part of CEL (Common Expression Language) that reads the same in Python and in the browser.
"""

from wangge.engines.conditions.condition import Condition, check, compile, faults
from wangge.engines.conditions.errors import ConditionError
from wangge.engines.conditions.facts import Facts
from wangge.engines.conditions.reader import MAX_SOURCE

__all__ = ["MAX_SOURCE", "Condition", "ConditionError", "Facts", "check", "compile", "faults"]
