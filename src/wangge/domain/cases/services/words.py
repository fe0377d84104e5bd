"""Keeping the index of words: what a case is found by."""

from collections.abc import Iterable

from django.db import connection, transaction

from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.engines.search import tokens

CHUNK = 2000


def keep_words(cases: Iterable[Case]) -> None:
    """Write what these cases are found by; call it as the system in the transaction that wrote them (1 statement)."""
    found = [(case.pk, " ".join(sorted(tokens(_text(case))))) for case in cases]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT wangge_keep_words(%s::bigint[], %s::text[])",
            [[pk for pk, _words in found], [words for _pk, words in found]],
        )


def keep_missing_words() -> int:
    """Index the cases that came by another way than a report, each chunk in a transaction; returns how many."""
    done = last = 0
    while chunk := _without_words(last):
        with transaction.atomic(), acting_as(System("index of words")):
            keep_words(Case.objects.filter(pk__in=chunk).select_related("matter"))
        done, last = done + len(chunk), chunk[-1]
    return done


def _without_words(after: int) -> list[int]:
    with acting_as(System("index of words")), connection.cursor() as cursor:
        cursor.execute("SELECT wangge_cases_without_words(%s, %s)", [after, CHUNK])
        return [pk for (pk,) in cursor.fetchall()]


def _text(case: Case) -> str:
    matter = case.matter
    named = [matter.name, matter.name_en] if matter else []
    return "\n".join([case.number, case.address, case.description, *named])
