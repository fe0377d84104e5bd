"""The steps of bench_enrolment.py, each in a process of its own that may be killed: `enrolling.py STEP …`.

Says when it begins, then prints one JSON line: what was done, the seconds, the most memory that this process held, that
before its step, and that of the reader of the sheet (which counts this process too until it became the reader).
"""

import json
import os
import resource
import sys
import time
import uuid
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wangge.platform.settings")
django.setup()

import shapely  # noqa: E402 - Django must be set up first
from django.db.models import Count  # noqa: E402
from procrastinate.contrib.django import app  # noqa: E402

from factories import Town, make_town, outline, point_in  # noqa: E402
from wangge.domain.access.actor import Actor, System  # noqa: E402
from wangge.domain.access.models import User  # noqa: E402
from wangge.domain.access.queries import actor_of  # noqa: E402
from wangge.domain.access.scope import acting_as  # noqa: E402
from wangge.domain.enrolment import services  # noqa: E402
from wangge.domain.enrolment.models import Enrolled, Enrolment, EnrolmentRow, Outcome, State  # noqa: E402
from wangge.domain.places.models import Building, Dwelling, Stairwell  # noqa: E402
from wangge.domain.register.models import Household, NameMark, Resident  # noqa: E402
from wangge.platform import clock  # noqa: E402
from wangge.platform.sheets.writing import Column, write_xlsx  # noqa: E402

BENCH = System("bench")
A_HOUSE = 100
HEADER = ["住址", "姓名", "与户主关系", "联系电话", "出生日期", "户籍类别", "居住方式", "入住日期"]
RELATIONS = ("户主", "配偶", "长子", "长女", "父亲", "母亲")
FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红鑫鹏"


def sizes(rows: int, seed: int) -> list[int]:
    """How many people live in each dwelling, so that together they are `rows`."""
    chance, found, left = Random(seed), [], rows
    while left:
        found.append(min(left, chance.choice((1, 2, 2, 3, 3, 4))))
        left -= found[-1]
    return found


def prepare(rows: str, seed: str, file: str) -> dict[str, Any]:
    """A community with enough dwellings, and the sheet of who lives there."""
    homes = sizes(int(rows), int(seed))
    chance = Random(int(seed))
    with acting_as(BENCH):
        town = make_town()
        for first in range(0, len(homes), A_HOUSE):
            _house(town, first // A_HOUSE + 1, min(A_HOUSE, len(homes) - first))
    phones = count(13_000_000_000)
    with Path(file).open("wb") as out:
        write_xlsx(out, "住户", [Column(name) for name in HEADER], (
            [
                f"南华西街道万户里{home // A_HOUSE + 1}号{_room(home % A_HOUSE)}室",
                chance.choice(FAMILY) + "".join(chance.choices(GIVEN, k=2)) + ("甲乙丙丁戊己"[place]),
                RELATIONS[place],
                str(next(phones)),
                f"{chance.randint(1940, 2020)}-05-01",
                "本社区户籍",
                "自有住房",
                "2019-03-01",
            ]
            for home, size in enumerate(homes)
            for place in range(size)
        ))  # fmt: skip
    return {"dwellings": len(homes), "file_mb": round(Path(file).stat().st_size / 2**20, 1)}


def _room(number: int) -> str:
    return f"{number // 10 + 1}{number % 10 + 1:02}"


def _house(town: Town, number: int, dwellings: int) -> None:
    grid = town.grids[0]
    lon, lat = point_in(town, grid)
    walls = outline(shapely.box(lon, lat, lon + 0.0001, lat + 0.0001))
    house = Building.objects.create(
        area=grid, address=f"万户里{number}号", lon=lon, lat=lat, floors=10, **walls
    )
    stair = Stairwell.objects.create(building=house, number=1)
    Dwelling.objects.bulk_create(
        Dwelling(building=house, stairwell=stair, area=grid, floor=at // 10 + 1, room=_room(at))
        for at in range(dwellings)
    )


def _keeper() -> Actor:
    return actor_of(User.objects.get(username="station_officer"), clock.today())


def stage(file: str) -> dict[str, Any]:
    with acting_as(BENCH):
        actor = _keeper()
    batch = services.start(actor, uuid.uuid4(), "bench.xlsx", Path(file).read_bytes())
    services.set_columns(actor, batch.pk, batch.columns)
    return {"batch": batch.pk, "rows": batch.rows_read}


def check(batch: str) -> dict[str, Any]:
    services.check(int(batch))
    return {}


def merge(batch: str) -> dict[str, Any]:
    with acting_as(BENCH):
        actor, found = _keeper(), Enrolment.objects.get(pk=batch)
    if found.state == State.CHECKED:
        services.confirm(actor, found.pk)
    services.merge(found.pk)
    return {}


def undo(batch: str) -> dict[str, Any]:
    with acting_as(BENCH):
        actor, found = _keeper(), Enrolment.objects.get(pk=batch)
    if found.state == State.DONE:
        services.begin_undo(actor, found.pk)
    services.undo(found.pk)
    return {}


def look(batch: str, rows: str, seed: str) -> dict[str, Any]:
    """What stands in the database: nothing lost, doubled or by half, whenever it is asked."""
    homes = sizes(int(rows), int(seed))
    with acting_as(BENCH):
        found = Enrolment.objects.get(pk=batch)
        living = Household.objects.annotate(people=Count("residents")).order_by("dwelling_id")
        order = {pk: at for at, pk in enumerate(Dwelling.objects.order_by("pk").values_list("pk", flat=True))}
        half = sum(
            people != homes[order[home]] for home, people in living.values_list("dwelling_id", "people")
        )
        people, staged = Resident.objects.count(), EnrolmentRow.objects.filter(batch=found).count()
        waiting = EnrolmentRow.objects.filter(batch=found, outcome=Outcome.GOOD).count()
        return {
            "state": found.state,
            "people": people,
            "households": living.count(),
            "half_households": half,
            "doubled": living.count() - living.values("dwelling_id").distinct().count(),
            "staged": staged,
            "good": waiting,
            "loose_marks": NameMark.objects.filter(resident__isnull=True).count(),
            "unlinked": people - Enrolled.objects.count(),
            "lost": int(rows) - people - staged if found.state != State.UNDOING else 0,
        }


STEPS = {"prepare": prepare, "stage": stage, "check": check, "merge": merge, "undo": undo, "look": look}


def main() -> None:
    app.perform_import_paths()
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    idle, began = _peak_mb(resource.RUSAGE_SELF), time.monotonic()
    done = STEPS[sys.argv[1]](*sys.argv[2:])
    told = {
        **done,
        "seconds": round(time.monotonic() - began, 2),
        "mb_before": idle,
        "mb": _peak_mb(resource.RUSAGE_SELF),
        "reader_mb": _peak_mb(resource.RUSAGE_CHILDREN),
    }
    sys.stdout.write(json.dumps(told) + "\n")


def _peak_mb(who: int) -> int:
    return round(resource.getrusage(who).ru_maxrss / 1024)


if __name__ == "__main__":
    main()
