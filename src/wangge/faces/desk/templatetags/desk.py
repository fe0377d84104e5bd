"""Filters of the staff pages: words by language."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from wangge.domain.cases.services.processes import definition_of
from wangge.engines.search import highlights, parts
from wangge.faces.desk import notice_words, row_html, words
from wangge.platform import language

register = template.Library()
register.simple_tag(row_html.case_rows)
register.simple_tag(row_html.work_rows)


@register.filter
def worded(thing: Any, key: str = "text") -> str:
    """{{ condition|worded }}, {{ move|worded:"why" }}: the words in the reader's language."""
    return language.named(thing, key)


@register.simple_tag
def either(chinese: str, english: str) -> str:
    """{% either name name_en %}: the text in the reader's language, Chinese where there is no English."""
    return english if english and language.english() else chinese


@register.simple_tag
def hit(text: str, words: str = "") -> SafeString:
    """{% hit text words %}: the text with the words that were looked for marked."""
    pieces = highlights(str(text), words)
    return format_html_join("", "{}{}{}", ((_OPEN[marked], piece, _SHUT[marked]) for piece, marked in pieces))


_OPEN = (SafeString(""), SafeString("<mark>"))
_SHUT = (SafeString(""), SafeString("</mark>"))
_BEFORE, _AROUND = 20, 90


@register.simple_tag
def snippet(text: str, words: str) -> SafeString:
    """{% snippet text words %}: the part of a long text round the first of the words, marked."""
    lower = text.lower()
    places = [at for part in parts(words) if (at := lower.find(part.lower())) >= 0]
    start = max(min(places, default=0) - _BEFORE, 0)
    shown = text[start : start + _AROUND]
    before, after = "…" * (start > 0), "…" * (start + _AROUND < len(text))
    return format_html("{}{}{}", before, hit(shown, words), after)


@register.filter
def limit(condition: Any) -> str:
    """{{ condition|limit }}: the deadline of a condition in words."""
    return words.limit_words(condition.amount, condition.unit)


@register.filter
def level_name(level: str) -> str:
    return str(words.CASE_LEVEL_NAMES.get(level, level))


@register.filter
def case_title(case: Any) -> str:
    """{{ case|case_title }} of a list row: its matter, or the reporter's words."""
    return words.case_title(case)


@register.filter
def state_name(case: Any) -> str:
    """{{ case|state_name }}: its state as its own process names it."""
    return language.named(definition_of(case.process_id).state(case.state))


@register.filter
def place(case: Any) -> str:
    """{{ case|place }}: area and address, each place named once."""
    return words.place_words(case.area.name, case.address)


@register.filter
def role_name(role: str) -> str:
    return words.role_name(role)


@register.filter
def post_words(post: Any) -> str:
    return words.post_words(post)


@register.filter
def sentence(notice: Any) -> str:
    """{{ notice|sentence }}: a notice in words."""
    return notice_words.sentence(notice)
