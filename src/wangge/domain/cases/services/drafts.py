"""Drafts of processes: begun, edited step by step, undone, published. Only administrators."""

import hashlib
import json
import tomllib
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, AnyActor
from wangge.domain.access.policy import may_administer
from wangge.domain.cases.models import DraftStep, Process, ProcessDraft, Simulation
from wangge.domain.cases.services.processes import CASE, built_in, in_use, publish
from wangge.domain.cases.vocabulary import VOCABULARY
from wangge.engines.flow import Definition, DefinitionError, Element, Problem, check, editing
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid, NotAllowed, NotFound
from wangge.platform.language import named
from wangge.platform.outbox.services import publish as tell

# Undoing goes back this far; a definition is some 40 KB.
MOST_STEPS = 200
LARGEST_FILE = 1_000_000
Data = dict[str, Any]


@transaction.atomic
def begin(
    actor: AnyActor, *, name: str, note: str = "", base: Process | None = None, data: Data | None = None
) -> ProcessDraft:
    """A draft from a version, from data that was read from a file, or (neither) from the product's own process.

    Raises NotAllowed, Invalid naming the field.
    """
    user_id = _administrator(actor)
    if not name.strip():
        raise Invalid({"name": _("请写一个草稿名称。")})
    begins = Definition.from_data(data or (base.definition if base else built_in().to_data())).to_data()
    if begins["key"] != CASE:
        raise Invalid({"file": _("这个文件不是事件办理流程：key 应为 case。")})
    now = clock.now()
    draft = ProcessDraft.objects.create(
        process=begins["key"],
        based_on=base,
        built_in=base is None and data is None,
        name=name.strip()[:80],
        note=note.strip()[:600],
        data=begins,
        made_by_id=user_id,
        made_at=now,
        edited_by_id=user_id,
        edited_at=now,
    )
    DraftStep.objects.create(
        draft=draft, number=0, what="begin", data=begins, made_by_id=user_id, made_at=now
    )
    return draft


def read_file(name: str, content: bytes) -> Data:
    """The data of a TOML or JSON file. Raises Invalid for `file`, naming the line or the path of the fault."""
    if len(content) > LARGEST_FILE:
        raise Invalid({"file": _("文件太大，流程文件不超过 1 MB。")})
    try:
        text = content.decode("utf-8")
        data = json.loads(text) if name.lower().endswith(".json") else tomllib.loads(text)
        Definition.from_data(data)
    except DefinitionError as error:
        raise Invalid({"file": named(_Said(error.zh, error.en), "text")}) from error
    except (ValueError, RecursionError) as error:
        raise Invalid({"file": _("文件读不懂：%(error)s") % {"error": str(error)[:200]}}) from error
    return dict(data)


def describe(actor: AnyActor, draft_id: int, *, name: str, note: str) -> ProcessDraft:
    """Name the draft and say what and why."""
    user_id = _administrator(actor)
    if not name.strip():
        raise Invalid({"name": _("请写一个草稿名称。")})
    with transaction.atomic():
        draft = _locked(draft_id)
        draft.name, draft.note = name.strip()[:80], note.strip()[:600]
        draft.edited_by_id, draft.edited_at = user_id, clock.now()
        draft.save(update_fields=["name", "note", "edited_by", "edited_at"])
    return draft


def mark(value: Data | None) -> str:
    """A short sign of an element's data, by which a later edit sees whether it is still the same."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16] if value else ""


class Edited(Conflict):
    """Somebody else edited the same element meanwhile; `present` is what it is now (None: removed)."""

    def __init__(self, present: Data | None, by: str) -> None:
        super().__init__(_("%(name)s刚刚改过这一项，请选择保留哪一个。") % {"name": by}, "edited")
        self.present = present
        self.by = by


def put(actor: AnyActor, draft_id: int, element: Element, value: Data, was: str) -> ProcessDraft:
    """Add a state or move, or replace it; `was` is the mark of what the editor saw ("" for a new one).

    Edits of other elements meanwhile do not matter; an edit of the same one to something else raises Edited and
    changes nothing.
    """

    def change(draft: ProcessDraft) -> Data:
        present = editing.find(draft.data, element)
        if mark(present) != was and present != value:
            raise Edited(present, draft.edited_by.name)
        return editing.put(draft.data, element, value)

    return _edit(actor, draft_id, "put" if was else "add", value["name"], change)


def set_head(actor: AnyActor, draft_id: int, *, name: str, name_en: str, start: str) -> ProcessDraft:
    """The name of the process and the state it starts in."""
    values = {"name": name, "name_en": name_en, "start": start}
    return _edit(actor, draft_id, "head", name, lambda draft: draft.data | values)


def remove(actor: AnyActor, draft_id: int, element: Element, version: int) -> ProcessDraft:
    """Take out an element with what cannot do without it; `version` is the draft's that the editor saw."""

    def change(draft: ProcessDraft) -> Data:
        _same(draft, version)
        if any(use.how == "start" for use in editing.uses(draft.data, element)):
            raise Invalid({"start": _("这是流程的起点，请先另选起点再删除。")})
        part = editing.remove(draft.data, element)
        if not _states(part, element.branch):
            raise Invalid({"states": _("至少要留一个状态。")})
        return part

    return _edit(actor, draft_id, "remove", _name(draft_id, element), change)


def duplicate(actor: AnyActor, draft_id: int, element: Element, version: int) -> Element:
    """A copy behind the element, under a key of its own; returns the copy."""
    copies: list[Element] = []

    def change(draft: ProcessDraft) -> Data:
        _same(draft, version)
        key = editing.free_key(draft.data, element)
        copies.append(Element(element.branch, element.kind, key))
        return editing.duplicate(draft.data, element, key)

    _edit(actor, draft_id, "duplicate", _name(draft_id, element), change)
    return copies[0]


def shift(actor: AnyActor, draft_id: int, element: Element, by: int, version: int) -> ProcessDraft:
    """Move an element up (-1) or down (1)."""

    def change(draft: ProcessDraft) -> Data:
        _same(draft, version)
        return editing.shift(draft.data, element, by)

    return _edit(actor, draft_id, "shift", _name(draft_id, element), change)


def step_to(actor: AnyActor, draft_id: int, by: int, version: int) -> ProcessDraft:
    """Undo (-1) or redo (1) one edit; at the end of the steps nothing changes."""
    user_id = _administrator(actor)
    with transaction.atomic():
        draft = _locked(draft_id)
        _same(draft, version)
        found = DraftStep.objects.filter(draft=draft, number=draft.step + by).first()
        if found:
            _stand(draft, found.data, found.number, user_id)
    return draft


def discard(actor: AnyActor, draft_id: int) -> None:
    """Put a draft away; it stays in the database."""
    _administrator(actor)
    with transaction.atomic():
        draft = _locked(draft_id)
        draft.discarded_at = clock.now()
        draft.save(update_fields=["discarded_at"])


def problems_of(data: Data) -> list[Problem]:
    """Everything that stands against publishing; data that is no definition has one problem, at its path."""
    try:
        return check(Definition.from_data(data), VOCABULARY)
    except DefinitionError as error:
        return [Problem("form", error.where, error.zh, error.en)]


def digest(data: Data) -> str:
    """The sign of a definition, for telling whether a simulation was of this one."""
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def is_simulated(draft: ProcessDraft) -> bool:
    """Whether a finished simulation was of the draft as it stands (1 statement)."""
    return draft.simulations.filter(state=Simulation.State.DONE, digest=digest(draft.data)).exists()


def publish_draft(actor: AnyActor, draft_id: int, version: int, *, reason: str = "") -> Process:
    """Make the draft the version of all cases that begin from now on; running ones stay on theirs.

    Needs no problems, and a simulation of exactly this draft or a `reason` why there is none.
    """
    user_id = _administrator(actor)
    with transaction.atomic():
        draft = _locked(draft_id)
        _same(draft, version)
        if not is_simulated(draft) and not reason.strip():
            raise Invalid({"reason": _("请先用以往的事件试算，或写明不试算的理由。")})
        definition = Definition.from_data(draft.data)
        last = Process.objects.select_for_update().filter(key=definition.key).order_by("-version").first()
        if last and last.definition == draft.data:
            raise Invalid({"reason": _("草稿与现行版本相同，没有可发布的修改。")})
        origin = Process.Origin.BUILT_IN if draft.data == built_in().to_data() else Process.Origin.EDITED
        note = "\n".join(part for part in (draft.note, reason.strip()) if part)[:600]
        process = publish(definition, user_id, origin=origin, note=note)
        draft.published = process
        draft.save(update_fields=["published"])
        tell("process.published", {"process": process.pk})
        transaction.on_commit(in_use.forget)
    return process


def _edit(
    actor: AnyActor, draft_id: int, what: str, name: str, change: Callable[[ProcessDraft], Data]
) -> ProcessDraft:
    """One step: `change` gives the new data, or raises; data that is no definition raises Invalid at its path."""
    user_id = _administrator(actor)
    with transaction.atomic():
        draft = _locked(draft_id)
        try:
            data = Definition.from_data(change(draft)).to_data()
        except DefinitionError as error:
            raise Invalid({error.where: named(_Said(error.zh, error.en), "text")}) from error
        if data == draft.data:
            return draft
        DraftStep.objects.filter(draft=draft, number__gt=draft.step).delete()
        DraftStep.objects.filter(draft=draft, number__gt=0, number__lte=draft.step - MOST_STEPS).delete()
        DraftStep.objects.create(
            draft=draft,
            number=draft.step + 1,
            what=what,
            element=name[:200],
            data=data,
            made_by_id=user_id,
            made_at=clock.now(),
        )
        _stand(draft, data, draft.step + 1, user_id)
    return draft


def _stand(draft: ProcessDraft, data: Data, step: int, user_id: int) -> None:
    draft.data, draft.step, draft.version = data, step, draft.version + 1
    draft.edited_by_id, draft.edited_at = user_id, clock.now()
    draft.save(update_fields=["data", "step", "version", "edited_by", "edited_at"])


def _administrator(actor: AnyActor) -> int:
    if not (isinstance(actor, Actor) and may_administer(actor)):
        raise NotAllowed(_("只有平台管理员可以修改办理流程。"))
    return actor.user_id


def _locked(draft_id: int) -> ProcessDraft:
    draft = (
        ProcessDraft.objects.select_for_update(of=("self",))
        .select_related("edited_by")
        .filter(pk=draft_id)
        .first()
    )
    if draft is None:
        raise NotFound(_("没有这个草稿。"))
    if not draft.is_open:
        raise Conflict(_("这个草稿已经发布或放弃，不能再改。"), "closed")
    return draft


def _same(draft: ProcessDraft, version: int) -> None:
    if draft.version != version:
        raise Conflict(
            _("%(name)s刚刚改过这个草稿，请看最新内容后再操作。") % {"name": draft.edited_by.name}, "stale"
        )


def _states(data: Data, branch: str) -> list[Data]:
    part = next((row for row in data.get("branches", ()) if row["key"] == branch), data)
    found: list[Data] = part["states"]
    return found


def _name(draft_id: int, element: Element) -> str:
    """The element's name, for the list of steps. Raises NotFound without draft or element."""
    draft = ProcessDraft.objects.filter(pk=draft_id).first()
    found = editing.find(draft.data, element) if draft else None
    if found is None:
        raise NotFound(_("没有这一项，可能已被删除。"))
    return str(found["name"])


class _Said:
    """A text in both languages."""

    def __init__(self, text: str, text_en: str) -> None:
        self.text = text
        self.text_en = text_en
