"""What everybody may see: the board, one case's progress, and the pages of areas."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from wangge.domain.access.actor import Public
from wangge.domain.access.serving import office_of, served_streets
from wangge.domain.boards.queries import board_of, photo_on_a_board, role_words
from wangge.domain.cases.queries import public
from wangge.domain.cases.queries.progress import figures, progress
from wangge.domain.places.models import Area, Level
from wangge.domain.places.queries import ancestors, subtree
from wangge.faces.portal import words
from wangge.faces.web.photos import kept_picture
from wangge.faces.web.qr import qr_of

ROWS = 20


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Filed cases of the last days, by community and open or closed; figures in plain words."""
    streets = served_streets()
    area = _listed(request.GET.get("area", ""))
    state = request.GET.get("state", "")
    path = area.path if area else ""
    rows = public.board(Public(), path, state)
    for row in rows:
        row["stands"] = words.stands_for_all(row["state"])
    page = {
        "streets": streets,
        "area": area,
        "state": state,
        "figures": figures(path),
        "days": public.BOARD_DAYS,
        "most": public.BOARD_MOST,
        "page": Paginator(rows, ROWS).get_page(request.GET.get("page")),
    }
    return render(request, "portal/board.html", page)


@require_safe
def one(request: HttpRequest, number: str) -> HttpResponse:
    """How far one case is, without anybody's words."""
    found = progress(number)
    page = {
        "found": found,
        "stands": words.stands_for_all(found.state.key),
        "steps": words.steps(found.state),
    }
    return render(request, "portal/progress.html", page)


@require_safe
def area(request: HttpRequest, code: str) -> HttpResponse:
    """A street, community or grid: its office, what is inside it, where it lies."""
    found = _listed(code)
    if found is None:
        raise Http404
    below = {"street": Level.COMMUNITY, "community": Level.GRID}.get(found.level)
    above = list(ancestors(found).filter(level__in=[Level.DISTRICT, Level.STREET, Level.COMMUNITY]))
    stands = board_of(found)
    page = {
        "area": found,
        "office": stands.office,
        "stands": stands,
        "people": [(one, role_words(one.role)) for one in stands.people],
        "above": [higher for higher in above if higher.pk != found.pk],
        "children": list(subtree(found, below)) if below else [],
        "figures": figures(found.path),
        "days": public.BOARD_DAYS,
    }
    return render(request, "portal/area.html", page)


@require_safe
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """A sheet to print and hang up: the QR code that opens the form with this place filled in."""
    found = _listed(code)
    if found is None or found.level == Level.STREET:
        raise Http404
    page = {
        "area": found,
        "office": office_of(found),
        "qr": qr_of(reverse("portal:poster-code", args=[code])),
    }
    return render(request, "portal/poster.html", page)


@require_safe
def portrait(request: HttpRequest, user_id: int) -> HttpResponse:
    """The photo that somebody who serves a grid gave for its board."""
    return kept_picture(photo_on_a_board(user_id))


def _listed(code: str) -> Area | None:
    """A street, community or grid of today by its code."""
    levels = [Level.STREET, Level.COMMUNITY, Level.GRID]
    return Area.objects.filter(code=code, active=True, level__in=levels).first() if code else None
