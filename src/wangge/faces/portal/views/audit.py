"""The published heads of the log of looks: whoever keeps a copy can hold a later export against it."""

from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wangge.domain.access.audit import heads_text, last_days
from wangge.engines import verify_audit
from wangge.platform.given import day

SHOWN_DAYS = 60


@require_safe
def heads(request: HttpRequest) -> HttpResponse:
    """The last days with their digests, what they prove, and how to check it oneself."""
    return render(request, "portal/audit.html", {"days": last_days(SHOWN_DAYS), "most": SHOWN_DAYS})


@require_safe
def heads_file(request: HttpRequest) -> HttpResponse:
    """All heads as text, or those from `?since=` on."""
    text = "".join(heads_text(day(request.GET.get("since", ""))))
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
def verifier(request: HttpRequest) -> FileResponse:
    """The program that checks an export: one file that needs only Python."""
    file = Path(verify_audit.__file__).open("rb")  # noqa: SIM115 - the answer closes it
    return FileResponse(file, as_attachment=True, filename="verify_audit.py", content_type="text/x-python")
