"""Signing in and out, and one's own posts, password and stand-ins."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from wangge.domain.access import services
from wangge.domain.access.actor import Actor
from wangge.domain.access.models import User
from wangge.domain.access.queries import colleagues, posts_today, stand_ins_of
from wangge.faces.desk.forms import errors
from wangge.faces.desk.forms.account import PasswordForm, SignInForm, StandInForm
from wangge.faces.web.address import address_of
from wangge.platform import clock
from wangge.platform.errors import WanggeError
from wangge.platform.limits.services import Limit

WRONG_TRIES = Limit("sign-in", most=10, minutes=15)
# One address guessing at many accounts is slowed down too.
WRONG_TRIES_OF_ADDRESS = Limit("sign-in address", most=50, minutes=15)


@login_not_required
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Account and password; after ten wrong tries in a quarter of an hour the account rests for that address."""
    if request.method != "POST":
        return render(request, "desk/sign_in.html", {"form": SignInForm(request), "next": _wanted(request)})
    username = request.POST.get("username", "").strip().casefold()
    address = address_of(request)
    locked = WRONG_TRIES.reached(username, address) or WRONG_TRIES_OF_ADDRESS.reached(address)
    form = SignInForm(request, request.POST)
    if not locked and form.is_valid():
        WRONG_TRIES.forget(username, address)
        login(request, form.get_user())
        return redirect(_wanted(request) or settings.LOGIN_REDIRECT_URL)
    if not locked:
        WRONG_TRIES.count(username, address)
        WRONG_TRIES_OF_ADDRESS.count(address)
    page = {"form": SignInForm(request) if locked else form, "next": _wanted(request), "locked": locked}
    return render(request, "desk/sign_in.html", page, status=429 if locked else 422)


def _wanted(request: HttpRequest) -> str:
    """Where to go afterwards: only an address of ours."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if ours else ""


@require_POST
@login_not_required
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@require_safe
def account(request: Any) -> HttpResponse:
    """My posts of today with their stand-ins, and what I may change about my account."""
    return _page(request, PasswordForm(request.user), _stand_in_form(request.actor))


@require_POST
@sensitive_post_parameters("old", "new", "again")
def change_password(request: Any) -> HttpResponse:
    user = cast(User, request.user)
    form = PasswordForm(user, request.POST)
    if form.is_valid():
        try:
            services.set_password(request.actor, user.pk, form.cleaned_data["new"])
        except WanggeError as error:
            form.add_error("new", error.text)
    if not form.is_valid():
        return _page(request, form, _stand_in_form(request.actor), status=422)
    # Other sessions end with the old password; this one goes on.
    user.refresh_from_db()
    update_session_auth_hash(request, user)
    messages.success(request, _("密码已修改。"))
    return redirect("desk:account")


@require_POST
def arrange_stand_in(request: Any) -> HttpResponse:
    form = _stand_in_form(request.actor, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.stand_in(
                request.actor,
                post_id=given["post"],
                user_id=given["user"],
                starts_on=given["starts_on"],
                ends_on=given["ends_on"],
                reason=given["reason"],
            )
        except WanggeError as error:
            errors.show(form, error)
    if not form.is_valid():
        return _page(request, PasswordForm(request.user), form, status=422)
    messages.success(request, _("替班已安排，那几天对方能看到并办理您岗位上的工作。"))
    return redirect("desk:account")


def _stand_in_form(actor: Actor, data: Any = None) -> StandInForm:
    own = [post for post in posts_today(actor) if post.user_id == actor.user_id]
    return StandInForm(own, colleagues(actor), data, initial={"starts_on": clock.today()})


def _page(request: Any, password: PasswordForm, stand_in: StandInForm, status: int = 200) -> HttpResponse:
    posts = posts_today(request.actor)
    context = {
        "posts": posts,
        "own": [post for post in posts if post.user_id == request.actor.user_id],
        "stand_ins": stand_ins_of(request.actor, clock.today()),
        "password": password,
        "stand_in": stand_in,
    }
    return render(request, "desk/account.html", context, status=status)
