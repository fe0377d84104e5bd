"""Personal data fields: each with its purpose, legal basis, class and retention; those of the sensitive class encrypted.

The four declarations are keyword arguments without defaults. A model with one declared field declares all of them,
or names those that say nothing about the person in `IMPERSONAL`; anything else stops the start.
Encrypted values are AES-256-GCM (nonce 12 bytes, then ciphertext with tag); the key is outside the database.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_noop

CASE_ENDED = gettext_noop("结案")


@dataclass(frozen=True, slots=True)
class Declaration:
    """Why a personal value is kept: stated to the person and checked at start."""

    purpose: str
    basis: str
    data_class: str
    retention_days: int
    counted_from: str = CASE_ENDED


FieldT = TypeVar("FieldT", bound="models.Field[Any, Any]")


def about_person(
    field: FieldT,
    *,
    purpose: str,
    basis: str,
    data_class: str,
    retention_days: int,
    counted_from: str = CASE_ENDED,
) -> FieldT:
    """Declare a column about a person that PostgreSQL must read (a year, a choice, a day) and so is not encrypted."""
    declared = Declaration(purpose, basis, data_class, retention_days, counted_from)
    vars(field)["declaration"] = declared
    return field


class PersonalTextField(models.BinaryField):
    """A text about a person, encrypted; reads and writes `str`."""

    def __init__(
        self,
        *,
        purpose: str,
        basis: str,
        data_class: str,
        retention_days: int,
        max_chars: int,
        counted_from: str = CASE_ENDED,
        **options: Any,
    ) -> None:
        self.declaration = Declaration(purpose, basis, data_class, retention_days, counted_from)
        self.max_chars = max_chars
        options.setdefault("editable", True)
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        declared = self.declaration
        kwargs |= {
            "purpose": declared.purpose,
            "basis": declared.basis,
            "data_class": declared.data_class,
            "retention_days": declared.retention_days,
            "max_chars": self.max_chars,
        }
        if declared.counted_from != CASE_ENDED:
            kwargs["counted_from"] = declared.counted_from
        return name, path, args, kwargs

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(seal(value, self._label()) if value else b"", connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        return unseal(bytes(value), self._label()) if value else ""

    def to_python(self, value: Any) -> Any:
        return value

    def _label(self) -> str:
        return f"{self.model._meta.label}.{self.attname}"


def declared() -> list[tuple[str, str, Declaration]]:
    """Every personal field of the product: model, column and what it declares, in the order of the tables."""
    return [
        (model._meta.label, field.attname, field.declaration)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if hasattr(field, "declaration")
    ]


def undeclared() -> list[str]:
    """Columns of models with a person in them that neither declare why they are kept nor stand in IMPERSONAL."""
    return [
        f"{model._meta.label}.{field.attname}"
        for model in apps.get_models()
        if any(hasattr(field, "declaration") for field in model._meta.concrete_fields)
        for field in model._meta.concrete_fields
        if not (hasattr(field, "declaration") or field.primary_key or field.is_relation)
        and field.name not in getattr(model, "IMPERSONAL", ())
    ]


def seal(text: str, label: str) -> bytes:
    """Encrypt `text`; `label` binds the value to its column."""
    nonce = os.urandom(12)
    return nonce + _cipher().encrypt(nonce, text.encode(), label.encode())


def unseal(sealed: bytes, label: str) -> str:
    """The text again; raises cryptography's InvalidTag when the bytes were changed or moved to another column."""
    return _cipher().decrypt(sealed[:12], sealed[12:], label.encode()).decode()


def derived_key(use: str) -> bytes:
    """A 32-byte key for one use, derived from the installation's personal key."""
    return _derived(settings.PERSONAL_KEY, use)


def blind(text: str, label: str) -> str:
    """A mark by which equal values of a column are found without being read (HMAC-SHA256, 64 hex digits)."""
    return hmac.new(_blind_key(label), text.encode(), hashlib.sha256).hexdigest()


def mark(text: str, label: str) -> int:
    """The same in 64 bits with a sign, for an index of many: who finds rows by it compares the values themselves."""
    digest = hmac.digest(_blind_key(label), text.encode(), "sha256")
    return int.from_bytes(digest[:8], "big", signed=True)


@cache
def _derived(key: str, use: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=use.encode()).derive(key.encode())


@cache
def _blind_key(label: str) -> bytes:
    return derived_key(f"blind index {label}")


@cache
def _cipher() -> AESGCM:
    return AESGCM(derived_key("personal fields"))
