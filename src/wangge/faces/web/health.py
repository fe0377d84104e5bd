"""For machines that watch this one: /healthz, /livez and /metrics."""

import secrets

from django.conf import settings
from django.db.utils import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from wangge.platform.health import measure
from wangge.platform.metrics import exposition


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when nothing is late; 503 with the names of the parts that are."""
    try:
        late = measure().late
    except DatabaseError:
        late = ("database",)
    return JsonResponse({"ok": not late, "late": late}, status=503 if late else 200)


@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """200 as long as this web process answers: what a load balancer asks, so that a late worker closes no page."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus's text, for whoever shows the token of WANGGE_METRICS_TOKEN; without one there is no such page."""
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not secrets.compare_digest(
        shown.encode(), settings.METRICS_TOKEN.encode()
    ):
        raise Http404
    return HttpResponse(exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")
