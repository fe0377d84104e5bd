"""Tenancies, safety checks of rented homes, organisations."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.access.policy import near_paths
from wangge.domain.register.models import CHECK_ITEMS, HomeCheck, Organisation, OrganisationKind, Tenancy
from wangge.domain.register.queries import homes as queries
from wangge.domain.register.services import homes, looking
from wangge.domain.register.services import organisations as services
from wangge.domain.register.services.base import kept
from wangge.domain.register.services.people import dwelling_of
from wangge.faces.desk.admin_pages import (
    PAGE_ROWS,
    attempt,
    done,
    form_page,
    one_at_a_time,
    posted,
    values_guard,
)
from wangge.faces.desk.forms.register import (
    CheckForm,
    DayForm,
    NewOrganisationForm,
    OrganisationForm,
    PurposeForm,
    TenancyForm,
    grids_of,
)
from wangge.faces.desk.views.register import must_serve, opened
from wangge.faces.desk.views.register_people import disclosed, of_dwelling
from wangge.platform import clock


def new_tenancy(request: Any, dwelling_id: int) -> HttpResponse:
    """A dwelling is let."""
    must_serve(request)
    dwelling_of(request.actor, dwelling_id)
    found = queries.home(request.actor, dwelling_id)
    form = TenancyForm([one for one in found.households if one.until is None], posted(request))
    if request.method == "POST" and form.submit(lambda **v: homes.let(request.actor, dwelling_id, **v)):
        return done(request, _("已登记租约。"), of_dwelling(dwelling_id))
    return form_page(request, form, title=_("登记出租"), back=of_dwelling(dwelling_id))


@require_POST
def show_landlord(request: Any, tenancy_id: int) -> HttpResponse:
    """Who lets a dwelling, with a purpose, written down first."""
    must_serve(request)
    tenancy = looking.show_landlord(request.actor, tenancy_id, request.POST.get("purpose", ""))
    facts = [(_("出租人"), tenancy.landlord), (_("电话"), tenancy.landlord_phone or "—")]
    return disclosed(request, _("出租人"), facts, of_dwelling(tenancy.dwelling_id))


@one_at_a_time
def end_tenancy(request: Any, tenancy_id: int) -> HttpResponse:
    """The lease ends with a day."""
    must_serve(request)
    found = kept(request.actor, Tenancy, tenancy_id)
    form = DayForm(posted(request), initial={"on": clock.today()})
    guard = values_guard(request, found.version)
    back = of_dwelling(found.dwelling_id)
    if request.method == "POST" and form.submit(
        lambda **v: homes.end_tenancy(request.actor, tenancy_id, **v), guard
    ):
        return done(request, _("租约已结束。"), back)
    return form_page(request, form, title=_("结束租约"), back=back, guard=guard, action=_("结束租约"))


def new_check(request: Any, dwelling_id: int) -> HttpResponse:
    """A look at the safety of a rented home."""
    must_serve(request)
    dwelling_of(request.actor, dwelling_id)
    form = CheckForm(posted(request), initial={"day": clock.today()})
    if request.method == "POST" and form.submit(
        lambda **v: homes.check_home(request.actor, dwelling_id, **v)
    ):
        return done(request, _("已登记检查。"), of_dwelling(dwelling_id))
    return form_page(request, form, title=_("登记房屋安全检查"), back=of_dwelling(dwelling_id))


@require_safe
def checks(request: Any) -> HttpResponse:
    """Homes in which something must be put right, the most urgent first."""
    must_serve(request)
    rows = Paginator(queries.checks_to_fix(request.actor), PAGE_ROWS).get_page(request.GET.get("page"))
    lines = [
        (
            one,
            queries.address_of(one.dwelling),
            [CHECK_ITEMS[key] for key in one.faults if key in CHECK_ITEMS],
        )
        for one in rows
    ]
    context = {"rows": rows, "lines": lines, "today": clock.today(), "keeps": near_paths(request.actor)}
    return render(request, "desk/register/checks.html", context)


@require_POST
def mark_fixed(request: Any, check_id: int) -> HttpResponse:
    """What was found is put right."""
    must_serve(request)
    found = kept(request.actor, HomeCheck, check_id)
    to = of_dwelling(found.dwelling_id)
    return attempt(request, lambda: homes.mark_fixed(request.actor, check_id), _("已登记整改完成。"), to)


class OrganisationFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("名称或信用代码"), required=False, max_length=40)
    kind = forms.ChoiceField(
        label=gettext_lazy("类型"),
        choices=[("", gettext_lazy("全部类型")), *OrganisationKind.choices],
        required=False,
    )


@require_safe
def organisations(request: Any) -> HttpResponse:
    """Organisations, shops and institutions of the actor's ring; who answers for them stays masked."""
    must_serve(request)
    filters = OrganisationFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    found = queries.organisations(request.actor, asked.get("q", ""), asked.get("kind", ""))
    rows = Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    purposes: Any = PurposeForm(opened(request.actor)).fields["purpose"]
    context = {
        "filters": filters,
        "rows": rows,
        "lines": [(one, queries.where_it_is(one)) for one in rows],
        "query": request.GET.urlencode(),
        "purposes": purposes.choices,
        "keeps": near_paths(request.actor),
    }
    return render(request, "desk/register/organisations.html", context)


def new_organisation(request: Any) -> HttpResponse:
    """An organisation in one of the actor's grids."""
    must_serve(request)
    form = NewOrganisationForm(grids_of(request.actor), posted(request))
    back = reverse("desk:organisations")
    if request.method == "POST" and form.submit(lambda **v: services.add(request.actor, **v)):
        return done(request, _("已登记单位。"), back)
    return form_page(request, form, title=_("登记单位"), back=back)


@one_at_a_time
def organisation(request: Any, organisation_id: int) -> HttpResponse:
    """Change an organisation; its contact is not shown, and stays unless filled in."""
    must_serve(request)
    found = kept(request.actor, Organisation, organisation_id)
    names = ("name", "kind", "credit_code", "address")
    form = OrganisationForm(posted(request), initial={name: getattr(found, name) for name in names})
    guard = values_guard(request, found.version)
    back = reverse("desk:organisations")
    if request.method == "POST" and form.submit(
        lambda **v: services.change(request.actor, organisation_id, **_given(v)), guard
    ):
        return done(request, _("已保存。"), back)
    note = _("联系人和电话不显示；留空就不变。")
    close = reverse("desk:close-organisation", args=[organisation_id])
    return form_page(
        request,
        form,
        title=found.name,
        back=back,
        guard=guard,
        note=note,
        part="desk/register/closing.html",
        close=close,
    )


def _given(values: dict[str, Any]) -> dict[str, Any]:
    """Without the contact where it was left empty."""
    return {name: value for name, value in values.items() if value or not name.startswith("contact_")}


@require_POST
def show_contact(request: Any, organisation_id: int) -> HttpResponse:
    """Who answers for an organisation, with a purpose, written down first."""
    must_serve(request)
    found = looking.show_contact(request.actor, organisation_id, request.POST.get("purpose", ""))
    facts = [(_("联系人"), found.contact_name or "—"), (_("电话"), found.contact_phone or "—")]
    return disclosed(request, found.name, facts, reverse("desk:organisations"))


@one_at_a_time
def close(request: Any, organisation_id: int) -> HttpResponse:
    """The organisation closed or moved away."""
    must_serve(request)
    found = kept(request.actor, Organisation, organisation_id)
    form = DayForm(posted(request), initial={"on": clock.today()})
    guard = values_guard(request, found.version)
    back = reverse("desk:organisations")
    if request.method == "POST" and form.submit(
        lambda **v: services.close(request.actor, organisation_id, **v), guard
    ):
        return done(request, _("已登记注销或迁出。"), back)
    return form_page(
        request, form, title=_("“%(name)s”注销或迁出") % {"name": found.name}, back=back, guard=guard
    )
