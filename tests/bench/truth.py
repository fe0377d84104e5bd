"""What the database and the mail folder say at the end, held against the ledgers."""

import email
import time
from collections import Counter
from email.policy import default
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count
from ledger import Ledger

from invariants import check_case
from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case, CaseEvent, Contact
from wangge.domain.exchange.models import Answer
from wangge.domain.office.models import Mail, Notice
from wangge.platform.outbox.models import Message

_ROAD = {"report", "file", "dispatch", "accept", "finish"}


def settled(within_s: float) -> float:
    """Wait until the worker has delivered everything; how many seconds that took.

    TimeoutError with what waits when it has got no less for `within_s`: a long queue is no fault, a standing one is.
    """
    began = time.monotonic()
    least, least_at = _waiting(), began
    while sum(least):
        time.sleep(0.5)
        now = _waiting()
        if sum(now) < sum(least):
            least, least_at = now, time.monotonic()
        elif time.monotonic() - least_at > within_s:
            raise TimeoutError(f"{now[0]} events and {now[1]} mails still wait")
    return time.monotonic() - began


def _waiting() -> tuple[int, int]:
    """Events and mails."""
    with acting_as(System("bench")):
        events = Message.objects.filter(done_at__isnull=True).count()
        return events, Mail.objects.filter(state=Mail.State.WAITING).count()


def compared(ledgers: list[Ledger]) -> dict[str, Any]:
    """Counts of what was acknowledged, lost, doubled and half-written, with the first words of each fault."""
    reports = {key: case for ledger in ledgers for key, case in ledger.reports.items()}
    moves = {key: made for ledger in ledgers for key, made in ledger.moves.items()}
    still_open = {one for ledger in ledgers for one in ledger.open}
    lost: list[str] = []
    doubled: list[str] = []
    broken: list[str] = []
    with acting_as(System("bench")):
        cases: dict[str, list[Case]] = {}
        for case in Case.objects.filter(description__startswith="路灯不亮 "):
            cases.setdefault(case.description.split()[-1], []).append(case)
        for key, number in reports.items():
            found = cases.get(key, [])
            lost += [f"report {key}"] if not found or number not in (None, found[0].pk) else []
        doubled += [f"report {key}" for key, found in cases.items() if len(found) > 1]
        doubled += [
            f"report {key} of nobody" for key in cases if (key, "report") not in still_open | _known(reports)
        ]
        for key, found in cases.items():
            made = Counter(CaseEvent.objects.filter(case=found[0]).values_list("move", flat=True))
            lost += [f"{move} of {key}" for move in moves.get(key, []) if not made[move]]
            doubled += [f"{move} of {key}" for move in _ROAD if made[move] > 1]
            broken += [f"{key}: {fault}" for fault in _faults(found[0])]
        notices, mails = _notices(doubled), _mails(doubled)
        broken += [f"answer {row} without words" for row in Answer.objects.filter(body__isnull=True)]
    return {
        "reports": len(reports), "moves": sum(map(len, moves.values())), "sent_again": sum(one.again for one in ledgers),
        "never_answered": len(still_open), "refused": sum(len(one.refused) for one in ledgers),
        "notices": notices, "mails": mails, "lost": len(lost), "doubled": len(doubled), "half_written": len(broken),
        "faults": (lost + doubled + broken + [word for one in ledgers for word in one.refused])[:5],
    }  # fmt: skip


def _known(reports: dict[str, int | None]) -> set[tuple[str, str]]:
    return {(key, "report") for key in reports}


def _faults(case: Case) -> list[str]:
    """What is wrong with one case: its history, its clock, its owner, its contact, its events in the outbox."""
    try:
        check_case(case.pk)
    except AssertionError as error:
        return [str(error)[:200] or "an invariant of the case"]
    told = Counter(
        Message.objects.filter(topic="case.moved", payload__case=case.pk).values_list(
            "payload__event", flat=True
        )
    )
    events = set(CaseEvent.objects.filter(case=case).values_list("pk", flat=True))
    faults = (
        [] if set(told) == events and set(told.values()) == {1} else [f"{len(events)} moves, events {told}"]
    )
    return faults if Contact.objects.filter(case=case).count() == 1 else [*faults, "no contact"]


def _notices(doubled: list[str]) -> int:
    """Each move happens once to a case, so nobody hears twice of the same."""
    twice = Notice.objects.filter(case__isnull=False).values("user", "case", "kind")
    doubled += [f"notice {row}" for row in twice.annotate(n=Count("pk")).filter(n__gt=1)]
    return Notice.objects.count()


def _mails(doubled: list[str]) -> int:
    """Messages in the folder; the same one twice, or one that is noted as sent and is not there, is a fault."""
    messages = Counter(
        message
        for file in Path(settings.EMAIL_FILE_PATH).glob("*.log")
        for message in _messages(file.read_bytes())
    )
    doubled += [f"mail {message}" for message, n in messages.items() if n > 1]
    sent = Mail.objects.filter(state=Mail.State.SENT).count()
    if sent > sum(messages.values()):
        doubled.append(f"{sent} mails noted as sent, {sum(messages.values())} in the folder")
    return sum(messages.values())


def _messages(raw: bytes) -> list[tuple[str, str]]:
    """(to whom, the words) of each whole message in a file; a killed worker may leave a torn one at its end."""
    found = []
    for part in raw.split(b"-" * 79 + b"\n")[:-1]:
        message = email.message_from_bytes(part, policy=default)
        body = message.get_body()
        found.append((str(message["To"]), body.get_content() if body else ""))
    return found
