"""Boxes in PostgreSQL's own geometry, so that an index finds what a map shows; degrees, no extension needed."""

from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, F, Func, Value


class _Meets(Func):
    """Two boxes that share a point; a condition of its own in filter()."""

    arg_joiner = " && "
    template = "%(expressions)s"
    output_field = BooleanField()


def box_of(west: str = "west", south: str = "south", east: str = "east", north: str = "north") -> Func:
    """The box of four columns, as an expression; of a point, with its two columns named twice."""
    return _box(F(west), F(south), F(east), F(north))


def in_box(west: float, south: float, east: float, north: float, columns: Func | None = None) -> Func:
    """The condition that a row's box (`box_of`, or `columns`) meets this one."""
    return boxes_meet([Value(float(bound)) for bound in (west, south, east, north)], columns)


def boxes_meet(sides: Sequence[Any], columns: Func | None = None) -> Func:
    """The same for a box of four expressions, of another query's row for instance."""
    return _Meets(columns or box_of(), _box(*sides))


def _box(west: Any, south: Any, east: Any, north: Any) -> Func:
    return Func(Func(east, north, function="point"), Func(west, south, function="point"), function="box")
