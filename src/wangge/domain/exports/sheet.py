"""The spreadsheet of a list of cases: what a line says, and what it never says."""

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from wangge.domain.cases.models import Case, Channel
from wangge.domain.cases.services.processes import definition_of
from wangge.domain.cases.vocabulary import LIGHT_NAMES
from wangge.platform.language import named
from wangge.platform.sheets.writing import Column, Value

# Seven digits or more in somebody's words may be a telephone's or an identity card's; a date is neither.
_LONG_NUMBER = re.compile(r"(?<!\d)(?!20\d\d-\d{1,2}-\d{1,2}(?!\d))\d(?:[\- ]?\d){6,}")


def columns() -> list[Column]:
    return [
        Column(_("编号"), 22),
        Column(_("事项"), 24),
        Column(_("内容"), 40),
        Column(_("社区、网格"), 18),
        Column(_("地址"), 24),
        Column(_("渠道"), 12),
        Column(_("状态"), 12),
        Column(_("时限"), 10),
        Column(_("责任单位"), 18),
        Column(_("上报时间"), 17),
        Column(_("期限"), 17),
        Column(_("结束时间"), 17),
    ]


def lines(cases: Iterable[Case]) -> Iterator[list[Value]]:
    """A line a case, in the order of `columns`; no name, no telephone."""
    for case in cases:
        yield [
            case.number,
            named(case.matter) if case.matter else "",
            without_numbers(case.description),
            case.area.short_name,
            without_numbers(case.address),
            str(Channel(case.channel).label),
            named(definition_of(case.process_id).state(case.state)),
            str(LIGHT_NAMES[case.light]),
            case.responsible.short_name,
            case.reported_at,
            case.case_due_at or case.due_at,
            case.closed_at,
        ]


def without_numbers(text: str) -> str:
    """The words with every number of seven digits or more covered."""
    return _LONG_NUMBER.sub(lambda found: "*" * len(found.group()), text)
