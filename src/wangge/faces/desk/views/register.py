"""The register: find a dwelling by its address, people by name or phone with a purpose; who lives there, masked."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.access.actor import Actor, Role
from wangge.domain.access.policy import errand_paths, near_paths
from wangge.domain.places.models import Dwelling
from wangge.domain.register.models import Household, Resident
from wangge.domain.register.purposes import purposes_of
from wangge.domain.register.queries.homes import address_of, find_dwellings, home
from wangge.domain.register.queries.people import shown_household
from wangge.domain.register.services import looking
from wangge.domain.register.services.base import keeps
from wangge.domain.register.services.details import NEEDS
from wangge.domain.register.services.leave import errand_of
from wangge.faces.desk.forms.errors import show
from wangge.faces.desk.forms.register import PeopleForm, PurposeForm
from wangge.platform.errors import Invalid, NotAllowed


def serves_people(actor: Actor) -> bool:
    """Whether the actor's posts see people of the register at all."""
    return bool(near_paths(actor) or errand_paths(actor))


def opened(actor: Actor) -> tuple[str, ...]:
    """The purposes that the actor may state now: those of the posts, or that of the errand alone."""
    errand = None if near_paths(actor) else errand_of(actor)
    return (errand.purpose,) if errand else purposes_of(actor) if near_paths(actor) else ()


def must_serve(request: Any) -> None:
    """Raises NotAllowed for posts that keep no register and have no errands there."""
    if not serves_people(request.actor):
        raise NotAllowed(_("您的岗位不查看居民登记。"))


@require_safe
def find(request: Any) -> HttpResponse:
    """Dwellings by address; nobody is shown, so nothing is logged."""
    must_serve(request)
    words = request.GET.get("address", "").strip()[:60]
    return _page(request, words=words, dwellings=_lines(find_dwellings(request.actor, words)))


@require_POST
def find_people(request: Any) -> HttpResponse:
    """People by name or phone with a purpose; every hit is written down."""
    must_serve(request)
    form = PeopleForm(opened(request.actor), request.POST)
    found = looking.Found()
    if form.is_valid():
        try:
            found = looking.find_people(
                request.actor, form.cleaned_data["asked"], form.cleaned_data["purpose"]
            )
        except Invalid as refusal:
            show(form, refusal)
    if found.refused:
        form.add_error(None, found.refused.text)
    people = [(one, address_of(one.household.dwelling)) for one in found.residents]
    status = 429 if found.refused else 422 if form.errors else 200
    return _page(request, form, status, people=people, searched=not form.errors)


def _page(request: Any, form: PeopleForm | None = None, status: int = 200, **more: Any) -> HttpResponse:
    actor = request.actor
    context = {
        "form": form or PeopleForm(opened(actor)),
        "errand": errand_of(actor) if errand_paths(actor) else None,
        "needs_errand": not opened(actor),
        "keeps": bool(near_paths(actor)),
        **more,
    }
    return render(request, "desk/register/find.html", context, status=status)


def _lines(dwellings: list[Dwelling]) -> list[tuple[Dwelling, str]]:
    return [(one, address_of(one)) for one in dwellings]


@require_safe
def dwelling(request: Any, dwelling_id: int) -> HttpResponse:
    """What is registered of a dwelling: how many live there, and never who."""
    must_serve(request)
    context = {
        "home": home(request.actor, dwelling_id),
        "purposes": PurposeForm(opened(request.actor)).fields["purpose"].choices,  # type: ignore[attr-defined]
        "needs_errand": not opened(request.actor),
    }
    return render(request, "desk/register/home.html", context)


@require_POST
def show_household(request: Any, household_id: int) -> HttpResponse:
    """The people of a household in full, for the purpose that was stated; the looks are written down first."""
    must_serve(request)
    purpose = request.POST.get("purpose", "")
    household, people = looking.show_household(request.actor, household_id, purpose)
    return shown(request, household, people, purpose)


def shown(request: Any, household: Household, people: list[Resident], purpose: str) -> HttpResponse:
    """The page of people that were disclosed; it is not kept by the browser."""
    more = shown_household(request.actor, household, people)
    context = {
        "household": household,
        "people": [(one, more.of(one.pk)) for one in people],
        "merges": more.merges,
        "purpose": _(purpose),
        "keeps": keeps(request.actor, household.area),
        "may_grant": request.actor.has(Role.STATION_OFFICER, Role.STATION_HEAD),
        "back": reverse("desk:household-of-dwelling", args=[household.dwelling_id]),
        "needs": NEEDS,
    }
    answer = render(request, "desk/register/shown.html", context)
    answer["Cache-Control"] = "no-store"
    return answer
