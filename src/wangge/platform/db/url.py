"""From DATABASE_URL, or the embedded cluster of the data folder, to Django's settings."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from wangge.platform.db.backend.base import PREPARE_AFTER
from wangge.platform.db.embedded import OWNER, socket_dir
from wangge.platform.db.roles import WEB_ROLE


def database_settings(data: Path) -> dict[str, Any]:
    """Settings for the default database.

    Web and worker processes act as `wangge_web`, which owns no table; only `wangge setup`
    (WANGGE_AS_OWNER=1) keeps the owner's rights.
    """
    settings: dict[str, Any] = {
        "ENGINE": "wangge.platform.db.backend",
        "CONN_MAX_AGE": None,
        "OPTIONS": {},
    }
    url = os.environ.get("DATABASE_URL")
    settings |= _from_url(url) if url else _embedded(data)
    settings["CONN_HEALTH_CHECKS"] = True
    # A pooler that gives each transaction another connection must know prepared statements, or there are none.
    prepares = os.environ.get("WANGGE_PREPARE", "on") != "off"
    settings["OPTIONS"] |= {
        "server_side_binding": True,
        "prepare_threshold": PREPARE_AFTER if prepares else None,
    }
    if os.environ.get("WANGGE_AS_OWNER") != "1":
        settings["OPTIONS"]["assume_role"] = WEB_ROLE
    return settings


def _embedded(data: Path) -> dict[str, Any]:
    return {
        "NAME": os.environ.get("WANGGE_DATABASE", "wangge"),
        "USER": OWNER,
        "HOST": str(socket_dir(data)),
        "OPTIONS": {},
    }


def _from_url(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"DATABASE_URL must begin with postgresql://, not {parts.scheme!r}")
    query = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": query,
    }
