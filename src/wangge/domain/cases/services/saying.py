"""What staff add to an open case without moving it: notes, and corrections of its words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import ActivePost, Actor, Client, System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases import rules
from wangge.domain.cases.models import Case, Photo
from wangge.domain.cases.services import history, photos, sounds
from wangge.domain.cases.services.moves import lock, see
from wangge.domain.cases.services.words import keep_words
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed
from wangge.platform.outbox.services import publish

LONGEST_NOTE = 2000
# What may be corrected, with its longest text.
CORRECTED = {"address": 200, "description": 2000}
_CORRECTORS = frozenset(
    {
        "grid_worker@grid",
        "grid_lead@grid",
        "station_officer@community",
        "station_head@community",
        "street_dispatcher@street",
    }
)
_CHECKED = ("checking", "verifying")
# The step at which somebody handles; pictures of before show what was found.
_HANDLED = 3


@transaction.atomic
def say(
    actor: Actor, case_id: int, text: str, *, images: Sequence[bytes] = (), recordings: Sequence[bytes] = ()
) -> Case:
    """A note of whoever serves the place or handles the case: words, photos, recordings. Its state and clock stay.

    Raises NotFound outside the actor's scope, NotAllowed for who has no part in it, Conflict when it has ended,
    Invalid naming the field.
    """
    see(actor, case_id)
    if not text.strip() and not images and not recordings:
        raise Invalid({"text": _("请写几句话、拍一张照片或者录一段话。")})
    if len(text) > LONGEST_NOTE:
        raise Invalid({"text": _("最多 %(most)d 字。") % {"most": LONGEST_NOTE}})
    pictures, heard = photos.read(images), sounds.read(recordings)
    with acting_as(System("note on a case")):
        case, post, now = *_open(actor, case_id), clock.now()
        photos.store(case, _use(case), pictures, user_id=actor.user_id, at=now)
        sounds.store(case, heard, user_id=actor.user_id, at=now)
        said = {"note": text.strip(), "photos": len(pictures)}
        event = history.append(
            case, actor, "note", at=now, before=history.snapshot(case), post=post, data=said
        )
        case.save(update_fields=["version"])
        publish("case.moved", {"case": case.pk, "event": event.pk})
    return case


@dataclass(frozen=True, slots=True)
class Correction:
    """What became of a correction: fields that are as the person wants, and those that somebody else changed meanwhile,
    {field: {"base", "mine", "theirs"}}, which stay."""

    case: Case
    merged: list[str]
    differs: dict[str, dict[str, str]]


@transaction.atomic
def correct(actor: Actor, case_id: int, fields: Mapping[str, tuple[str, str]]) -> Correction:
    """Correct the words of an open case, each field from the text the person saw to theirs; others merge.

    The old and the new words stand in the history. Raises NotFound outside the actor's scope, NotAllowed for who does not
    serve the place, Conflict when the case has ended, Invalid naming the field.
    """
    see(actor, case_id)
    if wrong := {name: text for name, (_base, mine) in fields.items() if (text := _wrong(name, mine))}:
        raise Invalid(wrong)
    with acting_as(System("correction of a case")):
        case, post = _open(actor, case_id)
        if not rules.standing(actor, case) & _CORRECTORS:
            raise NotAllowed(_("案件的地址和描述由所在网格、社区和街道更正。"))
        found, changed = Correction(case, [], {}), {}
        for name, (base, mine) in fields.items():
            theirs, wanted = str(getattr(case, name)), mine.strip()
            if theirs not in (base.strip(), wanted):
                found.differs[name] = {"base": base, "mine": mine, "theirs": theirs}
                continue
            found.merged.append(name)
            if theirs != wanted:
                changed[name] = [theirs, wanted]
                setattr(case, name, wanted)
        if changed:
            _keep_correction(actor, post, case, changed)
    return found


def _wrong(name: str, mine: str) -> str:
    most = CORRECTED.get(name)
    if most is None:
        return _("这一项不能更正。")
    if not mine.strip():
        return _("请填写，不能留空。")
    return _("最多 %(most)d 字。") % {"most": most} if len(mine) > most else ""


def _keep_correction(actor: Actor, post: ActivePost, case: Case, changed: dict[str, list[str]]) -> None:
    event = history.append(
        case,
        actor,
        "correct",
        at=clock.now(),
        before=history.snapshot(case),
        post=post,
        data={"changed": changed},
    )
    case.save(update_fields=["version", *changed])
    keep_words([case])
    publish("case.moved", {"case": case.pk, "event": event.pk})


def _open(actor: Actor, case_id: int) -> tuple[Case, ActivePost]:
    """The case, locked, and the post by which the actor has a part in it."""
    case = lock(case_id)
    post = next((one for one in actor.posts if _has_part(actor, one, case)), None)
    if post is None or isinstance(actor, Client):
        raise NotAllowed(_("您的岗位不经办这个案件。"))
    if case.ended:
        raise Conflict(_("案件已经结束，不能再补充。"))
    return case, post


def _has_part(actor: Actor, post: ActivePost, case: Case) -> bool:
    return bool(rules.standing(Actor(actor.user_id, actor.name, (post,)), case))


def _use(case: Case) -> str:
    if case.state in _CHECKED:
        return Photo.Use.CHECK
    return Photo.Use.AFTER if case.step >= _HANDLED else Photo.Use.BEFORE
