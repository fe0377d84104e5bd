"""The child: shapes from standard input, an answer in JSON to standard output. GDAL reads them, inside limits."""

import io
import json
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import shapely
from pyogrio.errors import DataSourceError
from pyogrio.raw import read
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from wangge.platform.sheets import limits

MOST_FEATURES = 50_000
_MOST_VALUE = 200
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
# Longitude and latitude in WGS-84, or in CGCS2000, which is the same to our accuracy.
_DEGREES = ("EPSG:4326", "EPSG:4490", "OGC:CRS84", "EPSG:4979")


class Refused(Exception):
    """The file is not taken; `code` says why."""


def features_of(data: bytes) -> dict[str, Any]:
    """{"names": [...], "features": [[wkb in hex, values]]}. Raises Refused."""
    if not data.strip():
        raise Refused("empty")
    with TemporaryDirectory(prefix="wangge-geo-") as folder:
        try:
            meta, _fids, shapes, columns = read(_laid_out(data, Path(folder)), max_features=MOST_FEATURES + 1)
        except (DataSourceError, ValueError, UnicodeDecodeError) as error:
            raise Refused("broken") from error
    if shapes is None or not len(shapes):
        raise Refused("empty")
    if len(shapes) > MOST_FEATURES:
        raise Refused("too_many")
    shapes = _in_degrees(shapes, meta["crs"])
    names = [str(name) for name in meta["fields"]]
    rows = [
        [bytes(shape).hex(), [_text(column[at]) for column in columns]]
        for at, shape in enumerate(shapes)
        if shape is not None
    ]
    return {"names": names, "features": rows}


def _in_degrees(shapes: Any, named: str | None) -> Any:
    """Shapes of a projected file (surveyors give CGCS2000 in metres, zones of 3 degrees) in degrees; a file that names
    no system is one in degrees. Raises Refused."""
    if named is None or named in _DEGREES:
        return shapes
    try:
        turn = Transformer.from_crs(CRS.from_user_input(named), "EPSG:4326", always_xy=True)
        moved = shapely.transform(
            shapely.from_wkb(shapes),
            lambda xy: np.column_stack(turn.transform(xy[:, 0], xy[:, 1], errcheck=True)),
        )
    except ProjError as error:
        raise Refused("unknown_system") from error
    return shapely.to_wkb(moved)


def _laid_out(data: bytes, folder: Path) -> Path:
    """The file as GDAL wants to see it."""
    if data.startswith(b"PK"):
        return _unzipped(data, folder)
    if data.startswith(b"SQLite format 3\x00"):
        path = folder / "shapes.gpkg"
    elif data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        path = folder / "shapes.geojson"
    else:
        raise Refused("wrong_type")
    path.write_bytes(data)
    return path


def _unzipped(data: bytes, folder: Path) -> Path:
    """The parts of the one Shapefile in a zip; nothing else is unpacked, and no more than the limit."""
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        inside = [part for part in package.infolist() if Path(part.filename).suffix.lower() in _PARTS]
        shapes = [part for part in inside if part.filename.lower().endswith(".shp")]
        if len(shapes) != 1:
            raise Refused("not_one_shapefile")
        left = limits.MOST_UNPACKED_BYTES
        for part in inside:
            if Path(part.filename).stem != Path(shapes[0].filename).stem:
                continue
            with package.open(part) as packed:
                content = packed.read(left + 1)
            left -= len(content)
            if left < 0:
                raise Refused("too_large_inside")
            (folder / f"shapes{Path(part.filename).suffix.lower()}").write_bytes(content)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise Refused("broken") from error
    return folder / "shapes.shp"


def _text(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)[:_MOST_VALUE]


def main() -> None:
    """Read the file from standard input, write the answer to standard output."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - does not exist everywhere

        resource.setrlimit(resource.RLIMIT_AS, (limits.MOST_MEMORY_BYTES, limits.MOST_MEMORY_BYTES))
    try:
        answer = features_of(sys.stdin.buffer.read())
    except Refused as refusal:
        answer = {"error": str(refusal)}
    except MemoryError:
        answer = {"error": "too_large_inside"}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
