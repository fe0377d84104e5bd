"""E-mail to reporters: written down beside the notice, sent by the worker, tried again when it was surely not sent."""

import logging
import smtplib
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, CaseEvent, Contact
from wangge.domain.cases.services.processes import definition_of
from wangge.domain.cases.services.receipts import receipt_code
from wangge.domain.office.models import Mail
from wangge.platform import clock

log = logging.getLogger(__name__)
MAILER = System("mail")
MAX_ATTEMPTS = 8
FIRST_WAIT = timedelta(minutes=1)

# The server said no, so the message did not leave. Any other error after the connection stood is in doubt.
_REFUSED = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError)


class NotSent(Exception):
    """The message surely did not leave: it may be tried again."""


def write_down(case: Case, event: CaseEvent) -> None:
    """Beside the notices of an event: its mail, once, if the reporter left an address."""
    contact = Contact.objects.filter(case=case).first() if case.has_contact else None
    if contact and contact.email:
        now = clock.now()
        mail = Mail(case=case, event_id=event.pk, made_at=now, changed_at=now)
        Mail.objects.bulk_create([mail], ignore_conflicts=True)


def send_waiting_mail(limit: int = 200) -> int:
    """Send what waits and is due, at most `limit`; returns how many were sent.

    A claim is committed before the message leaves.
    """
    sent = 0
    for _turn in range(limit):
        mail_id = _claim()
        if mail_id is None:
            break
        sent += _send(mail_id)
    return sent


def try_failed_again() -> int:
    """Send anew what failed for good, as after the mail server was put right; returns how many."""
    with transaction.atomic(), acting_as(MAILER):
        failed = Mail.objects.filter(state=Mail.State.FAILED)
        return int(failed.update(state=Mail.State.WAITING, attempts=0, next_at=None, error=""))


def _claim() -> int | None:
    with transaction.atomic(), acting_as(MAILER):
        waiting = Mail.objects.filter(state=Mail.State.WAITING).exclude(next_at__gt=clock.now())
        mail = waiting.order_by("made_at").select_for_update(skip_locked=True).first()
        if mail is None:
            return None
        mail.state, mail.changed_at, mail.attempts = Mail.State.SENDING, clock.now(), mail.attempts + 1
        mail.save(update_fields=["state", "changed_at", "attempts"])
        return int(mail.pk)


def _send(mail_id: int) -> int:
    with acting_as(MAILER):
        mail = Mail.objects.select_related("case").get(pk=mail_id)
        event = CaseEvent.objects.get(pk=mail.event_id)
        contact = Contact.objects.filter(case=mail.case).first()
        try:
            _deliver(mail.case, event, contact.email if contact else "")
            mail.state, mail.error = Mail.State.SENT, ""
        except NotSent as error:
            _put_off(mail, error)
        except Exception as error:  # one bad message must not stop the others; this one may have left
            # Without the traceback: an error of the mail server quotes addresses.
            log.error("mail %s failed: %s", mail_id, type(error).__name__)
            mail.state, mail.error = Mail.State.FAILED, type(error).__name__
        mail.changed_at = clock.now()
        mail.save(update_fields=["state", "changed_at", "next_at", "error"])
        return int(mail.state == Mail.State.SENT)


def _put_off(mail: Mail, error: NotSent) -> None:
    """Later, twice as late each time: after 1, 2, 4 ... minutes; failed for good after MAX_ATTEMPTS."""
    mail.error = str(error)[:200]
    if mail.attempts >= MAX_ATTEMPTS:
        mail.state = Mail.State.FAILED
        log.error("mail %s given up after %s attempts", mail.pk, mail.attempts)
        return
    mail.state = Mail.State.WAITING
    mail.next_at = clock.now() + FIRST_WAIT * 2 ** (mail.attempts - 1)


def _deliver(case: Case, event: CaseEvent, address: str) -> None:
    if not address:
        return
    connection = get_connection()
    try:
        connection.open()
    except Exception as error:
        raise NotSent(type(error).__name__) from error
    try:
        connection.send_messages([_message(case, event, address)])
    except _REFUSED as error:
        # Its text may quote the address; the kind is enough.
        raise NotSent(type(error).__name__) from error
    finally:
        connection.close()


def _message(case: Case, event: CaseEvent, address: str) -> EmailMessage:
    """The state that the event brought, in words, with the link to the status page."""
    with translation.override("zh-hans"):
        state = definition_of(case.process_id).state(event.target).name
        link = f"{settings.PUBLIC_URL}/s/{receipt_code(case.key)}"
        when = timezone.localtime(event.at).strftime("%Y-%m-%d %H:%M")
        subject = _("您上报的事项有新进展：%(state)s") % {"state": state}
        body = _("编号 %(number)s\n%(when)s 现在的状态：%(state)s\n查看进展、评价或提出异议：%(link)s\n") % {
            "number": case.number,
            "when": when,
            "state": state,
            "link": link,
        }
    return EmailMessage(subject, body, None, [address])
