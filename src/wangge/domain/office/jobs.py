"""What the worker delivers: events to notices, and mail."""

from collections.abc import Mapping

from wangge.domain.office.services.mail import send_waiting_mail
from wangge.domain.office.services.notices import HANDLERS
from wangge.platform.outbox.services import Handler, deliver


def deliver_waiting(handlers: Mapping[str, Handler] = HANDLERS) -> int:
    """Deliver what waits in the outbox and the mail; returns how many, 0 when there was nothing."""
    return deliver(handlers) + send_waiting_mail()
