"""Words of the catalogue and the organisation in the reader's language."""

from datetime import timedelta
from typing import Any

from django import template
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Role
from wangge.domain.access.models import ROLE_NAMES, ReadLog
from wangge.domain.cases.models import Procedure
from wangge.domain.catalogue.calendar import Day
from wangge.domain.catalogue.models import Condition
from wangge.domain.catalogue.words import DUTIES, PROOFS
from wangge.domain.places.models import Level
from wangge.engines.worktime import Duration, Unit
from wangge.faces.desk.words import USE_LETTERS
from wangge.platform.language import english, named

register = template.Library()


@register.filter
def said(thing: Any, name: str = "name") -> str:
    """The thing's text in the reader's language: `name_en` in English when there is one, otherwise `name`."""
    return named(thing, name)


_SUBJECTS = {
    "case": gettext_lazy("案件（内部编号 %s）"),
    "order import": gettext_lazy("第 %s 次工单导入"),
    "list": gettext_lazy("%s 件案件的清单"),
    "read log": gettext_lazy("查看记录"),
    "enrolment": gettext_lazy("住户清单（编号 %s）"),
    "resident": gettext_lazy("居民"),
    "landlord": gettext_lazy("出租人"),
    "organisation": gettext_lazy("单位联系人"),
}
_CHANNELS = {
    "desk": gettext_lazy("网页"),
    "export": gettext_lazy("导出"),
    "print": gettext_lazy("打印"),
    "import": gettext_lazy("导入"),
    "api": gettext_lazy("接口"),
    "portal": gettext_lazy("本人网页"),
}


@register.filter
def look_words(look: ReadLog) -> str:
    """What was looked at and by which way: 案件（内部编号 12） · 网页. What is not known stays as it was written."""
    number = "".join(filter(str.isdigit, look.subject))
    about = next((words for kind, words in _SUBJECTS.items() if look.subject.startswith(kind)), None)
    subject = look.subject if about is None else str(about) % number if number else str(about)
    # Of a person only the first signs of the pseudonym, so that looks at one can be told from looks at many.
    who = _("（代号 %s）") % look.person[:8] if look.person and not number else ""
    return f"{subject}{who} · {_CHANNELS.get(look.channel, look.channel)}"


@register.filter
def limit_words(condition: Condition) -> str:
    """2个工作日, 4个紧急工作时."""
    return Duration(condition.amount, Unit(condition.unit)).name(get_language() or "")


@register.filter
def duty_name(duty: str) -> str:
    return str(DUTIES.get(duty, duty))


@register.filter
def proof_name(proof: str) -> str:
    return str(PROOFS.get(proof, proof))


@register.filter
def level_name(level: str) -> str:
    return str(Level(level).label)


@register.filter
def procedure_name(procedure: str) -> str:
    return str(Procedure(procedure).label)


@register.filter
def role_name(role: str) -> str:
    return str(ROLE_NAMES[Role(role)])


@register.filter
def item(mapping: dict[Any, Any], key: Any) -> Any:
    """The value of a key, nothing when it is missing."""
    return mapping.get(key, "")


@register.filter
def day_class(day: Day) -> str:
    """How a day looks in the calendar."""
    look = "cal-work" if day.working else "cal-off"
    if day.official is not None:
        look = "cal-makeup" if day.official else "cal-holiday"
    return f"{look} cal-own" if day.override else look


@register.filter
def day_words(day: Day) -> str:
    """上班 or 休息, and why: a holiday, a make-up day, the district's own note."""
    words = [_("上班") if day.working else _("休息")]
    if day.name:
        name = day.name[1] if english() else day.name[0]
        words.append(_("%s调休") % name if day.official else name)
    if day.override:
        words.append(day.override.note)
    return " · ".join(words)


@register.filter
def hours_words(run: timedelta) -> str:
    """3小时30分 of working time."""
    hours, minutes = divmod(round(run.total_seconds() / 60), 60)
    parts = [_("%s小时") % hours if hours else "", _("%s分") % minutes if minutes else ""]
    return " ".join(part for part in parts if part) or _("不到1分")


@register.filter
def words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


@register.filter
def use_letter(use: str) -> str:
    """The sign of a dwelling's use: 住, 租, 空."""
    return str(USE_LETTERS[use])
