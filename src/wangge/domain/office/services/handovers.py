"""Hand-over lists: made from the live data, given to a named successor, who accepts or sends back."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, AnyActor, System
from wangge.domain.access.models import Post, User
from wangge.domain.access.policy import HEAD_ROLES, may_administer
from wangge.domain.access.queries import could_follow
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.services.handing import pass_handler
from wangge.domain.office.drafts import draft
from wangge.domain.office.models import HandOver, HandOverLine, Notice
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotFound

OFFICE = System("hand-over lists")
LONGEST_NOTE, LONGEST_LINE_NOTE, LONGEST_ANSWER = 2000, 500, 1000
# After these the giver does not come back to the work: what they had in hand becomes the successor's.
_FOR_GOOD = (HandOver.Reason.POST, HandOver.Reason.LEAVING)


@dataclass(frozen=True, slots=True)
class Given:
    """What is typed for a list; `lines` holds words for single lines by their key ("case 12", "stand-in 3")."""

    key: uuid.UUID
    post_id: int
    receiver_id: int
    reason: str
    from_day: date
    note: str = ""
    lines: Mapping[str, str] = field(default_factory=dict)
    earlier_id: int | None = None


def hand_over(actor: AnyActor, given: Given) -> HandOver:
    """Make the list from what is open now and tell the successor. The same key again answers the same list.

    Raises NotFound for a post that is not the actor's to hand over, Invalid naming the field.
    """
    post = givable(actor, given.post_id)
    with transaction.atomic(), acting_as(OFFICE):
        if found := HandOver.objects.filter(key=given.key).first():
            if (found.post_id, found.receiver_id) != (post.pk, given.receiver_id):
                raise Conflict(_("这份交接单已经交出，内容不同。请重新打开。"))
            return found
        _check(post, given)
        made = HandOver.objects.create(
            key=given.key,
            reason=given.reason,
            giver_id=post.user_id,
            post=post,
            unit_id=post.unit_id,
            area_path=post.area.path,
            receiver_id=given.receiver_id,
            from_day=given.from_day,
            note=given.note.strip(),
            made_at=clock.now(),
            made_by_id=actor.user_id if isinstance(actor, Actor) else None,
            earlier=_sent_back(post, given.earlier_id),
        )
        _write_lines(made, post, given.lines)
        _tell(made, made.receiver_id, "handover", post.user.name)
        return made


def answer(actor: Actor, handover_id: int, *, accept: bool, note: str = "") -> HandOver:
    """The successor accepts the list or sends it back with a remark, once.

    Accepting a list for good makes the successor the handler of what the giver had in hand. Raises
    NotFound for anybody else, Conflict when it was answered, Invalid without a remark.
    """
    with transaction.atomic(), acting_as(OFFICE):
        waiting = HandOver.objects.select_for_update(of=("self",)).select_related("receiver")
        found = waiting.filter(pk=handover_id, receiver_id=actor.user_id).first()
        if found is None:
            raise NotFound(_("没有找到这份交接单。"))
        if found.state != HandOver.State.WAITING:
            raise Conflict(_("这份交接单已经处理过了。"))
        if not accept and not note.strip():
            raise Invalid({"note": _("退回时请写明哪里要补充或更正。")})
        if len(note) > LONGEST_ANSWER:
            raise Invalid({"note": _("最多 %(most)d 字。") % {"most": LONGEST_ANSWER}})
        found.state = HandOver.State.ACCEPTED if accept else HandOver.State.SENT_BACK
        found.answered_at, found.answer = clock.now(), note.strip()
        found.save(update_fields=["state", "answered_at", "answer"])
        if accept and found.reason in _FOR_GOOD:
            lines = HandOverLine.objects.filter(handover=found, case__isnull=False)
            pass_handler(actor, list(lines.values_list("case_id", flat=True)), found.giver_id)
        kind = "handover_accepted" if accept else "handover_sent_back"
        for user_id in {found.giver_id, found.made_by_id or found.giver_id}:
            _tell(found, user_id, kind, found.receiver.name)
        return found


def givable(actor: AnyActor, post_id: int) -> Post:
    """The post, if the actor may hand it over: its holder, the head of its unit, an administrator; else NotFound."""
    post = Post.objects.select_related("user", "unit", "area").filter(pk=post_id).first()
    if post is None or not _may_give(actor, post):
        raise NotFound(_("没有找到这个岗位。"))
    return post


def _may_give(actor: AnyActor, post: Post) -> bool:
    if may_administer(actor):
        return True
    if not isinstance(actor, Actor):
        return False
    heads = [own.unit_id for own in actor.posts if own.role in HEAD_ROLES and own.unit_id]
    return actor.user_id == post.user_id or post.unit_id in heads


def _check(post: Post, given: Given) -> None:
    wrong = {}
    if given.reason not in HandOver.Reason.values:
        wrong["reason"] = _("请选择交接的原因。")
    if not could_follow(post).filter(pk=given.receiver_id).exists():
        wrong["receiver"] = _("接收人须是同一单位或区域里在岗的同事。")
    if given.from_day < clock.today():
        wrong["from_day"] = _("开始日期不能早于今天。")
    if len(given.note) > LONGEST_NOTE:
        wrong["note"] = _("最多 %(most)d 字。") % {"most": LONGEST_NOTE}
    if any(len(words) > LONGEST_LINE_NOTE for words in given.lines.values()):
        wrong["lines"] = _("每行的说明最多 %(most)d 字。") % {"most": LONGEST_LINE_NOTE}
    if wrong:
        raise Invalid(wrong)


def _sent_back(post: Post, earlier_id: int | None) -> HandOver | None:
    """The list that this one answers: sent back, of the same post, and not followed yet."""
    if earlier_id is None:
        return None
    found: HandOver | None = HandOver.objects.filter(
        pk=earlier_id, post=post, state=HandOver.State.SENT_BACK, later__isnull=True
    ).first()
    return found


def _write_lines(made: HandOver, post: Post, words: Mapping[str, str]) -> None:
    HandOverLine.objects.bulk_create(
        HandOverLine(
            handover=made,
            position=position,
            kind=line.kind,
            case_id=line.case_id,
            facts=line.facts,
            note=words.get(line.key, "").strip(),
        )
        for position, line in enumerate(draft(post, clock.now()), start=1)
    )


def _tell(made: HandOver, user_id: int, kind: str, name: str) -> None:
    if not User.objects.filter(pk=user_id, is_active=True).exists():
        return
    params = {"handover": made.pk, "address": name, "number": made.from_day.isoformat()}
    notice = Notice(
        user_id=user_id, kind=kind, params=params, dedupe=f"{kind}:{made.pk}", made_at=clock.now()
    )
    Notice.objects.bulk_create([notice], ignore_conflicts=True)
