"""A draft's own life: begun, dropped, published."""

from contextlib import ExitStack
from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, AnyActor
from wangge.domain.access.policy import may_administer
from wangge.domain.cases.services.dispatching import end_responsibility, of_duties, set_responsibility
from wangge.domain.catalogue import services as catalogue
from wangge.domain.catalogue.models import Subject
from wangge.domain.catalogue.services.revisions import recorded
from wangge.domain.catalogue.services.snapshots import of_calendar, of_matter
from wangge.domain.rulebook.models import Draft, DraftChange, DraftState, Kind
from wangge.domain.rulebook.problems import problems_of
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed, NotFound

_SNAPSHOTS = {Subject.MATTER: of_matter, Subject.CALENDAR: of_calendar, Subject.DUTIES: of_duties}


def must_administer(actor: AnyActor) -> None:
    if not may_administer(actor):
        raise NotAllowed(_("只有平台管理员可以编写变更方案。"))


def user_id_of(actor: AnyActor) -> int | None:
    return actor.user_id if isinstance(actor, Actor) else None


def new_draft(actor: AnyActor, name: str, note: str = "") -> Draft:
    """Begin a draft. Invalid without a name."""
    must_administer(actor)
    if not name.strip():
        raise Invalid({"name": _("请给方案起个名字。")})
    now = clock.now()
    return Draft.objects.create(
        name=name.strip()[:80],
        note=note.strip()[:500],
        author_id=user_id_of(actor),
        made_at=now,
        edited_at=now,
    )


def open_draft(draft_id: int) -> Draft:
    """The draft, locked for an edit. Conflict when it is published or dropped, NotFound for none."""
    draft = Draft.objects.select_for_update().filter(pk=draft_id).first()
    if draft is None:
        raise NotFound(_("没有这个变更方案。"))
    if draft.state != DraftState.OPEN:
        raise Conflict(_("这个方案已经发布或放弃，不能再改。"))
    return draft


def touched(draft: Draft) -> None:
    """Note an edit: whatever was simulated before is stale."""
    Draft.objects.filter(pk=draft.pk).update(version=F("version") + 1, edited_at=clock.now())


@transaction.atomic
def drop(actor: AnyActor, draft_id: int) -> None:
    """Give a draft up; it stays readable."""
    must_administer(actor)
    draft = open_draft(draft_id)
    draft.state = DraftState.DROPPED
    draft.save(update_fields=["state"])


@transaction.atomic
def publish(actor: AnyActor, draft_id: int, starts_on: date, *, version: int | None = None) -> Draft:
    """Make all changes hold from a day on, together or not at all.

    Conditions and rows of the list begin that day; days of the calendar are their own dates. `version` is the
    draft as the publisher saw it. Raises Invalid with every problem, Conflict when it was edited meanwhile.
    """
    must_administer(actor)
    draft = open_draft(draft_id)
    if version is not None and version != draft.version:
        raise Conflict(_("方案在您打开之后又改过，请看过新的内容再发布。"))
    if starts_on < clock.today():
        raise Invalid({"starts_on": _("生效日期不能早于今天。")})
    changes = list(draft.changes.all())
    if not changes:
        raise Invalid({"starts_on": _("方案里还没有改动。")})
    if faults := [problem for problem in problems_of(draft, starts_on) if problem.blocks]:
        raise Invalid({f"problem{n}": problem.text for n, problem in enumerate(faults)})
    note = _("变更方案“%(name)s”") % {"name": draft.name}
    with ExitStack() as stack:
        for subject, of in sorted({_subject(change) for change in changes}):
            stack.enter_context(recorded(actor, Subject(subject), of, _SNAPSHOTS[Subject(subject)], note))
        for change in changes:
            _carry_out(actor, change, starts_on)
    draft.state, draft.starts_on = DraftState.PUBLISHED, starts_on
    draft.published_at, draft.published_by_id = clock.now(), user_id_of(actor)
    draft.save()
    return draft


def _subject(change: DraftChange) -> tuple[str, int]:
    if change.kind in (Kind.CONDITION, Kind.END_CONDITION):
        assert change.matter_id is not None
        return Subject.MATTER.value, change.matter_id
    assert change.area_id is not None
    return (Subject.CALENDAR if change.kind == Kind.DAY else Subject.DUTIES).value, change.area_id


def _carry_out(actor: AnyActor, change: DraftChange, starts_on: date) -> None:
    values, base = change.values, change.base
    match change.kind:
        case Kind.CONDITION if base:
            catalogue.revise_condition(actor, base["id"], values, starts_on=starts_on)
        case Kind.CONDITION:
            assert change.matter_id is not None
            catalogue.add_condition(actor, change.matter_id, values, starts_on=starts_on)
        case Kind.END_CONDITION:
            catalogue.end_condition(actor, base["id"], on=starts_on)
        case Kind.DUTY:
            assert change.area_id is not None
            set_responsibility(actor, area_id=change.area_id, starts_on=starts_on, **values)
        case Kind.END_DUTY:
            end_responsibility(actor, base["id"], on=starts_on)
        case Kind.DAY:
            _carry_out_day(actor, change)


def _carry_out_day(actor: AnyActor, change: DraftChange) -> None:
    day, values = date.fromisoformat(change.values["day"]), change.values
    assert change.area_id is not None
    if values["working"] is None:
        catalogue.clear_override(actor, change.area_id, day)
    else:
        catalogue.override_day(actor, change.area_id, day, working=values["working"], note=values["note"])
