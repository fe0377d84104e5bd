"""What a row of the table of addresses says, and what the rows are made of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps

from casework import TESTS
from rings import sees_case
from scene import Scene
from wangge.domain.access.actor import Actor, AnyActor, Role
from wangge.domain.access.scope import acting_as

May = Callable[[AnyActor, Any], bool]
Values = Callable[[Scene], list[tuple[Any, dict[str, Any]]]]


@dataclass(frozen=True, slots=True)
class Address:
    """Who may open an address; what everybody else of the staff is answered; its values, each with the row it names.

    `opened` are the answers of a GET to those who may; `by_receipt` when the address itself says who one is.
    """

    may: May
    refused: int | tuple[int, ...] = 403
    values: Values = field(default=lambda scene: [(None, {})])
    opened: tuple[int, ...] = (200,)
    by_receipt: bool = False


def anybody(actor: AnyActor, row: Any) -> bool:
    return True


def staff(actor: AnyActor, row: Any) -> bool:
    return isinstance(actor, Actor)


def administrator(actor: AnyActor, row: Any) -> bool:
    return isinstance(actor, Actor) and actor.has(Role.ADMINISTRATOR)


def of_ring(actor: AnyActor, row: Any) -> bool:
    return isinstance(actor, Actor) and sees_case(actor, getattr(row, "case", row))


def rows(label: str, name: str, most: int = 3, **more: Any) -> Values:
    """The first rows of a model, the row's id as the value `name`."""

    def values(scene: Scene) -> list[tuple[Any, dict[str, Any]]]:
        with acting_as(TESTS):
            return [
                (row, {name: row.pk, **more})
                for row in _with_area(apps.get_model(label)).order_by("pk")[:most]
            ]

    return values


def _with_area(model: Any) -> Any:
    found = model._base_manager.all()
    return (
        found.select_related("area") if any(field.name == "area" for field in model._meta.fields) else found
    )


def hanging_on_cases(label: str, name: str, **more: Any) -> Values:
    def values(scene: Scene) -> list[tuple[Any, dict[str, Any]]]:
        with acting_as(TESTS):
            found = apps.get_model(label)._base_manager.select_related("case").order_by("case_id", "pk")
            return [(row, {name: row.pk, **more}) for row in found.distinct("case_id")]

    return values


def cases(**more: Any) -> Values:
    return lambda scene: [(case, {"case_id": case.pk, **more}) for case in scene.cases]


PUBLIC = Address(anybody)
STAFF = Address(staff)
ADMINISTRATION = Address(administrator)
