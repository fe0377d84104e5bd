"""How long the whole national list takes: `python tests/bench/bench_divisions.py FILE...` prints one JSON line.

Needs a database made by `wangge setup` that holds no areas yet; leaves it as it was (all in one
transaction that is rolled back, its checks of foreign keys included).
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

import django
from django.db import connection, transaction


def main(paths: list[Path]) -> None:
    """Load the files as the web role, roll back, print rows, seconds and peak memory of this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wangge.platform.settings")
    django.setup()
    from wangge.domain.access.actor import System  # noqa: PLC0415 - Django must be set up first
    from wangge.domain.places.services import load_divisions  # noqa: PLC0415
    from wangge.platform import clock  # noqa: PLC0415

    began = time.monotonic()
    with transaction.atomic():
        loaded = load_divisions(
            System("bench"), paths, clock.today(), progress=lambda text: print(text, file=sys.stderr)
        )
        merged = time.monotonic() - began
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        seconds = time.monotonic() - began
        transaction.set_rollback(True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = {"rows": loaded.rows, "founded": loaded.founded, "seconds": round(seconds, 1)}
    print(json.dumps(figures | {"merge_seconds": round(merged, 1), "peak_mb": round(peak)}))


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
