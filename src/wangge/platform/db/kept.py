"""Statements that are built once: for a small answer, Django's building of the SQL costs more than all the rest."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.expressions import RawSQL

_MOST = 2000


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where in a kept statement a value goes that is given with each call."""

    number: int


class Kept:
    """A queryset of plain values as a function of hashable arguments, which say everything that it depends on, whoever
    acts included. The last `asked` arguments are values that only fill the statement: the builder gets expressions for
    them."""

    def __init__(self, build: Callable[..., "QuerySet[Any, Any]"], asked: int = 0) -> None:
        self.__doc__ = build.__doc__
        self._build = build
        self._slots = tuple(Value(_Slot(number)) for number in range(asked))
        self._kept = lru_cache(maxsize=_MOST)(self._statement)

    def __call__(self, *words: Hashable) -> list[tuple[Any, ...]]:
        """The rows (1 statement)."""
        known = len(words) - len(self._slots)
        if (found := self._kept(*words[:known])) is None:
            return []
        statement, values = found
        given: tuple[Any, ...] = words[known:]
        filled = [given[value.number] if isinstance(value, _Slot) else value for value in values]
        with connection.cursor() as cursor:
            cursor.execute(statement, filled)
            return list(cursor.fetchall())

    def ids(self, *words: Hashable) -> RawSQL | None:
        """The column `pk` as a part of another statement; None when nothing can be found."""
        if (found := self._kept(*words)) is None:
            return None
        statement, values = found
        # A statement of Django's own making, its values apart.
        return RawSQL(f"SELECT found.pk FROM ({statement}) AS found", values)  # noqa: S608, S611

    def _statement(self, *words: Hashable) -> tuple[Any, tuple[Any, ...]] | None:
        try:
            return self._build(*words, *self._slots).query.sql_with_params()
        except EmptyResultSet:
            return None


def kept(build: Callable[..., "QuerySet[Any, Any]"]) -> Kept:
    """Decorator for a function that builds such a queryset."""
    return Kept(build)


def kept_asking(asked: int) -> Callable[[Callable[..., "QuerySet[Any, Any]"]], Kept]:
    """The same for a function whose last `asked` arguments only fill the statement."""
    return lambda build: Kept(build, asked)
