"""A case's history in words: who did what, from whom to whom, and what it changed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from wangge.domain.access.models import Unit
from wangge.domain.cases.choices import closing_words, reason_name
from wangge.domain.cases.models import Case, CaseEvent, Channel, Photo, Sound
from wangge.domain.catalogue.models import Condition, Matter
from wangge.engines.flow import Definition, Field, Move
from wangge.faces.desk.words import role_name
from wangge.platform.language import listed, named

# What happens without a move of the process: title, icon, tone.
_OWN: dict[str, tuple[str | Promise, str, str]] = {
    "report": (lazy("上报"), "map-pin-plus", "active"),
    "correct": (lazy("更正文字"), "pencil", ""),
    "turned_red": (lazy("超过时限"), "clock-exclamation", "red"),
    "timer_remind": (lazy("系统提醒"), "bell", ""),
    "timer_escalate": (lazy("系统上报上级"), "arrow-up", "yellow"),
    "absorb": (lazy("并入一个重复案件"), "arrow-merge", ""),
    "split_off": (lazy("由其他案件拆分"), "arrows-split", ""),
    "area_changed": (lazy("网格调整，按位置重新归属"), "sitemap", ""),
    "joined_rating": (lazy("被合并案件的上报人评价"), "star", ""),
    "handed_over": (lazy("交接给接手人"), "user-check", ""),
    "passed_on": (lazy("单位停用，移交接续单位"), "arrow-right", ""),
}
_ICONS = {
    "settle": "circle-check", "file": "file-text", "file_emergency": "urgent", "ask_check": "search",
    "report_check": "clipboard-check", "dispatch": "send", "accept": "player-play", "return": "arrow-back-up",
    "arbitrate": "gavel", "finish": "circle-check", "pass_check": "checks", "fail_check": "x", "call_back": "phone-call",
    "rate": "star", "close": "archive", "object": "thumb-down", "urge": "speakerphone", "supervise": "flag",
    "comment": "message-2", "note": "pencil", "ask_extension": "clock-plus", "ask_suspension": "player-pause",
    "resume": "player-play", "merge": "arrow-merge", "split": "arrows-split", "void": "trash", "escalate": "arrow-up",
    "send_down": "arrow-down", "appeal": "scale",
    "approve_extension": "checks", "grant_extension": "checks", "refuse_extension": "x", "approve_suspension": "checks",
    "refuse_suspension": "x", "approve_station": "checks", "approve_street": "checks", "approve_district": "checks",
    "reject_approval": "x", "propose_refusal": "ban", "confirm_refusal": "ban", "raise_alarm": "urgent",
    "reclassify": "tag", "recall": "arrow-back-up", "support_accept": "users-group", "support_done": "users-group",
}  # fmt: skip
_TONES = {"primary": "active", "danger": "danger"}
_ACTORS: dict[str, str | Promise] = {
    "reporter": lazy("上报人"),
    "public": lazy("居民"),
    "system": lazy("系统"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history. `facts` are (label, value) pairs in words."""

    at: datetime
    title: str
    icon: str
    tone: str
    who: str
    behalf: str
    place: str
    change: str
    reason: str
    note: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    photos: list[dict[str, str]] = field(default_factory=list)
    sounds: list[Sound] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Names:
    """Rows that events name by id."""

    units: dict[int, Unit]
    matters: dict[int, Matter]
    conditions: dict[int, Condition]
    condition: Condition | None


def entries(
    definition: Definition,
    case: Case,
    events: list[CaseEvent],
    photos: Iterable[Photo],
    sounds: Iterable[Sound] = (),
) -> list[Entry]:
    """The history, newest first (3 statements)."""
    names = _Names(
        Unit.objects.in_bulk(_ids(events, "unit", "supports", "support_unit")),
        Matter.objects.in_bulk(_ids(events, "matter")),
        Condition.objects.in_bulk(_ids(events, "condition")),
        case.condition,
    )
    by_moment: dict[datetime, list[Photo]] = {}
    for photo in photos:
        by_moment.setdefault(photo.made_at, []).append(photo)
    said: dict[datetime, list[Sound]] = {}
    for sound in sounds:
        said.setdefault(sound.made_at, []).append(sound)
    return [
        _entry(definition, event, names, by_moment.get(event.at, []), said.get(event.at, []))
        for event in reversed(events)
    ]


def strip(photos: Iterable[Photo]) -> list[dict[str, str]]:
    """Photos as web/parts/photo_strip.html takes them."""
    return [_picture(photo) for photo in photos]


def _picture(photo: Photo) -> dict[str, str]:
    url = reverse("photo", args=[photo.pk])
    label = str(Photo.Use(photo.use).label)
    taken = timezone.localtime(photo.made_at).strftime("%m-%d %H:%M")
    return {"url": url, "thumb": f"{url}?small", "caption": f"{label} {taken}", "alt": label}


def _entry(
    definition: Definition, event: CaseEvent, names: _Names, photos: list[Photo], sounds: list[Sound]
) -> Entry:
    move = _move(definition, event.move)
    title, icon, tone = _OWN.get(event.move, (event.move, "circle", ""))
    if move:
        title, icon, tone = named(move), _ICONS.get(move.key, "circle"), _TONES.get(move.tone, "")
    return Entry(
        at=event.at,
        title=str(title),
        icon=icon,
        tone=tone,
        who=_who(event),
        behalf=event.on_behalf_of.name if event.on_behalf_of else "",
        place=" · ".join(
            filter(
                None,
                (role_name(event.role) if event.role else "", event.unit.short_name if event.unit else ""),
            )
        ),
        change=_change(definition, event),
        reason=reason_name(event.reason) if event.reason else "",
        note=event.note,
        facts=[*_answers(move, event, names), *_clock(event)],
        photos=strip(photos),
        sounds=sounds,
    )


def _who(event: CaseEvent) -> str:
    if event.user is None:
        return str(_ACTORS.get(event.actor_kind, ""))
    by_system = event.actor_kind == "client"
    return _("%(name)s（系统对接）") % {"name": event.user.name} if by_system else event.user.name


def _move(definition: Definition, key: str) -> Move | None:
    if definition.has_move(key):
        return definition.move(key)
    for branch in definition.branches:
        if definition.has_move(key, branch.key):
            return definition.move(key, branch.key)
    return None


def _change(definition: Definition, event: CaseEvent) -> str:
    """From state to state, and from unit to unit, where they changed."""
    parts = []
    if event.source and event.source != event.target:
        parts.append(f"{named(definition.state(event.source))} → {named(definition.state(event.target))}")
    if event.unit_from and event.unit_to and event.unit_from_id != event.unit_to_id:
        parts.append(f"{event.unit_from.short_name} → {event.unit_to.short_name}")
    return " · ".join(parts)


def _answers(move: Move | None, event: CaseEvent, names: _Names) -> list[tuple[str, str]]:
    """What was filled in, field by field."""
    if event.move == "report" and event.data.get("channel"):
        return [(_("渠道"), str(Channel(event.data["channel"]).label))]
    if event.move == "correct":
        corrected = {"address": _("地址"), "description": _("描述")}
        changed = event.data.get("changed", {}).items()
        return [(corrected[name], f"{old} → {new}") for name, (old, new) in changed if name in corrected]
    asked = [ask for ask in (move.ask if move else ()) if ask.key not in ("note", "reason", "photos")]
    found = [(named(ask), _answer(ask, event.data.get(ask.key), names)) for ask in asked]
    if unit := names.units.get(event.data.get("support_unit", 0)):
        found.append((_("协办单位"), unit.name))
    return [(label, words) for label, words in found if words]


def _answer(ask: Field, value: Any, names: _Names) -> str:
    if value is None or value in ("", []):
        return ""
    match ask.type:
        case "boolean":
            return _("是") if value else _("否")
        case "unit":
            return names.units[value].name if value in names.units else ""
        case "units":
            return listed(names.units[unit].name for unit in value if unit in names.units)
        case "matter":
            return named(names.matters[value]) if value in names.matters else ""
        case "condition":
            return named(names.conditions[value], "text") if value in names.conditions else ""
        case "choice" if ask.options == "closing_conditions":
            return closing_words(str(value), names.condition)
        case "choice":
            return reason_name(str(value))
        case _:
            return str(value)


def _clock(event: CaseEvent) -> list[tuple[str, str]]:
    """Changes of the deadline promised to the reporter, and of a pause."""
    labels = {"case_due_at": _("办理期限"), "paused_until": _("暂停至")}
    return [
        (label, timezone.localtime(moment).strftime("%Y-%m-%d %H:%M"))
        for name, label in labels.items()
        if (moment := parse_datetime(str(event.after.get(name) or "")))
    ]


def _ids(events: list[CaseEvent], *keys: str) -> set[int]:
    found: set[int] = set()
    for event in events:
        for key in keys:
            value = event.data.get(key)
            found |= set(value if isinstance(value, list) else [value] if isinstance(value, int) else [])
    return found
