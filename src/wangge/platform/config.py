"""Where this installation keeps its files, and the secrets it made for itself."""

import os
import secrets
from pathlib import Path


def data_dir() -> Path:
    """The folder of this installation's data: database, files, keys, mail."""
    folder = Path(os.environ.get("WANGGE_DATA", "var")).expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def secret(variable: str, file: Path) -> str:
    """A secret from the environment, or one made once for this installation and kept in `file` (mode 0600)."""
    if value := os.environ.get(variable):
        return value
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text(encoding="ascii")
    value = secrets.token_urlsafe(48)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(value)
    return value
