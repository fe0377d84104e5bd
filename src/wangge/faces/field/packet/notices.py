"""Unread notices in one sentence each."""

from collections.abc import Iterator
from typing import Any

from wangge.domain.access.actor import Actor
from wangge.domain.office.queries import notices
from wangge.faces.desk.notice_words import lines

MOST = 30


def rows(actor: Actor) -> Iterator[dict[str, Any]]:
    """The newest first (2 statements)."""
    waiting = notices(actor).filter(read_at=None).select_related("case")[:MOST]
    for line in lines(waiting):
        notice = line.notice
        about = notice.case.address if notice.case else ""
        yield {
            "id": str(notice.pk),
            "text": "：".join(part for part in (about, str(line.sentence)) if part),
            "at": notice.made_at.isoformat(),
            "case": str(notice.case_id) if notice.case_id else None,
            "urgent": notice.urgent,
        }
