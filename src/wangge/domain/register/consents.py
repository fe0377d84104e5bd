"""The texts that care is agreed to with, all their versions."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Consent:
    """A version of a text, such as care-1."""

    key: str
    version: int
    title: str
    body: str
    title_en: str
    body_en: str

    @property
    def name(self) -> str:
        return f"{self.key}-{self.version}"


@cache
def consents() -> dict[str, Consent]:
    """All versions by name."""
    given = tomllib.loads(Path(__file__).with_name("consents.toml").read_text("utf-8"))["texts"]
    return {found.name: found for found in (Consent(**text) for text in given)}


def newest(key: str = "care") -> Consent:
    """The version that is agreed to today."""
    return max((text for text in consents().values() if text.key == key), key=lambda text: text.version)
