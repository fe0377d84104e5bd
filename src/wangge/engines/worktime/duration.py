"""A time limit as the catalogues write it: an amount and a unit."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Literal, Self

Basis = Literal["clock", "work"]

MAX_AMOUNT = 100_000
_TEXT = re.compile(r"(\d{1,6}) +([a-z_]+)", re.ASCII)


class Unit(StrEnum):
    """Units of the deadline tables. Urgent ones run day and night; the others stop outside working time.

    The plain `hour` and `day` are the words of one city: a calendar says whether they mean working time.
    """

    URGENT_HOUR = "urgent_hour"
    URGENT_DAY = "urgent_day"
    WORK_HOUR = "work_hour"
    WORK_DAY = "work_day"
    HOUR = "hour"
    DAY = "day"

    @property
    def is_day(self) -> bool:
        return self in (Unit.URGENT_DAY, Unit.WORK_DAY, Unit.DAY)


_UNITS = frozenset(unit.value for unit in Unit)

_ZH = {
    Unit.URGENT_HOUR: "个紧急工作时",
    Unit.URGENT_DAY: "个紧急工作日",
    Unit.WORK_HOUR: "个工作时",
    Unit.WORK_DAY: "个工作日",
    Unit.HOUR: "小时",
    Unit.DAY: "天",
}
_EN = {
    Unit.URGENT_HOUR: "urgent hour",
    Unit.URGENT_DAY: "urgent day",
    Unit.WORK_HOUR: "working hour",
    Unit.WORK_DAY: "working day",
    Unit.HOUR: "hour",
    Unit.DAY: "day",
}


@dataclass(frozen=True, slots=True)
class Duration:
    """`amount` (0 to 100,000) of one unit. Raises ValueError outside these bounds."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 0 <= self.amount <= MAX_AMOUNT:
            raise ValueError(f"a duration has 0 to {MAX_AMOUNT} units, not {self.amount}")
        object.__setattr__(self, "unit", Unit(self.unit))

    @classmethod
    @lru_cache(maxsize=1000)
    def parse(cls, text: str) -> Self:
        """Read "2 work_hour". Raises ValueError that quotes the text."""
        match = _TEXT.fullmatch(text.strip())
        if match is None or match[2] not in _UNITS:
            raise ValueError(f"not a duration such as '2 work_hour': {text!r}")
        return cls(int(match[1]), Unit(match[2]))

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"

    def name(self, lang: str = "zh-hans") -> str:
        """In words: "2个工作时", or "2 working hours" where `lang` begins with "en"."""
        if lang.startswith("en"):
            return f"{self.amount} {_EN[self.unit]}{'' if self.amount == 1 else 's'}"
        return f"{self.amount}{_ZH[self.unit]}"
