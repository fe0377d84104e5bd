"""A case in residents' words. Units are named, members of staff never."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wangge.domain.cases.choices import closing_words
from wangge.domain.cases.models import Case, CaseEvent
from wangge.domain.catalogue.models import Condition
from wangge.engines.flow import State
from wangge.faces.web import tones
from wangge.platform import clock

STEPS = (_("收到"), _("派单"), _("处理"), _("核查回访"), _("办结"))

# state: where it stands, and what happens next
STATES: dict[str, tuple[str | Promise, str | Promise]] = {
    "reported": (_("已收到，等社区受理"), _("社区会判断该由谁来办；情况不清楚时，先派网格员到现场看。")),
    "verifying": (_("网格员正在现场核实"), _("核实清楚后，社区决定是否立案。")),
    "refusal_review": (
        _("社区认为不属于受理范围，街道正在复核"),
        _("复核后告诉您受理还是不受理，以及理由。"),
    ),
    "approval_station": (_("正在审批（社区）"), _("审批通过并公示后，安排单位来办。")),
    "approval_street": (_("正在审批（街道）"), _("审批通过并公示后，安排单位来办。")),
    "approval_district": (_("正在审批（区）"), _("审批通过并公示后，安排单位来办。")),
    "publicity": (_("审批通过，正在公示"), _("公示期满没有异议，就安排单位来办。")),
    "filed": (_("已立案，正在安排单位来办"), _("派给负责的单位后，这里会写明是哪个单位。")),
    "dispatched": (_("已派给负责的单位，等它接单"), _("接单后开始处理；单位迟迟不接，上一级会督促。")),
    "arbitration": (
        _("由谁来办有不同意见，上一级正在裁定"),
        _("裁定后马上交办；裁定期间时限照算，不会停。"),
    ),
    "handling": (_("正在处理"), _("处理完会有人到现场核查，核查的人不是处理的人。")),
    "suspension_review": (_("负责的单位申请暂缓，正在审批"), _("不同意暂缓就继续处理，时限不变。")),
    "suspended": (_("眼下办不了，经批准暂缓"), _("到了写明的日期，会自动恢复办理。")),
    "checking": (_("已处理，正在现场核查"), _("核查没通过，会退回重新处理。")),
    "callback": (_("核查通过，请您说说办得怎么样"), _("您可以现在评价，也可以等工作人员联系您。")),
    "closing": (_("核查完毕，准备办结"), _("还没解决的话，现在就可以提出异议。")),
    "closed": (_("已办结"), _("如果没有真正解决，办结后15日内可以提出异议。")),
    "refused": (_("不予受理"), _("理由写在下面。有新的情况，欢迎重新上报。")),
    "merged": (_("和另一件上报是同一件事，已合并办理"), _("进展以合并后的那一件为准。")),
    "void": (_("这份上报已作废"), _("如果弄错了，请重新上报，或打电话问社区。")),
}

# Where it stands in words for everybody, where those above speak to the reporter.
_FOR_ALL: dict[str, str | Promise] = {"callback": _("核查通过，正在回访"), "suspended": _("经批准暂缓")}

# move: sentence, icon, whether its note was written for the reporter to read
_Sentence = tuple[str | Promise, str, bool]
_MOVES: dict[str, _Sentence] = {
    "report": (_("收到您的上报"), "inbox", False),
    "ask_check": (_("安排网格员到现场核实"), "search", False),
    "confirm_refusal": (_("街道复核后，不予受理"), "ban", False),
    "reject_approval": (_("审批没有通过"), "ban", True),
    "approve_district": (_("审批通过，开始公示"), "speakerphone", False),
    "end_publicity": (_("公示期满"), "checks", False),
    "file": (_("已立案"), "file-text", False),
    "file_emergency": (_("按紧急情况立案，已通知各级，并派给{to}"), "urgent", False),
    "settle": (_("网格员当场处理了"), "tool", True),
    "dispatch": (_("派给{to}"), "send", False),
    "arbitrate": (_("经裁定，由{to}负责"), "gavel", False),
    "accept": (_("{by}接单，开始处理"), "player-play", False),
    "return": (_("{by}退回，正在重新安排"), "arrow-back-up", False),
    "finish": (_("{by}报告已处理"), "tool", True),
    "fail_check": (_("核查没有通过，退回重新处理"), "repeat", False),
    "pass_check": (_("核查通过"), "clipboard-check", False),
    "grant_extension": (_("经两级批准延长时限，改为{due}前"), "clock-plus", False),
    "approve_suspension": (_("经批准暂缓到{until}"), "player-pause", False),
    "resume": (_("恢复办理"), "player-play", False),
    "call_back": (_("工作人员回访"), "phone-call", False),
    "rate": (_("您作了评价"), "star", True),
    "rate_later": (_("您作了评价"), "star", True),
    "ask_review": (_("您申请了复议"), "message", True),
    "close": (_("办结：{closing}"), "circle-check", False),
    "object": (_("您提出异议"), "message", True),
    "merge": (_("和另一件上报合并办理"), "arrow-merge", False),
    "void": (_("作废"), "circle-x", True),
}
_BY_REPORTER = {"urge": (_("您催办了一次"), "speakerphone", True)}
_BY_STAFF = {"urge": (_("工作人员催办了一次"), "speakerphone", False)}
_UNKNOWN: _Sentence = (_("有新的进展"), "circle", False)


# What the page says after the reporter's own move.
DONE = {
    "urge": _("已催办，负责的单位会看到。"),
    "rate": _("谢谢，您的评价已记下。"),
    "rate_later": _("谢谢，您的评价已记下。"),
    "ask_review": _("已收到，街道会再复核一次。"),
    "object": _("已收到您的异议，会重新处理。"),
}
TOO_LATE = _("这一步刚刚已经不能办了，请看最新进展。")


@dataclass(frozen=True, slots=True)
class Step:
    """One of the five steps: done, current or to come."""

    name: str | Promise
    mark: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when, or since when: a label and a day."""

    label: str
    day: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline, as web/parts/timeline.html reads it."""

    title: str
    at: datetime
    icon: str
    note: str
    tone: str = ""
    who: str = ""
    photos: tuple[Any, ...] = ()


def stands_for_all(state: str) -> str | Promise:
    """Where a case stands, on pages that anybody reads."""
    return _FOR_ALL.get(state) or STATES.get(state, ("", ""))[0]


def steps(state: State) -> list[Step]:
    """The five steps as a stepper; none for a report that ended without being handled."""
    if state.key in ("refused", "merged", "void"):
        return []
    here = len(STEPS) + 1 if state.end else state.step
    marks = ["done" if number < here else "current" if number == here else "later" for number in range(1, 6)]
    return [Step(name, mark) for name, mark in zip(STEPS, marks, strict=True)]


def deadline(case: Case) -> Deadline:
    """The one date that matters to the reporter now."""
    if case.ended:
        return Deadline(gettext("结束时间"), day(case.closed_at))
    if case.paused_until:
        return Deadline(gettext("暂缓到"), day(localtime(case.paused_until).date()))
    if case.handled_at:
        return Deadline(gettext("处理完成"), day(case.handled_at))
    if case.case_due_at:
        late = case.case_due_at < clock.now()
        label = gettext("应在此前办好（已超期，上一级在督促）") if late else gettext("最晚办好")
        return Deadline(label, day(case.case_due_at), late)
    late = bool(case.due_at and case.due_at < clock.now())
    return Deadline(gettext("最晚答复是否受理"), day(case.due_at), late)


def entry_of(event: CaseEvent, condition: Condition | None = None) -> Entry:
    """A public event of a case filed by the condition, in residents' words."""
    own = event.actor_kind == "reporter"
    table = _MOVES | (_BY_REPORTER if own else _BY_STAFF)
    sentence, icon, shows_note = table.get(event.move, _UNKNOWN)
    gaps = {name: fill(event, condition) for name, fill in _GAPS.items() if f"{{{name}}}" in str(sentence)}
    return Entry(
        title=str(sentence).format(**gaps),
        at=event.at,
        icon=icon,
        note=event.note if shows_note or own else "",
        tone=tones.STATE_TONES.get(event.target, tones.UNKNOWN_STATE)[0] if event.seq > 1 else "",
    )


def day(moment: date | datetime | None) -> str:
    """A day, with the hour for a moment, in the page's language: 11月24日 18:00."""
    if moment is None:
        return gettext("未定")
    local = localtime(moment) if isinstance(moment, datetime) else moment
    return date_format(local, gettext("n月j日 H:i") if isinstance(local, datetime) else gettext("n月j日"))


def _unit(unit: Any) -> str:
    return unit.short_name if unit else gettext("负责的单位")


def _due(event: CaseEvent) -> str:
    value = event.after.get("case_due_at")
    return day(parse_datetime(value) if value else None)


def _until(event: CaseEvent) -> str:
    value = event.after.get("paused_until")
    moment = parse_datetime(value) if value else None
    return day(localtime(moment).date() if moment else None)


_GAPS: dict[str, Callable[[CaseEvent, Condition | None], str]] = {
    "to": lambda event, _condition: _unit(event.unit_to),
    "by": lambda event, _condition: _unit(event.unit),
    "due": lambda event, _condition: _due(event),
    "until": lambda event, _condition: _until(event),
    "closing": lambda event, condition: closing_words(event.data.get("closing_condition", ""), condition),
}
