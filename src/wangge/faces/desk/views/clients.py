"""Other systems: made, given new tokens, revoked; what each called lately. For administrators only."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from wangge.domain.access.actor import Role
from wangge.domain.access.models import ROLE_NAMES
from wangge.domain.access.queries import units_serving
from wangge.domain.access.services import ROLE_PLACES
from wangge.domain.exchange import queries
from wangge.domain.exchange.models import Client, Scope
from wangge.domain.exchange.services import clients as services
from wangge.domain.places.models import Area
from wangge.faces.desk.admin_pages import (
    Guard,
    ServiceForm,
    area_bar,
    attempt,
    done,
    form_page,
    must_administer,
    page,
    posted,
)
from wangge.faces.desk.forms.widgets import DayField
from wangge.faces.desk.signing import must_prove_again
from wangge.platform import clock

_OVERLAPS = [
    (0, gettext_lazy("立即失效")),
    (1, gettext_lazy("1 小时")),
    (24, gettext_lazy("1 天")),
    (168, gettext_lazy("7 天")),
]


class Lines(forms.CharField):
    """One value a line."""

    widget = forms.Textarea(attrs={"rows": 2})

    def clean(self, value: Any) -> Any:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class TokenForm(ServiceForm):
    """Makes a token, which is shown once and never again."""

    token = ""

    def submit(self, act: Callable[..., Any], guard: Guard | None = None) -> bool:
        def keep(**values: Any) -> Client:
            made: services.Made = act(**values)
            self.token = made.token
            return made.client

        return super().submit(keep, guard)


class ClientForm(TokenForm):
    name = forms.CharField(
        label=gettext_lazy("对方系统"), max_length=60, help_text=gettext_lazy("办理记录里显示这个名称。")
    )
    role = forms.ChoiceField(
        label=gettext_lazy("以什么岗位办事"), help_text=gettext_lazy("看到的和能办的，与这个岗位的人员相同。")
    )
    unit_id = forms.TypedChoiceField(label=gettext_lazy("单位"), coerce=int, empty_value=None, required=False)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("可以做什么"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    expires_on = DayField(
        label=gettext_lazy("到期日"), required=False, help_text=gettext_lazy("不填就一直有效。")
    )
    networks = Lines(
        label=gettext_lazy("允许的地址"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("IP 或网段，一行一个。不填就不限。"),
    )
    per_minute = forms.IntegerField(
        label=gettext_lazy("每分钟最多调用"), min_value=1, max_value=services.MOST_PER_MINUTE, initial=600
    )

    def __init__(self, area: Area, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fitting = [role for role in Role if ROLE_PLACES[role][0] in (None, area.level)]
        self.fields["role"].choices = [(role.value, ROLE_NAMES[role]) for role in fitting]  # type: ignore[attr-defined]
        self.fields["unit_id"].choices = [  # type: ignore[attr-defined]
            ("", _("不属于单位")),
            *((unit.pk, unit.name) for unit in units_serving(area)),
        ]


class RotateForm(TokenForm):
    overlap_hours = forms.TypedChoiceField(
        label=gettext_lazy("旧令牌还能用多久"), coerce=int, choices=_OVERLAPS, initial=24
    )


def clients(request: Any) -> HttpResponse:
    """All other systems, with how much each called."""
    must_administer(request)
    rows = [(client, _state(client)) for client in queries.clients(request.actor)]
    return page(request, "clients.html", rows=rows)


def new_client(request: Any) -> HttpResponse:
    """A new system in the area of the address; its token is shown once."""
    must_administer(request)
    must_prove_again(request)
    bar = area_bar(request)
    form = ClientForm(bar.area, posted(request))
    if request.method == "POST" and form.submit(
        lambda **v: services.create_client(request.actor, area_id=bar.area.pk, **v)
    ):
        return _made(request, form, _("系统对接已建立。"))
    return form_page(
        request,
        form,
        title=_("在%(area)s新建系统对接") % {"area": bar.area.name},
        back=reverse("desk:clients"),
        action=_("建立"),
        note=_("先选对方负责的区域，再选岗位。"),
        part="desk/admin/client_area.html",
        bar=bar,
    )


def client(request: Any, client_id: int) -> HttpResponse:
    """One system with its tokens, calls and webhooks."""
    must_administer(request)
    shown = queries.client_page(request.actor, client_id)
    names = dict(Scope.choices)
    return page(
        request,
        "client.html",
        shown=shown,
        scopes=[names[scope] for scope in shown.client.scopes],
        state=_state(shown.client),
        now=clock.now(),
        role=ROLE_NAMES[Role(shown.client.role)],
    )


def rotate(request: Any, client_id: int) -> HttpResponse:
    """A new token beside the old one, which goes on for a while."""
    must_administer(request)
    must_prove_again(request)
    shown = queries.client_page(request.actor, client_id)
    form = RotateForm(posted(request))
    if request.method == "POST" and form.submit(
        lambda **v: services.rotate_token(request.actor, client_id, **v)
    ):
        return _made(request, form, _("新令牌已生成。"))
    return form_page(
        request,
        form,
        title=_("给%(name)s换令牌") % {"name": shown.client.user.name},
        back=reverse("desk:client", args=[client_id]),
        action=_("生成新令牌"),
    )


@require_POST
def revoke(request: Any, client_id: int) -> HttpResponse:
    """End it at once."""
    must_administer(request)
    return attempt(
        request,
        lambda: services.revoke_client(request.actor, client_id),
        _("已停用，令牌立即失效。"),
        reverse("desk:client", args=[client_id]),
    )


def _made(request: Any, form: TokenForm, text: str) -> HttpResponse:
    """The token is shown here and nowhere again: it is in no message, session or address."""
    client: Client = form.result
    address = reverse("desk:client", args=[client.pk])
    if form.again_sent:
        return done(request, _("这张表已经提交过，令牌只显示一次。没有抄下就请换一个令牌。"), address)
    return page(request, "client_token.html", client=client, token=form.token, text=text, back=address)


def _state(client: Client) -> str:
    if client.revoked_at:
        return _("已停用")
    return _("已到期") if client.expires_on and client.expires_on < clock.today() else _("在用")
