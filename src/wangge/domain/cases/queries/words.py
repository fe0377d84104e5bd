"""Cases that hold the words somebody looks for."""

from django.db.models import BigIntegerField, Func, Q, TextField, Value

from wangge.engines.search import parts, query

# Fields whose text is searched, by their way from the case.
SEARCHED = ("description", "address", "number", "matter__name", "matter__name_en")


class _With(Func):
    """Ids of all cases whose index holds the tokens, whoever may see them: only ever a condition on cases."""

    function = "wangge_cases_with"
    template = "(SELECT %(function)s(%(expressions)s))"
    output_field = BigIntegerField()


def holding(words: str) -> Q:
    """Cases of which each word, apart at spaces, stands in one of the searched texts; nothing for signs alone."""
    if not (asked := query(words)):
        return Q(pk__in=[])
    found = Q(pk__in=_With(Value(asked, TextField())))
    for part in parts(words):
        somewhere = Q()
        for field in SEARCHED:
            somewhere |= Q(**{f"{field}__icontains": part})
        found &= somewhere
    return found
