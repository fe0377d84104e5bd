"""The option lists that fields of the case process name."""

from wangge.domain.cases.models import Case
from wangge.domain.catalogue.models import Condition
from wangge.domain.catalogue.reasons import REASON_LISTS, Reason
from wangge.platform.language import named

_FINDINGS = (
    Reason("true", "属实", "True"),
    Reason("partly", "部分属实", "Partly true"),
    Reason("not_found", "现场未发现", "Not found on the spot"),
)
# 5 to 1, as residents are asked on the phone.
_SATISFACTION = (
    Reason("5", "满意", "Satisfied"),
    Reason("4", "基本满意", "Fairly satisfied"),
    Reason("3", "一般", "Neither"),
    Reason("2", "不满意", "Dissatisfied"),
    Reason("1", "很不满意", "Very dissatisfied"),
)


def choices_of(options: str | None) -> tuple[Reason, ...]:
    """The choices of a named list; () for one that depends on the case (closing_conditions)."""
    own = {"findings": _FINDINGS, "satisfaction": _SATISFACTION, "closing_conditions": ()}
    return own[options] if options in own else REASON_LISTS[options or ""]


def closing_conditions(case: Case) -> tuple[Reason, ...]:
    """The condition's own closing text first, then the general ones; no free text closes a case."""
    return _closing(case.condition)


def _closing(own: Condition | None) -> tuple[Reason, ...]:
    first = (Reason("own", own.closing_condition, own.closing_condition_en),) if own else ()
    return first + REASON_LISTS["closing_conditions_general"]


def closing_words(text: str, condition: Condition | None) -> str:
    """A stored closing condition of a case filed by this condition, in the reader's language."""
    return next((named(found) for found in _closing(condition) if found.name == text), text)


def reason_name(value: str) -> str:
    """The words of a stored reason value in the reader's language; the value itself if no list knows it."""
    for reasons in (*REASON_LISTS.values(), _FINDINGS, _SATISFACTION):
        for reason in reasons:
            if reason.value == value:
                return named(reason)
    return value
