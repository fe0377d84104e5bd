"""The rules in plain words: what changed in them, and when a limit would end."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from wangge.domain.access.actor import Actor, AnyActor
from wangge.domain.cases.models import Procedure
from wangge.domain.cases.rules import area_id_at
from wangge.domain.catalogue.calendar import calendar_of
from wangge.domain.catalogue.models import Condition
from wangge.domain.catalogue.words import DUTIES, PROOFS
from wangge.domain.places.models import Level
from wangge.engines.worktime import Duration, Unit, WorkCalendar
from wangge.faces.desk.words import limit_words
from wangge.platform import clock

FIELD_NAMES: dict[str, str | Promise] = {
    "name": lazy("名称"),
    "name_en": lazy("英文名称"),
    "explain": lazy("说明"),
    "explain_en": lazy("说明（英文）"),
    "group_name": lazy("大类名称"),
    "lead_role": lazy("职责领域"),
    "legacy_code": lazy("旧编码"),
    "position": lazy("次序"),
    "enabled": lazy("启用"),
    "text": lazy("立案条件"),
    "text_en": lazy("立案条件（英文）"),
    "limit": lazy("处置时限"),
    "level": lazy("办理层级"),
    "procedure": lazy("办理程序"),
    "closing_condition": lazy("结案条件"),
    "closing_condition_en": lazy("结案条件（英文）"),
    "proof": lazy("结案凭证"),
    "on_the_spot": lazy("网格员可以当场解决"),
    "starts_on": lazy("从哪天起"),
    "unit": lazy("主办单位"),
    "when": lazy("什么时候用这一条"),
    "when_name": lazy("条件说明"),
    "note": lazy("依据"),
    "working": lazy("是否上班"),
    "least": lazy("每个网格最少户数"),
    "most": lazy("每个网格最多户数"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one part that is not as before; "" for what is not there."""

    part: str
    field: str
    before: str
    after: str


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What differs between two versions of a subject (the shapes of snapshots.py), in words."""
    found = list(_fields("", _plain(before), _plain(after)))
    for name, part_words in _PARTS.items():
        old, new = before.get(name) or {}, after.get(name) or {}
        for key in sorted(old.keys() | new.keys()):
            found += _part(part_words(key), _values(old.get(key)), _values(new.get(key)))
    return found


def _plain(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in snapshot.items() if name not in _PARTS}


def _values(part: Any) -> dict[str, Any] | None:
    return {"hours": part} if isinstance(part, str) else part


def _part(part: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[Difference]:
    if before is None or after is None:
        return [Difference(part, "", _whole(before), _whole(after))] if before != after else []
    return list(_fields(part, before, after))


def _whole(values: dict[str, Any] | None) -> str:
    if values is None:
        return ""
    shown = (value_words(name, value) for name, value in _limited(values).items() if name in _TELLING)
    return _("；").join(text for text in shown if text)


def _fields(part: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    old, new = _limited(before), _limited(after)
    for name in new | old:
        if name not in _SILENT and old.get(name) != new.get(name):
            yield Difference(
                part,
                str(FIELD_NAMES.get(name, "")),
                value_words(name, old.get(name)),
                value_words(name, new.get(name)),
            )


def _limited(values: Mapping[str, Any]) -> dict[str, Any]:
    """Amount and unit of a condition as one field."""
    if "amount" not in values:
        return dict(values)
    rest = {name: value for name, value in values.items() if name not in ("amount", "unit")}
    return {"limit": (values["amount"], values["unit"])} | rest


_SILENT = frozenset({"id", "unit_id", "matter_id", "duty", "decided_in_id"})
_TELLING = frozenset({"text", "limit", "unit", "when_name", "working", "note", "hours"})
_PARTS: dict[str, Callable[[str], str]] = {
    "conditions": lambda key: _("条件 %(number)s") % {"number": key},
    "hours": lambda key: str(WEEKDAYS[int(key)]),
    "days": lambda key: key,
    "rows": lambda key: duty_words(key),
}


def duty_words(key: str) -> str:
    """A row of the list by its key: a duty by name, a matter by its code, with its condition."""
    what, _bar, when = key.partition(" | ")
    name = str(DUTIES.get(what, what.rpartition(" ")[2]))
    return f"{name}（{when}）" if when else name


def value_words(name: str, value: Any) -> str:
    """A field's value as people say it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        if name == "working":
            return _("上班") if value else _("不上班")
        return _("是") if value else _("否")
    match name:
        case "limit":
            return limit_words(*value)
        case "level":
            return str(Level(value).label)
        case "procedure":
            return str(Procedure(value).label)
        case "lead_role":
            return str(DUTIES.get(value, value))
        case "proof":
            return str(PROOFS.get(value, value))
    return str(value)


def limit_example(actor: AnyActor) -> Callable[[Condition], str]:
    """Says when a case filed next Friday at 17:00 would be due, by the calendar of the actor's district."""
    district = None
    if isinstance(actor, Actor):
        district = next(
            (found for post in actor.posts if (found := area_id_at(post.area_path, "district"))), None
        )
    calendar = calendar_of(district) if district else WorkCalendar()
    return lambda row: example_words(calendar, row.amount, row.unit)


def example_words(calendar: WorkCalendar, amount: int, unit: str) -> str:
    """周五 17:00 立案，11月30日（周一）10:00 到期."""
    begin = next_friday()
    due = timezone.localtime(calendar.due(begin, Duration(amount, Unit(unit))))
    told = {"from": _moment(begin), "to": _moment(due)}
    return _("%(from)s立案，%(to)s到期") % told


def next_friday() -> datetime:
    """The coming Friday at 17:00 in the district's zone."""
    today = clock.today()
    day = today + timedelta(days=(4 - today.weekday()) % 7 or 7)
    return timezone.make_aware(datetime.combine(day, time(17)))


def _moment(at: datetime) -> str:
    return _("%(month)d月%(day)d日（%(weekday)s）%(time)s") % {
        "month": at.month,
        "day": at.day,
        "weekday": WEEKDAYS_ABBR[at.weekday()],
        "time": f"{at:%H:%M}",
    }
