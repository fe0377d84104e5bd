"""The page that installs on a phone: the same for everybody, so that the device can keep it."""

import hashlib
import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wangge.faces.web import build
from wangge.faces.web.tones import STATE_TONES

# The camera is for photos and labels, the microphone for words. No position of a person: geolocation stays closed.
_PERMISSIONS = "geolocation=(), camera=(self), microphone=(self)"


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The page. It holds nothing about anybody."""
    response = render(request, "field/shell.html", {"tones": STATE_TONES})
    response.headers["Permissions-Policy"] = _PERMISSIONS
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a browser asks to install the page."""
    icons = [
        {"src": static(f"build/field/icon-{side}.png"), "sizes": f"{side}x{side}", "type": "image/png"}
        for side in (192, 512)
    ]
    whole = {
        "id": reverse("field:shell"),
        "name": _("网格员手机"),
        "short_name": pgettext("brand", "网格"),
        "lang": get_language(),
        "start_url": reverse("field:shell"),
        "scope": reverse("field:shell"),
        "display": "standalone",
        "orientation": "any",
        "background_color": "#f5f6f6",
        "theme_color": "#0d3b42",
        "icons": [*icons, {**icons[1], "purpose": "maskable"}],
    }
    response = JsonResponse(whole, content_type="application/manifest+json")
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker with the list of this build's files before it: another build is another worker."""
    files = build.files_of("field")
    kept = [files.script, *files.styles, *files.preload, build.icons().file, "favicon.svg"]
    known = {
        "shell": reverse("field:shell"),
        "files": [f"{settings.STATIC_URL}build/{name}" for name in kept],
        "assets": f"{settings.STATIC_URL}build/assets/",
    }
    script = build.content_of("field/sw")
    page = get_template("field/shell.html").template.source  # type: ignore[attr-defined]
    known["version"] = hashlib.sha256((json.dumps(known) + script + page).encode()).hexdigest()[:12]
    text = f"self.wangge = {json.dumps(known)};\n{script}"
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response
