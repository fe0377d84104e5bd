"""Whether anything was written."""

from django.apps import apps
from django.db import connection

from casework import TESTS
from wangge.domain.access.scope import acting_as

_WRITTEN = ("wangge.domain", "wangge.platform.outbox")
APPS = {app.label for app in apps.get_app_configs() if app.name.startswith(_WRITTEN)}
# No role may read it.
_CLOSED = {"cases_casewords"}


def state(without: frozenset[str] = frozenset()) -> dict[str, str]:
    """How many rows each table holds, and which of them was written last."""
    models = [model._meta for model in apps.get_models() if model._meta.app_label in APPS]
    tables = sorted({model.db_table for model in models} - _CLOSED - without)
    parts = ", ".join(
        f"(SELECT count(*) || ' ' || coalesce(max(xmin::text::bigint), 0) FROM {table})" for table in tables
    )
    with acting_as(TESTS), connection.cursor() as cursor:
        cursor.execute(f"SELECT {parts}")
        return dict(zip(tables, cursor.fetchone(), strict=True))
