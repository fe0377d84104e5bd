"""Erasure: the rows go, the key of the pseudonym goes, and a list outside the database remembers it, so that a
restored backup brings nobody back. The list holds random keys of rows and no data."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import System
from wangge.domain.access.persons import forget
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Contact
from wangge.domain.register.models import Detail, Resident
from wangge.domain.register.services.details import NEEDS
from wangge.platform import clock
from wangge.platform.errors import Conflict

ERASER = System("erasure")


@transaction.atomic
def erase_resident(resident_id: int) -> None:
    """Nothing of the person stays in the register. Conflict, with the reason, while a service still needs a value by
    law."""
    with acting_as(ERASER):
        resident = Resident.objects.select_for_update().get(pk=resident_id)
        if (
            running := Detail.objects.filter(resident=resident, until__gte=clock.today())
            .order_by("-until")
            .first()
        ):
            raise Conflict(
                _("“%(service)s”正在办理，依规定要保留到 %(day)s。办完后可以删除。")
                % {"service": _(NEEDS[running.need].name), "day": running.until}
            )
        rows = [resident, *resident.merged.all()]
        _remember({"kind": "resident", "key": str(row.key)} for row in rows)
        delete_residents(rows)


@transaction.atomic
def erase_contact(case_id: int) -> None:
    """The name and phone that somebody left with a report. Conflict while the case still runs."""
    with acting_as(ERASER):
        contact = Contact.objects.select_related("case").filter(pk=case_id).first()
        if contact is None:
            return
        if not contact.case.ended:
            raise Conflict(_("这件事还没有办结，回访还要用到联系方式。办结后可以删除。"))
        _remember([{"kind": "contact", "key": str(contact.case.key)}])
        _delete_contacts([contact])


def remembered(*files: Path) -> list[dict[str, str]]:
    """What was erased, by these lists together, in order and once each; a half-written last line is left out."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for file in files:
        for line in file.read_text("utf-8").splitlines() if file.exists() else []:
            try:
                entry = json.loads(line)
                found.setdefault((entry["kind"], entry["key"]), entry)
            except (ValueError, KeyError, TypeError):
                continue
    return list(found.values())


@transaction.atomic
def replay(entries: Iterable[dict[str, str]]) -> int:
    """Erase again what a restored backup brought back; returns how many rows."""
    keys: dict[str, list[str]] = {"resident": [], "contact": []}
    for entry in entries:
        keys.setdefault(entry["kind"], []).append(entry["key"])
    with acting_as(ERASER):
        residents = list(Resident.objects.filter(key__in=keys["resident"]))
        contacts = list(Contact.objects.filter(case__key__in=keys["contact"]).select_related("case"))
        delete_residents(residents)
        _delete_contacts(contacts)
    return len(residents) + len(contacts)


def keep(entries: Iterable[dict[str, str]], file: Path) -> None:
    """Write the whole list anew, at once or not at all."""
    unfinished = file.with_name(f"{file.name}.part")
    unfinished.write_text("".join(f"{json.dumps(entry)}\n" for entry in entries), encoding="utf-8")
    unfinished.rename(file)


def delete_residents(rows: list[Resident]) -> None:
    """Delete residents with all that hangs on them and the keys of their pseudonyms; as the system."""
    ids = [row.pk for row in rows]
    forget("resident", ids)
    # Those that were merged into another go first: they point to it.
    Resident.objects.filter(pk__in=ids, merged_into__isnull=False).delete()
    Resident.objects.filter(merged_into__in=ids).update(merged_into=None)
    Resident.objects.filter(pk__in=ids).delete()


def _remember(entries: Iterable[dict[str, Any]]) -> None:
    """On the disk before the rows go: rather a line too many than somebody who comes back."""
    file: Path = settings.ERASED
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        for entry in entries:
            out.write(json.dumps(entry | {"at": clock.now().isoformat()}) + "\n")
        out.flush()
        os.fsync(out.fileno())


def _delete_contacts(contacts: list[Contact]) -> None:
    ids = [contact.pk for contact in contacts]
    forget("contact", ids)
    Contact.objects.filter(pk__in=ids).delete()
    for contact in contacts:
        contact.case.has_contact = False
        contact.case.save(update_fields=["has_contact"])
