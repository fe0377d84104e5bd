"""Two people save one form in the same moment, on two connections: one saves, the other is shown both versions."""

import re
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from casework import TESTS
from factories import Town
from programs import until
from wangge.domain.access.scope import acting_as
from wangge.domain.catalogue.models import Matter
from wangge.platform import clock
from wangge.platform.hold import hold

ROUNDS = 12
Form = Callable[[Town, str], tuple[str, dict[str, str]]]


def of_unit(town: Town, word: str) -> tuple[str, dict[str, str]]:
    unit = town.units["sanitation"]
    given = {"name": unit.name, "short_name": unit.short_name, "kind": unit.kind, "duty": unit.duty}
    return f"/desk/units/{unit.pk}/", given | {"phone": f"020-{word}"}


def of_matter(town: Town, word: str) -> tuple[str, dict[str, str]]:
    with acting_as(TESTS):
        matter = Matter.objects.filter(enabled=True, kind="event").order_by("pk")[0]
    given = {"lead_role": matter.lead_role, "position": str(matter.position), "explain": word}
    return f"/desk/catalogue/{matter.pk}/edit", given


def of_day(town: Town, word: str) -> tuple[str, dict[str, str]]:
    day = (clock.today() + timedelta(days=30)).isoformat()
    return f"/desk/calendar/day?area={town.street.pk}&day={day}", {"working": "1", "note": f"通知 {word}"}


@pytest.mark.parametrize("form", [of_unit, of_matter, of_day])
def test_of_two_who_save_at_once_one_is_told(own_database: Town, form: Form) -> None:
    town = own_database
    for number in range(ROUNDS):
        address, _given = form(town, "")
        page = town.client("administrator").get(address).content.decode()
        opened = re.search(r'name="seen" value="([^"]*)"', page)
        assert opened, page[:500]
        gate = threading.Barrier(2)

        def save(word: str, seen: str = opened[1], gate: threading.Barrier = gate) -> int:
            client = town.client("administrator")
            address, given = form(town, word)
            try:
                gate.wait(30)
                answer = client.post(address, given | {"seen": seen, "key": str(uuid.uuid4())})
                return answer.status_code
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            statuses = list(pool.map(save, (f"{number}a", f"{number}b")))
        assert sorted(statuses) == [302, 409], number


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return bool(cursor.fetchone()[0])


def test_what_one_holds_the_other_waits_for(own_database: Town) -> None:
    said: list[str] = []

    def other() -> None:
        try:
            with acting_as(TESTS):
                hold("a thing of this test")
                said.append("other")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with acting_as(TESTS):
            hold("a thing of this test")
            second = pool.submit(other)
            until(lambda: bool(said) or somebody_waits())
            said.append("first")
        second.result(30)
    assert said == ["first", "other"]
