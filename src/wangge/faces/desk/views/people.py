"""Accounts of staff: found, opened, closed, passwords set. For administrators only."""

import secrets
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from wangge.domain.access import locks, second_factor, services, sessions
from wangge.domain.access.models import User
from wangge.domain.access.queries import posts_of, users_found
from wangge.faces.desk.admin_pages import (
    PAGE_ROWS,
    ServiceForm,
    attempt,
    done,
    form_page,
    must_administer,
    page,
    posted,
)
from wangge.faces.desk.signing import must_prove_again
from wangge.platform import clock

STATES = [
    ("", gettext_lazy("全部账号")),
    ("active", gettext_lazy("在用")),
    ("idle", gettext_lazy("在用、没有岗位")),
    ("closed", gettext_lazy("已停用")),
]
# Letters and digits that nobody takes for one another when a password is read out.
_CLEAR = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"


def first_password() -> str:
    """A password for somebody else to begin with: three groups of five signs, 87 bits."""
    return "-".join("".join(secrets.choice(_CLEAR) for _n in range(5)) for _part in range(3))


class UserFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("姓名或账号"), required=False, max_length=40)
    state = forms.ChoiceField(label=gettext_lazy("状态"), choices=STATES, required=False)


class PasswordForm(ServiceForm):
    """Typed twice, or left empty: then one is made and shown once."""

    password = forms.CharField(
        label=gettext_lazy("密码"),
        required=False,
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("不填就由系统生成，只显示一次。本人第一次登录时必须另设密码。"),
    )
    again = forms.CharField(
        label=gettext_lazy("再输一次"),
        required=False,
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    made = ""

    def clean(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        if given.get("password") != given.pop("again", ""):
            self.add_error("again", _("两次输入的密码不一样。"))
        if not given.get("password"):
            self.made = given["password"] = first_password()
        return given


class UserForm(PasswordForm):
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    username = forms.RegexField(
        r"^[\w.@-]+$",
        label=gettext_lazy("账号"),
        max_length=60,
        error_messages={"invalid": gettext_lazy("账号只用文字、数字和 . - _ @。")},
    )
    email = forms.EmailField(label=gettext_lazy("电子邮箱"), required=False)
    field_order = ("name", "username", "email", "password", "again")


def users(request: Any) -> HttpResponse:
    """All accounts with the posts of today."""
    must_administer(request)
    filters = UserFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    found = users_found(asked.get("q", ""), asked.get("state", ""))
    rows = Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    return page(request, "users.html", filters=filters, rows=rows)


def new_user(request: Any) -> HttpResponse:
    must_administer(request)
    must_prove_again(request)
    form = UserForm(posted(request))
    if request.method == "POST" and form.submit(lambda **v: services.create_user(request.actor, **v)):
        made = "" if form.again_sent else form.made
        return made_account(request, form.result, made, _("账号已建立，接着请安排岗位。"))
    return form_page(request, form, title=_("新建账号"), back=reverse("desk:users"), action=_("建立账号"))


def user(request: Any, user_id: int) -> HttpResponse:
    """An account with all its posts, past and to come."""
    must_administer(request)
    found = get_object_or_404(User, pk=user_id, service=False)
    return page(
        request,
        "user.html",
        user_shown=found,
        posts=posts_of(user_id),
        today=clock.today(),
        held=sessions.sessions_of(request.actor, user_id),
        locks=locks.locks_of(user_id),
        second_step=second_factor.has_one(user_id),
    )


def set_password(request: Any, user_id: int) -> HttpResponse:
    must_administer(request)
    must_prove_again(request)
    found = get_object_or_404(User, pk=user_id, service=False)
    form = PasswordForm(posted(request))
    if request.method == "POST" and form.submit(
        lambda password: services.set_password(request.actor, user_id, password)
    ):
        made = "" if form.again_sent else form.made
        return made_account(request, found, made, _("密码已更改，原有的登录都已失效。"))
    return form_page(
        request,
        form,
        title=_("给%(name)s设置密码") % {"name": found.name},
        back=reverse("desk:user", args=[user_id]),
    )


def made_account(request: Any, found: User, made: str, text: str) -> HttpResponse:
    """A made password is shown here and nowhere again: it is in no message, session or address."""
    address = reverse("desk:user", args=[found.pk])
    if made:
        return page(request, "password.html", user_shown=found, password=made, text=text, back=address)
    return done(request, text, address)


@require_POST
def end_sessions(request: Any, user_id: int) -> HttpResponse:
    """The person must sign in anew everywhere."""
    found = _for_change(request, user_id)
    return attempt(
        request,
        lambda: sessions.end_sessions(request.actor, found.pk),
        _("这个账号的登录都已结束。"),
        reverse("desk:user", args=[user_id]),
    )


@require_POST
def unlock(request: Any, user_id: int) -> HttpResponse:
    """After wrong tries: the account may be tried again at once."""
    found = _for_change(request, user_id)
    return attempt(
        request,
        lambda: locks.lift(request.actor, found.pk),
        _("锁定已解除。"),
        reverse("desk:user", args=[user_id]),
    )


@require_POST
def remove_second_step(request: Any, user_id: int) -> HttpResponse:
    """For a lost phone: the person sets up a new one at the next sign-in."""
    found = _for_change(request, user_id)
    must_prove_again(request)
    return attempt(
        request,
        lambda: second_factor.remove_all(request.actor, found.pk),
        _("第二步验证已清除，登录已结束。请核实是本人之后再告诉对方。"),
        reverse("desk:user", args=[user_id]),
    )


def _for_change(request: Any, user_id: int) -> User:
    must_administer(request)
    return get_object_or_404(User, pk=user_id, service=False)


@require_POST
def set_active(request: Any, user_id: int) -> HttpResponse:
    """Close an account, or open it again."""
    must_administer(request)
    found = get_object_or_404(User, pk=user_id, service=False)
    active = request.POST.get("active") == "1"
    text = _("账号已启用。") if active else _("账号已停用，名下岗位今天结束。")
    return attempt(
        request,
        lambda: services.set_active(request.actor, found.pk, active),
        text,
        reverse("desk:user", args=[user_id]),
    )
