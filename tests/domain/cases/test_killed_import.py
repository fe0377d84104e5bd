"""A worker process that is killed in the middle of an import loses nothing and doubles nothing."""

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from casework import TESTS
from factories import Town
from programs import until
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.orders import services
from wangge.domain.orders.models import Order, OrderImport, OrderRow, State

ROWS = 400
RESUMES_WITHIN_S = 60.0
WORKER = """
import django, sys
django.setup()
from django.conf import settings
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from django.core.management import call_command
call_command("worker")
"""


@contextmanager
def killed(words: list[str], env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A program that is killed at the end of the block, as if the power failed."""
    program = subprocess.Popen(words, env=env, stderr=subprocess.DEVNULL)
    try:
        yield program
    finally:
        program.kill()
        program.wait()


def state(batch: OrderImport) -> str:
    with acting_as(TESTS):
        batch.refresh_from_db()
    return batch.state


def done(batch: OrderImport) -> int:
    with acting_as(TESTS):
        return Order.objects.filter(batch=batch).count()


def test_a_killed_import_goes_on_and_leaves_no_double(own_database: Town) -> None:
    operator = own_database.actor("operator")
    lines = ["工单编号,诉求内容,所属社区,联系电话"]
    lines += [f"GD{n:04},路灯{n}不亮,东社区,13800000{n:03}" for n in range(ROWS)]
    batch = services.start(operator, uuid.uuid4(), "a.csv", "\n".join(lines).encode("gbk"))
    services.set_columns(operator, batch.pk, batch.columns)
    services.check(batch.pk)
    services.confirm(operator, batch.pk)
    found = os.environ | {
        "DJANGO_SETTINGS_MODULE": "wangge.platform.settings",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    name = connection.settings_dict["NAME"]
    words = [sys.executable, "-c", WORKER, name]
    with killed(words, found) as worker:
        limit = time.monotonic() + 60
        while done(batch) == 0 and time.monotonic() < limit:
            assert worker.poll() is None
    assert 0 < done(batch) < ROWS
    with killed(words, found):
        began = time.monotonic()
        until(lambda: state(batch) == State.DONE)
        assert time.monotonic() - began < RESUMES_WITHIN_S
    with acting_as(TESTS):
        assert (batch.state, Order.objects.count(), Case.objects.count()) == (State.DONE, ROWS, ROWS)
        assert not OrderRow.objects.exists()
