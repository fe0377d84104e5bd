"""Map data that anybody may read: outlines of areas, vector tiles, and where a point lies."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

from wangge.domain.places import addresses, maps, tiles
from wangge.domain.places.models import LEVELS
from wangge.engines.geo import Tile
from wangge.platform.errors import Invalid, NotFound

_kept = cache_control(public=True, max_age=3600)


def _json(data: Any) -> JsonResponse:
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


@require_safe
@gzip_page
@conditional_page
@_kept
def outlines(request: HttpRequest, area_id: int, level: str) -> HttpResponse:
    """Outlines of the areas of a level inside an area."""
    if level not in LEVELS:
        raise NotFound(_("没有这一级区划。"))
    return _json(maps.outlines(area_id, level))


@require_safe
@gzip_page
@conditional_page
def tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """A vector tile of what anybody may see. With `?v=` of the present stamp it may be kept for a day."""
    try:
        wanted = Tile(z, x, y)
    except ValueError as error:
        raise NotFound(_("没有这块地图。")) from error
    answer = HttpResponse(tiles.base_tile(wanted), content_type="application/vnd.mapbox-vector-tile")
    patch_cache_control(answer, public=True, max_age=86_400 if "v" in request.GET else 300)
    return answer


@require_safe
def at(request: HttpRequest) -> HttpResponse:
    """`?lon=&lat=` in WGS-84: {inside, grid, name, community, address}, or {inside: false}."""
    spot = addresses.spot_at(*_point(request))
    if spot is None:
        return _json({"inside": False})
    return _json(
        {
            "inside": True,
            "grid": spot.grid.code,
            "name": spot.grid.name,
            "community": {"id": spot.community.pk, "name": spot.community.short_name},
            "address": spot.address,
        }
    )


def _point(request: HttpRequest) -> tuple[float, float]:
    try:
        lon, lat = float(request.GET["lon"]), float(request.GET["lat"])
    except (KeyError, ValueError) as error:
        raise Invalid({"place": _("位置须是经度和纬度两个数。")}) from error
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Invalid({"place": _("经纬度超出范围。")})
    return lon, lat
