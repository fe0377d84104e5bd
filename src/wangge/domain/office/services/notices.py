"""Telling people: notices for staff, and marking notices as read."""

from django.utils.dateparse import parse_datetime

from wangge.domain.access.actor import Actor, Role, System
from wangge.domain.access.alerts import TOPIC as ACCOUNT_ALERT
from wangge.domain.access.habits import TOPIC as BULK_READING
from wangge.domain.access.models import User
from wangge.domain.access.queries import actor_of, holders
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, CaseEvent, Light, Process, RepeatAlarm
from wangge.domain.cases.services import history
from wangge.domain.cases.services.processes import definition_of
from wangge.domain.office import rules
from wangge.domain.office.models import Notice
from wangge.domain.office.services.mail import write_down
from wangge.domain.visits.services.digest import TOPIC as DIARY_DIGEST
from wangge.platform import clock
from wangge.platform.outbox.models import Message

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
        history.as_of(case, event)
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
            write_down(case, event)


def case_yellow(message: Message) -> None:
    """Topic case.yellow: whoever must act now."""
    with acting_as(POST_OFFICE):
        case = Case.objects.get(pk=message.payload["case"])
        # What has moved on since is asked of others, who were told then.
        if case.light != Light.YELLOW or case.due_at != parse_datetime(message.payload["due"]):
            return
        users = rules.who_is_next(definition_of(case.process_id), case, clock.today())
        tell(case, "yellow", users, dedupe=f"yellow:{case.pk}:{message.payload['due']}")


def case_red(message: Message) -> None:
    """Topic case.red: whoever must act now, and the level above."""
    with acting_as(POST_OFFICE):
        case = Case.objects.get(pk=message.payload["case"])
        history.as_of(case, CaseEvent.objects.get(pk=message.payload["event"]))
        users = set(rules.who_is_next(definition_of(case.process_id), case, clock.today()))
        users |= set(rules.supervisors(case, clock.today()))
        tell(case, "red", sorted(users), dedupe=f"event:{message.payload['event']}", urgent=True)


def process_published(message: Message) -> None:
    """Topic process.published: everybody on the staff, once."""
    with acting_as(POST_OFFICE):
        process = Process.objects.get(pk=message.payload["process"])
        now = clock.now()
        Notice.objects.bulk_create(
            (
                Notice(
                    user_id=user,
                    kind="process_published",
                    params={"version": process.version, "process": process.pk},
                    dedupe=f"process:{process.pk}",
                    made_at=now,
                )
                for user in holders(clock.today(), roles=tuple(Role))
            ),
            ignore_conflicts=True,
        )


def account_alert(message: Message) -> None:
    """Topic access.alert: the owner of an account, about a new device, a lock or a changed second step."""
    told = message.payload
    with acting_as(POST_OFFICE):
        Notice.objects.bulk_create(
            [
                Notice(
                    user_id=told["user"],
                    kind=told["kind"],
                    params={"address": told["detail"]},
                    dedupe=f"alert:{message.pk}",
                    made_at=message.made_at,
                )
            ],
            ignore_conflicts=True,
        )


def bulk_reading(message: Message) -> None:
    """Topic access.bulk_reading: who heads the reader's unit, or the level above when it is the head; and the privacy
    officer."""
    told, today = message.payload, clock.today()
    with acting_as(POST_OFFICE):
        reader = User.objects.get(pk=told["user"])
        users = set(holders(today, roles=(Role.PRIVACY_OFFICER,)))
        for post in actor_of(reader, today).posts:
            users |= set(rules.heads_over(post, today))
        params = {"name": reader.name, "count": told["count"], "usual": told["usual"]}
        Notice.objects.bulk_create(
            (
                Notice(
                    user_id=user,
                    kind="bulk_reading",
                    params=params,
                    dedupe=f"reading:{reader.pk}:{told['day']}",
                    made_at=message.made_at,
                )
                for user in sorted(users - {reader.pk})
            ),
            ignore_conflicts=True,
        )


def diary_digest(message: Message) -> None:
    """Topic visits.digest: who heads the community."""
    told = message.payload
    params = {name: told[name] for name in ("monday", "notes", "cases")}
    with acting_as(POST_OFFICE):
        Notice.objects.bulk_create(
            (
                Notice(
                    user_id=user,
                    kind="diary_digest",
                    params=params,
                    dedupe=f"digest:{told['area']}:{told['monday']}",
                    made_at=message.made_at,
                )
                for user in holders(clock.today(), roles=(Role.STATION_HEAD,), path=told["path"])
            ),
            ignore_conflicts=True,
        )


HANDLERS = {
    DIARY_DIGEST: diary_digest,
    BULK_READING: bulk_reading,
    "process.published": process_published,
    ACCOUNT_ALERT: account_alert,
    "case.moved": case_moved,
    "case.yellow": case_yellow,
    "case.red": case_red,
}


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
