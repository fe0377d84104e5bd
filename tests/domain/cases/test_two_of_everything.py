"""Two web servers and two workers, real processes, on one database: each thing is done once."""

import json
import threading
import urllib.request
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from procrastinate.contrib.django import app

from casework import TESTS, Road, condition, crowd, history_of
from factories import Town, point_in
from invariants import check_case
from programs import environment, free_port, running, until
from systems import system
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.catalogue.services.snapshots import of_condition
from wangge.domain.exchange.models import Delivery
from wangge.domain.exchange.services.webhooks import subscribe
from wangge.domain.office.models import Mail, Notice
from wangge.domain.orders import services as orders
from wangge.domain.orders.models import Order, OrderImport, State
from wangge.domain.rulebook.models import Simulation
from wangge.domain.rulebook.services import changes, simulations
from wangge.domain.rulebook.services.drafts import new_draft
from wangge.faces.cli.management.commands.serve import web_words
from wangge.faces.cli.supervisor import answers
from wangge.platform.outbox.models import Message

KEYS, LINES, LATE, SWEEPS = 5, 20, 3, 4
WORKER = ["-m", "wangge.faces.cli.main", "worker"]


def test_two_web_servers_and_two_workers_do_each_thing_once(
    own_database: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = own_database
    monkeypatch.setattr(settings, "DEBUG", True)  # so that a webhook may lead to this machine
    station = system(town, "station_officer")
    people, got = crowd(town), []
    late = [
        Road(town, people).filed(condition(level="street", procedure="ordinary")).case.pk
        for _n in range(LATE)
    ]
    with ExitStack() as stack:
        address = stack.enter_context(_receiver(got))
        hook = subscribe(station.actor, key=uuid.uuid4(), url=address, topics=["case.reported"])
        env = environment(tmp_path)
        ports = free_port(), free_port()
        with running(env, *(web_words("127.0.0.1", port) for port in ports)):
            until(lambda: all(answers(f"http://127.0.0.1:{port}/livez") for port in ports))
            made = [_at_both(ports, station.headers(), town) for _key in range(KEYS)]
        assert all(len(set(pair)) == 1 for pair in made)
        batch, simulation = _import(town), _simulation()
        for number in range(SWEEPS):
            app.configure_task("cases.sweep", queueing_lock=f"sweep {number}").defer(timestamp=number)
        with running(env, WORKER, WORKER):
            until(lambda: _all_done(batch, simulation, late))
    reported = [pair[0] for pair in made]
    with acting_as(TESTS):
        assert sorted(Case.objects.filter(channel="api").values_list("pk", flat=True)) == sorted(reported)
        for case_id in reported + late:
            assert max(Counter(event.move for event in history_of(case_id)).values()) == 1
            check_case(case_id)
        told = Counter(Notice.objects.filter(case__in=reported + late).values_list("user", "case", "kind"))
        assert set(told.values()) == {1}
        files = (tmp_path / "mail").glob("*.log")
        assert sum(file.read_text().count("-" * 79) for file in files) == Mail.objects.count() == KEYS
        assert Delivery.objects.filter(webhook=hook).count() == len(set(got)) == len(got)
        assert len(got) >= KEYS
        assert Order.objects.filter(batch=batch).count() == LINES
        assert Case.objects.filter(channel="hotline").count() == LINES


def _at_both(ports: tuple[int, int], headers: dict[str, str], town: Town) -> list[int]:
    """One report with one key sent to both servers in the same moment: the ids that they answer."""
    lon, lat = point_in(town, town.grids[0])
    given = {"description": "路灯不亮", "lon": lon, "lat": lat, "reporter": {"email": "a@example.org"}}
    more = {"Idempotency-Key": str(uuid.uuid4()), "Content-Type": "application/json"}
    gate = threading.Barrier(len(ports))

    def send(port: int) -> int:
        asked = urllib.request.Request(
            f"http://127.0.0.1:{port}/api/v1/cases", json.dumps(given).encode(), headers | more
        )
        gate.wait()
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return int(json.load(answer)["id"])

    with ThreadPoolExecutor(len(ports)) as pool:
        return list(pool.map(send, ports))


def _import(town: Town) -> OrderImport:
    operator = town.actor("operator")
    lines = ["工单编号,诉求内容,所属社区", *(f"GD{n:04},井盖{n}松动,东社区" for n in range(LINES))]
    batch = orders.start(operator, uuid.uuid4(), "a.csv", "\n".join(lines).encode("gbk"))
    orders.set_columns(operator, batch.pk, batch.columns)
    orders.check(batch.pk)
    orders.confirm(operator, batch.pk)
    return batch


def _simulation() -> Simulation:
    row, draft = condition(level="street"), new_draft(TESTS, "汛期调整")
    changes.put_condition(
        TESTS, draft.pk, row.matter_id, row.number, of_condition(row) | {"text": "另一句话"}
    )
    return simulations.simulate(TESTS, draft.pk)


def _all_done(batch: OrderImport, simulation: Simulation, late: list[int]) -> bool:
    simulation.refresh_from_db()
    with acting_as(TESTS):
        batch.refresh_from_db()
        waiting = Message.objects.filter(done_at__isnull=True).count()
        waiting += Mail.objects.filter(state__in=["waiting", "sending"]).count()
        waiting += Delivery.objects.filter(state="waiting").count()
        waiting += Case.objects.filter(pk__in=late).exclude(light="red").count()
    return not waiting and (batch.state, simulation.state) == (State.DONE, "done")


@contextmanager
def _receiver(got: list[str]) -> Iterator[str]:
    """An address that keeps the id of each message that comes."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            got.append(self.headers["webhook-id"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/hook"
        server.shutdown()
