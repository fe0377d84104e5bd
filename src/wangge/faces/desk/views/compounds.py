"""Compounds on the desk: the list, another name, the end of one."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.access.policy import may_keep_places
from wangge.domain.places.housing import compounds_in
from wangge.domain.places.models import Compound
from wangge.domain.places.services import compounds as services
from wangge.faces.desk.admin_pages import (
    PAGE_ROWS,
    ServiceForm,
    area_bar,
    attempt,
    done,
    form_page,
    one_at_a_time,
    posted,
    values_guard,
)
from wangge.platform import clock


@require_safe
def compounds(request: Any) -> HttpResponse:
    """Compounds of an area, with the number of their buildings."""
    bar, words = area_bar(request), request.GET.get("q", "").strip()[:40]
    page = Paginator(compounds_in(bar.area, words), PAGE_ROWS).get_page(request.GET.get("page"))
    rows = [
        (one, urlencode({"area": one.area_id, "q": one.name}), may_keep_places(request.actor, one.area.path))
        for one in page
    ]
    return render(request, "desk/compounds.html", {"bar": bar, "q": words, "page": page, "rows": rows})


class CompoundForm(ServiceForm):
    name = forms.CharField(label=gettext_lazy("小区名称"), max_length=services.LONGEST_NAME)


@one_at_a_time
def edit_compound(request: Any, compound_id: int) -> HttpResponse:
    """Another name."""
    shown = _compound(compound_id)
    services.check_keeper(request.actor, shown.area)
    form = CompoundForm(posted(request), initial={"name": shown.name})
    guard = values_guard(request, shown.name)
    back = f"{reverse('desk:compounds')}?area={shown.area_id}"

    def act(**values: Any) -> Compound:
        return services.rename(request.actor, shown, **values)

    if request.method == "POST" and form.submit(act, guard):
        return done(request, _("小区已改名。"), back)
    return form_page(request, form, title=shown.name, back=back, guard=guard)


@require_POST
def retire_compound(request: Any, compound_id: int) -> HttpResponse:
    """It is no more."""
    shown = _compound(compound_id)
    return attempt(
        request,
        lambda: services.retire(request.actor, shown, clock.today()),
        _("小区已登记为撤销。"),
        f"{reverse('desk:compounds')}?area={shown.area_id}",
    )


def _compound(compound_id: int) -> Compound:
    return get_object_or_404(Compound.objects.select_related("area"), pk=compound_id, removed_on=None)
