"""Reads of plans: a community's plans, an alternative as it stands after the edits, with its scores."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from wangge.domain.places.models import Area, Level
from wangge.domain.planning import rules
from wangge.domain.planning.models import Alternative, Edit, Plan
from wangge.engines.partition import Problem, Score, problem_of, score
from wangge.platform.errors import NotFound

# Square degrees, a square metre in southern China.
_PINHOLE = 1e-10
_HEAVY = ("town", "cells", "units")


def plans_of(areas: Sequence[int]) -> "QuerySet[Plan]":
    """Plans of communities that the actor may see, newest first (1 statement)."""
    rows = Plan.objects.filter(area__in=areas).defer(*_HEAVY).select_related("area", "user")
    found: QuerySet[Plan] = rows.order_by("-made_at", "-pk")
    return found


def plan_with(plan_id: int) -> Plan:
    """One plan with what was found (1 statement); NotFound outside the actor's scope."""
    plan: Plan | None = Plan.objects.filter(pk=plan_id).select_related("area__parent", "user").first()
    if plan is None:
        raise NotFound(_("没有找到这个网格方案。"))
    return plan


@dataclass(frozen=True)
class Option:
    """A unit given to a neighbouring grid: what it would do. `homes` are those of both grids, before and after."""

    grid: int
    giving: tuple[int, int]
    taking: tuple[int, int]
    score: Score
    gain: float
    breaks: bool


@dataclass(frozen=True)
class Division:
    """An alternative as it stands: `grid` is each unit's grid after the edits."""

    alternative: Alternative
    grid: tuple[int, ...]
    problem: Problem
    can_undo: bool = False
    can_redo: bool = False

    @cached_property
    def score(self) -> Score:
        return score(self.problem, np.array(self.grid))

    @property
    def plan(self) -> Plan:
        return self.alternative.plan

    @cached_property
    def homes(self) -> list[int]:
        """Households of each grid."""
        found = np.bincount(self.grid, self.problem.households, len(self.alternative.names))
        return [int(count) for count in found]

    @property
    def outside(self) -> int:
        return rules.outside(self.homes, self.plan.least, self.plan.most)

    @property
    def words(self) -> list[str]:
        return rules.score_words(self.score, self.outside, self.plan.least, self.plan.most)

    @property
    def fault_words(self) -> list[str]:
        """Why grids are out of bounds, while nothing was changed by hand."""
        units, bounds = self.plan.units, (self.plan.least, self.plan.most)
        return [
            rules.fault_words(fault, [units[unit]["name"] for unit in fault["units"]], *bounds)
            for fault in (self.alternative.faults if self.outside else ())
        ]

    @cached_property
    def moved(self) -> list[tuple[int, int | None]]:
        """Units that come to another grid than today's: (unit, today's grid's id)."""
        names = self.alternative.names
        return [
            (unit, told["grid"])
            for unit, (told, grid) in enumerate(zip(self.plan.units, self.grid, strict=True))
            if names[grid]["area"] != told["grid"]
        ]

    @property
    def moved_homes(self) -> int:
        return sum(self.plan.units[unit]["homes"] for unit, _before in self.moved)

    def cells(self) -> list[shapely.Geometry]:
        """The ground of each unit, in degrees."""
        return list(shapely.get_parts(shapely.from_wkb(bytes(self.plan.cells))))

    def shapes(self) -> list[shapely.Geometry]:
        """The outline of each grid, in degrees, on a raster of a centimetre so that neighbours meet."""
        cells = np.array(self.cells(), dtype=object)
        of = np.array(self.grid)
        grids = [
            shapely.union_all(cells[of == number], grid_size=1e-7)
            for number in range(len(self.alternative.names))
        ]
        return [_without_pinholes(grid) for grid in grids]

    def beside(self, unit: int) -> list[int]:
        """Grids that touch a unit, its own not among them."""
        edges = self.problem.edges
        near = np.concatenate([edges[edges[:, 0] == unit, 1], edges[edges[:, 1] == unit, 0]])
        return sorted({self.grid[other] for other in near.tolist()} - {self.grid[unit]})

    def options(self, unit: int) -> list[Option]:
        """What giving a unit to each neighbouring grid would do, the best first."""
        own, homes = self.grid[unit], self.plan.units[unit]["homes"]
        found = []
        for to in self.beside(unit):
            grid = np.array(self.grid)
            grid[unit] = to
            then = score(self.problem, grid)
            found.append(
                Option(
                    grid=to,
                    giving=(self.homes[own], self.homes[own] - homes),
                    taking=(self.homes[to], self.homes[to] + homes),
                    score=then,
                    gain=self.score.quality - then.quality,
                    breaks=then.extra_pieces > self.score.extra_pieces or then.k < self.score.k,
                )
            )
        return sorted(found, key=lambda one: (one.breaks, -one.gain, one.grid))


def _without_pinholes(shape: shapely.Geometry) -> shapely.Geometry:
    """Without holes of less than a square metre, which rounding leaves where cells meet."""
    polygons = [
        shapely.Polygon(
            part.exterior, [ring for ring in part.interiors if shapely.Polygon(ring).area > _PINHOLE]
        )
        for part in shapely.get_parts(shape)
    ]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def divisions_of(plan: Plan) -> list[Division]:
    """All alternatives of a plan as they stand (2 statements)."""
    rows = list(Alternative.objects.filter(plan_id=plan.pk).order_by("number"))
    edits: dict[int, list[Edit]] = {row.pk: [] for row in rows}
    for edit in Edit.objects.filter(alternative__in=rows).order_by("pk"):
        edits[edit.alternative_id].append(edit)
    if not rows:
        return []
    problem = _problem(plan)
    for row in rows:
        row.plan = plan
    return [_division(row, edits[row.pk], problem) for row in rows]


def division_of(plan: Plan, number: int) -> Division:
    """One alternative as it stands (2 statements); NotFound for another number."""
    row = Alternative.objects.filter(plan_id=plan.pk, number=number).first()
    if row is None:
        raise NotFound(_("没有找到这个网格方案。"))
    row.plan = plan
    return _division(row, list(Edit.objects.filter(alternative=row).order_by("pk")), _problem(plan))


def _problem(plan: Plan) -> Problem:
    with np.load(io.BytesIO(bytes(plan.town)), allow_pickle=False) as file:
        arrays: dict[str, Any] = {name: file[name] for name in file.files}
    return problem_of(arrays)


def _division(row: Alternative, edits: list[Edit], problem: Problem) -> Division:
    grid = list(row.found)
    for edit in edits:
        if not edit.undone:
            grid[edit.unit] = edit.after
    undone = [edit.undone for edit in edits]
    return Division(row, tuple(grid), problem, can_undo=not all(undone), can_redo=any(undone))


def communities_of(area: Area) -> list[Area]:
    """The communities of an area, or the one that holds it (1 statement)."""
    if area.level == Level.GRID:
        return [area.parent] if area.parent else []
    rows = Area.objects.filter(path__startswith=area.path, level=Level.COMMUNITY, active=True)
    return list(rows.order_by("code")[:200])
