"""The map of cases: points while they are few, tiles when they are many, and who serves each grid."""

from typing import Any

from factories import Town
from wangge.faces.desk.views import cases


def test_few_cases_are_points_and_many_are_tiles(town: Town, monkeypatch: Any) -> None:
    client = town.client("street_dispatcher")
    page = client.get("/desk/cases/map?light=red").content.decode()
    assert 'data-cases="/desk/map.json?light=red"' in page
    assert "data-case-tiles" not in page
    monkeypatch.setattr(cases, "MOST_ON_MAP", -1)
    page = client.get("/desk/cases/map?light=red").content.decode()
    assert 'data-case-tiles="/desk/cases/map/{z}/{x}/{y}?light=red"' in page
    assert "data-cases=" not in page


def test_a_tile_that_does_not_exist_is_said_so(town: Town) -> None:
    assert town.client("grid_worker").get("/desk/cases/map/2/9/0").status_code == 404


def test_the_map_knows_who_serves_each_grid_of_a_street_and_of_nothing_larger(town: Town) -> None:
    client = town.client("unit_officer")
    assert client.get(f"/desk/map/workers/{town.street.pk}.json").json() == {town.grids[0].code: "陈秋芬"}
    assert client.get(f"/desk/map/workers/{town.district.pk}.json").json() == {}
