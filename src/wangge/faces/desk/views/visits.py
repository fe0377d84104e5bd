"""Visits that somebody asked for: what is due today in walking order, and how they are planned."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.register.models import CareNeed
from wangge.domain.register.services.base import kept
from wangge.domain.visits import queries
from wangge.domain.visits.models import BRINGS, CHECKS, VisitPlan
from wangge.domain.visits.services import visiting
from wangge.faces.desk.admin_pages import attempt, done, form_page, posted
from wangge.faces.desk.forms.visits import PlanForm, VisitForm, key_of
from wangge.faces.desk.views.diary import must_visit
from wangge.platform import clock


@require_safe
def due_list(request: Any) -> HttpResponse:
    """Today's visits at their doors, in walking order; nobody's name."""
    must_visit(request)
    stops = queries.due(request.actor, clock.today())
    instead = [post.place for post in request.actor.posts if post.on_behalf_of is not None]
    return render(request, "desk/visits/due.html", {"stops": stops, "instead": instead})


@require_safe
def plans(request: Any) -> HttpResponse:
    """Running plans, the first to end first."""
    must_visit(request)
    lines = [
        (
            plan,
            queries.home_of(plan),
            queries.words(plan.checks, CHECKS),
            queries.words(plan.brings, BRINGS),
        )
        for plan in queries.plans(request.actor)
    ]
    return render(request, "desk/visits/plans.html", {"lines": lines, "today": clock.today()})


def new_plan(request: Any, care_id: int) -> HttpResponse:
    """How often to visit, what to look after, what to bring: for care that was asked for."""
    must_visit(request)
    care = kept(request.actor, CareNeed, care_id)
    form = PlanForm(posted(request), initial={"starts_on": clock.today(), "ends_on": care.ends_on})
    if request.method == "POST" and form.submit(
        lambda **v: visiting.plan_visits(request.actor, key_of(form), care_id, **v)
    ):
        return done(request, _("已安排探访。"), reverse("desk:visit-plans"))
    return form_page(
        request,
        form,
        title=_("安排探访"),
        back=reverse("desk:care"),
        note=_("只给本人申请并同意的照料安排探访；照料结束，探访也结束。"),
    )


@require_POST
def end_plan(request: Any, plan_id: int) -> HttpResponse:
    """No more visits."""
    must_visit(request)
    kept(request.actor, VisitPlan, plan_id)
    to = reverse("desk:visit-plans")
    return attempt(request, lambda: visiting.end_plan(request.actor, plan_id), _("探访安排已结束。"), to)


def record(request: Any, plan_id: int) -> HttpResponse:
    """A visit was made, nobody was at home, or it was not wanted."""
    must_visit(request)
    kept(request.actor, VisitPlan, plan_id)
    plan = queries.plan_of(request.actor, plan_id)
    form = VisitForm(posted(request))
    back = reverse("desk:visits")
    if request.method == "POST" and form.submit(
        lambda **v: visiting.record_visit(request.actor, key_of(form), plan_id, **v)
    ):
        return done(request, _("已记下这次探访。"), back)
    return form_page(request, form, title=_("记一次探访"), back=back, note=queries.home_of(plan))
