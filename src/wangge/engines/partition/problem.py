"""What is to be divided: units with households, the borders between them, and what a plan must keep to."""

import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# Border weights of the score: open ground, along a minor street, along a major road, railway or water.
BORDER_WEIGHTS = (1.0, 0.4, 0.1)
# The weight of the mean deviation from an equal share beside the borders.
UNEVEN_WEIGHT = 2.0
# Far more than any city has; files beyond it are refused before anything is computed.
MOST_UNITS = 2_000_000
_NEEDED = ("households", "xy", "area", "perimeter", "edges", "edge_len")


class BadProblem(ValueError):
    """The data makes no sense; the text says which field and why."""


@dataclass(frozen=True, eq=False)
class Problem:
    """n units and m borders between them; lengths in metres, areas in square metres.

    `edges` (m, 2) are pairs u < v of touching units, `edge_len` (m, 3) metres of shared border over open
    ground, along a minor street, along a major road, railway or water. A grid has `lo` to `hi` households;
    there are `k` grids, or as many as fit best when k is None. `load` is what grids should share equally
    (the households, if None). Units with equal `tied` >= 0 stay together; `apart` (p, 2) are pairs that must
    not; where `fixed` (m) is true a grid border must run.
    """

    households: Ints
    xy: Floats
    area: Floats
    perimeter: Floats
    edges: Ints
    edge_len: Floats
    lo: int
    hi: int
    k: int | None = None
    load: Floats | None = None
    tied: Ints | None = None
    apart: Ints = field(default_factory=lambda: np.empty((0, 2), np.int64))
    fixed: Flags | None = None

    def __post_init__(self) -> None:
        """Refuse what has no meaning: BadProblem."""
        n, m = len(self.households), len(self.edges)
        _ask(0 < n <= MOST_UNITS, f"there must be 1 to {MOST_UNITS} units, not {n}")
        for name, shape in (("xy", (n, 2)), ("area", (n,)), ("perimeter", (n,))):
            _ask(getattr(self, name).shape == shape, f"{name} must have shape {shape}")
        _ask(
            self.edges.shape == (m, 2) and self.edge_len.shape == (m, 3), "edges (m, 2) need edge_len (m, 3)"
        )
        _ask(bool(((self.edges >= 0) & (self.edges < n)).all()), "edges name units that do not exist")
        _ask(bool((self.edges[:, 0] < self.edges[:, 1]).all()), "each edge must be a pair u < v")
        _ask(len(np.unique(self.edges, axis=0)) == m, "an edge is there twice")
        for name in ("households", "area", "perimeter", "edge_len"):
            values = getattr(self, name)
            _ask(bool((np.isfinite(values) & (values >= 0)).all()), f"{name} must be numbers of 0 or more")
        _ask(bool(np.isfinite(self.xy).all()), "xy must be numbers")
        _ask(0 <= self.lo <= self.hi, "the bounds must be 0 <= lo <= hi")
        _ask(self.k is None or 1 <= self.k <= n, f"k must be 1 to {n}, or be left free")
        _ask(int(self.households.sum()) > 0, "there are no households to share")
        self._ask_wishes(n, m)

    def _ask_wishes(self, n: int, m: int) -> None:
        if self.load is not None:
            good = self.load.shape == (n,) and bool((np.isfinite(self.load) & (self.load >= 0)).all())
            _ask(good and float(self.load.sum()) > 0, "load must be one number of 0 or more for each unit")
        _ask(self.tied is None or self.tied.shape == (n,), "tied must be one number for each unit")
        _ask(self.fixed is None or self.fixed.shape == (m,), "fixed must be one flag for each edge")
        _ask(self.apart.ndim == 2 and self.apart.shape[1] == 2, "apart must be pairs of units")
        _ask(bool(((self.apart >= 0) & (self.apart < n)).all()), "apart names units that do not exist")
        pairs = self.apart if self.fixed is None else np.concatenate([self.apart, self.edges[self.fixed]])
        if self.tied is not None and len(pairs):
            one, two = self.tied[pairs].T
            _ask(
                not bool(((one == two) & (one >= 0)).any()), "units are tied together and kept apart at once"
            )

    @property
    def size(self) -> int:
        """How many units."""
        return len(self.households)

    @property
    def shares(self) -> Floats:
        """What grids should share equally, one number a unit."""
        return self.households.astype(float) if self.load is None else self.load


def read_problem(path: Path) -> Problem:
    """A planning file (.npz with the arrays of Problem); BadProblem when it cannot be one."""
    try:
        with np.load(path, allow_pickle=False) as file:
            missing = [name for name in _NEEDED if name not in file.files]
            _ask(not missing, f"the file lacks {', '.join(missing)}")
            return problem_of({name: file[name] for name in file.files if file[name].dtype.kind in "biuf"})
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        if isinstance(error, BadProblem | FileNotFoundError):
            raise
        raise BadProblem(f"not a planning file: {error}") from error


def problem_of(arrays: dict[str, Any]) -> Problem:
    """A problem from arrays by name; `lo`, `hi` and `k` are single numbers and may be absent (300, 500, free)."""
    households = np.asarray(arrays["households"])
    _ask(bool((households == np.floor(households)).all()), "households must be whole numbers")
    return Problem(
        households=households.astype(np.int64),
        **{name: np.asarray(arrays[name], float) for name in ("xy", "area", "perimeter", "edge_len")},
        edges=np.asarray(arrays["edges"], np.int64).reshape(-1, 2),
        lo=int(arrays.get("lo", 300)),
        hi=int(arrays.get("hi", 500)),
        k=int(arrays["k"]) if "k" in arrays else None,
        load=np.asarray(arrays["load"], float) if "load" in arrays else None,
        tied=np.asarray(arrays["tied"], np.int64) if "tied" in arrays else None,
        apart=np.asarray(arrays.get("apart", np.empty((0, 2))), np.int64).reshape(-1, 2),
        fixed=np.asarray(arrays["fixed"], bool) if "fixed" in arrays else None,
    )


def weighted_load(counts: dict[str, Floats], weights: dict[str, float]) -> Floats:
    """The load of each unit from counts by kind (households, elderly living alone, let homes, shops…) and weights.

    A kind without a weight counts nothing; a weight without counts is a BadProblem.
    """
    unknown = sorted(set(weights) - set(counts))
    _ask(not unknown, f"there are no counts of {', '.join(unknown)}")
    return np.sum([weight * np.asarray(counts[kind], float) for kind, weight in weights.items()], axis=0)


def pieces(size: int, edges: Ints) -> Ints:
    """For each of `size` units the smallest unit it hangs together with through `edges`."""
    label = np.arange(size)
    while True:
        one, two = label[edges[:, 0]], label[edges[:, 1]]
        apart = one != two
        if not apart.any():
            return label
        np.minimum.at(label, np.maximum(one, two)[apart], np.minimum(one, two)[apart])
        while (label != label[label]).any():
            label = label[label]


def _ask(good: bool, text: str) -> None:
    if not good:
        raise BadProblem(text)
