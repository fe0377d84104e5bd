"""Personal data fields: encrypted at rest, and each with its purpose, legal basis, class and retention.

The four declarations are keyword arguments without defaults: a field that lacks one stops the start.
Values are AES-256-GCM (nonce 12 bytes, then ciphertext with tag); the key is outside the database.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.apps import apps
from django.conf import settings
from django.db import models


@dataclass(frozen=True, slots=True)
class Declaration:
    """Why a personal value is kept: stated to the person and checked at start."""

    purpose: str
    basis: str
    data_class: str
    retention_days: int


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
        **options: Any,
    ) -> None:
        self.declaration = Declaration(purpose, basis, data_class, retention_days)
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
        if isinstance(field, PersonalTextField)
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
    return HKDF(SHA256(), 32, salt=None, info=use.encode()).derive(settings.PERSONAL_KEY.encode())


def blind(text: str, label: str) -> str:
    """A mark by which equal values of a column are found without being read (HMAC-SHA256, 64 hex digits)."""
    return hmac.new(_blind_key(label), text.encode(), hashlib.sha256).hexdigest()


@cache
def _blind_key(label: str) -> bytes:
    return derived_key(f"blind index {label}")


@cache
def _cipher() -> AESGCM:
    return AESGCM(derived_key("personal fields"))
