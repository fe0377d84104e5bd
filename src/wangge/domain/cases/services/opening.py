"""The first moment of a case: its number, process, owner, clock and first history row."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from wangge.domain.access.actor import ActivePost, AnyActor
from wangge.domain.cases import timing
from wangge.domain.cases.models import Case
from wangge.domain.cases.services import history
from wangge.domain.cases.services.centres import centre_id, owner_of
from wangge.domain.cases.services.processes import definition_of, newest
from wangge.domain.cases.services.words import keep_words
from wangge.engines.codes import case_number
from wangge.platform.outbox.services import publish


def open_case(
    case: Case,
    actor: AnyActor,
    now: datetime,
    *,
    post: ActivePost | None = None,
    data: dict[str, Any] | None = None,
    notes: dict[str, Any] | None = None,
) -> Case:
    """Bring a new case (place, words and channel are set) to the start of the newest process and save it."""
    process = newest()
    definition = definition_of(process.pk)
    state = definition.state(definition.start)
    case.process, case.state, case.step = process, state.key, state.step
    case.number = next_number(case.area.code[:6], now)
    case.reported_at = now
    case.area_path = case.area.path
    case.responsible_id = owner_of(case, state) or centre_id(case.area_path, "community")
    timing.enter(case, state, now)
    case.version = 1
    case.save(force_insert=True)
    keep_words([case])
    case.version = 0
    event = history.append(case, actor, "report", at=now, before={}, post=post, data=data, public=True)
    publish("case.moved", {"case": case.pk, "event": event.pk, **(notes or {})})
    return case


def next_number(district: str, now: datetime) -> str:
    """The next case number of a district (six digits) on this local day."""
    day = timezone.localdate(now)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_serial (district, day, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (district, day) DO UPDATE SET last = cases_serial.last + 1 RETURNING last",
            [district, day],
        )
        return case_number(district, day, cursor.fetchone()[0])
