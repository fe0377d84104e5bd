"""Reports brought to any state by the real services."""

import io
import uuid
from typing import Any

from PIL import Image

from factories import Town, point_in
from wangge.domain.access.actor import Public, Reporter, System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.domain.cases.queries.public import reporter_of
from wangge.domain.cases.services import Report, move, report
from wangge.domain.catalogue.models import Condition

WORDS = "垃圾桶满了两天，垃圾堆到路边。"
PHONE = "13800001234"


def jpeg(colour: str = "olive", size: tuple[int, int] = (640, 480)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def rubbish() -> Condition:
    """A condition that the community decides by the ordinary procedure, with a photo as proof."""
    found = Condition.objects.filter(
        matter__kind="event", matter__code="06010", level__in=["grid", "community"], procedure="ordinary"
    ).first()
    assert found is not None
    return found


class Journey:
    """One report and the moves that staff make with it."""

    def __init__(self, town: Town, *, contact: bool = True, grid: int = 0) -> None:
        self.town = town
        lon, lat = point_in(town, town.grids[grid])
        given = Report(
            key=uuid.uuid4(),
            description=WORDS,
            lon=lon,
            lat=lat,
            address="三巷口",
            matter_id=rubbish().matter_id,
            phone=PHONE if contact else "",
            images=[jpeg()],
        )
        reported = report(Public(), given)
        self.code = reported.receipt_code
        self.pk = reported.case.pk
        self.number = reported.case.number

    @property
    def url(self) -> str:
        return f"/s/{self.code}"

    @property
    def reporter(self) -> Reporter:
        return reporter_of(self.code)

    @property
    def case(self) -> Case:
        with acting_as(System("test")):
            found: Case = Case.objects.get(pk=self.pk)
            return found

    def make(self, role: str, key: str, images: tuple[bytes, ...] = (), **data: Any) -> "Journey":
        move(self.town.actor(role), self.pk, key, data, images=images)
        return self

    def filed(self) -> "Journey":
        condition = rubbish()
        return self.make("station_officer", "file", matter=condition.matter_id, condition=condition.pk)

    def dispatched(self) -> "Journey":
        return self.filed().make("station_officer", "dispatch", unit=self.town.units["sanitation"].pk)

    def handled(self) -> "Journey":
        self.dispatched().make("unit_officer", "accept")
        return self.make("unit_officer", "finish", (jpeg("green"),), note="已清运并冲洗。")

    def to_be_rated(self) -> "Journey":
        return self.handled().make("grid_worker", "pass_check", note="只给内部看的话")

    def closed(self) -> "Journey":
        move(self.to_be_rated().reporter, self.pk, "rate", {"solved": "1", "satisfied": "5"})
        return self.make("station_head", "close", closing_condition=rubbish().closing_condition)
