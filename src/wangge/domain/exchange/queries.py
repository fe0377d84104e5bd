"""Reads of clients for administrators, and of a client's own webhooks."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Max, Prefetch, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from wangge.domain.access.actor import AnyActor, System
from wangge.domain.access.scope import acting_as
from wangge.domain.exchange.models import Client, Delivery, Token, Usage, Webhook
from wangge.domain.exchange.services.clients import must_administer
from wangge.platform import clock
from wangge.platform.errors import NotFound

USAGE_DAYS = 30


def clients(actor: AnyActor) -> "QuerySet[Client]":
    """All clients, running ones first, with `last_at` and `calls` of the last days (1 statement)."""
    must_administer(actor)
    lately = Q(usage__hour__gte=clock.now() - timedelta(days=USAGE_DAYS))
    rows = Client.objects.select_related("user", "unit", "area").annotate(
        calls=Sum("usage__calls", filter=lately), last_at=Max("usage__last_at")
    )
    return rows.order_by("revoked_at", "user__name")


@dataclass(frozen=True, slots=True)
class UsedOperation:
    """Calls of one operation in the last days."""

    operation: str
    calls: int
    refused: int
    last_at: object


@dataclass(frozen=True, slots=True)
class ClientPage:
    """A client with its tokens, what it called lately, and its webhooks with their newest failures."""

    client: Client
    tokens: list[Token]
    usage: list[UsedOperation]
    webhooks: list[Webhook]


def client_page(actor: AnyActor, client_id: int) -> ClientPage:
    """One client for an administrator (5 statements); NotFound for an unknown one."""
    must_administer(actor)
    rows = Client.objects.select_related("user", "unit", "area", "made_by")
    client = rows.filter(pk=client_id).first()
    if client is None:
        raise NotFound(_("没有这个系统对接。"))
    lately = Usage.objects.filter(client=client, hour__gte=clock.now() - timedelta(days=USAGE_DAYS))
    sums = lately.values_list("operation").annotate(
        total=Sum("calls"), bad=Sum("refused"), last=Max("last_at")
    )
    with acting_as(System("client page")):
        unsent = Delivery.objects.exclude(state=Delivery.State.DELIVERED).order_by("-pk")[:5]
        hooks = list(
            Webhook.objects.filter(client=client)
            .prefetch_related(Prefetch("deliveries", unsent, to_attr="unsent"))
            .order_by("pk")
        )
    return ClientPage(
        client,
        list(Token.objects.filter(client=client).order_by("-made_at")),
        [UsedOperation(*row) for row in sums.order_by("-total")],
        hooks,
    )


def webhook(hook_id: int) -> Webhook:
    """A webhook of the client that asks (1 statement); NotFound for another's."""
    found = Webhook.objects.filter(pk=hook_id).first()
    if found is None:
        raise NotFound(_("没有这个推送地址。"))
    mine: Webhook = found
    return mine


def webhooks() -> list[Webhook]:
    """All webhooks of the client that asks, oldest first (1 statement)."""
    return list(Webhook.objects.order_by("pk"))


def deliveries(hook_id: int, state: str, *, before: int | None, most: int) -> list[Delivery]:
    """Deliveries of one of the client's webhooks, newest first (2 statements); NotFound for another's."""
    rows = Delivery.objects.filter(webhook=webhook(hook_id)).order_by("-pk")
    if state:
        rows = rows.filter(state=state)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows[:most])
