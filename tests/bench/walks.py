"""What people do, as walks of asks, and what must be there before they do it."""

import io
import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import shapely
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone
from load import Ask, Walk, multipart
from meters import Meter
from PIL import Image

from wangge.domain.access.actor import Public, System
from wangge.domain.access.models import User
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.cases.services import Report, report
from wangge.domain.cases.services.sweep import sweep
from wangge.domain.catalogue.models import Condition, Matter
from wangge.domain.places.models import AreaShape

WORDS = "小区门口的井盖松动，车子压过去响得厉害，晚上看不清，怕有人摔倒，请尽快来看看。"
REPORTS_A_CLIENT = 320
STREET = "440105008"


@dataclass(frozen=True, slots=True)
class Plans:
    """The world the walks go through: signed-in people, places and cases."""

    sessions: dict[str, str]
    points: list[tuple[float, float]]
    community: int
    unit: int
    matter: int
    condition: int
    cases: list[int]

    @classmethod
    def prepare(cls) -> "Plans":
        """Sign the demo's people in."""
        with acting_as(System("bench")):
            users = User.objects.filter(username__in=["station", "street", "district", "urban", "grid"])
            sessions = {user.username: _session(user) for user in users}
            station = User.objects.get(username="station").posts.select_related("area").get()
            shapes = AreaShape.objects.filter(
                version__area__path__startswith=station.area.path, version__area__level="grid"
            )
            points = [
                shapely.point_on_surface(shapely.from_wkb(bytes(shape.wkb))).coords[0] for shape in shapes
            ]
            unit = User.objects.get(username="urban").posts.get().unit
            matter = Matter.objects.filter(lead_role=unit.duty, enabled=True).order_by("pk").first()
            found = Condition.objects.filter(procedure="ordinary", level="street", emergency=False)
            found = found.filter(matter__enabled=True, valid__contains=timezone.localdate()).exclude(
                proof__startswith="photo"
            )
            condition = found.filter(matter=matter).first() or found.first()
            community = station.area_id
        with acting_as(System("bench")):
            within = Case.objects.filter(area_path__startswith=station.area.path).order_by("-reported_at")
            cases = list(within.filter(ended=True).values_list("pk", flat=True)[:300])
        return cls(
            sessions=sessions,
            points=points,
            community=community,
            unit=unit.pk,
            matter=condition.matter_id,
            condition=condition.pk,
            cases=cases,
        )

    def walks(
        self, clients: int, wanted: Callable[[str], bool]
    ) -> Iterator[tuple[str, Callable[[int], Walk]]]:
        """(name of the measure, walk of the client with a number), those wanted. Pages come first: what is reported
        and moved afterwards would be a district of nothing but open cases."""
        yield from ((name, walk) for name, walk in self._reading().items() if wanted(name))
        if wanted("status") or wanted("move"):
            made = [_report(number, self.points, self.matter) for number in range(clients * REPORTS_A_CLIENT)]
            fresh = {
                "status": lambda number: self._pages("", [f"/s/{code}" for _case, code in made]),
                "move": lambda number: self._moving([case for case, _code in made[number::clients]]),
            }
            yield from ((name, walk) for name, walk in fresh.items() if wanted(name))
        reporting = {
            "report": self._reporting,
            "report_photo": lambda number: self._reporting(number, photo=_photo()),
        }
        yield from ((name, walk) for name, walk in reporting.items() if wanted(name))

    def _reading(self) -> dict[str, Callable[[int], Walk]]:
        day = (timezone.localdate() - timedelta(days=30)).isoformat()
        return {
            "report_form": lambda number: self._pages("", ["/report"]),
            "board": lambda number: self._pages("", ["/board"]),
            "work_station": lambda number: self._pages("station", ["/desk/"]),
            "work_street": lambda number: self._pages("street", ["/desk/"]),
            "work_district": lambda number: self._pages("district", ["/desk/"]),
            "work_unit": lambda number: self._pages("urban", ["/desk/"]),
            "list_station": lambda number: self._pages("station", ["/desk/cases"]),
            "list_street": lambda number: self._pages("street", ["/desk/cases"]),
            "list_district": lambda number: self._pages("district", ["/desk/cases"]),
            "list_unit": lambda number: self._pages("urban", ["/desk/cases"]),
            "list_filter_open": lambda number: self._pages("street", ["/desk/cases?flag=open&sort=urgency"]),
            "list_filter_overdue": lambda number: self._pages("district", ["/desk/cases?flag=overdue"]),
            "list_filter_area": lambda number: self._pages(
                "district", [f"/desk/cases?area={self.community}"]
            ),
            "list_filter_group": lambda number: self._pages("street", [f"/desk/cases?group=01&since={day}"]),
            "list_deep_page": lambda number: self._pages("district", ["/desk/cases?page=300"]),
            "list_search": lambda number: self._pages("street", ["/desk/cases?words=井盖"]),
            "case": lambda number: self._pages("station", [f"/desk/cases/{case}" for case in self.cases]),
            "map": lambda number: self._pages("street", ["/desk/map.json"]),
        }

    def _pages(self, user: str, paths: list[str]) -> Walk:
        session = self.sessions.get(user, "")
        while True:
            for path in paths:
                yield Ask(path.replace("井盖", "%E4%BA%95%E7%9B%96"), session=session)

    def _reporting(self, client: int, photo: bytes = b"") -> Walk:
        chance = random.Random(client)
        while True:
            lon, lat = chance.choice(self.points)
            fields = {
                "key": str(uuid.uuid4()), "channel": "web", "description": WORDS, "address": "北门旁",
                "lon": f"{lon:.6f}", "lat": f"{lat:.6f}", "matter": str(self.matter), "phone": "13800138000",
            }  # fmt: skip
            address = {
                "X-Forwarded-For": f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(256)}"
            }
            if photo:
                # Another picture each time, or it would be found to be there already.
                body, kind = multipart(fields, "photos", "photo.jpg", photo + uuid.uuid4().bytes)
                yield Ask("/report", body=body, kind=kind, headers=address, expect=(302,))
            else:
                yield Ask("/report", form=fields, headers=address, expect=(302,))

    def _moving(self, reports: list[int]) -> Walk:
        """File, dispatch, accept, finish: each by whose turn it is."""
        moves: list[tuple[str, str, dict[str, Any]]] = [
            ("station", "file", {"matter": self.matter, "condition": self.condition}),
            ("street", "dispatch", {"unit": self.unit}),
            ("urban", "accept", {}),
            ("urban", "finish", {"note": "已更换井盖并固定，现场恢复通行。"}),
        ]
        for case in reports:
            for version, (user, key, fields) in enumerate(moves, start=1):
                yield Ask(
                    f"/desk/cases/{case}/moves/{key}",
                    form=fields | {"version": version},
                    session=self.sessions[user],
                    expect=(302,),
                )


def sessions_of(people: int, *roles: str) -> list[str]:
    """Sessions of people with a post, of the given roles if any."""
    with acting_as(System("bench")):
        users = User.objects.filter(is_active=True, posts__isnull=False).distinct().order_by("pk")
        users = users.filter(posts__role__in=roles) if roles else users
        return [_session(user) for user in users[:people]]


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def _report(number: int, points: list[tuple[float, float]], matter: int) -> tuple[int, str]:
    lon, lat = points[number % len(points)]
    made = report(Public(), Report(uuid.uuid4(), WORDS, lon=lon, lat=lat, address="北门旁", matter_id=matter))
    return made.case.pk, made.receipt_code


def _photo() -> bytes:
    """A photo of 1600 x 1200 as a phone sends it."""
    noise = Image.effect_noise((1600, 1200), 60).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=80)
    return out.getvalue()


def sweep_measure(meter: Meter, many: int = 200) -> dict[str, Any]:
    """The sweep with nothing due, and with cases that turn yellow and then red: CPU for each."""
    now = timezone.now()
    sweep()
    meter.calibrate(1.0)
    before = meter.read()
    for _round in range(5):
        sweep()
    idle = meter.costs(before, meter.read(), 5)
    ids = _green(many)
    _set(ids, yellow_at=now - timedelta(minutes=5), due_at=F("due_at"))
    before = meter.read()
    turned = sweep()
    _set(ids, yellow_at=now - timedelta(minutes=5), due_at=now - timedelta(minutes=1))
    late = sweep()
    costs = meter.costs(before, meter.read(), turned.yellow + late.red)
    return {"requests": turned.yellow + late.red, **costs, "idle": idle}


def _green(many: int) -> list[int]:
    with acting_as(System("bench")):
        later = timezone.now() + timedelta(hours=1)
        return list(Case.objects.filter(light="green", due_at__gt=later).values_list("pk", flat=True)[:many])


def _set(ids: list[int], **values: Any) -> None:
    with transaction.atomic(), acting_as(System("bench")):
        Case.objects.filter(pk__in=ids).update(**values)
    connection.close()
