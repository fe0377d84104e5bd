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


def written(path: Path, driver: str, crs: str = "EPSG:4326") -> None:
    write(
        path,
        np.array([SQUARE.wkb], dtype=object),
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


def test_metres_are_refused_and_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    written(tmp_path / "metres.gpkg", "GPKG", "EPSG:4547")
    with pytest.raises(Invalid, match="投影"):
        read((tmp_path / "metres.gpkg").read_bytes())
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("a.shp", struct.pack(">i", 9994) + bytes(320 * 1024 * 1024))
    with pytest.raises(Invalid, match="展开后太大"):
        read(held.getvalue())
    with zipfile.ZipFile(held, "w") as package:
        package.writestr("readme.txt", "x")
    with pytest.raises(Invalid, match="有且只有一个"):
        read(held.getvalue())
