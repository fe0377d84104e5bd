"""The list of cases, its map, and the page of one case."""

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from wangge.domain.access.actor import Actor
from wangge.domain.access.queries import grid_teams, units_over
from wangge.domain.bulk.rules import MOST, offered
from wangge.domain.cases.queries import lists, tiles
from wangge.domain.cases.queries.tallies import tally
from wangge.domain.cases.services.processes import definitions_in_use
from wangge.domain.catalogue.queries import groups_lately
from wangge.domain.places.models import Area, Level
from wangge.domain.places.queries import area_choices, plan_area
from wangge.engines.geo import Tile
from wangge.faces.desk.case_page import case_context
from wangge.faces.desk.forms.filters import Choices, FilterBar
from wangge.faces.desk.rows import Row, rows
from wangge.faces.web.tones import LIGHTS
from wangge.platform import clock
from wangge.platform.errors import NotFound
from wangge.platform.given import whole
from wangge.platform.language import named

MOST_ON_MAP = 3000
# Above a street the names would not be read, and be too many to send.
_WITH_WORKERS = (Level.STREET, Level.COMMUNITY, Level.GRID)


@require_safe
def listing(request: Any) -> HttpResponse:
    """Every case that I may see, with filters kept in the address alone."""
    # An address without a word asks for what this person opens first.
    if not request.GET and (first := request.user.first_view):
        return redirect(f"{request.path}?{first['address']}")
    filters = lists.Filters.from_query(request.GET)
    asked = request.GET.get("page", "")
    page = lists.page_of(request.actor, filters, whole(asked) or 1)
    context = _list_context(request, filters) | {"page": page, "rows": rows(page.cases, clock.now())}
    return render(request, "desk/cases.html", context)


@require_safe
def case_map(request: Any) -> HttpResponse:
    """The same list on the town map."""
    filters = lists.Filters.from_query(request.GET)
    area = plan_area(_areas_of(request.actor), whole(filters.area))
    query = request.GET.urlencode()
    many = (
        len(tiles.on_the_map(request.actor, filters).order_by().values("pk")[: MOST_ON_MAP + 1]) > MOST_ON_MAP
    )
    tile = reverse("desk:case-tile", args=[0, 0, 0]).replace("0/0/0", "{z}/{x}/{y}")
    context = _list_context(request, filters) | {
        "plan": area,
        "points": "" if many else f"{reverse('desk:map-data')}?{query}",
        "case_tiles": f"{tile}?{query}" if many else "",
        "workers": reverse("desk:map-workers", args=[area.pk]) if area else "",
    }
    return render(request, "desk/case_map.html", context)


@require_safe
def map_data(request: Any) -> HttpResponse:
    """Open cases of the list as GeoJSON points: where matters are, never where people are."""
    filters = lists.Filters.from_query(request.GET)
    found = tiles.on_the_map(request.actor, filters)
    features = [_point(row) for row in rows(found[:MOST_ON_MAP], clock.now())]
    return JsonResponse({"type": "FeatureCollection", "features": features})


@require_safe
@gzip_page
def case_tile(request: Any, z: int, x: int, y: int) -> HttpResponse:
    """The same as a vector tile, where they are too many to send at once."""
    try:
        wanted = Tile(z, x, y)
    except ValueError as error:
        raise NotFound(_("没有这块地图。")) from error
    body = tiles.case_tile(request.actor, lists.Filters.from_query(request.GET), wanted)
    return HttpResponse(body, content_type="application/vnd.mapbox-vector-tile")


@require_safe
def map_workers(request: Any, area_id: int) -> HttpResponse:
    """Who serves the grids of an area today: {code of the grid: name}."""
    area = get_object_or_404(Area, pk=area_id, active=True)
    teams = grid_teams(area, clock.today()) if area.level in _WITH_WORKERS else []
    return JsonResponse({team.grid.code: team.worker.user.name for team in teams if team.worker})


@require_safe
def case(request: Any, case_id: int) -> HttpResponse:
    """Everything about one case, on one page, or beside the list that it was opened on."""
    beside = request.htmx and request.htmx.target == "pane"
    template = "desk/case_pane.html" if beside else "desk/case.html"
    return render(request, template, case_context(request.actor, case_id))


def _list_context(request: Any, filters: lists.Filters) -> dict[str, Any]:
    """The filter form and the counts by light."""
    actor: Actor = request.actor
    areas = area_choices(tuple(_areas_of(actor)), whole(filters.area))
    definitions = [definition for _pk, definition in definitions_in_use()]
    choices = Choices.among(definitions, areas, groups_lately(), units_over(actor))
    query = request.GET.urlencode()
    found = tally(actor, filters)
    counts, request.work_counts = found.lights, found.work
    return {
        "bar": FilterBar(query, choices),
        "bulk": offered(actor, definitions[0]),
        "bulk_most": MOST,
        "active": any(value for name, value in asdict(filters).items() if name != "sort"),
        "lights": [
            (key, str(LIGHTS[key][1]), counts.get(key, 0)) for key in ("red", "yellow", "green", "paused")
        ],
        "light": filters.light,
        "plain": f"{request.path}?all=1",
        "query": query,
    }


def _areas_of(actor: Actor) -> list[int]:
    return [post.area_id for post in actor.posts]


def _point(row: Row) -> dict[str, Any]:
    case = row.case
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [case.lon, case.lat]},
        "properties": {
            "light": row.light,
            "title": named(case.matter) or case.description[:20],
            "url": reverse("desk:case", args=[case.pk]),
            "note": " · ".join(filter(None, (named(row.state), row.clock, case.address))),
        },
    }
