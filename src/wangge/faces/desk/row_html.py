"""The lines of a list as HTML, in Python: a page holds a hundred of them, and as templates they cost five times as much.

Everything that people wrote is escaped; the parts that repeat (badges of states, marks, clocks) are kept by their words.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache
from html import escape
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from wangge.faces.desk.rows import Mark, Row
from wangge.faces.desk.words import case_title, place_words
from wangge.faces.web import tones
from wangge.faces.web.templatetags.web import icon, when
from wangge.platform.language import english

_LONGEST_WORDS = 24


@dataclass(frozen=True, slots=True)
class Reader:
    """The zone and the language of whoever reads, asked for once a list and not once a word.

    `pick` labels the tick before each line; "" for who may not act on many cases.
    """

    zone: tzinfo
    english: bool
    address: str
    pick: str

    @classmethod
    def present(cls, picks: object) -> "Reader":
        address = reverse("desk:case", args=[0]).removesuffix("0")
        return cls(timezone.get_current_timezone(), english(), address, _("选择 %(number)s") if picks else "")

    def minute(self, at: datetime | None) -> str:
        return at.astimezone(self.zone).strftime("%Y-%m-%d %H:%M") if at else ""

    def ago(self, at: datetime) -> str:
        """As the tag `when` draws it."""
        return _ago(at.replace(second=0, microsecond=0), self.zone)


def case_rows(rows: Iterable[Row], picks: object = ()) -> SafeString:
    """The lines of the list of cases, with ticks before them if there is something to do to many."""
    reader = Reader.present(picks)
    return SafeString("\n".join(_case_row(row, reader) for row in rows))


def work_rows(rows: Iterable[Row], picks: object = ()) -> SafeString:
    """The lines of my work, with ticks as above."""
    reader, look = Reader.present(picks), _("查看")
    return SafeString("\n".join(_work_row(row, reader, look) for row in rows))


def _case_row(row: Row, reader: Reader) -> str:
    case = row.case
    urgent = ' class="urgent"' if case.emergency and not case.ended else ""
    where = escape(place_words(case.area.name, case.address))
    return (
        f'{_start(row, reader, urgent)}<td class="nowrap" title="{reader.minute(case.due_at)}">{_light(row, reader)}</td>'
        f'<td class="row-number">{case.number}</td>'
        f"<td>{_link(row, reader)} {_marks(row.marks)}</td>"
        f'<td><span class="one-line" title="{where}">{where}</span></td>'
        f"<td>{_state(row, reader)}</td>"
        f'<td class="nowrap">{escape(case.responsible.short_name)}</td>'
        f'<td class="nowrap text-secondary">{reader.ago(case.reported_at)}</td></tr>'
    )


def _work_row(row: Row, reader: Reader, look: str) -> str:
    case = row.case
    urgent = ' class="urgent"' if case.emergency else ""
    asks = " / ".join(f"<strong>{escape(ask)}</strong>" for ask in row.asks)
    asks = asks or f'<span class="text-secondary">{escape(look)}</span>'
    where = escape(place_words(case.area.name, case.address))
    return (
        f'{_start(row, reader, urgent)}<td class="work-clock" title="{reader.minute(case.due_at)}">{_light(row, reader)}</td>'
        f'<td>{_link(row, reader)}<div class="row-sub">{where}</div>'
        f'<div class="row-sub row-number">{case.number} {_marks(row.marks)}</div></td>'
        f'<td class="work-asks">{asks}</td><td>{_state(row, reader)}</td>'
        f'<td class="text-secondary">{reader.ago(case.entered_at)}</td></tr>'
    )


def _start(row: Row, reader: Reader, urgent: str) -> str:
    case = row.case
    begin = f'<tr data-case="{case.pk}"{urgent}>'
    if not reader.pick:
        return begin
    return (
        f'{begin}<td class="row-pick"><input class="form-check-input" type="checkbox" name="case" form="bulk"'
        f' value="{case.pk}" aria-label="{reader.pick % {"number": case.number}}"></td>'
    )


def _link(row: Row, reader: Reader) -> str:
    case = row.case
    words = _name(case.matter, reader) if case.matter else _short(case_title(case))
    return f'<a class="row-link" href="{reader.address}{case.pk}">{escape(words)}</a>'


def _name(thing: Any, reader: Reader) -> str:
    return (thing.name_en if reader.english else "") or thing.name


@lru_cache(maxsize=4096)
def _ago(at: datetime, _zone: tzinfo) -> str:
    return str(when(at))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_WORDS else f"{text[: _LONGEST_WORDS - 1]}…"


def _light(row: Row, reader: Reader) -> str:
    return light_badge(row.light, row.clock, reader.english)


@lru_cache(maxsize=4096)
def light_badge(colour: str, text: str, _english: bool) -> str:
    sign, name = tones.LIGHTS[colour]
    colon = _("：")
    words = f'<span class="visually-hidden">{name}{colon}</span>{escape(text)}' if text else str(name)
    return f'<span class="light tone-{colour}">{icon(sign)}{words}</span>'


def _state(row: Row, reader: Reader) -> str:
    return state_badge(row.case.state, _name(row.state, reader))


@lru_cache(maxsize=512)
def state_badge(state: str, name: str) -> str:
    tone, sign = tones.STATE_TONES.get(state, tones.UNKNOWN_STATE)
    return f'<span class="state tone-{tone}">{icon(sign)}{escape(name)}</span>'


def _marks(marks: tuple[Mark, ...]) -> str:
    return " ".join(mark_badge(mark) for mark in marks)


@lru_cache(maxsize=1024)
def mark_badge(mark: Mark) -> str:
    return f'<span class="tag tone-{mark.tone}">{icon(mark.icon)}{escape(mark.text)}</span>'
