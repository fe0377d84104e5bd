"""The parent: an uploaded file of shapes becomes features, or a refusal that says what to do."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

import shapely
from django.utils.translation import gettext_lazy

from wangge.platform.errors import Invalid
from wangge.platform.sheets import limits

_REFUSALS = {
    "empty": gettext_lazy("文件里没有图形。"),
    "too_large": gettext_lazy("文件超过 20 MB，请分成几份。"),
    "too_large_inside": gettext_lazy("文件展开后太大，没有读取。请只留要导入的内容。"),
    "too_many": gettext_lazy("超过 50,000 个图形，请分成几份。"),
    "wrong_type": gettext_lazy("认不出这种文件。请传 GeoJSON、打成 zip 的 Shapefile，或 GeoPackage。"),
    "not_one_shapefile": gettext_lazy("压缩包里要有且只有一个 Shapefile（.shp、.shx、.dbf）。"),
    "unknown_system": gettext_lazy(
        "认不出这个文件的坐标系，或者坐标不在它的范围内。请在制图软件里另存为经纬度（CGCS2000 或 WGS-84）再传。"
    ),
    "broken": gettext_lazy("文件不完整或已损坏，请重新导出后再传。"),
    "slow": gettext_lazy("文件太复杂，读取超时。请分成几份。"),
}


@dataclass(frozen=True, slots=True)
class Feature:
    """A shape in the degrees of its file, with its values as texts; `number` counts from 1."""

    number: int
    shape: shapely.Geometry
    values: Mapping[str, str]


def read(data: bytes) -> list[Feature]:
    """The features of a file. Raises Invalid on `file`, saying what to do."""
    if len(data) > limits.MOST_BYTES:
        raise _refusal("too_large")
    command = [sys.executable, "-m", "wangge.platform.geodata.parse"]
    # The child looks for us where this process found us.
    found = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=limits.MOST_SECONDS, env=found, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _refusal("slow") from error
    if done.returncode < 0:
        # Killed at its memory limit.
        raise _refusal("too_large_inside")
    if done.returncode:
        raise _refusal("broken")
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise _refusal(answer["error"])
    names = answer["names"]
    return [
        Feature(number, shapely.from_wkb(wkb), dict(zip(names, values, strict=True)))
        for number, (wkb, values) in enumerate(answer["features"], start=1)
    ]


def _refusal(code: str) -> Invalid:
    return Invalid({"file": str(_REFUSALS[code])})
