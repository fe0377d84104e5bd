"""Every address of the product: who may open it, and with which values. One without a row fails the sweep."""

from collections.abc import Iterator
from typing import Any

import table_administration
import table_api
import table_field
import table_public
import table_register
import table_rules
import table_sign_in
import table_work
from django.urls import URLPattern, get_resolver
from kinds import Address

ADDRESSES: dict[str, Address] = {
    **table_public.ADDRESSES,
    **table_work.ADDRESSES,
    **table_register.ADDRESSES,
    **table_administration.ADDRESSES,
    **table_rules.ADDRESSES,
    **table_sign_in.ADDRESSES,
    **table_api.ADDRESSES,
    **table_field.ADDRESSES,
}


def all_addresses() -> Iterator[tuple[str, str]]:
    """(name, route) of everything that can be asked for."""
    yield from _walk(get_resolver(), "", "")


def _walk(resolver: Any, before: str, space: str) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield ":".join(part for part in (space, entry.name) if part), route
        else:
            yield from _walk(entry, route, ":".join(part for part in (space, entry.namespace) if part))
