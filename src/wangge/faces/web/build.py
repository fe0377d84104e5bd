"""The built front end as Vite's manifest describes it."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

import wangge

BUILD = Path(wangge.__file__).parent / "static" / "build"


class FrontEndNotBuilt(Exception):
    """The folder of built files is missing; `python3 dev.py build` makes it."""


@dataclass(frozen=True, slots=True)
class Files:
    """What one entry needs, as paths inside the build folder."""

    script: str
    styles: tuple[str, ...]
    preload: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Icons:
    """The sprite's path inside the build folder and the names in it."""

    file: str
    names: frozenset[str]


def files_of(entry: str, build: Path = BUILD) -> Files:
    """Files of `src/<entry>.ts`. Raises FrontEndNotBuilt, or KeyError for an entry that does not exist."""
    manifest = _read(build / "manifest.json")
    main = manifest[f"src/{entry}.ts"]
    chunks = _with_imports(manifest, f"src/{entry}.ts")
    styles = dict.fromkeys(css for chunk in chunks for css in chunk.get("css", ()))
    preload = tuple(chunk["file"] for chunk in chunks if chunk is not main)
    return Files(main["file"], tuple(styles), preload)


def content_of(entry: str, build: Path = BUILD) -> str:
    """The text of the built `src/<entry>.ts`, for one that is served at an address of its own.

    Raises FrontEndNotBuilt, or KeyError for an entry that does not exist.
    """
    return (build / _read(build / "manifest.json")[f"src/{entry}.ts"]["file"]).read_text("utf-8")


def icons(build: Path = BUILD) -> Icons:
    """The icon sprite. Raises FrontEndNotBuilt."""
    data = _read(build / "icons.json")
    return Icons(data["file"], frozenset(data["names"]))


def _with_imports(manifest: dict, key: str) -> list[dict]:
    """The chunk and all it imports, each once, itself last."""
    seen: dict[str, dict] = {}

    def visit(name: str) -> None:
        for inner in manifest[name].get("imports", ()):
            if inner not in seen:
                visit(inner)
        seen.setdefault(name, manifest[name])

    visit(key)
    return list(seen.values())


def _read(path: Path) -> dict:
    try:
        return _parse(path, path.stat().st_mtime_ns if settings.DEBUG else 0)
    except FileNotFoundError:
        raise FrontEndNotBuilt(f"{path.name} is missing: run python3 dev.py build") from None


@lru_cache(maxsize=8)
def _parse(path: Path, _changed_ns: int) -> dict:
    """Read once; while a programmer builds again and again, once for each build."""
    return json.loads(path.read_text("utf-8"))
