"""Other planners, each used as its guide says, with our borders as weights wherever it takes weights.

`planners.py NAME TOWN.npz PLAN.csv SEED SECONDS MOST` runs in an environment of its own (requirements/bench.txt), knows
nothing of Wangge, writes one grid number a unit and prints the seconds and CPU seconds that planning took.
It is ended after MOST CPU seconds.
"""

import random
import resource
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import libpysal
import networkx
import numpy as np
import pymetis
from gerrychain import Graph, Partition, constraints, updaters
from gerrychain.optimization import SingleMetricOptimizer
from gerrychain.proposals import ReCom
from gerrychain.tree import recursive_tree_part
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.cluster import KMeans
from spopt.region import AZP, MaxPHeuristic, RegionKMeansHeuristic, Skater, WardSpatial

Town = dict[str, Any]
Planner = Callable[[Town, int, float], Any]
# Metres of border that a planner should avoid cutting: open ground, minor street, major road.
_WEIGHTS = np.array([1.0, 0.4, 0.1])
_BURST = 10


def _frame(town: Town) -> tuple[Any, Any]:
    """Units as spopt takes them, places in units of their spread, and who touches whom."""
    spread = town["xy"].std(0)
    columns = {
        "x": town["xy"][:, 0] / spread[0],
        "y": town["xy"][:, 1] / spread[1],
        "homes": town["households"],
    }
    frame = geopandas.GeoDataFrame(columns, geometry=geopandas.points_from_xy(*town["xy"].T))
    near: dict[int, list[int]] = {unit: [] for unit in range(len(frame))}
    for one, two in town["edges"].tolist():
        near[one].append(two)
        near[two].append(one)
    return frame, libpysal.weights.W(near, silence_warnings=True)


def max_p(town: Town, seed: int, seconds: float) -> Any:
    """spopt's max-p: as many regions as reach the least size, alike in place."""
    np.random.seed(seed)
    frame, touching = _frame(town)
    model = MaxPHeuristic(frame, touching, ["x", "y"], "homes", int(town["lo"]), top_n=2)
    model.solve()
    return model.labels_


def azp(town: Town, seed: int, seconds: float) -> Any:
    """spopt's automatic zoning."""
    frame, touching = _frame(town)
    model = AZP(frame, touching, ["x", "y"], int(town["k"]), random_state=seed)
    model.solve()
    return model.labels_


def skater(town: Town, seed: int, seconds: float) -> Any:
    """spopt's cuts of a least spanning tree."""
    frame, touching = _frame(town)
    model = Skater(frame, touching, ["x", "y"], int(town["k"]))
    model.solve()
    return model.labels_


def region_k_means(town: Town, seed: int, seconds: float) -> Any:
    """spopt's k-means with regions in one piece."""
    frame, touching = _frame(town)
    model = RegionKMeansHeuristic(frame[["x", "y"]].to_numpy(), int(town["k"]), touching, seed=seed)
    model.solve()
    return model.labels_


def ward(town: Town, seed: int, seconds: float) -> Any:
    """spopt's Ward clustering along borders."""
    frame, touching = _frame(town)
    model = WardSpatial(frame, touching, ["x", "y"], int(town["k"]))
    model.solve()
    return model.labels_


def k_means(town: Town, seed: int, seconds: float) -> Any:
    """scikit-learn's k-means of places, each as heavy as its households."""
    heavy = np.maximum(town["households"], 1e-3)
    return KMeans(int(town["k"]), n_init=10, random_state=seed).fit_predict(town["xy"], sample_weight=heavy)


def recom(town: Town, seed: int, seconds: float) -> Any:
    """gerrychain's ReCom in short bursts towards cheap borders, all grids inside the bounds, for so many seconds."""
    chance = random.Random(seed)
    plain = networkx.Graph()
    for unit, households in enumerate(town["households"].tolist()):
        plain.add_node(unit, homes=int(households))
    for (one, two), cost in zip(town["edges"].tolist(), town["edge_len"] @ _WEIGHTS, strict=True):
        plain.add_edge(one, two, cost=float(cost))
    k, share = int(town["k"]), float(town["households"].sum()) / int(town["k"])
    slack = min(town["hi"] / share - 1, 1 - town["lo"] / share)
    graph = Graph.from_networkx(plain)
    begun = time.process_time()
    first = recursive_tree_part(graph, range(k), share, "homes", slack, rng=chance)
    cost = {tuple(sorted(edge)): plain.edges[edge]["cost"] for edge in plain.edges}

    def borders(plan: Any) -> float:
        return sum(cost[min(edge), max(edge)] for edge in plan["cut_edges"])

    start = Partition(graph, first, {"homes": updaters.Tally("homes"), "cut_edges": updaters.cut_edges})
    inside = constraints.within_percent_of_ideal_population(start, slack, "homes")
    proposal = ReCom.district_pairs_mst(pop_col="homes", pop_target=share, epsilon=slack)
    search = SingleMetricOptimizer(proposal, [inside], start, borders, maximize=False, rng=chance)
    for _plan in search.short_bursts(_BURST, 10**9):
        if time.process_time() - begun > seconds:
            break
    best = search.best_part
    return [best.assignment[unit] for unit in range(len(town["households"]))]


def metis(town: Town, seed: int, seconds: float) -> Any:
    """METIS by recursive halves, cheap borders preferred; loose pieces then join the neighbour they touch most."""
    n, edges = len(town["households"]), town["edges"]
    cost = np.maximum(1, np.round(10 * town["edge_len"] @ _WEIGHTS)).astype(int)
    ends, other = np.concatenate([edges, edges[:, ::-1]]).T
    order = np.argsort(ends, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=n))])
    options = pymetis.Options(seed=seed)
    _, parts = pymetis.part_graph(
        int(town["k"]), xadj=start.tolist(), adjncy=other[order].tolist(), recursive=True, options=options,
        vweights=town["households"].astype(int).tolist(), eweights=np.tile(cost, 2)[order].tolist(),
    )  # fmt: skip
    return _in_one_piece(town, np.array(parts), cost)


def _in_one_piece(town: Town, grid: Any, cost: Any) -> Any:
    """Of each grid the piece with most households stays; the others go where they touch most."""
    edges, homes = town["edges"], town["households"] + 1e-6
    for _round in range(len(grid)):
        same = grid[edges[:, 0]] == grid[edges[:, 1]]
        inner = coo_matrix((np.ones(same.sum()), edges[same].T), (len(grid), len(grid)))
        count, piece = connected_components(inner, directed=False)
        if count == len(np.unique(grid)):
            break
        weight, of = np.bincount(piece, homes), np.zeros(count, int)
        of[piece] = grid
        main = {g: max(np.flatnonzero(of == g), key=lambda p: weight[p]) for g in np.unique(of)}
        loose = next(p for p in np.argsort(weight) if main[of[p]] != p)
        touch: dict[int, float] = {}
        for (one, two), metres in zip(edges, cost, strict=True):
            if (piece[one] == loose) != (piece[two] == loose):
                to = int(grid[two] if piece[one] == loose else grid[one])
                touch[to] = touch.get(to, 0.0) + metres
        grid[piece == loose] = max(touch, key=lambda g: touch[g])
    return grid


PLANNERS: dict[str, Planner] = {
    "k-means": k_means,
    "METIS": metis,
    "ReCom": recom,
    "Ward": ward,
    "Skater": skater,
    "Region k-means": region_k_means,
    "AZP": azp,
    "max-p": max_p,
}


def main(name: str, town: str, out: str, seed: str, seconds: str, most: str) -> None:
    """Plan once."""
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_CPU, (int(most), int(most)))
    with np.load(town) as file:
        given = {key: file[key] for key in file.files}
    begun, used = time.monotonic(), time.process_time()
    grid = PLANNERS[name](given, int(seed), float(seconds))
    took, cpu = time.monotonic() - begun, time.process_time() - used
    np.savetxt(Path(out), np.asarray(grid), fmt="%s")
    print(took, cpu)


if __name__ == "__main__":
    main(*sys.argv[1:])
