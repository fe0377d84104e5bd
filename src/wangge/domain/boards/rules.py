"""What a board says in words; pure."""

from collections.abc import Sequence
from datetime import time

from django.utils.translation import gettext as _

MOST_DUTIES = 8
LONGEST_DUTY = 60
KEPT_DAYS = 7

_Periods = Sequence[tuple[time, time]]


def usual_duties() -> list[str]:
    """What the workers of a grid do where nobody wrote anything else."""
    return [
        _("巡查网格里的公共设施和环境，发现问题及时上报"),
        _("听居民反映的事，能当场解决的当场解决，不能的马上转办"),
        _("经本人申请，看望需要照料的老人和行动不便的居民"),
        _("讲解政策和办事指引，帮居民少跑路"),
        _("提醒用电、用气、用火和高空坠物等安全隐患"),
    ]


def hours_words(week: Sequence[_Periods]) -> str:
    """Hours of work from Monday to Sunday in one line: 周一至周五 9:00–12:00、14:00–17:30."""
    days = [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")]
    parts, first = [], 0
    while first < len(week):
        last = first
        while last + 1 < len(week) and week[last + 1] == week[first]:
            last += 1
        if week[first]:
            names = {"first": days[first], "last": days[last]}
            span = days[first] if first == last else _("%(first)s至%(last)s") % names
            parts.append(f"{span} {_joined(week[first])}")
        first = last + 1
    return _("；").join(parts)


def _joined(periods: _Periods) -> str:
    return _("、").join(f"{_clock(begins)}–{_clock(ends)}" for begins, ends in periods)


def _clock(at: time) -> str:
    return f"{at.hour}:{at.minute:02d}"
