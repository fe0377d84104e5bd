"""Write events beside a change; deliver them once each."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from wangge.platform import clock
from wangge.platform.outbox.models import Beat, Message

Handler = Callable[[Message], None]

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 8


def publish(topic: str, payload: dict[str, Any]) -> None:
    """Put an event beside the change of the present transaction."""
    moment = clock.now()
    Message.objects.create(topic=topic, payload=payload, made_at=moment, next_at=moment)


def deliver(handlers: Mapping[str, Handler], limit: int = 200) -> int:
    """Deliver waiting events, each in a transaction of its own; returns how many were tried.

    A row is locked while it is worked on, so two workers never take the same one; an error rolls
    its effects back and the event comes again later, at most MAX_ATTEMPTS times.
    """
    tried = 0
    while tried < limit and _deliver_one(handlers):
        tried += 1
    return tried


def together(*tables: Mapping[str, Handler]) -> dict[str, Handler]:
    """One table of several domains: the handlers of a topic run in turn, in one transaction."""
    topics = dict.fromkeys(topic for table in tables for topic in table)
    return {topic: _in_turn([table[topic] for table in tables if topic in table]) for topic in topics}


def _in_turn(handlers: Sequence[Handler]) -> Handler:
    def handle(message: Message) -> None:
        for handler in handlers:
            handler(message)

    return handle


def beat(name: str = "delivery") -> None:
    """Note that a loop is alive, by the database's clock."""
    Beat.objects.update_or_create(name=name, defaults={"at": Now()})


def no_beat(name: str) -> None:
    """Note that nobody waits for this loop: it cannot be late."""
    Beat.objects.filter(name=name).delete()


def forget_delivered(before: datetime) -> int:
    """Delete what was delivered before a moment; returns how many."""
    count: int = Message.objects.filter(done_at__lt=before).delete()[0]
    return count


def try_given_up_again() -> int:
    """Deliver anew what failed too often, as after its cause was removed; returns how many."""
    given_up = Message.objects.filter(done_at__isnull=True, attempts__gte=MAX_ATTEMPTS)
    return given_up.update(attempts=0, next_at=clock.now())


def _deliver_one(handlers: Mapping[str, Handler]) -> bool:
    with transaction.atomic():
        waiting = Message.objects.filter(
            done_at__isnull=True, next_at__lte=clock.now(), attempts__lt=MAX_ATTEMPTS
        )
        message = waiting.order_by("next_at").select_for_update(skip_locked=True).first()
        if message is None:
            return False
        try:
            with transaction.atomic():
                handlers[message.topic](message)
        except Exception as error:  # one bad event must not stop the others
            log.exception("event %s failed", message.pk)
            message.attempts += 1
            message.next_at = clock.now() + timedelta(seconds=2**message.attempts)
            message.error = str(error)[:500]
        else:
            message.done_at = clock.now()
        message.save()
        return True
