"""Each kind of uploaded list, so that the tests of this folder can ask the same of all."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from django.db import OperationalError, connection

from casework import TESTS
from factories import Town
from wangge.domain.access.actor import Actor
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.enrolment import jobs as enrolment_jobs
from wangge.domain.enrolment import services as enrolment
from wangge.domain.enrolment.models import Enrolled, Enrolment, EnrolmentRow
from wangge.domain.orders import jobs as orders_jobs
from wangge.domain.orders import services as orders
from wangge.domain.orders.models import Order, OrderImport, OrderRow
from wangge.domain.register.models import Resident
from wangge.domain.sheets.models import Batch


@dataclass(frozen=True, eq=False)
class Kind:
    """`line(n, good)` is the n-th line of a file. `staged` and `stands` name the lines that wait and those that became
    something; `all_there` counts what lines become, whoever brought it."""

    name: str
    batch: type[Batch]
    row: Any
    services: ModuleType
    steps: dict[Any, Callable[[int], None]]
    uploader: str
    header: str
    line: Callable[[int, bool], str]
    staged: Callable[[Batch], list[str]]
    stands: Callable[[Batch], list[str]]
    all_there: Callable[[], int]

    def __str__(self) -> str:
        return self.name

    def actor(self, town: Town) -> Actor:
        return town.actor(self.uploader)

    def file(self, lines: Sequence[bool]) -> bytes:
        """A file with a line for each, good or with a fault."""
        body = [self.line(n, good) for n, good in enumerate(lines)]
        return "\n".join([self.header, *body]).encode()

    def upload(self, town: Town, lines: Sequence[bool]) -> Batch:
        made: Batch = self.services.start(self.actor(town), uuid.uuid4(), "a.csv", self.file(lines))
        return made

    def now(self, batch: Batch) -> Batch:
        """The list as it stands."""
        with acting_as(TESTS):
            return self.batch.objects.get(pk=batch.pk)  # type: ignore[no-any-return]

    def work(self, batch: Batch) -> None:
        """What the worker does for the list in its present state."""
        state = self.now(batch).state
        if state in self.steps:
            self.steps[state](batch.pk)

    def kept(self, batch: Batch) -> Any:
        """All that is kept of a list and of what it became."""
        with acting_as(TESTS):
            head = self.batch.objects.filter(pk=batch.pk).values()
            return list(head), self.staged(batch), self.stands(batch), self.all_there()


def _order(n: int, good: bool) -> str:
    return f"GD{n},路灯不亮,东社区,{'' if good else '12'}"


def _resident(n: int, good: bool) -> str:
    return f"东1网格正街1号701,王{n:02},户主,{n},{'' if good else '12'}"


def _resident_names(rows: Any) -> list[str]:
    return sorted(str(row.resident.name) for row in rows.select_related("resident"))


ORDERS = Kind(
    "orders",
    OrderImport,
    OrderRow,
    orders,
    orders_jobs.STEPS,
    "operator",
    "工单编号,诉求内容,所属社区,联系电话",
    _order,
    staged=lambda batch: sorted(row.cells()[0] for row in OrderRow.objects.filter(batch=batch)),
    stands=lambda batch: sorted(
        Order.objects.filter(batch=batch, undone=False).values_list("number", flat=True)
    ),
    all_there=lambda: Case.objects.exclude(state="void").count(),
)
HOUSEHOLDS = Kind(
    "households",
    Enrolment,
    EnrolmentRow,
    enrolment,
    enrolment_jobs.STEPS,
    "station_officer",
    "住址,姓名,与户主关系,户号,联系电话",
    _resident,
    staged=lambda batch: sorted(row.cells()[0][1] for row in EnrolmentRow.objects.filter(batch=batch)),
    stands=lambda batch: _resident_names(Enrolled.objects.filter(batch=batch)),
    all_there=Resident.objects.count,
)
KINDS = (ORDERS, HOUSEHOLDS)


@contextmanager
def breaks_at(number: int | None) -> Iterator[None]:
    """The statement of this number, from 0, does not come through to the database."""
    left = number

    def pass_on(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        if left is not None:
            if left == 0:
                left = None
                raise OperationalError("the line broke")
            left -= 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(pass_on):
        yield
