"""A move in many cases: asked for once, each case in a transaction of its own, what was done said case by case."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from wangge.domain.access.actor import Actor, System
from wangge.domain.access.models import User
from wangge.domain.access.queries import actor_of
from wangge.domain.access.scope import acting_as
from wangge.domain.bulk.models import Run
from wangge.domain.bulk.rules import KEPT_DAYS, MOST, MOVES, Wanted
from wangge.domain.cases.services import move
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, WanggeError

BULK = System("many cases at once")


def start(
    actor: Actor, key: uuid.UUID, move_key: str, wanted: Sequence[Wanted], data: Mapping[str, Any]
) -> Run:
    """Ask the worker to make the move in each case. The same key again answers the first run.

    `data` holds the fields that all cases share. Whether the actor may is decided case by case when its
    turn comes. Raises Invalid for none or more than MOST cases, Conflict for the key of something else.
    """
    lines = [one.line() for one in wanted]
    if move_key not in MOVES:
        raise Invalid({"move": _("这一步不能批量办。")})
    if not lines:
        raise Invalid({"lines": _("请至少选择一件能办的案件。")})
    if len({line["case"] for line in lines}) != len(lines) or len(lines) > MOST:
        raise Invalid({"lines": _("一次最多办 %(most)d 件，每件一次。") % {"most": MOST}})
    with transaction.atomic(), acting_as(BULK):
        values = {
            "user_id": actor.user_id,
            "move": move_key,
            "data": dict(data),
            "lines": lines,
            "language": get_language() or "",
            "made_at": clock.now(),
        }
        run, new = Run.objects.get_or_create(key=key, defaults=values)
        if new:
            app.configure_task("bulk.carry_out", lock=f"bulk {run.pk}").defer(run_id=run.pk)
        elif (run.user_id, run.move, run.data, _asked(run.lines)) != (
            actor.user_id,
            move_key,
            dict(data),
            _asked(lines),
        ):
            raise Conflict(_("这张表单已经提交过，内容不同。请回到列表重新选择。"))
        return run


def carry_out(run_id: int) -> None:
    """Make the moves that still wait; killed at any moment and called again it goes on, and none is made twice."""
    with acting_as(BULK):
        run = Run.objects.filter(pk=run_id).first()
    for number in range(len(run.lines) if run else 0):
        _carry_out_one(run_id, number)
    with transaction.atomic(), acting_as(BULK):
        Run.objects.filter(pk=run_id, ended_at=None).update(ended_at=clock.now())


def _carry_out_one(run_id: int, number: int) -> None:
    """The move in one case and the note that it was made, together."""
    with transaction.atomic(), acting_as(BULK):
        run = Run.objects.select_for_update().get(pk=run_id)
        line = run.lines[number]
        if line["done"] is not None:
            return
        actor = actor_of(User.objects.get(pk=run.user_id), clock.today())
        with override(run.language):
            line["done"], line["why"] = _made(actor, run, line)
        run.save(update_fields=["lines"])


def _made(actor: Actor, run: Run, line: dict[str, Any]) -> tuple[bool, str]:
    try:
        with transaction.atomic():
            move(actor, line["case"], run.move, run.data | line["data"], version=line["version"])
    except WanggeError as refusal:
        return False, refusal.text
    return True, ""


def forget_runs() -> int:
    """Delete runs whose time is over; what was done stays in each case's history. Returns how many."""
    with transaction.atomic(), acting_as(BULK):
        old = Run.objects.filter(made_at__lt=clock.now() - timedelta(days=KEPT_DAYS))
        count: int = old.delete()[0]
        return count


def _asked(lines: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(line["case"], line["version"], line["data"]) for line in lines]
