"""The search box: a number goes to its case, anything else to the list."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from wangge.domain.cases.queries.lists import numbered


@require_safe
def search(request: Any) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:60]
    if case_id := numbered(words):
        return redirect("desk:case", case_id)
    return redirect(f"{reverse('desk:cases')}?{urlencode({'words': words})}")
