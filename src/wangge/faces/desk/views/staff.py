"""Joiners and leavers: one page each, for administrators."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.domain.access.models import User
from wangge.domain.office.services import staff as services
from wangge.domain.places.models import Area
from wangge.faces.desk.admin_pages import (
    ServiceForm,
    area_bar,
    asked_day,
    done,
    form_page,
    must_administer,
    one_at_a_time,
    posted,
    values_guard,
)
from wangge.faces.desk.forms.widgets import DayField
from wangge.faces.desk.signing import must_prove_again
from wangge.faces.desk.views.organisation import PostForm, UserField, people, serving_unit
from wangge.faces.desk.views.people import UserForm, made_account
from wangge.platform import clock


class JoinForm(UserForm, PostForm):
    """An account and its first post in an area."""

    def __init__(self, area: Area, *args: Any, **options: Any) -> None:
        PostForm.__init__(self, area, *args, **options)
        del self.fields["user_id"], self.fields["ends_on"]
        self.order_fields(("name", "username", "email", "role", "unit_id", "starts_on", "password", "again"))


class LeaveForm(ServiceForm):
    last_day = DayField(label=gettext_lazy("最后一天"))
    successor = UserField(
        label=gettext_lazy("接手人"),
        required=False,
        help_text=gettext_lazy("填写账号，或不重名的姓名。有在办案件或没有别人担任的岗位时必填。"),
    )
    note = forms.CharField(
        label=gettext_lazy("写进交接单的话"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def join(request: Any) -> HttpResponse:
    """A joiner: the account, its first password and its first post from a day, in the area of the address."""
    must_administer(request)
    must_prove_again(request)
    bar = area_bar(request)
    form = JoinForm(
        bar.area,
        posted(request),
        initial={"starts_on": clock.today(), "unit_id": serving_unit(bar.area)},
    )
    if request.method == "POST" and form.submit(
        lambda **given: services.join(request.actor, area_id=bar.area.pk, **given)
    ):
        made = "" if form.again_sent else form.made
        return made_account(request, form.result, made, _("账号和岗位都已安排。"))
    return form_page(
        request,
        form,
        title=_("新人入职：%(area)s") % {"area": bar.area.name},
        back=reverse("desk:users"),
        action=_("办理入职"),
        note=_("先在下面选好岗位所在的区域。首次登录时本人必须改密码。"),
        part="desk/admin/area_bar.html",
        bar=bar,
    )


@one_at_a_time
def leave(request: Any, user_id: int) -> HttpResponse:
    """A leaver: what is open, who takes it, and the last day."""
    must_administer(request)
    found = get_object_or_404(User, pk=user_id, is_active=True)
    day = asked_day(request)
    form = LeaveForm(posted(request), initial={"last_day": found.leaves_on or day})
    guard = values_guard(request, found.leaves_on, saved={"last_day": found.leaves_on})
    back = reverse("desk:user", args=[user_id])
    if request.method == "POST" and form.submit(
        lambda last_day, successor, note: services.leave(
            request.actor, user_id, last_day=last_day, successor_id=successor, note=note
        ),
        guard,
    ):
        text = _("离岗已办理：岗位到最后一天为止，次日账号停用。在办的事已列成交接单交给接手人。")
        return done(request, text, back)
    return form_page(
        request,
        form,
        title=_("%(name)s离岗") % {"name": found.name},
        back=back,
        action=_("办理离岗"),
        danger=True,
        guard=guard,
        part="desk/admin/leaving.html",
        left=services.leaving(request.actor, user_id, day),
        people=people(),
    )
