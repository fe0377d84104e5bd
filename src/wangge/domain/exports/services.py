"""Lists of cases to take along: short ones at once, long ones by the worker, each taking logged."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language, gettext_noop, override
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from wangge.domain.access.actor import Actor, System
from wangge.domain.access.models import User
from wangge.domain.access.queries import actor_of
from wangge.domain.access.scope import acting_as
from wangge.domain.access.services import log_look
from wangge.domain.cases.models import Case
from wangge.domain.cases.queries import lists
from wangge.domain.exports.models import ListFile
from wangge.domain.exports.queries import list_file
from wangge.domain.exports.rules import AT_ONCE, KEPT_DAYS, MOST
from wangge.domain.exports.sheet import columns, lines, without_numbers
from wangge.platform import clock
from wangge.platform.errors import Conflict, NotFound
from wangge.platform.sheets.writing import Value, write_xlsx

EXPORTS = System("long lists")
_FOLDER = "lists"
_AT_A_TIME = 500
Asked = Mapping[str, str]


def is_long(actor: Actor, asked: Asked) -> bool:
    """Whether the list is one for the worker (1 statement that counts to AT_ONCE)."""
    return _found(actor, asked)[: AT_ONCE + 1].count() > AT_ONCE


@transaction.atomic
def write_at_once(actor: Actor, asked: Asked, words: str, out: IO[bytes]) -> int:
    """Write the first AT_ONCE cases of a list to `out`; returns how many. Who took what is logged."""
    cases = _found(actor, asked)[:AT_ONCE].iterator(chunk_size=_AT_A_TIME)
    count = write_xlsx(out, _("案件清单"), columns(), lines(cases))
    _log(actor, count, words)
    return count


def start(actor: Actor, key: uuid.UUID, asked: Asked, words: str) -> ListFile:
    """Ask the worker to write a list; the same key again answers the first. Conflict for the key of another list."""
    with transaction.atomic(), acting_as(EXPORTS):
        values = {
            "user_id": actor.user_id,
            "asked": dict(asked),
            "words": words[:400],
            "language": get_language() or "",
            "made_at": clock.now(),
        }
        made, new = ListFile.objects.get_or_create(key=key, defaults=values)
        if new:
            app.configure_task("exports.write", lock=f"list {made.pk}").defer(list_id=made.pk)
        elif (made.user_id, made.asked) != (actor.user_id, dict(asked)):
            raise Conflict(_("这张表单已经提交过，内容不同。请回到列表重新选择。"))
        return made


def write(list_id: int) -> None:
    """Write a list with the eyes of who asked; killed and called again it begins anew, and is whole or not there."""
    with transaction.atomic(), acting_as(EXPORTS):
        wanted = ListFile.objects.filter(pk=list_id, ended_at=None).first()
        if wanted is None:
            return
        actor = actor_of(User.objects.get(pk=wanted.user_id), clock.today())
    with transaction.atomic(), acting_as(actor):
        ids = list(_found(actor, wanted.asked).values_list("pk", flat=True)[:MOST])
    _note(list_id, total=len(ids), done=0)
    name = f"{_FOLDER}/{wanted.key}.xlsx"
    path = Path(settings.MEDIA_ROOT) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with override(wanted.language), part.open("wb") as out:
        count = write_xlsx(out, _("案件清单"), columns(), _lines(list_id, actor, ids))
    part.replace(path)
    _note(list_id, file=name, total=count, done=count, ended_at=clock.now())


@transaction.atomic
def take(actor: Actor, list_id: int) -> Path:
    """The file of one's own list, and the note that it was taken; NotFound while it is not whole, or not kept."""
    found = list_file(list_id)
    path = Path(settings.MEDIA_ROOT) / found.file
    if not found.file or not path.exists():
        raise NotFound(_("这份清单还没有写好，或已过保存期。"))
    _log(actor, found.total, found.words)
    return path


def forget_lists() -> int:
    """Delete lists whose time is over, files first; returns how many."""
    with transaction.atomic(), acting_as(EXPORTS):
        old = ListFile.objects.filter(made_at__lt=clock.now() - timedelta(days=KEPT_DAYS))
        for name in old.exclude(file="").values_list("file", flat=True):
            (Path(settings.MEDIA_ROOT) / name).unlink(missing_ok=True)
        count: int = old.delete()[0]
        return count


def _found(actor: Actor, asked: Asked) -> "QuerySet[Case]":
    if "work" in asked:
        return lists.my_work(actor, asked["work"])
    return lists.listing(actor, lists.Filters.from_query(asked))


def _lines(list_id: int, actor: Actor, ids: Sequence[int]) -> Iterator[list[Value]]:
    """Part by part, each read in a transaction of its own, so that everybody sees how far it is."""
    for begin in range(0, len(ids), _AT_A_TIME):
        some = ids[begin : begin + _AT_A_TIME]
        with transaction.atomic(), acting_as(actor):
            cases = {case.pk: case for case in lists.with_names(Case.objects.filter(pk__in=some))}
            ready = list(lines(cases[pk] for pk in some if pk in cases))
        yield from ready
        _note(list_id, done=begin + len(some))


def _log(actor: Actor, count: int, words: str) -> None:
    log_look(
        actor,
        subject=f"list of {count} cases",
        data_class=gettext_noop("案件清单，不含姓名电话"),
        purpose=without_numbers(words) or gettext_noop("全部案件"),
        channel="export",
    )


def _note(list_id: int, **values: Any) -> None:
    with transaction.atomic(), acting_as(EXPORTS):
        ListFile.objects.filter(pk=list_id).update(**values)
