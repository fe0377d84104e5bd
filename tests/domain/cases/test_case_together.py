"""Several connections at once: nothing twice, nothing lost."""

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from casework import PHOTO, START, STREET, TESTS, Road, condition, crowd, history_of, reported
from factories import Town
from invariants import check_case
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.cases.services.moves import move
from wangge.domain.cases.services.sweep import sweep
from wangge.domain.office.models import Mail, Notice
from wangge.domain.office.services.mail import send_waiting_mail
from wangge.domain.office.services.notices import HANDLERS
from wangge.platform import clock
from wangge.platform.errors import Conflict
from wangge.platform.outbox.models import Message
from wangge.platform.outbox.services import deliver, publish


@pytest.mark.django_db
def test_these_tests_have_a_database_to_copy() -> None:
    assert connection.settings_dict["NAME"].startswith("test_")


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs in threads of their own connections, from one starting shot; their answers or errors."""
    gate = threading.Barrier(len(jobs))
    answers: list[Any] = [None] * len(jobs)

    def run(number: int, job: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            gate.wait()
            answers[number] = job()
        except Exception as error:
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number, job)) for number, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    return answers


def in_clock(moment: Any, job: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        with clock.at(moment):
            return job()

    return run


def test_a_double_tap_makes_one_case_and_answers_twice_the_same(own_database: Town) -> None:
    for _ in range(3):
        key = uuid.uuid4()
        tap = in_clock(START, lambda key=key: reported(own_database, key=key, images=(PHOTO,)))  # type: ignore[misc]
        found = at_once(tap, tap, tap)
        assert not [answer for answer in found if isinstance(answer, Exception)]
        assert len({answer.case.pk for answer in found}) == 1
        assert len({answer.receipt_code for answer in found}) == 1
        assert sorted(answer.again for answer in found) == [False, True, True]
        check_case(found[0].case.pk)


def test_the_same_key_with_other_words_at_once_is_one_case_and_a_conflict(own_database: Town) -> None:
    key = uuid.uuid4()
    jobs = [
        in_clock(START, lambda words=words: reported(own_database, key=key, description=words))  # type: ignore[misc]
        for words in ("一", "二")
    ]
    found = at_once(*jobs)
    assert sorted(type(answer).__name__ for answer in found) == ["Conflict", "Reported"]


def test_numbers_stay_unique_and_without_a_hole_on_many_connections(own_database: Town) -> None:
    def ten() -> list[str]:
        return [reported(own_database).case.number for _ in range(10)]

    found = at_once(*[in_clock(START, ten)] * 3)
    numbers = [number for answer in found for number in answer]
    assert len(set(numbers)) == 30
    assert sorted(int(number.split("-")[2]) for number in numbers) == list(range(1, 31))


def test_two_people_who_see_the_same_page_make_one_move(own_database: Town) -> None:
    people = crowd(own_database)
    road = Road(own_database, people).dispatched(condition(**STREET))
    jobs = [
        in_clock(
            road.at, lambda who=who: move(people[who], road.case.pk, "accept", version=road.case.version)
        )  # type: ignore[misc]
        for who in ("unit_officer", "unit_officer_2", "unit_head")
    ]
    found = at_once(*jobs)
    assert sum(isinstance(answer, Conflict) for answer in found) == 2
    assert sum(isinstance(answer, Case) for answer in found) == 1
    assert [event.move for event in history_of(road.case.pk)].count("accept") == 1
    check_case(road.case.pk)


def test_two_sweeps_at_once_never_do_anything_twice(own_database: Town) -> None:
    people = crowd(own_database)
    chosen = condition(**STREET)
    roads = [Road(own_database, people) for _ in range(12)]
    roads += [Road(own_database, people).handling(chosen) for _ in range(6)]
    late = START + timedelta(days=40)
    swept = at_once(*[in_clock(late, sweep)] * 3)
    assert not [answer for answer in swept if isinstance(answer, Exception)]
    assert sum(answer.red for answer in swept) == len(roads)
    assert sum(answer.yellow for answer in swept) == 0
    for road in roads:
        moves = [event.move for event in history_of(road.case.pk)]
        assert moves.count("turned_red") == 1
        expected = (
            {"timer_remind": 1} if road.case.state == "reported" else {"timer_remind": 1, "timer_escalate": 1}
        )
        assert {name: moves.count(name) for name in expected} == expected
        check_case(road.case.pk)
    at_once(*[in_clock(late, lambda: deliver(HANDLERS, limit=10_000))] * 2)
    with acting_as(TESTS):
        for kind, most in (("red", len(roads)),):
            per_user: dict[tuple[int, int], int] = {}
            for notice in Notice.objects.filter(kind=kind):
                per_user[notice.user_id, notice.case_id] = (
                    per_user.get((notice.user_id, notice.case_id), 0) + 1
                )
            assert per_user
            assert len({case for _, case in per_user}) == most
            assert set(per_user.values()) == {1}
    with clock.at(late):
        again = sweep()
    assert (again.yellow, again.red, again.timers) == (0, 0, 0)


def test_two_workers_deliver_each_event_once(own_database: Town) -> None:
    Message.objects.all().delete()
    with clock.at(START):
        for number in range(40):
            publish("count", {"number": number})
    seen: list[int] = []
    lock = threading.Lock()

    def note(message: Message) -> None:
        with lock:
            seen.append(message.payload["number"])

    tried = at_once(*[in_clock(START, lambda: deliver({"count": note}))] * 3)
    assert sum(tried) == 40
    assert sorted(seen) == list(range(40))


def test_two_workers_send_each_mail_once(own_database: Town, tmp_path: Path, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    with clock.at(START):
        for number in range(8):
            reported(own_database, email=f"p{number}@example.cn")
        deliver(HANDLERS, limit=10_000)
    sent = at_once(*[in_clock(START, send_waiting_mail)] * 3)
    assert sum(sent) == 8
    assert sorted(message.to[0] for message in mail.outbox) == [
        f"p{number}@example.cn" for number in range(8)
    ]
    with acting_as(TESTS):
        assert set(Mail.objects.values_list("state", flat=True)) == {"sent"}
