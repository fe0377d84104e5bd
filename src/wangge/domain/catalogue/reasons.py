"""Lists of reasons that moves ask for, from seed/reasons.toml."""

import tomllib
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True)
class Reason:
    """One choice: the stored value and its words."""

    value: str
    name: str
    name_en: str


def _load() -> dict[str, tuple[Reason, ...]]:
    text = (
        resources.files("wangge.domain.catalogue.seed").joinpath("reasons.toml").read_text(encoding="utf-8")
    )
    return {key: tuple(Reason(**entry) for entry in entries) for key, entries in tomllib.loads(text).items()}


REASON_LISTS = _load()
