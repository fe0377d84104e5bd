"""The demo's situations: what residents and grid workers report, and how it goes on. Read from TOML."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from string import Formatter
from typing import Any, Literal, get_args

from wangge.faces.cli.demo.places import PLACE_KINDS, PlaceKind

Kind = Literal["component", "event", "local"]
Reporter = Literal["resident", "grid_worker", "operator"]

# Weights of the months January to December.
_SEASONS: dict[str, tuple[float, ...]] = {
    "all": (1,) * 12,
    "rain": (0.1, 0.2, 0.5, 1.3, 2.2, 2.6, 2.3, 2.3, 1.8, 0.5, 0.1, 0.1),
    "typhoon": (0, 0, 0, 0.2, 0.6, 1.5, 3, 3.2, 2.8, 0.7, 0, 0),
    "summer": (0.1, 0.1, 0.4, 0.8, 1.6, 2.2, 2.4, 2.4, 1.6, 0.8, 0.3, 0.1),
    "damp": (0.3, 1.5, 3, 2.6, 1.4, 0.8, 0.6, 0.6, 0.6, 0.4, 0.3, 0.2),
    "dry": (1.8, 1.4, 0.9, 0.6, 0.4, 0.3, 0.3, 0.3, 0.6, 1.5, 1.9, 2),
    "winter": (2.6, 2, 0.9, 0.4, 0.1, 0, 0, 0, 0.1, 0.6, 1.6, 2.4),
    "spring_festival": (4, 5.5, 0.6, 0, 0, 0, 0, 0, 0, 0, 0, 1.2),
    "school": (0.6, 0.6, 1.4, 1.3, 1.3, 1.1, 0.2, 0.2, 1.8, 1.3, 1.3, 1),
    "year_end": (2, 1, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.8, 1.1, 1.7, 2.4),
    "leaf_fall": (0.5, 1.4, 2.6, 2.2, 0.8, 0.5, 0.5, 0.5, 0.6, 0.8, 1, 0.6),
}

# Weights of the hours 0 to 23.
_TIMES: dict[str, tuple[float, ...]] = {
    "day": (*(0,) * 6, 0.5, 1.5, 2, 2, 2, 1.5, 1, 1, 1.5, 2, 2, 1.5, 1, 0.6, 0.3, 0.1, 0, 0),
    "morning": (*(0,) * 5, 0.5, 2, 3, 3, 2.5, 1.5, 1, 0.6, 0.5, 0.5, 0.5, 0.5, 0.4, 0.3, 0.1, *(0,) * 4),
    "evening": (0.1, *(0,) * 7, *(0.1,) * 8, 0.5, 1.2, 2.5, 3.2, 3, 2, 1.2, 0.6),
    "night": (3, 2.2, 1.4, 0.8, 0.5, 0.5, 0.4, 0.2, *(0.05,) * 11, 0.2, 0.6, 1.5, 3, 3.6),
    "any": (0.3, 0.2, 0.15, 0.1, 0.1, 0.2, 0.6, 1.3, 1.8, 1.8, 1.7, 1.3,
            1, 1, 1.4, 1.7, 1.7, 1.5, 1.3, 1.3, 1.2, 1, 0.7, 0.5),
}  # fmt: skip

# How long it has been so; each phrase stands as a clause of its own.
SINCE: dict[str, tuple[str, ...]] = {
    "none": ("",),
    "now": ("刚刚发现的", "刚看到的", "现在还是这样", "这会儿还是这样"),
    "hours": ("有两三个小时了", "好几个钟头了", "已经大半天了", "从昨晚到现在", "昨天就看到了"),
    "days": ("有三四天了", "两天了", "前天就这样了", "这周一直这样", "上周末到现在"),
    "weeks": ("快半个月了", "有十来天了", "差不多三个星期了", "上个月底就这样了"),
    "months": ("断断续续好几个月了", "有两三个月了", "都快半年了", "反映过也没下文"),
}


@dataclass(frozen=True)
class Situation:
    """One kind of occurrence with its matter, its words and its habits.

    `texts` hold the slots {address}, {since} and {detail}; `months` (12) and `hours` (24) are relative
    weights, `weight` the overall frequency against 1 of an ordinary situation.
    """

    key: str
    kind: Kind
    code: str
    condition_no: int
    texts: tuple[str, ...]
    details: tuple[str, ...]
    since: str
    places: tuple[PlaceKind, ...]
    months: tuple[float, ...]
    hours: tuple[float, ...]
    weight: float
    reporters: tuple[Reporter, ...]
    handling: tuple[str, ...]
    proof: tuple[str, ...]
    check: tuple[str, ...]
    satisfied: tuple[str, ...]
    unsatisfied: tuple[str, ...]
    return_reason: str
    overdue_reason: str
    leader_comment: str

    def report(self, rng: Random, address: str) -> str:
        """The words of one report about this situation at `address`."""
        since, detail = rng.choice(SINCE[self.since]), rng.choice(self.details)
        return rng.choice(self.texts).format(address=address, since=since, detail=detail)


@cache
def load_situations() -> tuple[Situation, ...]:
    """All situations, ordered by file and place in it. ValueError names the entry and what is wrong."""
    folder = files("wangge.faces.cli.demo").joinpath("situations")
    rows: list[Situation] = []
    for entry in sorted((e for e in folder.iterdir() if e.name.endswith(".toml")), key=lambda e: e.name):
        tables = tomllib.loads(entry.read_text(encoding="utf-8"))["situation"]
        rows += [_situation(table, entry.name) for table in tables]
    keys = [row.key for row in rows]
    if len(set(keys)) < len(keys):
        raise ValueError(f"keys used twice: {sorted({key for key in keys if keys.count(key) > 1})}")
    return tuple(rows)


def pick(rng: Random, month: int, hour: int) -> Situation:
    """A situation as frequent as it is in this month (1-12) at this hour (0-23)."""
    return rng.choices(load_situations(), cum_weights=_weights(month, hour))[0]


@cache
def _weights(month: int, hour: int) -> tuple[float, ...]:
    total, sums = 0.0, []
    for row in load_situations():
        total += row.weight * row.months[month - 1] * row.hours[hour]
        sums.append(total)
    return tuple(sums)


def _situation(table: Mapping[str, Any], source: str) -> Situation:
    kind, code = str(table["matter"]).split(" ")
    where = f"{source}, {table['key']}"
    try:
        row = Situation(
            key=table["key"],
            kind=_one_of(kind, get_args(Kind)),
            code=code,
            condition_no=table.get("condition", 1),
            texts=_texts(table["texts"]),
            details=tuple(table.get("details", ("",))),
            since=table.get("since", "days"),
            places=tuple(_one_of(place, PLACE_KINDS) for place in table["places"]),
            months=_normal(_SEASONS[table.get("season", "all")]),
            hours=_normal(_TIMES[table.get("time", "day")]),
            weight=float(table.get("weight", 1)),
            reporters=tuple(_one_of(who, get_args(Reporter)) for who in table.get("reporters", ["resident"])),
            handling=tuple(table["handling"]),
            proof=tuple(table["proof"]),
            check=tuple(table["check"]),
            satisfied=tuple(table["satisfied"]),
            unsatisfied=tuple(table["unsatisfied"]),
            return_reason=table.get("return_reason", ""),
            overdue_reason=table.get("overdue_reason", ""),
            leader_comment=table.get("leader_comment", ""),
        )
    except KeyError as error:
        raise ValueError(f"{where}: {error.args[0]} is missing or unknown") from error
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error
    if row.since not in SINCE:
        raise ValueError(f"{where}: since = {row.since!r} is unknown")
    return row


def _texts(texts: list[str]) -> tuple[str, ...]:
    for text in texts:
        slots = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        if not slots <= {"address", "since", "detail"} or "address" not in slots:
            raise ValueError(f"wrong slots in {text!r}")
    return tuple(texts)


def _one_of(value: str, allowed: tuple[Any, ...]) -> Any:
    if value not in allowed:
        raise ValueError(f"{value!r} is none of {allowed}")
    return value


def _normal(weights: tuple[float, ...]) -> tuple[float, ...]:
    """The same weights with a mean of one, so that a season shifts occurrences and adds none."""
    mean = sum(weights) / len(weights)
    return tuple(weight / mean for weight in weights)
