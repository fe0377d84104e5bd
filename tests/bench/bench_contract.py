"""Thousands of made-up calls a role against the API: `dev.py bench contract [--cases 2000]`, one JSON line a role.

Every answer must be one that the document declares, in its declared form, and none a 5xx. Needs an empty
database made by `wangge setup`; all happens in one transaction that is rolled back.
"""

import argparse
import json
import logging
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
ROLES = (
    "nobody", "grid_worker", "station_officer", "street_dispatcher", "unit_officer", "district_dispatcher", "administrator",
)  # fmt: skip


def main() -> int:
    """Ask in each role; 1 when any answer was not as declared."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=2000, help="calls a role")
    parser.add_argument("--roles", default=",".join(ROLES))
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wangge.platform.settings")
    django.setup()
    # Thousands of refusals are what is asked for.
    logging.disable(logging.CRITICAL)
    from django.db import transaction  # noqa: PLC0415 - Django must be set up first

    failed = 0
    with transaction.atomic():
        town = _town()
        for role in asked.roles.split(","):
            figures = _ask(town, role, asked.cases, asked.seed)
            failed += figures["undeclared"] > 0
            print(json.dumps(figures, ensure_ascii=False), flush=True)
        transaction.set_rollback(True)
    return int(failed > 0)


def _town() -> Any:
    from django.core.signals import request_finished, request_started  # noqa: PLC0415
    from django.db import close_old_connections  # noqa: PLC0415

    from casework import PHOTO, Road, condition, crowd  # noqa: PLC0415
    from factories import make_town  # noqa: PLC0415
    from wangge.domain.access.actor import System  # noqa: PLC0415
    from wangge.domain.access.scope import acting_as  # noqa: PLC0415

    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    with acting_as(System("bench")):
        town = make_town()
    people, chosen = crowd(town), condition(level="street", procedure="ordinary")
    for road in (Road(town, people, images=[PHOTO]), Road(town, people, grid=2)):
        road.move("street_dispatcher", "file", matter=chosen.matter_id, condition=chosen.pk)
    Road(town, people, images=[PHOTO]).handling(chosen)
    Road(town, people).closed(chosen)
    return town


def _ask(town: Any, role: str, calls: int, seed: int) -> dict[str, Any]:
    from contract import OPERATIONS, ask  # noqa: PLC0415
    from right import Right  # noqa: PLC0415
    from systems import system  # noqa: PLC0415

    caller = system(town, role) if role != "nobody" else None
    headers, right = (caller.headers(), Right(town, caller)) if caller else ({}, None)
    known = _known(town, role)
    began, statuses, wrong, succeeded = time.monotonic(), Counter[str](), [], 0
    each = -(-calls // len(OPERATIONS))
    for name in OPERATIONS:
        found, problems = ask(name, headers, each, seed, known, right)
        succeeded += any(status.startswith("2") for status in found)
        statuses.update(found)
        wrong += problems
    for problem in wrong[:20]:
        print(problem, file=sys.stderr)
    return {
        "role": role,
        "calls": sum(statuses.values()),
        "seconds": round(time.monotonic() - began, 1),
        "server_errors": sum(n for status, n in statuses.items() if status >= "500"),
        "undeclared": len(wrong),
        "operations": len(OPERATIONS),
        "succeeded": succeeded,
        "statuses": dict(sorted(statuses.items())),
    }


def _known(town: Any, role: str) -> dict[str, list[int]]:
    from wangge.domain.access.actor import System  # noqa: PLC0415
    from wangge.domain.access.scope import acting_as  # noqa: PLC0415
    from wangge.domain.cases.models import Case, Photo  # noqa: PLC0415
    from wangge.domain.catalogue.models import Matter  # noqa: PLC0415

    with acting_as(System("bench")):
        return {
            "case_id": list(Case.objects.values_list("pk", flat=True)),
            "photo_id": list(Photo.objects.values_list("pk", flat=True)),
            "area_id": [area.pk for area in (*town.grids, *town.communities)],
            "matter_id": list(Matter.objects.values_list("pk", flat=True)[:5]),
        }


if __name__ == "__main__":
    sys.exit(main())
