"""Filters and tags of residents' pages."""

from datetime import timedelta
from typing import Any

from django import template
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def span(length: timedelta) -> str:
    """A span in one plain unit, rounded up so that it never promises too much: 25分钟, 3小时, 2天."""
    minutes = -(-int(length.total_seconds()) // 60)
    if minutes < 90:
        return ngettext("%d 分钟", "%d 分钟", minutes) % max(minutes, 1)
    hours = -(-minutes // 60)
    if hours < 48:
        return ngettext("%d 小时", "%d 小时", hours) % hours
    days = -(-hours // 24)
    return ngettext("%d 天", "%d 天", days) % days


@register.simple_tag
def own_url(way: Any, name: str, *words: str) -> str:
    """An address below the page of one's own data, by the way one came."""
    return str(way.url(name, *words))
