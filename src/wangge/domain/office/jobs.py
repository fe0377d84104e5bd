"""What the worker delivers: events to notices, and mail."""

from wangge.domain.office.services.mail import send_waiting_mail
from wangge.domain.office.services.notices import HANDLERS
from wangge.platform.outbox.services import deliver


def deliver_waiting() -> int:
    """Deliver what waits in the outbox and the mail; returns how many, 0 when there was nothing."""
    return deliver(HANDLERS) + send_waiting_mail()
