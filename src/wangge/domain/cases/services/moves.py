"""One road for every change of a case: who may, what it does, its history and its event."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.domain.access.actor import ActivePost, Actor, AnyActor, System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases import rules, timing
from wangge.domain.cases.inputs import clean
from wangge.domain.cases.models import Case, Support
from wangge.domain.cases.queries.single import locked, visible
from wangge.domain.cases.services import history
from wangge.domain.cases.services.centres import owner_of
from wangge.domain.cases.services.change import Change
from wangge.domain.cases.services.effects import EFFECTS, keep_photos
from wangge.domain.cases.services.processes import definition_of
from wangge.domain.cases.services.words import keep_words
from wangge.domain.cases.vocabulary import PUBLIC_MOVES
from wangge.engines.flow import Move, Outcome, Refused, decide
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed, NotFound, WanggeError
from wangge.platform.language import named
from wangge.platform.outbox.services import publish

STALE = gettext_lazy("别人刚刚处理过这个案件，请看最新情况后再操作。")
# Fields that a move changes beside those its history row names.
UNTRACKED = ("version", "light", "yellow_at", "timer_at", "timers_done")
MISSING = gettext_lazy("没有找到这个案件，或者它不在您的范围内。")


def move(
    actor: AnyActor,
    case_id: int,
    key: str,
    data: dict[str, Any] | None = None,
    *,
    version: int | None = None,
    images: Sequence[bytes] = (),
) -> Case:
    """Make one move. `version` is the one the person saw: Conflict if the case has moved on since.

    Raises NotFound outside the actor's scope, NotAllowed with the reason, Invalid naming the
    fields; then nothing is changed.
    """
    see(actor, case_id)
    with transaction.atomic(), acting_as(System(f"move {key}")):
        case = lock(case_id, version)
        now = clock.now()
        definition = definition_of(case.process_id)
        wanted = definition.move(key) if definition.has_move(key) else None
        given = clean(wanted, data or {}, images) if wanted else {}
        try:
            outcome = decide(
                definition,
                case.state,
                key,
                rules.standing(actor, case),
                rules.facts(actor, case, now, given),
                given,
                branches_of(case),
            )
        except Refused as refusal:
            raise as_error(refusal, wanted) from refusal
        change = Change(
            case,
            actor,
            key,
            given,
            now,
            case.state,
            outcome.target,
            acting_post(actor, case, outcome),
            images,
        )
        return carry_out(change, outcome)


def see(actor: AnyActor, case_id: int) -> None:
    """Raises NotFound unless the actor may see the case."""
    with acting_as(actor):
        if not visible(actor, case_id):
            raise NotFound(MISSING)


def lock(case_id: int, version: int | None = None) -> Case:
    """The case, locked until the transaction ends; Conflict if it is not at `version` any more."""
    case = locked(case_id)
    if version is not None and case.version != version:
        raise Conflict(STALE, "stale")
    return case


def carry_out(change: Change, outcome: Outcome, more: Callable[[Change], None] | None = None) -> Case:
    """Effects (and `more` after them), the new state with its owner and clock, history, event: all in the present
    transaction."""
    case, state = change.case, outcome.state
    before = history.snapshot(case)
    for effect in outcome.effects:
        EFFECTS[effect](change)
    if more:
        more(change)
    if change.images:
        keep_photos(change)
    case.state, case.step, case.ended = state.key, state.step, state.end
    case.responsible_id = owner_of(case, state) or case.responsible_id
    if state.key != change.source or case.level != before["level"]:
        timing.enter(case, state, change.now)
    else:
        timing.follow(case, state, change.now)
    shown = change.move in PUBLIC_MOVES
    event = history.append(
        case,
        change.actor,
        change.move,
        at=change.now,
        before=before,
        post=change.post,
        data=change.data,
        public=shown,
    )
    case.save(update_fields=[*event.after, *UNTRACKED])
    if "matter_id" in event.after:
        keep_words([case])
    publish("case.moved", {"case": case.pk, "event": event.pk, **change.notes})
    return case


def move_support(
    actor: AnyActor,
    support_id: int,
    key: str,
    data: dict[str, Any] | None = None,
    *,
    version: int | None = None,
    case_id: int | None = None,
) -> Case:
    """A move of a supporting unit's share; the case's own state stays. With `case_id`, only if it is of that case."""
    with acting_as(System(f"support {key}")):
        found = Support.objects.filter(pk=support_id).values_list("case_id", flat=True).first()
    if found is None or case_id not in (None, found):
        raise NotFound(MISSING)
    see(actor, found)
    with transaction.atomic(), acting_as(System(f"support {key}")):
        case = lock(found, version)
        if case.ended:
            raise Conflict(STALE, "stale")
        share: Support = Support.objects.get(pk=support_id)
        now = clock.now()
        definition = definition_of(case.process_id)
        wanted = definition.move(key, "support") if definition.has_move(key, "support") else None
        given = clean(wanted, data or {}, ()) if wanted else {}
        own = _own_share(actor, case, share)
        try:
            outcome = decide(
                definition,
                share.state,
                key,
                own,
                rules.facts(actor, case, now, given),
                given,
                branch="support",
            )
        except Refused as refusal:
            raise as_error(refusal, wanted) from refusal
        share.state, share.note = outcome.target, str(given.get("note") or share.note)[:500]
        share.ended_at = now if outcome.state.end else None
        share.save()
        before = history.snapshot(case)
        post = acting_post(actor, case, outcome)
        if isinstance(actor, Actor) and post and post.unit_id == share.unit_id:
            # Who supports has handled: they do not judge the case afterwards.
            case.handlers = list(dict.fromkeys([*case.handlers, actor.user_id]))
        event = history.append(
            case, actor, key, at=now, before=before, post=post, data=given | {"support_unit": share.unit_id}
        )
        case.save(update_fields=[*event.after, "version"])
        publish("case.moved", {"case": case.pk, "event": event.pk})
        return case


def branches_of(case: Case) -> dict[str, list[str]]:
    """States of the parallel shares, for joins."""
    if not case.support_units:
        return {}
    return {"support": list(Support.objects.filter(case=case).values_list("state", flat=True))}


def acting_post(actor: AnyActor, case: Case, outcome: Outcome) -> ActivePost | None:
    """The post by which the actor may make this move: an own one before one stood in for."""
    if not isinstance(actor, Actor):
        return None
    allowed = frozenset(outcome.move.who)
    return next(
        (
            post
            for post in actor.posts
            if rules.standing(Actor(actor.user_id, actor.name, (post,)), case) & allowed
        ),
        None,
    )


def as_error(refusal: Refused, move: Move | None) -> WanggeError:
    """The engine's refusal of a move as an error for the person, in their language."""
    if refusal.code == "missing_field" and move:
        missing = (asked for asked in move.ask if asked.key in refusal.fields)
        return Invalid({asked.key: _("请填写“%(field)s”。") % {"field": named(asked)} for asked in missing})
    if refusal.code == "wrong_state":
        return Conflict(STALE, "stale")
    return NotAllowed(named(refusal, "text"), refusal.code)


def _own_share(actor: AnyActor, case: Case, share: Support) -> frozenset[str]:
    """Standing in which "support" means this very share, not another unit's."""
    own = isinstance(actor, Actor) and share.unit_id in actor.unit_ids
    return frozenset(place for place in rules.standing(actor, case) if own or not place.endswith("@support"))
