"""Writes of the catalogue: the seed at setup, and an administrator's edits as new rows."""

import csv
from collections.abc import Iterator
from datetime import date
from importlib import resources
from typing import Any

from django.db import transaction

from wangge.domain.access.actor import AnyActor
from wangge.domain.access.policy import may_administer
from wangge.domain.catalogue.models import Condition, Matter
from wangge.platform import clock
from wangge.platform.errors import NotAllowed

_BEGINNING = date(2000, 1, 1)


@transaction.atomic
def load_seed() -> None:
    """Fill an empty catalogue from seed/*.csv; an installation's own edits are never overwritten."""
    if Matter.objects.exists():
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


@transaction.atomic
def revise_condition(actor: AnyActor, condition_id: int, changes: dict[str, Any]) -> Condition:
    """End a condition today and begin its changed copy; cases keep the row they were filed by."""
    if not may_administer(actor):
        raise NotAllowed("只有平台管理员可以修改事项目录。")
    old = Condition.objects.select_for_update().get(pk=condition_id)
    today = clock.today()
    begins = old.valid.lower
    if begins == today:
        for name, value in changes.items():
            setattr(old, name, value)
        old.save()
        return old
    Condition.objects.filter(pk=old.pk).update(valid=(begins, today))
    old.pk, old.valid = None, (today, None)
    for name, value in changes.items():
        setattr(old, name, value)
    old.save(force_insert=True)
    return old


def set_enabled(actor: AnyActor, matter_id: int, enabled: bool) -> None:
    """Offer a matter for reporting, or stop offering it."""
    if not may_administer(actor):
        raise NotAllowed("只有平台管理员可以修改事项目录。")
    Matter.objects.filter(pk=matter_id).update(enabled=enabled)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with resources.files("wangge.domain.catalogue.seed").joinpath(name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
