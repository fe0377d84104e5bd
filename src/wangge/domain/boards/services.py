"""Writes of boards: duties of an area, what somebody gives of themselves, sets printed by the worker."""

import uuid
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from wangge.domain.access.actor import Actor, AnyActor, System
from wangge.domain.access.policy import may_administer, may_keep_places
from wangge.domain.access.scope import acting_as
from wangge.domain.boards.drawing import draw_set
from wangge.domain.boards.models import Card, Duties, PrintRun
from wangge.domain.boards.rules import KEPT_DAYS, LONGEST_DUTY, MOST_DUTIES
from wangge.domain.places.models import Area
from wangge.domain.places.queries import subtree
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed, WanggeError
from wangge.platform.pictures import keep, taken

PRINTING = System("boards of grids")
_FOLDER = "boards"
_PORTRAIT_PX = 900


@transaction.atomic
def set_duties(actor: AnyActor, area: Area, lines: str) -> None:
    """What the workers of an area do, a duty a line; without lines those of the area above hold again.

    Raises NotAllowed, Invalid for too many or too long ones.
    """
    if not (may_keep_places(actor, area.path) or may_administer(actor)):
        raise NotAllowed(_("公示的职责由所在社区、街道的人员或平台管理员维护。"))
    told = [line.strip() for line in lines.splitlines() if line.strip()]
    if len(told) > MOST_DUTIES or any(len(line) > LONGEST_DUTY for line in told):
        limits = {"most": MOST_DUTIES, "chars": LONGEST_DUTY}
        raise Invalid({"lines": _("最多 %(most)d 条，每条最多 %(chars)d 字，公示牌上才放得下。") % limits})
    if told:
        Duties.objects.update_or_create(area=area, defaults={"lines": "\n".join(told)})
    else:
        Duties.objects.filter(area=area).delete()


@transaction.atomic
def give_card(actor: Actor, *, phone: str, photo: bytes | None = None, no_photo: bool = False) -> Card | None:
    """What the board shows of the actor: a number at work and a photo. With neither nothing is kept; None then."""
    phone = phone.strip()
    if phone and not (set(phone) <= set("0123456789-+ ") and 5 <= len(phone) <= 20):
        raise Invalid({"phone": _("电话号码应为 5 至 20 位数字。")})
    before = Card.objects.filter(pk=actor.user_id).first()
    name = (
        keep(taken(photo, longest=_PORTRAIT_PX))
        if photo
        else ""
        if no_photo or before is None
        else before.photo
    )
    if not (phone or name):
        Card.objects.filter(pk=actor.user_id).delete()
        return None
    values = {"phone": phone, "photo": name, "given_at": clock.now()}
    return Card.objects.update_or_create(pk=actor.user_id, defaults=values)[0]


def start(actor: Actor, key: uuid.UUID, area: Area, links: str) -> PrintRun:
    """Ask the worker to draw the boards and cards of all grids of an area. The same key again answers the first set.

    Raises Invalid for an area without grids, Conflict for the key of something else.
    """
    total = 1 if area.level == "grid" else subtree(area, "grid").count()
    if not total:
        raise Invalid({"area": _("这里没有网格。")})
    with transaction.atomic(), acting_as(PRINTING):
        values = {
            "user_id": actor.user_id,
            "area": area,
            "links": links,
            "language": get_language() or "",
            "total": total,
            "made_at": clock.now(),
        }
        run, new = PrintRun.objects.get_or_create(key=key, defaults=values)
        if new:
            app.configure_task("boards.draw", lock=f"boards {run.pk}").defer(run_id=run.pk)
        elif (run.user_id, run.area_id) != (actor.user_id, area.pk):
            raise Conflict(_("这张表单已经提交过，内容不同。请回到列表重新选择。"))
        return run


def draw(run_id: int) -> None:
    """Draw a set; killed at any moment and called again it begins anew, and there is a whole file or none."""
    with acting_as(PRINTING):
        run = PrintRun.objects.filter(pk=run_id, ended_at=None).select_related("area").first()
    if run is None:
        return
    name, problem = f"{_FOLDER}/{run.key}.pdf", ""
    try:
        # Outside a transaction: what it reads anybody may, and how far it is others see at once.
        with override(run.language):
            data = draw_set(run.area, run.links, lambda done: _note(run_id, done=done))
        _write(Path(settings.MEDIA_ROOT) / name, data)
    except WanggeError as refusal:
        name, problem = "", refusal.text[:200]
    _note(run_id, file=name, problem=problem, ended_at=clock.now())


def forget_runs() -> int:
    """Delete sets whose time is over, files first; returns how many."""
    with transaction.atomic(), acting_as(PRINTING):
        old = PrintRun.objects.filter(made_at__lt=clock.now() - timedelta(days=KEPT_DAYS))
        for name in old.exclude(file="").values_list("file", flat=True):
            (Path(settings.MEDIA_ROOT) / name).unlink(missing_ok=True)
        count: int = old.delete()[0]
        return count


def _note(run_id: int, **values: object) -> None:
    with transaction.atomic(), acting_as(PRINTING):
        PrintRun.objects.filter(pk=run_id).update(**values)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(data)
    part.replace(path)
