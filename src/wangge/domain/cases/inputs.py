"""What a person filled in for a move, checked field by field and brought to plain values."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.domain.access.models import Unit
from wangge.domain.cases.choices import choices_of
from wangge.domain.catalogue.models import Condition, Matter
from wangge.domain.places.models import Area
from wangge.engines.flow import Field, Move
from wangge.platform.errors import Invalid
from wangge.platform.given import day
from wangge.platform.language import named

LONGEST_TEXT = 200
LONGEST_LONG_TEXT = 2000
_OTHER_CENTURY = gettext_lazy("须为 1900 年至 2199 年之间的日期。")


def clean(move: Move, raw: Mapping[str, Any], images: Sequence[bytes]) -> dict[str, Any]:
    """Values of the move's fields by key: ids as int, dates as date, booleans, trimmed text; empty ones left out.

    Fields that the move does not ask for are ignored. Raises Invalid naming each wrong field.
    """
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for field in move.ask:
        if field.type == "photos":
            if images:
                values[field.key] = len(images)
            continue
        given = raw.get(field.key)
        if given is None or given in ("", []):
            continue
        try:
            values[field.key] = _READERS[field.type](field, given)
        except (ValueError, TypeError, KeyError) as error:
            problem = str(error) if isinstance(error, _Wrong) else _("填写有误。")
            wrong[field.key] = _("“%(field)s”%(problem)s") % {"field": named(field), "problem": problem}
    if wrong:
        raise Invalid(wrong)
    if "condition" in values:
        values["procedure"] = Condition.objects.values_list("procedure", flat=True).get(
            pk=values["condition"]
        )
    return values


class _Wrong(ValueError):
    """With words for the person."""


def _text(field: Field, given: Any) -> str:
    text = "".join(c for c in str(given).strip() if c == "\n" or c.isprintable())
    most = LONGEST_LONG_TEXT if field.type == "long_text" else LONGEST_TEXT
    if len(text) > most:
        raise _Wrong(_("最多 %(most)d 字，现在 %(length)d 字。") % {"most": most, "length": len(text)})
    return text


def _number(field: Field, given: Any) -> int:
    number = int(given)
    if not 0 <= number <= 100_000:
        raise _Wrong(_("超出范围。"))
    return number


def _boolean(field: Field, given: Any) -> bool:
    if isinstance(given, bool):
        return given
    return {"1": True, "true": True, "on": True, "yes": True, "0": False, "false": False, "no": False}[
        str(given).lower()
    ]


def _date(field: Field, given: Any) -> date:
    found = day(given)
    if found is None:
        raise _Wrong(_OTHER_CENTURY)
    return found


def _choice(field: Field, given: Any) -> Any:
    if field.options == "closing_conditions":
        return _text(field, given)
    if str(given) not in _allowed(field):
        raise _Wrong(_("不在可选范围内。"))
    return int(given) if field.options == "satisfaction" else str(given)


def _choices(field: Field, given: Any) -> list[str]:
    chosen = [str(value) for value in (given if isinstance(given, list | tuple) else [given])]
    if set(chosen) - _allowed(field):
        raise _Wrong(_("不在可选范围内。"))
    return chosen


def _allowed(field: Field) -> set[str]:
    return {choice.value for choice in field.choices or choices_of(field.options)}


def _moment(field: Field, given: Any) -> datetime:
    moment = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    if day(moment.date()) is None:
        raise _Wrong(_OTHER_CENTURY)
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _row(model: Any, **filters: Any) -> Callable[[Field, Any], int]:
    def read(field: Field, given: Any) -> int:
        found: int | None = (
            model.objects.filter(pk=int(given), **filters).values_list("pk", flat=True).first()
        )
        if found is None:
            raise _Wrong(_("不存在或已停用，请重新选择。"))
        return found

    return read


def _units(field: Field, given: Any) -> list[int]:
    wanted = {int(value) for value in (given if isinstance(given, list | tuple) else [given])}
    found = set(Unit.objects.filter(pk__in=wanted, active=True).values_list("pk", flat=True))
    if wanted - found:
        raise _Wrong(_("有单位不存在或已停用。"))
    return sorted(found)


_READERS: dict[str, Callable[[Field, Any], Any]] = {
    "text": _text,
    "long_text": _text,
    "case": _text,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "datetime": _moment,
    "choice": _choice,
    "choices": _choices,
    "area": _row(Area, active=True),
    "unit": _row(Unit, active=True),
    "units": _units,
    "matter": _row(Matter, enabled=True),
    "condition": _row(Condition),
}
