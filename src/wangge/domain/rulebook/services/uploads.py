"""A file of rules: read, compared, and taken into a draft when somebody says so."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import AnyActor
from wangge.domain.rulebook.comparing import compare
from wangge.domain.rulebook.files import read
from wangge.domain.rulebook.models import Upload
from wangge.domain.rulebook.services.changes import put_condition, put_day, put_duty
from wangge.domain.rulebook.services.drafts import must_administer, open_draft, user_id_of
from wangge.platform import clock
from wangge.platform.errors import Conflict, NotFound


@transaction.atomic
def upload(actor: AnyActor, draft_id: int, name: str, data: bytes) -> Upload:
    """Read a file and keep what it would change, for a look. Raises Invalid for a file that cannot be read."""
    must_administer(actor)
    draft = open_draft(draft_id)
    rows = compare(read(name, data))
    return Upload.objects.create(
        draft=draft, name=name[-120:], made_at=clock.now(), made_by_id=user_id_of(actor), rows=rows
    )


@transaction.atomic
def take(actor: AnyActor, upload_id: int) -> int:
    """Put the new and changed rows of a file into its draft; returns how many. Conflict when done already."""
    must_administer(actor)
    found = Upload.objects.select_for_update().filter(pk=upload_id).first()
    if found is None:
        raise NotFound(_("没有这份文件。"))
    if found.taken_at:
        raise Conflict(_("这份文件已经写进方案。"))
    changes = [row["change"] for row in found.rows if row["change"]]
    for change in changes:
        _take(actor, found.draft_id, change)
    found.taken_at = clock.now()
    found.save(update_fields=["taken_at"])
    return len(changes)


def _take(actor: AnyActor, draft_id: int, change: dict[str, Any]) -> None:
    values = change["values"]
    match change["kind"]:
        case "condition":
            put_condition(actor, draft_id, change["matter_id"], change["number"], values)
        case "duty":
            put_duty(actor, draft_id, change["area_id"], values)
        case _:
            day = date.fromisoformat(values["day"])
            put_day(actor, draft_id, change["area_id"], day, values["working"], values["note"])
