"""A long list: written by the worker with the eyes of who asked, asked for once, whole or not there, taken on record."""

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from casework import START, TESTS, reported
from factories import Town
from wangge.domain.access.actor import Actor
from wangge.domain.access.models import ReadLog
from wangge.domain.access.scope import acting_as
from wangge.domain.exports import rules, services
from wangge.domain.exports.models import ListFile
from wangge.platform import clock
from wangge.platform.errors import Conflict, NotFound
from wangge.platform.sheets.parse import rows_of

pytestmark = pytest.mark.usefixtures("media")


@pytest.fixture
def cases(town: Town) -> list[Any]:
    with clock.at(START):
        words = ('=HYPERLINK("http://example.org")', "请打 13800001234 找王小明")
        made = [reported(town, description=text, phone="13900005678", name="李四").case for text in words]
        return [*made, reported(town, grid=2, description="西边的事").case]


def ask(actor: Actor, key: uuid.UUID | None = None, **asked: str) -> ListFile:
    with acting_as(actor):
        return services.start(actor, key or uuid.uuid4(), asked, "全部")


def again(made: ListFile) -> ListFile:
    with acting_as(TESTS):
        return ListFile.objects.get(pk=made.pk)


def lines(actor: Actor, made: ListFile) -> list[list[str]]:
    with acting_as(actor):
        path = services.take(actor, made.pk)
    return [cells for _number, cells, _formulas in rows_of(path.read_bytes())]


def test_it_holds_what_the_asker_sees_without_contacts_and_formulas(town: Town, cases: list[Any]) -> None:
    station = town.actor("station_officer")
    made = ask(station)
    services.write(made.pk)
    _header, *rows = lines(station, made)
    assert {row[0] for row in rows} == {case.number for case in cases[:2]}
    assert {row[2] for row in rows} == {'=HYPERLINK("http://example.org")', "请打 *********** 找王小明"}
    assert "139" not in str(rows)
    assert (again(made).done, again(made).total) == (2, 2)


def test_filters_and_ones_own_work_hold_for_it(town: Town, cases: list[Any]) -> None:
    street, station = town.actor("street_dispatcher"), town.actor("station_officer")
    west, work = ask(street, words="西边"), ask(station, work="")
    for made in (west, work):
        services.write(made.pk)
    assert [row[2] for row in lines(street, west)[1:]] == ["西边的事"]
    assert {row[0] for row in lines(station, work)[1:]} == {case.number for case in cases[:2]}


def test_it_is_asked_for_once(town: Town) -> None:
    station, key = town.actor("station_officer"), uuid.uuid4()
    made = ask(station, key)
    assert ask(station, key) == made
    with pytest.raises(Conflict):
        ask(station, key, words="西边")
    with pytest.raises(Conflict):
        ask(town.actor("street_dispatcher"), key)


def test_each_taking_is_logged_and_nobody_else_takes_it(town: Town, cases: list[Any]) -> None:
    station, head = town.actor("station_officer"), town.actor("station_head")
    made = ask(station)
    services.write(made.pk)
    for _turn in range(2):
        lines(station, made)
    looks = list(ReadLog.objects.values_list("user_id", "subject", "channel"))
    assert looks == [(station.user_id, "list of 2 cases", "export")] * 2
    with pytest.raises(NotFound):
        lines(head, made)


def test_an_unfinished_one_is_not_there(town: Town, cases: list[Any], tmp_path: Path) -> None:
    station = town.actor("station_officer")
    made = ask(station)
    with pytest.raises(NotFound):
        lines(station, made)
    (tmp_path / "lists").mkdir()
    (tmp_path / f"lists/{made.key}.part").write_bytes(b"a worker was killed here")
    services.write(made.pk)
    assert len(lines(station, made)) == 3


def test_a_finished_one_is_not_written_again_and_its_time_ends(town: Town, tmp_path: Path) -> None:
    made = ask(town.actor("station_officer"))
    services.write(made.pk)
    file = tmp_path / f"lists/{made.key}.xlsx"
    written = file.stat().st_mtime_ns
    services.write(made.pk)
    assert file.stat().st_mtime_ns == written
    with clock.at(clock.now() + timedelta(days=rules.KEPT_DAYS, hours=1)):
        assert services.forget_lists() == 1
    assert not file.exists()


def test_a_list_is_long_when_it_passes_what_is_written_at_once(
    town: Town, cases: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    station = town.actor("station_officer")
    with acting_as(station):
        assert not services.is_long(station, {})
        monkeypatch.setattr(services, "AT_ONCE", 1)
        assert services.is_long(station, {})
        assert services.is_long(station, {"work": ""})
        assert not services.is_long(station, {"words": "西边"})


def test_writing_reads_part_by_part(town: Town, cases: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "_AT_A_TIME", 1)
    told: list[int] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('UPDATE "exports_listfile" SET "done" = %s WHERE'):
            told.append(int(params[0]))
        return execute(sql, params, many, context)

    station = town.actor("station_officer")
    made = ask(station)
    with connection.execute_wrapper(note):
        services.write(made.pk)
    assert told == [1, 2]
    assert len(lines(station, made)) == 3
