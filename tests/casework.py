"""Cases for tests: many people round the small town, reports, and valid answers to what a move asks."""

import io
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from factories import Town, give, make_user, point_in
from wangge.domain.access.actor import Actor, AnyActor, Public, Role, System
from wangge.domain.access.queries import actor_of
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.choices import choices_of
from wangge.domain.cases.models import Case, CaseEvent
from wangge.domain.cases.services.intake import Report, Reported, report
from wangge.domain.cases.services.moves import move
from wangge.domain.cases.services.processes import built_in
from wangge.domain.catalogue.models import Condition
from wangge.engines.flow import Field, Move
from wangge.platform import clock

ZONE = ZoneInfo("Asia/Shanghai")
# A Thursday; the Mid-Autumn holiday begins the next day.
START = datetime(2026, 9, 24, 9, 30, tzinfo=ZONE)
# What `condition` looks for: an ordinary matter that the street dispatches.
STREET = {"level": "street", "proof": "photo_after", "unit": "work_day", "procedure": "ordinary"}
TESTS = System("test")
PROCESS = built_in()
MOVES = {found.key: found for found in PROCESS.moves}


def photo(colour: str = "red", size: tuple[int, int] = (8, 6), form: str = "JPEG", **save: Any) -> bytes:
    """A small picture as bytes."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form, **save)
    return out.getvalue()


PHOTO = photo()
_SERIAL = count()


def new_photo() -> bytes:
    """A picture that no case has yet."""
    serial = next(_SERIAL)
    return photo(f"#{serial % 4096 * 4096:06x}", size=(8 + serial // 4096, 6))


ORDINARY = {"procedure": "ordinary", "emergency": False, "unit": "work_day"}


def condition(**wanted: Any) -> Condition:
    """The first condition of the catalogue that fits."""
    found = Condition.objects.filter(matter__enabled=True, **wanted).order_by("pk").select_related("matter")
    return found[0]


def some_conditions() -> list[Condition]:
    """One of each kind that the process treats in its own way."""
    return [
        condition(level="grid", on_the_spot=True, proof="photo_after", procedure="ordinary"),
        condition(level="community", proof="statement", unit="work_day", procedure="ordinary"),
        condition(level="street", proof="photo_after", unit="work_day", procedure="ordinary"),
        condition(level="district", procedure="coordination"),
        condition(level="street", procedure="emergency", unit="urgent_hour"),
        condition(level="district", procedure="approval"),
    ]


def crowd(town: Town) -> dict[str, Actor]:
    """Everybody of the town by a name, and as many again: second holders, the west, a second department."""
    east, west = town.communities
    more = (
        ("grid_worker_2", Role.GRID_WORKER, town.grids[0], "station"),
        ("grid_worker_beside", Role.GRID_WORKER, town.grids[1], "station"),
        ("grid_worker_west", Role.GRID_WORKER, town.grids[2], "station_west"),
        ("station_officer_2", Role.STATION_OFFICER, east, "station"),
        ("station_officer_west", Role.STATION_OFFICER, west, "station_west"),
        ("station_head_west", Role.STATION_HEAD, west, "station_west"),
        ("street_dispatcher_2", Role.STREET_DISPATCHER, town.street, "street"),
        ("district_dispatcher_2", Role.DISTRICT_DISPATCHER, town.district, "district"),
        ("unit_officer_2", Role.UNIT_OFFICER, town.district, "sanitation"),
        ("urban_officer", Role.UNIT_OFFICER, town.district, "urban_management"),
        ("urban_head", Role.UNIT_HEAD, town.district, "urban_management"),
    )
    for name, role, area, unit in more:
        town.users[name] = make_user(name, name)
        give(town.users[name], role, area, town.units[unit])
    return {name: actor_of(user, clock.today()) for name, user in town.users.items()}


def reported(town: Town, actor: AnyActor | None = None, *, grid: int = 0, **given: Any) -> Reported:
    """A report in the middle of a grid."""
    lon, lat = point_in(town, town.grids[grid])
    values = {"key": uuid.uuid4(), "description": "路口有一堆垃圾", "lon": lon, "lat": lat, **given}
    return report(actor or Public(), Report(**values))


def answers(asked: Move, case: Case, town: Town, rng: Random) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    """Valid values for everything a move asks, and photos if it asks for some."""
    data = {field.key: _answer(field, case, town, rng) for field in asked.ask if field.type != "photos"}
    if "matter" in data:
        chosen = rng.choice(some_conditions())
        data |= {"matter": chosen.matter_id, "condition": chosen.pk}
    images = (new_photo(),) if any(field.type == "photos" for field in asked.ask) else ()
    return data, images


def _answer(field: Field, case: Case, town: Town, rng: Random) -> Any:
    units = list(town.units.values())
    match field.type:
        case "text" | "long_text":
            return f"{field.name}如下"
        case "boolean":
            return rng.random() < 0.6
        case "number":
            return rng.randint(1, case.condition.amount if case.condition else 1)
        case "date":
            return clock.today() + timedelta(days=rng.randint(1, 60))
        case "unit":
            return rng.choice(units).pk
        case "units":
            return [unit.pk for unit in rng.sample(units, rng.choice((0, 0, 1, 2)))]
        case "case":
            return other_open(case)
        case "choice" if field.options == "closing_conditions":
            return case.condition.closing_condition if case.condition else "已解决"
        case "choice":
            return rng.choice(choices_of(field.options)).value
    return None


def other_open(case: Case) -> str:
    """The number of another open case of the community, or one that is none."""
    with acting_as(TESTS):
        others = Case.objects.filter(ended=False).exclude(pk=case.pk).order_by("pk")
        return others.values_list("number", flat=True).first() or "none"


class Road:
    """Drives one case along the process, each step by somebody who may, in the clock of its moment."""

    def __init__(self, town: Town, people: dict[str, Actor], at: datetime = START, **given: Any) -> None:
        self.town, self.people, self.at = town, people, at
        with clock.at(at):
            self.reported = reported(town, **given)
        self.case = self.reported.case

    def later(self, **span: float) -> "Road":
        self.at += timedelta(**span)
        return self

    def move(self, who: str | AnyActor, key: str, images: Any = None, **data: Any) -> "Road":
        """Ten minutes later somebody makes a move; what is not told is filled in."""
        self.later(minutes=10)
        actor = self.people[who] if isinstance(who, str) else who
        with clock.at(self.at):
            filled, pictures = answers(MOVES[key], self.case, self.town, Random(1))
            if images is None:
                images = pictures
            self.case = move(actor, self.case.pk, key, {**filled, **data}, images=images)
        return self

    def filed(self, chosen: Condition) -> "Road":
        return self.move("station_officer", "file", matter=chosen.matter_id, condition=chosen.pk)

    def dispatched(self, chosen: Condition, unit: str = "sanitation") -> "Road":
        """Filed and given to a unit by whoever dispatches on the condition's level."""
        by = {"grid": "station_officer", "community": "station_officer", "street": "street_dispatcher"}
        self.filed(chosen)
        return self.move(
            by.get(self.case.level, "district_dispatcher"),
            "dispatch",
            unit=self.town.units[unit].pk,
            supports=[],
        )

    def handling(self, chosen: Condition) -> "Road":
        return self.dispatched(chosen).move("unit_officer", "accept")

    def checking(self, chosen: Condition) -> "Road":
        return self.handling(chosen).move("unit_officer", "finish")

    def closing(self, chosen: Condition) -> "Road":
        self.checking(chosen).move("station_officer", "pass_check")
        if self.case.state == "callback":
            self.move("station_officer", "call_back", reached=True, solved=True, satisfied=5)
        return self

    def closed(self, chosen: Condition) -> "Road":
        return self.closing(chosen).move("street_dispatcher", "close")


def stored(case_id: int) -> Case:
    """The case as the database has it."""
    with acting_as(TESTS):
        found: Case = Case.objects.select_related("condition").get(pk=case_id)
        return found


def history_of(case_id: int) -> list[CaseEvent]:
    with acting_as(TESTS):
        return list(CaseEvent.objects.filter(case_id=case_id).order_by("seq"))


_TABLES = (
    "cases_case", "cases_caseevent", "cases_support", "cases_photo", "cases_sound", "cases_contact", "cases_repeatalarm",
    "cases_responsibility", "cases_serial", "outbox_message", "office_notice", "office_mail", "access_readlog",
)  # fmt: skip
_DUMP = "SELECT " + ", ".join(
    f"(SELECT count(*) || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t)"
    for table in _TABLES
)


def statements(act: Callable[[], Any]) -> int:
    """How many statements it costs."""
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


def dump() -> dict[str, str]:
    """Size and hash of every table that a move can write."""
    with acting_as(TESTS), connection.cursor() as cursor:
        cursor.execute(_DUMP)
        return dict(zip(_TABLES, cursor.fetchone(), strict=True))
