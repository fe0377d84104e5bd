"""QR codes as inline SVG, on white so that they can be scanned in the dark theme too."""

import segno
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe


def qr_of(path: str) -> SafeString:
    """A code that leads to a path of this installation's public address."""
    drawn = segno.make(f"{settings.PUBLIC_URL.rstrip('/')}{path}", error="m", micro=False)
    svg = drawn.svg_inline(border=3, omitsize=True, light="#fff", svgclass="qr", lineclass=None)
    return mark_safe(svg)  # noqa: S308 - drawn by us, from our own address
