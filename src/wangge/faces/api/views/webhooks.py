"""Webhooks of the calling client and what was sent to them."""

import json
import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field, Query, Router, Schema, Status

from wangge.domain.exchange import queries
from wangge.domain.exchange.models import Delivery, Webhook
from wangge.domain.exchange.rules import LONGEST_URL
from wangge.domain.exchange.services import webhooks as services
from wangge.faces.api.about import about
from wangge.faces.api.fields import Cursor, Given, Id, Key, Limit, cursor_of, place_of

router = Router(tags=["webhooks"])
_SCOPE = "webhooks"
TopicName = Literal["case.reported", "case.moved", "case.closed", "case.due_soon", "case.overdue"]
StateName = Literal["waiting", "delivered", "failed"]


class WebhookIn(Given):
    url: str = Field(max_length=LONGEST_URL, min_length=1, examples=["https://example.org/wangge"])
    topics: list[TopicName] = Field(min_length=1, max_length=5, examples=[["case.reported", "case.closed"]])


class WebhookOut(Schema):
    """An address that is told about events."""

    id: int
    url: str
    topics: list[TopicName]
    made_at: datetime
    failing_since: datetime | None = Field(description="Since when nothing arrived; null while it does")
    disabled_at: datetime | None
    disabled_why: str


class WebhookSecret(WebhookOut):
    secret: str = Field(
        description="whsec_ and 32 bytes in base64; for checking signatures", examples=["whsec_…"]
    )


class Webhooks(Schema):
    items: list[WebhookOut]


class DeliveryOut(Schema):
    """One event on its way to one address."""

    id: int
    topic: TopicName
    state: StateName
    made_at: datetime
    attempts: int
    next_at: datetime | None = Field(description="When it is tried again; null when that is over")
    status: int | None = Field(description="HTTP status of the last answer; null when there was none")
    error: str
    done_at: datetime | None
    body: dict[str, Any] = Field(description="What is sent")


class DeliveryPage(Schema):
    items: list[DeliveryOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last")


@router.get("/webhooks", **about("listWebhooks", _SCOPE, Webhooks, "List webhooks"))
def list_webhooks(request: object) -> Webhooks:
    """The client's own webhooks, at most 20."""
    return Webhooks(items=[_webhook(hook) for hook in queries.webhooks()])


@router.post(
    "/webhooks", **about("createWebhook", _SCOPE, WebhookSecret, "Add a webhook", status=201, conflicts=True)
)
def create_webhook(request: Any, data: WebhookIn, key: Key) -> Status[WebhookSecret]:
    """From now on each event of these topics that the client may see is sent there, signed."""
    hook = services.subscribe(request.auth.actor, key=uuid.UUID(key), url=data.url, topics=data.topics)
    return Status(201, _with_secret(hook))


@router.get("/webhooks/{webhook_id}", **about("getWebhook", _SCOPE, WebhookOut, "One webhook"))
def get_webhook(request: object, webhook_id: Id) -> WebhookOut:
    return _webhook(queries.webhook(webhook_id))


@router.delete(
    "/webhooks/{webhook_id}", **about("deleteWebhook", _SCOPE, None, "Remove a webhook", status=204)
)
def delete_webhook(request: Any, webhook_id: Id) -> Status[None]:
    """Nothing more is sent there; its deliveries are forgotten."""
    services.unsubscribe(request.auth.actor, webhook_id)
    return Status(204, None)


@router.post(
    "/webhooks/{webhook_id}/secret",
    **about("rotateWebhookSecret", _SCOPE, WebhookSecret, "Change the secret", conflicts=True),
)
def rotate_secret(request: Any, webhook_id: Id, key: Key) -> WebhookSecret:
    """A new secret. For 24 hours each message carries a signature by the old one too."""
    return _with_secret(services.rotate_secret(request.auth.actor, webhook_id, uuid.UUID(key)))


@router.post("/webhooks/{webhook_id}/enable", **about("enableWebhook", _SCOPE, WebhookOut, "Enable again"))
def enable_webhook(request: Any, webhook_id: Id) -> WebhookOut:
    """Begin anew with a webhook that was disabled after days of failure."""
    return _webhook(services.enable(request.auth.actor, webhook_id))


@router.get(
    "/webhooks/{webhook_id}/deliveries", **about("listDeliveries", _SCOPE, DeliveryPage, "List deliveries")
)
def list_deliveries(
    request: object,
    webhook_id: Id,
    state: Annotated[StateName | None, Query(None)],
    cursor: Cursor,
    limit: Limit,
) -> DeliveryPage:
    """What was sent and what waits, newest first; kept for 30 days."""
    place = place_of(cursor, int)
    found = queries.deliveries(webhook_id, state or "", before=place[0] if place else None, most=limit + 1)
    more = len(found) > limit
    return DeliveryPage(
        items=[_delivery(row) for row in found[:limit]],
        next=cursor_of(found[limit - 1].pk) if more else None,
    )


@router.post(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver",
    **about("redeliver", _SCOPE, DeliveryOut, "Send once more", status=202),
)
def redeliver(request: Any, webhook_id: Id, delivery_id: Id) -> Status[DeliveryOut]:
    """An ended delivery goes out again under the same webhook-id; one that waits keeps its place."""
    return Status(202, _delivery(services.redeliver(request.auth.actor, webhook_id, delivery_id)))


def _webhook(hook: Webhook) -> WebhookOut:
    return WebhookOut(**_values(hook))


def _with_secret(hook: Webhook) -> WebhookSecret:
    return WebhookSecret(**_values(hook), secret=services.secrets_of(hook)[0])


def _values(hook: Webhook) -> dict[str, Any]:
    return {name: getattr(hook, "pk" if name == "id" else name) for name in WebhookOut.model_fields}


def _delivery(row: Delivery) -> DeliveryOut:
    names = set(DeliveryOut.model_fields) - {"id", "body", "next_at"}
    waits = row.state == Delivery.State.WAITING
    return DeliveryOut(
        id=row.pk,
        body=json.loads(row.body),
        next_at=row.next_at if waits else None,
        **{name: getattr(row, name) for name in names},
    )
