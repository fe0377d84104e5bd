"""From one event of the outbox to a delivery for each webhook that asked for it and may know."""

import json
from typing import Any

from wangge.domain.access.actor import Client as ClientActor
from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, CaseEvent
from wangge.domain.exchange import rules
from wangge.domain.exchange.models import Delivery, Topic, Webhook
from wangge.domain.exchange.services.calls import actor_of, is_active
from wangge.platform import clock
from wangge.platform.outbox.models import Message

FAN_OUT = System("webhooks")


def case_event(message: Message) -> None:
    """Any topic of a case: deliveries for the clients that see it (1 statement where there is no webhook).

    The body names the case and what happened, by ids and codes: no words that anybody wrote, nobody's name.
    """
    with acting_as(FAN_OUT):
        hooks = _running()
        if not hooks:
            return
        case = Case.objects.select_related("area", "matter", "responsible").get(pk=message.payload["case"])
        event = CaseEvent.objects.filter(pk=message.payload.get("event", 0)).first()
        topic = _topic(message.topic, event)
        body = json.dumps(_body(topic, case, event, message), ensure_ascii=False, separators=(",", ":"))
        now = clock.now()
        Delivery.objects.bulk_create(
            (
                Delivery(
                    webhook=hook,
                    client_id=hook.client_id,
                    message_id=message.pk,
                    topic=topic,
                    body=body,
                    made_at=now,
                    next_at=now,
                    give_up_at=now + rules.GIVE_UP_AFTER,
                )
                for hook in hooks
                if _wants(hook, topic) and _may_know(actor_of(hook.client), case, event)
            ),
            ignore_conflicts=True,
        )


HANDLERS = {"case.moved": case_event, "case.yellow": case_event, "case.red": case_event}


def _running() -> list[Webhook]:
    related = ("client__user", "client__area")
    hooks = Webhook.objects.filter(disabled_at__isnull=True, client__revoked_at__isnull=True)
    return [hook for hook in hooks.select_related(*related).order_by("pk") if is_active(hook.client)]


def _topic(topic: str, event: CaseEvent | None) -> str:
    if topic == "case.yellow":
        return Topic.DUE_SOON
    if topic == "case.red":
        return Topic.OVERDUE
    if event and event.move == "report":
        return Topic.REPORTED
    return Topic.CLOSED if event and event.after.get("ended") is True else Topic.MOVED


def _wants(hook: Webhook, topic: str) -> bool:
    of_a_move = topic in (Topic.REPORTED, Topic.CLOSED)
    return topic in hook.topics or (of_a_move and Topic.MOVED in hook.topics)


def _may_know(actor: ClientActor, case: Case, event: CaseEvent | None) -> bool:
    """Who sees the case now, and the unit that it has just left."""
    if event and event.unit_from_id and event.unit_from_id in actor.unit_ids:
        return True
    with acting_as(actor):
        return bool(Case.objects.filter(pk=case.pk).exists())


def _body(topic: str, case: Case, event: CaseEvent | None, message: Message) -> dict[str, Any]:
    happened = {name: getattr(event, name) for name in ("seq", "move", "source", "target")} if event else None
    return {
        "type": topic,
        "timestamp": (event.at if event else message.made_at).isoformat(),
        "data": {
            "case": {
                "id": case.pk,
                "number": case.number,
                "state": event.target if event else case.state,
                "level": case.level,
                "area_code": case.area.code,
                "matter_code": case.matter.code if case.matter else None,
                "responsible_id": event.unit_to_id if event else case.responsible_id,
                "version": event.seq if event else case.version,
            },
            "event": happened,
        },
    }
