"""What a map in a page is told: where its tiles come from and where to look first."""

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from wangge.domain.places.maps import bounds_of_area, stamp_lately
from wangge.domain.places.models import Area

register = template.Library()


@register.simple_tag
def map_source(area: Area | int | None = None) -> SafeString:
    """Attributes of a map: its tiles, and the box of the area that it opens on (2 statements, kept for a while)."""
    tiles = reverse("maps:tile", args=[0, 0, 0]).replace("0/0/0", "{z}/{x}/{y}")
    box = bounds_of_area(area.pk if isinstance(area, Area) else area) if area else None
    said = format_html('data-tiles="{}?v={}"', SafeString(tiles), stamp_lately())
    if box:
        said += format_html(' data-bounds="{}"', ",".join(f"{side:.6f}" for side in box))
    if settings.MAP_PICTURES:
        said += format_html(
            ' data-pictures="{}" data-thanks="{}"', " ".join(settings.MAP_PICTURES), settings.MAP_PICTURES_BY
        )
    return said
