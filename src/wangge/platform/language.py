"""The reader's language, and the words of things that carry both Chinese and English."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _


def english() -> bool:
    return (get_language() or "").startswith("en")


def named(thing: Any, attribute: str = "name") -> str:
    """The words of a thing in the reader's language: `name_en` in English where there is one, otherwise `name`.

    `attribute` stands for "name" where the words are in other ones ("text" and "text_en"); "" for nothing.
    """
    if thing is None:
        return ""
    translated = getattr(thing, f"{attribute}_en", "") if english() else ""
    return str(translated or getattr(thing, attribute) or "")


def listed(words: Iterable[str]) -> str:
    """Several words as one enumeration: 甲、乙."""
    return _("、").join(words)
