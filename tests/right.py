"""Calls of the API that are right: made-up ones alone would never see an operation succeed."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from casework import TESTS
from factories import Town, point_in
from systems import Caller
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, Photo
from wangge.domain.cases.queries.page import case_page
from wangge.domain.catalogue.models import Matter
from wangge.domain.exchange.models import Delivery, Webhook
from wangge.domain.exchange.services import webhooks
from wangge.faces.api.showing import moves_of
from wangge.platform import clock

_SERIAL = count(1)


@dataclass
class Given:
    """What a call is made with."""

    path: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] | None = None


@dataclass
class Right:
    """Right calls of one caller, looked up anew each time: the last one changed something."""

    town: Town
    caller: Caller

    def of(self, operation: str) -> Given | None:
        """A call of the operation that should succeed; None where nothing is left to do it with."""
        made: Callable[[], Given | None] = getattr(self, re.sub("([A-Z])", r"_\1", f"_{operation}").lower())
        return made()

    def _list_areas(self) -> Given:
        return Given(query={"level": "grid", "limit": 2})

    def _area_at_point(self) -> Given:
        lon, lat = point_in(self.town, self.town.grids[0])
        return Given(query={"lon": lon, "lat": lat})

    def _get_area(self) -> Given:
        return Given({"area_id": self.town.grids[0].pk})

    def _list_groups(self) -> Given:
        return Given()

    def _list_matters(self) -> Given:
        return Given(query={"limit": 3})

    def _get_matter(self) -> Given:
        return Given({"matter_id": Matter.objects.filter(enabled=True).order_by("pk")[0].pk})

    def _list_cases(self) -> Given:
        return Given(query={"limit": 2})

    def _report_case(self) -> Given:
        lon, lat = point_in(self.town, self.town.grids[0])
        return Given(body={"description": "路口有垃圾", "lon": lon, "lat": lat})

    def _get_case(self) -> Given | None:
        return next((Given({"case_id": case}) for case in self._cases()), None)

    def _get_photo(self) -> Given | None:
        with acting_as(TESTS):
            found = Photo.objects.filter(case__in=self._cases()).order_by("pk").first()
        return Given({"case_id": found.case_id, "photo_id": found.pk}) if found else None

    def _list_moves(self) -> Given | None:
        return self._get_case()

    def _make_move(self) -> Given | None:
        actor = self.caller.actor
        for case in self._cases():
            with acting_as(actor):
                offered = moves_of(case_page(actor, case))
            for move in offered.moves:
                needed = [one for one in move.fields if one.required]
                if move.open and all(one.type in ("text", "long_text") for one in needed):
                    values = {one.key: "说明" for one in needed}
                    return Given(
                        {"case_id": case},
                        body={"move": move.key, "version": offered.version, "values": values},
                    )
        return None

    def _list_webhooks(self) -> Given:
        return Given()

    def _create_webhook(self) -> Given:
        return Given(body={"url": "https://8.8.8.8/hook", "topics": ["case.moved"]})

    def _get_webhook(self) -> Given:
        return Given({"webhook_id": self._hook().pk})

    _delete_webhook = _rotate_webhook_secret = _enable_webhook = _list_deliveries = _get_webhook

    def _redeliver(self) -> Given:
        hook, now = self._hook(), clock.now()
        with acting_as(TESTS):
            ended = Delivery.objects.create(
                webhook=hook,
                client_id=hook.client_id,
                message_id=next(_SERIAL),
                topic="case.moved",
                body="{}",
                state="failed",
                made_at=now,
                next_at=now,
                give_up_at=now + timedelta(hours=1),
            )
        return Given({"webhook_id": hook.pk, "delivery_id": ended.pk})

    def _hook(self) -> Webhook:
        with acting_as(TESTS):
            found = Webhook.objects.filter(client_id=self.caller.client.pk).first()
        return found or webhooks.subscribe(
            self.caller.actor, key=uuid.uuid4(), url="https://8.8.8.8/hook", topics=["case.moved"]
        )

    def _cases(self) -> list[int]:
        with acting_as(self.caller.actor):
            return list(Case.objects.order_by("pk").values_list("pk", flat=True))
