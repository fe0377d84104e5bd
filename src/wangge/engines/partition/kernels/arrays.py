"""What the compiled kernels read and write: plain arrays in named tuples."""

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Words: TypeAlias = npt.NDArray[np.uint64]
Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int32]
Longs: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.int8]


class Graph(NamedTuple):
    """n units in m borders, as a kernel sees them.

    The neighbours of unit u are `to[start[u]:start[u + 1]]`; `weight` is what the border costs when it
    is cut, in units of the objective, and `edge` its number. The units that u must be kept apart from
    are `foe[foe_start[u]:foe_start[u + 1]]`.
    """

    start: Ints
    to: Ints
    weight: Floats
    edge: Ints
    ends: Ints
    households: Longs
    load: Floats
    xy: Floats
    foe_start: Ints
    foe: Ints


class Terms(NamedTuple):
    """What a plan costs beside its cut borders, all in units of the objective.

    `uneven` for each unit of load away from `target`, `outside` for each household out of `lo` to `hi`,
    `together` for each pair that should be apart, `walk` for each load x square metre around a grid's
    centre. `steep` makes a large difference from the target cost more than its share: one of d costs
    `uneven` x (d + `steep` x d² / target), so that load flows on through grids between one with too much
    and one with too little.
    """

    target: float
    lo: float
    hi: float
    uneven: float
    outside: float
    together: float
    walk: float
    steep: float = 0.0


class Grids(NamedTuple):
    """A plan that is being changed: each unit's grid, each grid's sums, and the borders that are cut.

    `sums` (k, 6): households, load, load x x, load x y, load x (x² + y²), number of units. `cut` lists
    the cut borders in its first `listed[0]` places; `place` says where each border stands there, or -1.
    """

    of: Ints
    sums: Floats
    cut: Ints
    place: Ints
    listed: Longs


class Scratch(NamedTuple):
    """Room for one kernel at a time: marks of units, a queue of units."""

    mark: Longs
    queue: Ints
    turn: Longs


class Cuts(NamedTuple):
    """Triples of units of which a plan can have two in a grid only once; each costs a grid that has two of them.

    The triples of unit u are `of[start[u]:start[u + 1]]`, and `cost` is of each triple, 0 or more.
    """

    start: Ints
    of: Ints
    cost: Floats
