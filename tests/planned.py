"""A plan of grids as the worker leaves it, of four squares in a row."""

import io
import uuid

import numpy as np
import shapely

from casework import START
from factories import SIDE, SOUTH, WEST, Town
from wangge.domain.places.models import Area
from wangge.domain.planning.models import Alternative, Edit, Plan

HOMES = (40, 60, 50, 30)


def make_plan(user_id: int, town: Town, community: Area, *, edited: bool = False) -> Plan:
    """Four units, two in each of the community's grids, and one alternative; `edited`: the second unit given away."""
    grids = [grid for grid in town.grids if grid.parent_id == community.pk]
    west = WEST + town.grids.index(grids[0]) * SIDE
    cells = [
        shapely.box(west + n * SIDE / 2, SOUTH, west + (n + 1) * SIDE / 2, SOUTH + SIDE)
        for n in range(len(HOMES))
    ]
    plan = Plan.objects.create(
        key=uuid.uuid4(),
        area=community,
        user_id=user_id,
        language="zh-hans",
        least=60,
        most=120,
        seconds=0.1,
        town=_file(),
        cells=shapely.GeometryCollection(cells).wkb,
        units=[
            {"name": f"{n + 1}栋", "homes": homes, "grid": grids[n // 2].pk, "compound": False}
            for n, homes in enumerate(HOMES)
        ],
        share=1.0,
        made_at=START,
        ended_at=START,
    )
    alternative = Alternative.objects.create(
        plan=plan,
        number=1,
        aim="even",
        found=[0, 0, 1, 1],
        names=[{"area": grid.pk, "name": grid.name, "code": grid.code} for grid in grids],
        revision=int(edited),
    )
    if edited:
        Edit.objects.create(
            alternative=alternative, unit=1, before=0, after=1, user_id=user_id, made_at=START
        )
    return plan


def _file() -> bytes:
    out = io.BytesIO()
    count = len(HOMES)
    np.savez_compressed(
        out,
        households=np.array(HOMES),
        xy=np.array([[n * 100.0, 0.0] for n in range(count)]),
        area=np.full(count, 20_000.0),
        perimeter=np.full(count, 600.0),
        edges=np.array([[n, n + 1] for n in range(count - 1)]),
        edge_len=np.array([[200.0, 0.0, 0.0], [0.0, 200.0, 0.0], [200.0, 0.0, 0.0]]),
        lo=np.array(60),
        hi=np.array(120),
    )
    return out.getvalue()
