"""Many households at once by COPY, sealed and marked on the way: for imports and the demo."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor, AnyActor, System
from wangge.domain.access.policy import near_paths
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import Area
from wangge.domain.register.models import (
    Household,
    NameMark,
    Organisation,
    Relation,
    Residence,
    Resident,
    Stay,
    Tenancy,
)
from wangge.domain.register.rules import name_marks, name_of, phone_mark, phone_of
from wangge.platform.db.copying import copy_in, take_ids
from wangge.platform.errors import NotAllowed
from wangge.platform.personal import seal

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class NewResident:
    """One person; what is not known stays as it is here."""

    name: str
    phone: str = ""
    birth_year: int | None = None
    relation: str = Relation.OTHER
    residence: str = Residence.UNKNOWN
    since: date | None = None


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """A household in a dwelling; `area_id` is the grid of the dwelling, `origin` names the import it came with."""

    dwelling_id: int
    area_id: int
    residents: Sequence[NewResident]
    stay: str = Stay.UNKNOWN
    since: date | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class NewTenancy:
    """A dwelling let to a household; `household_id` as `load` gave it."""

    dwelling_id: int
    area_id: int
    household_id: int | None
    landlord: str
    landlord_phone: str
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """An organisation; `credit_code` was checked by whoever made the row."""

    area_id: int
    name: str
    kind: str
    credit_code: str | None = None
    building_id: int | None = None
    dwelling_id: int | None = None
    address: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    since: date | None = None


@transaction.atomic
def load(actor: AnyActor, households: Iterable[NewHousehold]) -> list[int]:
    """Write households with their residents, in the order given; the ids of the households.

    Every value was checked before (services.people.checked, or an import). Raises NotAllowed for an area that the
    actor does not keep. Holds CHUNK households in memory at a time.
    """
    ids: list[int] = []
    with acting_as(System("households in bulk")):
        for chunk in _chunks(households):
            _check(actor, {one.area_id for one in chunk})
            ids += _load(chunk)
    return ids


def _load(chunk: list[NewHousehold]) -> list[int]:
    household_ids = take_ids(Household, len(chunk))
    copy_in(
        Household,
        ("id", "key", "area", "version", "dwelling", "stay", "since", "origin"),
        (
            (pk, uuid.uuid4(), one.area_id, 0, one.dwelling_id, one.stay, one.since, one.origin)
            for pk, one in zip(household_ids, chunk, strict=True)
        ),
    )
    people = [
        (household, one.area_id, person)
        for household, one in zip(household_ids, chunk, strict=True)
        for person in one.residents
    ]
    ids = take_ids(Resident, len(people))
    copy_in(
        Resident,
        (
            *("id", "key", "area", "version", "household", "name", "phone", "phone_mark"),
            *("birth_year", "relation", "residence", "since"),
        ),
        (_resident(pk, *found) for pk, found in zip(ids, people, strict=True)),
    )
    copy_in(
        NameMark,
        ("resident", "area", "mark"),
        (
            (pk, area, mark)
            for pk, (_household, area, person) in zip(ids, people, strict=True)
            for mark in name_marks(person.name)
        ),
    )
    return household_ids


def _resident(pk: int, household: int, area: int, person: NewResident) -> tuple[Any, ...]:
    phone = phone_of(person.phone)
    return (
        *(pk, uuid.uuid4(), area, 0, household),
        *(
            sealed(Resident, "name", name_of(person.name)),
            sealed(Resident, "phone", phone),
            phone_mark(phone),
        ),
        *(person.birth_year, person.relation, person.residence, person.since),
    )


@transaction.atomic
def load_tenancies(actor: AnyActor, tenancies: Iterable[NewTenancy]) -> int:
    """Write tenancies; how many."""
    with acting_as(System("tenancies in bulk")):
        rows = list(tenancies)
        _check(actor, {one.area_id for one in rows})
        return copy_in(
            Tenancy,
            (
                *("key", "area", "version", "dwelling", "household", "landlord", "landlord_phone"),
                *("starts_on", "ends_on"),
            ),
            (
                (
                    *(uuid.uuid4(), one.area_id, 0, one.dwelling_id, one.household_id),
                    sealed(Tenancy, "landlord", name_of(one.landlord)),
                    sealed(Tenancy, "landlord_phone", phone_of(one.landlord_phone)),
                    *(one.starts_on, one.ends_on),
                )
                for one in rows
            ),
        )


@transaction.atomic
def load_organisations(actor: AnyActor, organisations: Iterable[NewOrganisation]) -> int:
    """Write organisations; how many."""
    with acting_as(System("organisations in bulk")):
        rows = list(organisations)
        _check(actor, {one.area_id for one in rows})
        return copy_in(
            Organisation,
            (
                *("key", "area", "version", "name", "kind", "credit_code", "building", "dwelling", "address"),
                *("contact_name", "contact_phone", "since"),
            ),
            (
                (
                    *(uuid.uuid4(), one.area_id, 0, one.name, one.kind, one.credit_code),
                    *(one.building_id, one.dwelling_id, one.address),
                    sealed(Organisation, "contact_name", name_of(one.contact_name)),
                    sealed(Organisation, "contact_phone", phone_of(one.contact_phone)),
                    one.since,
                )
                for one in rows
            ),
        )


def sealed(model: Any, column: str, text: str) -> bytes:
    """A value as its PersonalTextField writes it."""
    return seal(text, f"{model._meta.label}.{column}") if text else b""


def _chunks(households: Iterable[NewHousehold]) -> Iterator[list[NewHousehold]]:
    rows = iter(households)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _check(actor: AnyActor, areas: set[int]) -> None:
    if isinstance(actor, System):
        return
    paths = near_paths(actor) if isinstance(actor, Actor) else ()
    found = Area.objects.filter(pk__in=areas).values_list("path", flat=True)
    if not all(path.startswith(paths) for path in found):
        raise NotAllowed(_("住户登记由所在网格和社区的人员维护。"))
