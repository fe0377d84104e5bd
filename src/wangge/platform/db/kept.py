"""Statements that are built once: for a small answer, Django's building of the SQL costs more than all the rest."""

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

_MOST = 2000


class Kept:
    """A queryset of plain values as a function of hashable arguments, which say everything that it depends on, whoever
    acts included."""

    def __init__(self, build: Callable[..., "QuerySet[Any, Any]"]) -> None:
        self.__doc__ = build.__doc__
        self._build = build
        self._kept = lru_cache(maxsize=_MOST)(self._statement)

    def __call__(self, *words: Hashable) -> list[tuple[Any, ...]]:
        """The rows (1 statement)."""
        if (found := self._kept(*words)) is None:
            return []
        with connection.cursor() as cursor:
            cursor.execute(*found)
            return list(cursor.fetchall())

    def ids(self, *words: Hashable) -> RawSQL | None:
        """The column `pk` as a part of another statement; None when nothing can be found."""
        if (found := self._kept(*words)) is None:
            return None
        statement, values = found
        # A statement of Django's own making, its values apart.
        return RawSQL(f"SELECT found.pk FROM ({statement}) AS found", values)  # noqa: S608, S611

    def _statement(self, *words: Hashable) -> tuple[str, tuple[Any, ...]] | None:
        try:
            return self._build(*words).query.sql_with_params()
        except EmptyResultSet:
            return None


def kept(build: Callable[..., "QuerySet[Any, Any]"]) -> Kept:
    """Decorator for a function that builds such a queryset."""
    return Kept(build)
