"""Names by language, and the words of a case that its definition does not hold."""

from datetime import timedelta
from functools import lru_cache

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from wangge.domain.access.models import ROLE_NAMES, Post
from wangge.domain.cases.models import Case
from wangge.domain.cases.timing import TimeLeft
from wangge.domain.places.models import DwellingUse
from wangge.engines.codes.names import stem
from wangge.engines.worktime import Duration, Unit
from wangge.platform.language import named

_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)

_JOINTS = " ，,。、；;：:"

CASE_LEVEL_NAMES: dict[str, str | Promise] = {
    "grid": lazy("网格级"),
    "community": lazy("社区级"),
    "street": lazy("街道级"),
    "district": lazy("区级"),
}

# What work_counts names beside the states of the process.
ASKED_NAMES: dict[str, str | Promise] = {"extension": lazy("延期待批"), "appeal": lazy("申诉待审")}

STEP_NAMES = (lazy("发现告知"), lazy("调度派遣"), lazy("事件处理"), lazy("跟踪回访"), lazy("评价结案"))


def place_words(area_name: str, address: str) -> str:
    """Where a case is, each place said once: 后乐园社区第3网格 · 望江楼小区8栋门口."""
    if not area_name or not address or address.startswith(area_name):
        return address or area_name
    divisions, _space, rest = address.partition(" ")
    # The area says street and community already.
    within = bool(rest) and stem(divisions) != divisions
    return f"{area_name} · {rest if within else address}"


def case_title(case: Case) -> str:
    """The matter's name; without one the reporter's words, less the address that stands beside them."""
    if case.matter:
        return named(case.matter)
    return case.description.replace(case.address, "", 1).strip(_JOINTS) or case.description


def role_name(role: str) -> str:
    return str({key.value: name for key, name in ROLE_NAMES.items()}.get(role, role))


def post_place(post: Post) -> str:
    """Where a post is: the grid of a grid worker, the unit of everybody else."""
    place = post.area if post.role in ("grid_worker", "grid_lead") or post.unit is None else post.unit
    return place.short_name or place.name


def post_words(post: Post) -> str:
    """What a post is, where: 网格员 · 龙导尾第三网格."""
    return f"{role_name(post.role)} · {post_place(post)}"


def limit_words(amount: int, unit: str) -> str:
    """A deadline of the catalogue: 2个工作时."""
    return Duration(amount, Unit(unit)).name(get_language() or "zh-hans")


def clock_words(case: Case, left: TimeLeft | None) -> str:
    """What the clock says: 剩 1工作日2时, 超期 40分, 挂账至 12-31; empty for an ended case."""
    if case.paused_until:
        day = timezone.localtime(case.paused_until).strftime("%Y-%m-%d")
        return _("暂停至 %(day)s") % {"day": day}
    if left is None:
        return ""
    span = span_words(abs(left.left), left.basis == "work", left.day)
    return (_("剩 %(span)s") if left.left >= timedelta(0) else _("超期 %(span)s")) % {"span": span}


def span_words(span: timedelta, working: bool, day: timedelta) -> str:
    """At most two units, rounded down; working time says so: 1工作日2时, 3工作时20分, 2天3小时."""
    days, rest = divmod(span, day)
    return _span(days, rest // _HOUR, (rest % _HOUR) // _MINUTE, working, get_language())


@lru_cache(maxsize=4096)
def _span(days: int, hours: int, minutes: int, working: bool, _language: str | None) -> str:
    parts = {"d": days, "h": hours, "m": minutes}
    if days:
        text = _("%(d)s工作日%(h)s时") if working else _("%(d)s天%(h)s小时")
        return (text if hours else (_("%(d)s工作日") if working else _("%(d)s天"))) % parts
    if hours:
        text = _("%(h)s工作时%(m)s分") if working else _("%(h)s小时%(m)s分")
        return (text if minutes else (_("%(h)s工作时") if working else _("%(h)s小时"))) % parts
    return _("%(m)s分") % parts


# One sign for each use of a dwelling, beside its colour.
USE_LETTERS: dict[str, str | Promise] = {
    DwellingUse.OWN: pgettext_lazy("use of a dwelling", "住"),
    DwellingUse.LET: pgettext_lazy("use of a dwelling", "租"),
    DwellingUse.EMPTY: pgettext_lazy("use of a dwelling", "空"),
    DwellingUse.SHOP: pgettext_lazy("use of a dwelling", "商"),
    DwellingUse.OFFICE: pgettext_lazy("use of a dwelling", "办"),
    DwellingUse.OTHER: pgettext_lazy("use of a dwelling", "他"),
    DwellingUse.UNKNOWN: pgettext_lazy("use of a dwelling", "？"),
}
