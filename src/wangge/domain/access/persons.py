"""Pseudonyms of the people who were looked at: one key a person, destroyed with them."""

import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q

from wangge.domain.access.models import PersonKey
from wangge.platform.personal import seal, unseal

_LABEL = "access.PersonKey.key"


@dataclass(frozen=True, slots=True)
class Person:
    """Whose data: `kind` contact, resident, landlord ... and the number of that row."""

    kind: str
    of: int


def pseudonym(person: Person) -> str:
    """What the person is called in the log, 64 hex digits; their key is made at the first look (1 or 3 statements)."""
    return pseudonyms_of([person])[person]


def pseudonyms_of(people: Collection[Person]) -> dict[Person, str]:
    """The same for several people at once."""
    found = _kept(people)
    if missing := set(people) - set(found):
        fresh = [
            PersonKey(kind=one.kind, of=one.of, key=seal(secrets.token_hex(32), _LABEL)) for one in missing
        ]
        # Two first looks at once: one of the keys stays, and both read that.
        PersonKey.objects.bulk_create(fresh, ignore_conflicts=True)
        found |= _kept(missing)
    return found


def _kept(people: Collection[Person]) -> dict[Person, str]:
    by_kind: dict[str, list[int]] = {}
    for person in people:
        by_kind.setdefault(person.kind, []).append(person.of)
    wanted = Q(pk__in=[])
    for kind, numbers in by_kind.items():
        wanted |= Q(kind=kind, of__in=numbers)
    return {Person(key.kind, key.of): _name(key) for key in PersonKey.objects.filter(wanted)}


def pseudonyms(kind: str, ids: Iterable[int]) -> dict[int, str]:
    """Pseudonyms by number, of those who were looked at before (1 statement)."""
    return {kept.of: _name(kept) for kept in PersonKey.objects.filter(kind=kind, of__in=list(ids))}


def forget(kind: str, ids: Iterable[int]) -> None:
    """Destroy the keys: from now on nobody can tell whose data those looks were at."""
    PersonKey.objects.filter(kind=kind, of__in=list(ids)).delete()


def _name(kept: PersonKey) -> str:
    key = bytes.fromhex(unseal(bytes(kept.key), _LABEL))
    return hmac.new(key, f"{kept.kind} {kept.of}".encode(), hashlib.sha256).hexdigest()
