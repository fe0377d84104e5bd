"""The first page, and the pages that say what the product is and is not."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wangge.domain.access.serving import served_streets
from wangge.domain.cases.queries.progress import figures
from wangge.domain.cases.queries.public import BOARD_DAYS
from wangge.domain.cases.queries.purposes import kept_about_reporters
from wangge.faces.portal.never import NEVER


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Report first; then follow a report, see what is being done, and whom to call."""
    page = {
        "streets": served_streets(),
        "figures": figures(),
        "days": BOARD_DAYS,
        "never": NEVER,
    }
    return render(request, "portal/home.html", page)


@require_safe
def never(request: HttpRequest) -> HttpResponse:
    """What the product never does, whoever runs it."""
    return render(request, "portal/never.html", {"never": NEVER})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Which data, for what, how long, and the person's rights."""
    return render(
        request, "portal/privacy.html", {"kept": kept_about_reporters(), "streets": served_streets()}
    )


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")
