"""Claiming deliveries that are due, and writing down how each went."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from random import SystemRandom

from django.conf import settings
from django.db import transaction

from wangge.domain.access.actor import Role, System
from wangge.domain.access.queries import holders
from wangge.domain.access.scope import acting_as
from wangge.domain.exchange import rules
from wangge.domain.exchange.models import Delivery, Webhook
from wangge.domain.exchange.services.posting import Attempt, Sent
from wangge.domain.exchange.services.webhooks import secrets_of
from wangge.domain.office.models import Notice
from wangge.platform import clock

SENDER = System("webhooks")
# A sender that died lets go of its deliveries after this.
_CLAIM = timedelta(seconds=60)
_GONE = 410


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that this process sends now."""

    delivery_id: int
    webhook_id: int
    attempt: Attempt


def claim_due(most: int, busy: Collection[int] = ()) -> list[Claimed]:
    """At most one due delivery of each webhook that is not `busy`, the longest waiting first (2 statements)."""
    now = clock.now()
    with transaction.atomic(), acting_as(SENDER):
        due = Delivery.objects.filter(
            state=Delivery.State.WAITING,
            next_at__lte=now,
            webhook__disabled_at__isnull=True,
            webhook__client__revoked_at__isnull=True,
        )
        first = (
            due.exclude(webhook_id__in=busy).order_by("webhook_id", "next_at", "pk").distinct("webhook_id")
        )
        wanted = Delivery.objects.filter(
            pk__in=first.values("pk"), next_at__lte=now, state=Delivery.State.WAITING
        )
        rows = list(
            wanted.select_related("webhook")
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("next_at")[:most]
        )
        for row in rows:
            row.attempts += 1
            row.next_at = now + _CLAIM
        Delivery.objects.bulk_update(rows, ["attempts", "next_at"])
        return [Claimed(row.pk, row.webhook_id, _attempt(row)) for row in rows]


def record(claimed: Claimed, sent: Sent) -> None:
    """The end of a try: delivered, or again later, or given up; a webhook that fails for days is disabled."""
    now = clock.now()
    with transaction.atomic(), acting_as(SENDER):
        hook = Webhook.objects.select_for_update().filter(pk=claimed.webhook_id).first()
        row = Delivery.objects.select_for_update().filter(pk=claimed.delivery_id).first()
        if hook is None or row is None or row.state != Delivery.State.WAITING:
            return
        row.status, row.error = sent.status, sent.error[:200]
        again = None if sent.delivered else rules.next_try(row.attempts, now, row.give_up_at, SystemRandom())
        if sent.delivered:
            row.state, row.done_at = Delivery.State.DELIVERED, now
        elif again is None or sent.status == _GONE:
            row.state, row.done_at = Delivery.State.FAILED, now
        else:
            row.next_at = again
        row.save()
        _judge(hook, sent)


def _attempt(row: Delivery) -> Attempt:
    now = int(clock.now().timestamp())
    message = f"msg_{row.pk}"
    signatures = (rules.signature(secret, message, now, row.body) for secret in secrets_of(row.webhook))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Wangge-Webhooks/1",
        "webhook-id": message,
        "webhook-timestamp": str(now),
        "webhook-signature": " ".join(signatures),
    }
    return Attempt(row.webhook.url, row.body.encode(), headers, settings.WEBHOOK_NETWORKS, settings.DEBUG)


def _judge(hook: Webhook, sent: Sent) -> None:
    now = clock.now()
    if sent.delivered:
        if hook.failing_since:
            hook.failing_since = None
            hook.save(update_fields=["failing_since"])
        return
    hook.failing_since = hook.failing_since or now
    if hook.disabled_at is None and (sent.status == _GONE or now - hook.failing_since > rules.DISABLE_AFTER):
        hook.disabled_at = now
        hook.disabled_why = (sent.error or f"HTTP {sent.status}")[:200]
        _tell_administrators(hook)
    hook.save(update_fields=["failing_since", "disabled_at", "disabled_why"])


def _tell_administrators(hook: Webhook) -> None:
    now = clock.now()
    Notice.objects.bulk_create(
        (
            Notice(
                user_id=user,
                kind="webhook_disabled",
                params={"client": hook.client_id, "address": hook.client.user.name, "number": hook.url[:60]},
                dedupe=f"webhook:{hook.pk}:{now.date()}",
                made_at=now,
            )
            for user in holders(clock.today(), roles=(Role.ADMINISTRATOR,))
        ),
        ignore_conflicts=True,
    )
