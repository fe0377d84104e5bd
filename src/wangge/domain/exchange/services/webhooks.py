"""Webhooks of a client: made, secrets changed with an overlap, removed; deliveries sent again by hand."""

import base64
import hashlib
import hmac
import uuid
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Client as ClientActor
from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.exchange import rules
from wangge.domain.exchange.models import Delivery, Topic, Webhook
from wangge.domain.exchange.services.calls import once
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotFound
from wangge.platform.outbox.services import beat, no_beat
from wangge.platform.personal import derived_key

MOST_WEBHOOKS = 20
# Name of the sender's beat.
BEAT = "webhooks"


@transaction.atomic
def subscribe(actor: ClientActor, *, key: uuid.UUID, url: str, topics: Sequence[str]) -> Webhook:
    """A new webhook; the same key with the same content answers the same again, with other content Conflict."""
    with acting_as(System("webhook")):
        mine = Webhook.objects.filter(client_id=actor.user_id)
        own_key = uuid.uuid5(uuid.UUID(int=actor.user_id), key.hex)
        if found := mine.filter(key=own_key).first():
            if (found.url, found.topics) != (url, sorted(set(topics))):
                raise Conflict(_("这个 Idempotency-Key 已用于另一次内容不同的请求。"), "other_content")
            same: Webhook = found
            return same
        rules.check_url(url, local=settings.DEBUG)
        if not topics or set(topics) - set(Topic.values):
            raise Invalid({"topics": _("请至少选择一种事件。")})
        if mine.count() >= MOST_WEBHOOKS:
            raise Invalid({"url": _("最多登记 %(most)d 个推送地址。") % {"most": MOST_WEBHOOKS}})
        made: Webhook = Webhook.objects.create(
            client_id=actor.user_id,
            key=own_key,
            url=url,
            topics=sorted(set(topics)),
            made_at=clock.now(),
        )
        # From now on somebody must send: a sender that never ran is late too.
        beat(BEAT)
        return made


def note_sender() -> None:
    """Note that the sender is alive, as long as there is a webhook to send to (2 statements)."""
    with acting_as(System("webhooks")):
        needed = Webhook.objects.exists()
    if needed:
        beat(BEAT)
    else:
        no_beat(BEAT)


def secrets_of(hook: Webhook) -> list[str]:
    """The secret, and for a day after a change the one before: `whsec_` and 32 bytes in base64, as derived from our key."""
    found = [_secret(hook, hook.generation)]
    if hook.rotated_at and clock.now() < hook.rotated_at + rules.SECRET_OVERLAP:
        found.append(_secret(hook, hook.generation - 1))
    return found


@transaction.atomic
def rotate_secret(actor: ClientActor, hook_id: int, key: uuid.UUID) -> Webhook:
    """A new secret; for a day both sign each message. The same key changes it once."""
    hook = _own(actor, hook_id)

    def rotate() -> dict[str, int]:
        hook.generation += 1
        hook.rotated_at = clock.now()
        with acting_as(System("webhook")):
            hook.save(update_fields=["generation", "rotated_at"])
        return {"generation": hook.generation}

    once(actor, key, f"secret of {hook_id}", rotate)
    return hook


@transaction.atomic
def unsubscribe(actor: ClientActor, hook_id: int) -> None:
    """Remove a webhook with its deliveries; what waits is not sent any more."""
    hook = _own(actor, hook_id)
    with acting_as(System("webhook")):
        hook.delete()


@transaction.atomic
def enable(actor: ClientActor, hook_id: int) -> Webhook:
    """Begin anew with a webhook that was disabled; what failed meanwhile is sent again by hand."""
    hook = _own(actor, hook_id)
    hook.disabled_at = hook.failing_since = None
    hook.disabled_why = ""
    with acting_as(System("webhook")):
        hook.save(update_fields=["disabled_at", "failing_since", "disabled_why"])
    return hook


@transaction.atomic
def redeliver(actor: ClientActor, hook_id: int, delivery_id: int) -> Delivery:
    """Send an ended delivery once more, with a day of tries; one that waits keeps its place."""
    hook = _own(actor, hook_id)
    if hook.disabled_at:
        raise Invalid({"webhook": _("这个推送地址已停用，请先重新启用。")})
    with acting_as(System("webhook")):
        delivery = Delivery.objects.select_for_update().filter(pk=delivery_id, webhook_id=hook_id).first()
        if delivery is None:
            raise NotFound(_("没有这条推送记录。"))
        now = clock.now()
        if delivery.state != Delivery.State.WAITING:
            delivery.state, delivery.attempts, delivery.done_at = Delivery.State.WAITING, 0, None
            delivery.next_at, delivery.give_up_at = now, now + rules.GIVE_UP_AFTER
            delivery.save()
        sent: Delivery = delivery
        return sent


def _secret(hook: Webhook, generation: int) -> str:
    digest = hmac.new(derived_key("webhook secrets"), f"{hook.key}:{generation}".encode(), hashlib.sha256)
    return "whsec_" + base64.b64encode(digest.digest()).decode()


def _own(actor: ClientActor, hook_id: int) -> Webhook:
    with acting_as(System("webhook")):
        hook = Webhook.objects.select_for_update().filter(pk=hook_id, client_id=actor.user_id).first()
    if hook is None:
        raise NotFound(_("没有这个推送地址。"))
    found: Webhook = hook
    return found
