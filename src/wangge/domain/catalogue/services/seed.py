"""The seed at setup: what a new installation starts with."""

import csv
from collections.abc import Iterator
from datetime import date
from importlib import resources

from django.db import transaction

from wangge.domain.catalogue.models import Condition, Matter

_BEGINNING = date(2000, 1, 1)


@transaction.atomic
def load_seed() -> None:
    """Fill an empty catalogue from seed/*.csv; an installation's own edits are never overwritten.

    An installation of before gets the English of explanations that it left as they were.
    """
    if Matter.objects.exists():
        _add_english()
        return
    matters = [
        Matter(
            kind=row["kind"],
            code=row["code"],
            group_code=row["group_code"],
            group_name=row["group_name"],
            name=row["name"],
            name_en=row["name_en"],
            explain=row["explain"],
            explain_en=row["explain_en"],
            not_to_confuse=row["not_to_confuse"],
            lead_role=row["lead_role"],
            legacy_code=row["legacy_code"],
            frequent_rank=int(row["frequent_rank"]) if row["frequent_rank"] else None,
            enabled=row["enabled"] == "1",
        )
        for row in _rows("matters.csv")
    ]
    by_key = {(matter.kind, matter.code): matter for matter in Matter.objects.bulk_create(matters)}
    Condition.objects.bulk_create(
        Condition(
            matter=by_key[row["kind"], row["code"]],
            number=int(row["condition_no"]),
            text=row["condition"],
            text_en=row["condition_en"],
            amount=int(row["amount"]),
            unit=row["unit"],
            emergency=row["emergency"] == "1",
            level=row["level"],
            procedure=row["procedure"],
            closing_condition=row["closing_condition"],
            closing_condition_en=row["closing_condition_en"],
            proof=row["proof"],
            on_the_spot=row["on_the_spot"] == "1",
            valid=(_BEGINNING, None),
        )
        for row in _rows("conditions.csv")
    )


def _add_english() -> None:
    texts = {(row["kind"], row["code"], row["explain"]): row["explain_en"] for row in _rows("matters.csv")}
    silent = Matter.objects.filter(explain_en="").exclude(explain="")
    told = [matter for matter in silent if texts.get((matter.kind, matter.code, matter.explain))]
    for matter in told:
        matter.explain_en = texts[matter.kind, matter.code, matter.explain]
    Matter.objects.bulk_update(told, ["explain_en"])


def _rows(name: str) -> Iterator[dict[str, str]]:
    with resources.files("wangge.domain.catalogue.seed").joinpath(name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)
