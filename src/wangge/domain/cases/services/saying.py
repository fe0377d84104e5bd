"""What staff add to an open case without moving it."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import ActivePost, Actor, Client, System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases import rules
from wangge.domain.cases.models import Case, Photo
from wangge.domain.cases.services import history, photos, sounds
from wangge.domain.cases.services.moves import lock, see
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed
from wangge.platform.outbox.services import publish

LONGEST_NOTE = 2000
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
