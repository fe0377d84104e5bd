"""The search for alternatives, in the worker: the engine runs in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from wangge.domain.access.scope import acting_as
from wangge.domain.planning import rules
from wangge.domain.planning.models import Alternative, Plan
from wangge.domain.planning.services import PLANNING
from wangge.domain.planning.services.naming import first_names
from wangge.domain.planning.town import Town, town_of
from wangge.engines.partition import fingerprint
from wangge.platform import clock
from wangge.platform.config import data_dir
from wangge.platform.errors import WanggeError


class _Cancelled(Exception):
    """Somebody stopped the search."""


def search(plan_id: int) -> None:
    """Find and keep the alternatives; killed at any moment and called again it begins anew."""
    with acting_as(PLANNING):
        plan = Plan.objects.filter(pk=plan_id, ended_at=None).select_related("area").first()
    if plan is None:
        return
    with override(plan.language):
        try:
            with acting_as(PLANNING):
                town = town_of(plan.area, plan.least, plan.most, plan.wanted)
            works = rules.works_of(plan.freedom)
            answer = _asked(plan, town, [wish for _aim, wish in works])
            if "problem" in answer:
                _note(plan_id, problem=_("算不出方案：%(reason)s") % {"reason": answer["problem"][:200]})
            else:
                _keep(
                    plan,
                    town,
                    [(aim, found) for (aim, _wish), found in zip(works, answer["found"], strict=True)],
                )
        except WanggeError as refusal:
            _note(plan_id, problem=refusal.text[:300])
        except _Cancelled:
            return
    _note(plan_id, share=1.0, ended_at=clock.now())


def _asked(plan: Plan, town: Town, works: Sequence[dict[str, float]]) -> dict[str, Any]:
    """The child's last line. Raises _Cancelled when the plan was ended meanwhile."""
    command = [sys.executable, "-m", "wangge.domain.planning.child"]
    command.append(json.dumps({"works": works, "seconds": plan.seconds}))
    found = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    found.setdefault("NUMBA_CACHE_DIR", str(data_dir() / "kernels" / fingerprint()))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=found) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            child.stdin.write(town.file())
            child.stdin.close()
            for raw in child.stdout:
                line: dict[str, Any] = json.loads(raw)
                if "share" not in line:
                    return line
                if not _note(plan.pk, share=line["share"]):
                    raise _Cancelled
        finally:
            child.kill()
    return {"problem": _("计算中断了，请再算一次。")}


def _keep(plan: Plan, town: Town, found: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Alternatives that differ, with names for their grids."""
    kept: list[list[int]] = []
    with transaction.atomic(), acting_as(PLANNING):
        alive = Plan.objects.select_for_update().filter(pk=plan.pk, ended_at=None)
        if not alive.update(town=town.file(), cells=town.cells.wkb, units=town.units):
            return
        Alternative.objects.filter(plan_id=plan.pk).delete()
        for aim, one in found:
            # Mended plans carry the ids of today's grids, new ones numbers from north to south.
            order = {name: number for number, name in enumerate(sorted(set(one["grid"])))}
            grid = [order[name] for name in one["grid"]]
            if grid in kept:
                continue
            kept.append(grid)
            Alternative.objects.create(
                plan_id=plan.pk,
                number=len(kept),
                aim=aim,
                found=grid,
                faults=one["faults"],
                names=first_names(plan.area, town.units, grid),
            )


def _note(plan_id: int, **values: Any) -> bool:
    """Whether the search still goes on."""
    with transaction.atomic(), acting_as(PLANNING):
        return bool(Plan.objects.filter(pk=plan_id, ended_at=None).update(**values))
