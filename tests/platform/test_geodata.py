"""Files of shapes come in as they are, in the three formats of the trade; what is none is refused in words."""

import io
import json
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyogrio.raw import write
from pyproj import Transformer

from wangge.platform.errors import Invalid
from wangge.platform.geodata.reading import read

SQUARE = shapely.box(113.25, 23.10, 113.26, 23.11)


def geojson(*shapes: shapely.Geometry) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"44010500800{n}", "名称": "东网格"},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for n, shape in enumerate(shapes)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def written(path: Path, driver: str, crs: str = "EPSG:4326", shape: shapely.Geometry = SQUARE) -> None:
    write(
        path,
        np.array([shape.wkb], dtype=object),
        [np.array(["440105008001001"], dtype=object)],
        ["code"],
        driver=driver,
        geometry_type="Polygon",
        crs=crs,
    )


def zipped(folder: Path) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        for path in folder.iterdir():
            package.write(path, f"导出/{path.name}")
    return held.getvalue()


def test_geojson_gives_shapes_with_their_values() -> None:
    (first, second) = read(geojson(SQUARE, SQUARE.centroid))
    assert first.shape.equals(SQUARE)
    assert first.values == {"code": "440105008000", "名称": "东网格"}
    assert (second.number, second.shape.geom_type) == (2, "Point")


def test_a_zipped_shapefile_and_a_geopackage_give_the_same(tmp_path: Path) -> None:
    written(tmp_path / "grids.gpkg", "GPKG")
    package = (tmp_path / "grids.gpkg").read_bytes()
    folder = tmp_path / "shape"
    folder.mkdir()
    written(folder / "grids.shp", "ESRI Shapefile")
    for data in (package, zipped(folder)):
        (only,) = read(data)
        assert only.shape.equals(SQUARE)
        assert only.values == {"code": "440105008001001"}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b" ", "没有图形"),
        (b"%PDF-1.7", "认不出"),
        (b'{"type": "FeatureCollection", "features": []}', "没有图形"),
        (b'{"type": ', "损坏"),
        (b"SQLite format 3\x00" + b"x" * 200, "损坏"),
        (b"PK\x03\x04" + b"\x00" * 40, "损坏"),
        (b"x" * (20 * 1024 * 1024 + 1), "20 MB"),
    ],
)
def test_what_is_no_file_of_shapes_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read(data)


@pytest.mark.parametrize("system", ["EPSG:4547", "EPSG:32649"])
def test_metres_of_a_surveyor_become_degrees(tmp_path: Path, system: str) -> None:
    turn = Transformer.from_crs("EPSG:4326", system, always_xy=True)
    metres = shapely.transform(SQUARE, lambda points: np.column_stack(turn.transform(*points.T)))
    folder = tmp_path / "shape"
    folder.mkdir()
    written(tmp_path / "grids.gpkg", "GPKG", system, metres)
    written(folder / "grids.shp", "ESRI Shapefile", system, metres)
    for data in ((tmp_path / "grids.gpkg").read_bytes(), zipped(folder)):
        (only,) = read(data)
        # A hundred-millionth of a degree is a millimetre.
        assert only.shape.normalize().equals_exact(SQUARE.normalize(), 1e-8)


def test_metres_outside_their_system_are_refused(tmp_path: Path) -> None:
    written(tmp_path / "far.gpkg", "GPKG", "EPSG:4547", shapely.box(1e12, 1e12, 2e12, 2e12))
    with pytest.raises(Invalid, match="坐标系"):
        read((tmp_path / "far.gpkg").read_bytes())


def test_a_bomb_is_not_unpacked_and_an_archive_of_something_else_is_refused() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("a.shp", struct.pack(">i", 9994) + bytes(320 * 1024 * 1024))
    with pytest.raises(Invalid, match="展开后太大"):
        read(held.getvalue())
    with zipfile.ZipFile(held, "w") as package:
        package.writestr("readme.txt", "x")
    with pytest.raises(Invalid, match="有且只有一个"):
        read(held.getvalue())
