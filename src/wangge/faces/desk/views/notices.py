"""My notices: what happened that I must know."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.office import queries
from wangge.domain.office.services import notices as services
from wangge.faces.desk.notice_words import lines
from wangge.platform.given import whole

PAGE = 50


@require_safe
def notices(request: Any) -> HttpResponse:
    found = queries.notices(request.actor)
    if request.GET.get("show") != "all":
        found = found.filter(read_at__isnull=True)
    page = Paginator(found.select_related("case"), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lines": lines(page.object_list), "all": request.GET.get("show") == "all"}
    return render(request, "desk/notices.html", context)


@require_POST
def mark_read(request: Any) -> HttpResponse:
    """One notice (`id`), or all of mine."""
    given = request.POST.get("id", "")
    services.mark_read(request.actor, [whole(given) or 0] if given else None)
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(wanted if wanted and ours else reverse("desk:notices"))
