"""Model instances from plain rows: for a page of rows with names by joins, the ORM's own way costs ten times as much."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.db.models import Model
from django.db.models.base import ModelState

M = TypeVar("M", bound=Model)


class Instances(Generic[M]):
    """Builds instances that hold the given fields: of the model itself, or of what one of its relations leads to, as
    `only("number", "matter__name")` and `select_related("matter")` would. `columns` is what a statement must select
    (for `values_list`), `of` takes its rows. Another field is fetched when it is asked for, as after `only`.
    """

    def __init__(self, model: type[M], *paths: str) -> None:
        self._model = model
        self._own = ("pk", *(path for path in paths if "__" not in path))
        self._own_names = tuple(_attribute(model, path) for path in self._own)
        self._converted = [
            (name, field.from_db_value)
            for name, field in ((name, _field(model, name)) for name in self._own_names)
            if hasattr(field, "from_db_value")
        ]
        self._related = [_Related(model, name, paths) for name in _relations(paths)]
        self.columns: tuple[str, ...] = (
            *self._own,
            *(column for related in self._related for column in related.columns),
        )

    def of(self, rows: Iterable[Sequence[Any]]) -> list[M]:
        """One instance a row; rows that lead to the same thing share it."""
        known: dict[Any, Any] = {}
        return [self._one(row, known) for row in rows]

    def where(self, condition: str, values: Sequence[Any]) -> list[M]:
        """Instances by a condition in SQL on the model's own columns, in the order it says (1 statement)."""
        with connection.cursor() as cursor:
            cursor.execute(f"{self._select} WHERE {condition}", values)
            return self.of(cursor.fetchall())

    @cached_property
    def _select(self) -> str:
        table = connection.ops.quote_name(self._model._meta.db_table)
        columns = ", ".join(connection.ops.quote_name(_column(self._model, name)) for name in self._own_names)
        # Names of our own tables and columns.
        return f"SELECT {columns} FROM {table}"  # noqa: S608

    def _one(self, row: Sequence[Any], known: dict[Any, Any]) -> M:
        made: M = _bare(self._model, self._own_names, row)
        for name, converted in self._converted:
            setattr(made, name, converted(getattr(made, name), None, connection))
        cache, at = made._state.fields_cache, len(self._own)
        for related in self._related:
            after = at + len(related.columns)
            cache[related.name] = related.of(row[at:after], known)
            if related.key:
                made.__dict__[related.key] = row[at]
            at = after
        return made


class _Related:
    def __init__(self, model: Any, name: str, paths: Iterable[str]) -> None:
        self.name = name
        field = model._meta.get_field(name)
        self._model = field.related_model
        # The column that points there, unless the other side points here.
        self.key: str | None = getattr(field, "attname", None)
        fields = ("pk", *(path.split("__")[1] for path in paths if path.startswith(f"{name}__")))
        self.columns = [f"{name}__{field}" for field in fields]
        self._names = tuple(_attribute(self._model, field) for field in fields)
        if any(hasattr(_field(self._model, attribute), "from_db_value") for attribute in self._names):
            raise TypeError(f"{name} has a field that is converted when read")

    def of(self, values: Sequence[Any], known: dict[Any, Any]) -> Any:
        if values[0] is None:
            return None
        key = (self.name, values[0])
        if key not in known:
            known[key] = _bare(self._model, self._names, values)
        return known[key]


def _relations(paths: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(path.split("__")[0] for path in paths if "__" in path))


def _attribute(model: type[Model], name: str) -> str:
    """The attribute that holds a column's value."""
    return str((model._meta.pk if name == "pk" else _field(model, name)).attname)


def _column(model: type[Model], attribute: str) -> str:
    return str(_field(model, attribute).column)


def all_columns(model: type[Model]) -> list[str]:
    """Every column of a model but its key, which is always there."""
    return [field.attname for field in model._meta.concrete_fields if not field.primary_key]


def _field(model: type[Model], name: str) -> Any:
    found = next(
        (field for field in model._meta.concrete_fields if name in (field.attname, field.name)), None
    )
    if found is None:
        raise FieldDoesNotExist(f"{model.__name__} has no column {name}")
    return found


def _bare(model: Any, names: Sequence[str], values: Sequence[Any]) -> Any:
    made = model.__new__(model)
    state = made._state = ModelState()
    state.adding, state.db = False, "default"
    made.__dict__.update(zip(names, values, strict=False))
    return made
