"""Other systems for tests: a client in a post of the small town, and a caller that speaks to the API."""

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.test import Client as Browser

from factories import Town
from wangge.domain.access.actor import Client as ClientActor
from wangge.domain.access.actor import Role, System
from wangge.domain.access.models import Post
from wangge.domain.access.scope import acting_as
from wangge.domain.exchange.models import Client, Scope
from wangge.domain.exchange.services.calls import actor_of
from wangge.domain.exchange.services.clients import create_client

ALL_SCOPES = list(Scope.values)


@dataclass
class Caller:
    """Calls /api/v1 as a client; answers are Django's, with JSON read."""

    client: Client
    token: str
    browser: Browser = field(default_factory=Browser)

    @property
    def actor(self) -> ClientActor:
        return actor_of(Client.objects.select_related("user", "area").get(pk=self.client.pk))

    def get(self, path: str, **query: Any) -> Any:
        return self.browser.get(f"/api/v1{path}", query, headers=self.headers())

    def post(self, path: str, data: Any = None, key: str | uuid.UUID | None = None, **headers: str) -> Any:
        """A POST with a fresh Idempotency-Key unless one is given."""
        return self.browser.post(
            f"/api/v1{path}",
            json.dumps(data if data is not None else {}),
            content_type="application/json",
            headers=self.headers() | {"Idempotency-Key": str(key or uuid.uuid4())} | headers,
        )

    def delete(self, path: str) -> Any:
        return self.browser.delete(f"/api/v1{path}", headers=self.headers())

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def system(town: Town, role: str, *, area: Any = None, unit: Any = None, **more: Any) -> Caller:
    """A client in the post that the town's user of this role has."""
    post = Post.objects.get(user=town.users[role], role=role) if area is None else None
    values = {
        "name": f"系统 {role} {uuid.uuid4().hex[:6]}",
        "role": Role(role).value,
        "area_id": area.pk if area else post.area_id,
        "unit_id": unit.pk if unit else (post.unit_id if post else None),
        "scopes": ALL_SCOPES,
        "per_minute": 60_000,
    }
    with acting_as(System("test")):
        made = create_client(town.actor("administrator"), **(values | more))
    return Caller(made.client, made.token)
