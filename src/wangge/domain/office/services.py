"""Telling people: notices for staff, e-mail for reporters, and marking notices as read."""

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, CaseEvent, Contact, RepeatAlarm
from wangge.domain.cases.services.processes import definition_of
from wangge.domain.cases.services.receipts import receipt_code
from wangge.domain.office import rules
from wangge.domain.office.models import Mail, Notice
from wangge.platform import clock
from wangge.platform.outbox.models import Message

log = logging.getLogger(__name__)
POST_OFFICE = System("notices")

# Moves that file a case, and so may find that it comes again.
_FILES = frozenset({"file", "file_emergency", "settle"})

# Moves whose result the people who handle the case must hear.
_TELL_HANDLER = frozenset(
    {"grant_extension", "refuse_extension", "approve_suspension", "refuse_suspension", "comment", "supervise"}
)
_TELL_SUPERVISORS = frozenset({"object"})


def case_moved(message: Message) -> None:
    """Topic case.moved: who must act next, who must know, and the reporter."""
    with acting_as(POST_OFFICE):
        case = Case.objects.select_related("area", "matter").get(pk=message.payload["case"])
        event = CaseEvent.objects.get(pk=message.payload["event"])
        users = set(rules.who_is_next(definition_of(case.process_id), case, clock.today()))
        urgent = message.payload.get("alert") == "all"
        if urgent:
            users |= set(rules.everybody(case, clock.today()))
        if event.move in _TELL_HANDLER and case.handler_id:
            users.add(case.handler_id)
        if event.move in _TELL_SUPERVISORS or message.payload.get("escalate"):
            users |= set(rules.supervisors(case, clock.today()))
        if event.move in _FILES and RepeatAlarm.objects.filter(case=case).exists():
            tell(case, "repeat", rules.supervisors(case, clock.today()), dedupe=f"repeat:{case.pk}")
        users.discard(event.user_id or 0)
        tell(case, event.move, sorted(users), dedupe=f"event:{event.pk}", urgent=urgent or case.emergency)
        if event.public:
            _mail(case, event)


def case_yellow(message: Message) -> None:
    """Topic case.yellow: whoever must act now."""
    with acting_as(POST_OFFICE):
        case = Case.objects.get(pk=message.payload["case"])
        users = rules.who_is_next(definition_of(case.process_id), case, clock.today())
        tell(case, "yellow", users, dedupe=f"yellow:{case.pk}:{message.payload['due']}")


def case_red(message: Message) -> None:
    """Topic case.red: whoever must act now, and the level above."""
    with acting_as(POST_OFFICE):
        case = Case.objects.get(pk=message.payload["case"])
        users = set(rules.who_is_next(definition_of(case.process_id), case, clock.today()))
        users |= set(rules.supervisors(case, clock.today()))
        tell(case, "red", sorted(users), dedupe=f"event:{message.payload['event']}", urgent=True)


HANDLERS = {"case.moved": case_moved, "case.yellow": case_yellow, "case.red": case_red}


def tell(case: Case, kind: str, users: list[int], *, dedupe: str, urgent: bool = False) -> None:
    """Put a notice into the inbox of each user, once."""
    params = {"number": case.number, "state": case.state, "address": case.address}
    now = clock.now()
    Notice.objects.bulk_create(
        (
            Notice(
                user_id=user, case=case, kind=kind, urgent=urgent, params=params, dedupe=dedupe, made_at=now
            )
            for user in users
        ),
        ignore_conflicts=True,
    )


def mark_read(actor: Actor, notice_ids: list[int] | None = None) -> int:
    """Mark the actor's notices as read, all or some; returns how many."""
    with acting_as(actor):
        unread = Notice.objects.filter(user_id=actor.user_id, read_at__isnull=True)
        if notice_ids is not None:
            unread = unread.filter(pk__in=notice_ids)
        return int(unread.update(read_at=clock.now()))


def _mail(case: Case, event: CaseEvent) -> None:
    contact = Contact.objects.filter(case=case).first() if case.has_contact else None
    if contact and contact.email:
        now = clock.now()
        Mail.objects.bulk_create(
            [Mail(case=case, event_id=event.pk, made_at=now, changed_at=now)], ignore_conflicts=True
        )


def send_waiting_mail() -> int:
    """Send what waits; returns how many were sent. A claim is committed before the message leaves."""
    sent = 0
    while mail_id := _claim():
        sent += _send(mail_id)
    return sent


def _claim() -> int | None:
    with transaction.atomic(), acting_as(POST_OFFICE):
        waiting = Mail.objects.filter(state=Mail.State.WAITING).order_by("made_at")
        mail = waiting.select_for_update(skip_locked=True).first()
        if mail is None:
            return None
        mail.state, mail.changed_at = Mail.State.SENDING, clock.now()
        mail.save(update_fields=["state", "changed_at"])
        return int(mail.pk)


def _send(mail_id: int) -> int:
    with acting_as(POST_OFFICE):
        mail = Mail.objects.select_related("case").get(pk=mail_id)
        event = CaseEvent.objects.get(pk=mail.event_id)
        contact = Contact.objects.filter(case=mail.case).first()
        try:
            _deliver(mail.case, event, contact.email if contact else "")
            mail.state = Mail.State.SENT
        except Exception:  # one bad address must not stop the others
            log.exception("mail %s failed", mail_id)
            mail.state = Mail.State.FAILED
        mail.changed_at = clock.now()
        mail.save(update_fields=["state", "changed_at"])
        return int(mail.state == Mail.State.SENT)


def _deliver(case: Case, event: CaseEvent, address: str) -> None:
    if not address:
        return
    definition = definition_of(case.process_id)
    with translation.override("zh-hans"):
        state = definition.state(case.state).name
        link = f"{settings.PUBLIC_URL}/s/{receipt_code(case.key)}"
        when = timezone.localtime(event.at).strftime("%Y-%m-%d %H:%M")
        subject = _("您上报的事项有新进展：%(state)s") % {"state": state}
        body = _("编号 %(number)s\n%(when)s 现在的状态：%(state)s\n查看进展、评价或提出异议：%(link)s\n") % {
            "number": case.number,
            "when": when,
            "state": state,
            "link": link,
        }
    send_mail(subject, body, None, [address])
