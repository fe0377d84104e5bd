"""Tokens: pairs of Chinese characters, threes of digits, whole words of letters.

A run of characters of one kind is cut at every place, so that any fragment of it is found: a fragment
as long as a token or longer by the tokens in it, a shorter one by the beginning of a token. A hit is a
candidate; whoever asks checks it against the text.
"""

import re
from collections.abc import Iterator

# Characters of a token by kind; a word of letters is one token.
_CHINESE, _DIGITS = 2, 3
# Ideographs of the basic plane with extension A and compatibility, and of the planes above.
_IDEOGRAPHS = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<chinese>[{_IDEOGRAPHS}]+)|(?P<digits>[0-9]+)|(?P<letters>[^\W\d_{_IDEOGRAPHS}]+)")
_SIZES = {"chinese": _CHINESE, "digits": _DIGITS}
# A longer word is found by its beginning.
_LONGEST = 40


def tokens(text: str) -> frozenset[str]:
    """What the index keeps of a text; every token is letters or digits alone."""
    return frozenset(token for kind, run in _runs(text) for token in _cut(kind, run))


def query(words: str) -> str:
    """PostgreSQL tsquery that every text with the words matches; "" when there is nothing to look for.

    A word of letters is found from its beginning on; Chinese and digits anywhere.
    """
    asked = dict.fromkeys(term for kind, run in _runs(words) for term in _asked(kind, run))
    return " & ".join(asked)


def parts(words: str) -> list[str]:
    """The words as typed, apart at spaces, each once: what a hit must hold one by one."""
    return list(dict.fromkeys(words.split()))


def highlights(text: str, words: str) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is one of the words; together they are the text."""
    wanted = sorted(parts(words), key=len, reverse=True)
    if not wanted:
        return [(text, False)] if text else []
    pieces = re.split(f"({'|'.join(map(re.escape, wanted))})", text, flags=re.IGNORECASE)
    return [(piece, place % 2 == 1) for place, piece in enumerate(pieces) if piece]


def _runs(text: str) -> Iterator[tuple[str, str]]:
    return ((str(found.lastgroup), found[0]) for found in _RUN.finditer(text.casefold()))


def _cut(kind: str, run: str) -> Iterator[str]:
    if (size := _SIZES.get(kind)) is None:
        return iter((run[:_LONGEST],))
    return (run[start : start + size] for start in range(len(run)))


def _asked(kind: str, run: str) -> Iterator[str]:
    size = _SIZES.get(kind)
    if size is None or len(run) < size:
        return iter((f"'{run[:_LONGEST]}':*",))
    return (f"'{run[start : start + size]}'" for start in range(len(run) - size + 1))
