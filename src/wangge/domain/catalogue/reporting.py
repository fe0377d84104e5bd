"""Choosing a matter when something is reported: the frequent ones first, the rest by plain words."""

from wangge.domain.catalogue.models import Matter, MatterKind

_REPORTED = (MatterKind.EVENT, MatterKind.LOCAL)


def frequent_matters() -> list[Matter]:
    """The most frequent matters, to be offered first when something is reported (1 statement)."""
    return list(Matter.objects.filter(enabled=True, frequent_rank__isnull=False).order_by("frequent_rank"))


def matters_like(words: str, most: int = 12) -> list[Matter]:
    """Matters that may be reported and resemble somebody's plain words, the best first (1 statement).

    Chinese has no word borders: what counts is how many pairs of characters they share.
    """
    wanted = _pairs(words)
    rows = Matter.objects.filter(enabled=True, kind__in=_REPORTED).order_by("code")
    found = [
        (len(wanted & _pairs(f"{row.name} {row.explain} {row.name_en} {row.explain_en}")), row)
        for row in rows
    ]
    found = sorted((hit for hit in found if hit[0]), key=lambda hit: -hit[0])
    return [row for _, row in found[:most]]


def _pairs(text: str) -> set[str]:
    plain = text.lower()
    return {plain[n : n + 2] for n in range(len(plain) - 1) if plain[n : n + 2].isalnum()}
