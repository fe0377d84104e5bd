"""The editor's addresses: arcs out, faults back, a drawing saved once or refused with its words kept."""

import html
import json
import re
import uuid
from typing import Any

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from shapely.geometry import mapping

from factories import SIDE, SOUTH, WEST, Town
from wangge.domain.places.borders import borders_of
from wangge.domain.places.models import ChangeKind
from wangge.domain.places.queries import grid_at


@pytest.fixture
def drawing(town: Town) -> dict[str, Any]:
    """The border between the first two grids, bent a little."""
    found = borders_of(town.street)
    sides = (town.grids[0].pk, town.grids[1].pk)
    index = next(i for i, arc in enumerate(found.topology.arcs) if arc.sides == sides)
    first, last = found.topology.arcs[index].points[0], found.topology.arcs[index].points[-1]
    bent = [first, (first[0] + SIDE / 4, SOUTH + SIDE / 2), last]
    return {"index": index, "base": found.base, "changed": json.dumps({index: bent}), "points": bent}


def sent(drawing: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "key": str(uuid.uuid4()),
        "on": "2026-11-22",
        "base": drawing["base"],
        "changed": drawing["changed"],
    } | more


def test_the_editor_gets_the_arcs_with_their_grids(town: Town, drawing: dict[str, Any]) -> None:
    client = town.client("administrator")
    assert "画网格边界" in client.get(f"/desk/areas/{town.street.pk}/").content.decode()
    data = client.get(f"/desk/areas/{town.street.pk}/borders.json").json()
    assert data["base"] == drawing["base"]
    assert data["arcs"][drawing["index"]]["sides"] == [town.grids[0].pk, town.grids[1].pk]
    assert data["names"][str(town.grids[0].pk)] == "东1网格"
    assert drawing["base"] in client.get(f"/desk/areas/{town.street.pk}/borders").content.decode()


def test_faults_come_back_with_their_place(town: Town, drawing: dict[str, Any]) -> None:
    client, url = town.client("administrator"), f"/desk/areas/{town.street.pk}/borders/check"
    assert client.post(url, {"changed": drawing["changed"]}).json()["features"] == []
    east = drawing["points"][0][0] + 1.5 * SIDE
    across = [drawing["points"][0], [east, SOUTH + SIDE / 2], drawing["points"][2]]
    fault, *_ = client.post(url, {"changed": json.dumps({drawing["index"]: across})}).json()["features"]
    assert fault["geometry"]["type"] == "Point"
    assert "相交" in fault["properties"]["text"]
    assert client.post(url, {"changed": "{"}).status_code == 422


def test_a_drawing_is_saved_once_however_often_it_is_sent(town: Town, drawing: dict[str, Any]) -> None:
    client, data = town.client("administrator"), sent(drawing)
    for _ in range(2):
        assert client.post(f"/desk/areas/{town.street.pk}/borders", data).status_code == 302
    assert town.street.changes.filter(kind=ChangeKind.REDRAW).count() == 1


def test_a_drawing_on_borders_that_are_gone_is_refused_and_kept(town: Town, drawing: dict[str, Any]) -> None:
    answer = town.client("administrator").post(
        f"/desk/areas/{town.street.pk}/borders", sent(drawing, base="0" * 16)
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "已由别人改过" in page
    assert "&quot;" in page.split('name="changed"')[1][:40]


def test_a_grid_has_no_borders_of_its_own_to_draw(town: Town) -> None:
    client = town.client("administrator")
    assert client.get(f"/desk/areas/{town.grids[0].pk}/borders").status_code == 404
    assert "画网格边界" not in client.get(f"/desk/areas/{town.grids[0].pk}/").content.decode()


def borders_file(*cells: tuple[str, float, float]) -> SimpleUploadedFile:
    features = [
        {
            "type": "Feature",
            "properties": {"code": code},
            "geometry": mapping(shapely.box(WEST + first * SIDE, SOUTH, WEST + last * SIDE, SOUTH + SIDE)),
        }
        for code, first, last in cells
    ]
    return SimpleUploadedFile(
        "grids.geojson", json.dumps({"type": "FeatureCollection", "features": features}).encode()
    )


def form(**more: Any) -> dict[str, Any]:
    return {"key": str(uuid.uuid4()), "on": "2026-11-22", "datum": "wgs84", "level": "grid"} | more


def test_a_file_is_shown_with_its_faults_and_cannot_be_saved_so(town: Town) -> None:
    client, url = town.client("administrator"), f"/desk/areas/{town.street.pk}/borders/file"
    overlapping = borders_file((town.grids[0].code, 0, 1.5), (town.grids[1].code, 1, 2))
    page = client.post(url, form(file=overlapping)).content.decode()
    assert "重叠" in page
    assert 'name="save"' not in page
    assert client.post(url, form()).status_code == 422
    bad = client.post(url, form(file=SimpleUploadedFile("a.pdf", b"%PDF-1.7")))
    assert (bad.status_code, "认不出" in bad.content.decode()) == (422, True)


def test_a_good_file_is_looked_at_and_then_saved_from_its_preview(town: Town) -> None:
    client, url = town.client("administrator"), f"/desk/areas/{town.street.pk}/borders/file"
    good = borders_file((town.grids[0].code, 0, 0.5), (town.grids[1].code, 0.5, 2))
    page = client.post(url, form(file=good)).content.decode()
    assert "对上 2 个区划" in page
    shapes = html.unescape(re.search(r'name="shapes" value="([^"]*)"', page)[1])  # type: ignore[index]
    assert client.post(url, form(save="1", shapes=shapes)).status_code == 302
    assert grid_at(WEST + 0.7 * SIDE, SOUTH + SIDE / 2) == town.grids[1]
