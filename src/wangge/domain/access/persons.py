"""Pseudonyms of the people who were looked at: one key a person, destroyed with them."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

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
    kept = PersonKey.objects.filter(kind=person.kind, of=person.of).first()
    if kept is None:
        # Two first looks at once: one of the keys stays, and both read that.
        fresh = PersonKey(kind=person.kind, of=person.of, key=seal(secrets.token_hex(32), _LABEL))
        PersonKey.objects.bulk_create([fresh], ignore_conflicts=True)
        kept = PersonKey.objects.get(kind=person.kind, of=person.of)
    return _name(kept)


def pseudonyms(kind: str, ids: Iterable[int]) -> dict[int, str]:
    """Pseudonyms by number, of those who were looked at before (1 statement)."""
    return {kept.of: _name(kept) for kept in PersonKey.objects.filter(kind=kind, of__in=list(ids))}


def forget(kind: str, ids: Iterable[int]) -> None:
    """Destroy the keys: from now on nobody can tell whose data those looks were at."""
    PersonKey.objects.filter(kind=kind, of__in=list(ids)).delete()


def _name(kept: PersonKey) -> str:
    key = bytes.fromhex(unseal(bytes(kept.key), _LABEL))
    return hmac.new(key, f"{kept.kind} {kept.of}".encode(), hashlib.sha256).hexdigest()
