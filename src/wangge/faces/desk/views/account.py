"""One's own posts, password and stand-ins."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wangge.domain.access import services
from wangge.domain.access.actor import Actor, Role
from wangge.domain.access.models import StandIn, User
from wangge.domain.access.queries import colleagues, posts_today, stand_ins_of
from wangge.domain.boards.queries import card_of
from wangge.faces.desk.forms.account import PasswordForm, StandInForm
from wangge.platform import clock
from wangge.platform.errors import WanggeError


@require_safe
def account(request: Any) -> HttpResponse:
    """My posts of today with their stand-ins, and what I may change about my account."""
    return _page(request, _stand_in_form(request.actor))


@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: Any) -> HttpResponse:
    """A page of its own: whoever got a password from somebody else sees only this one."""
    user = cast(User, request.user)
    if request.method != "POST":
        return render(request, "desk/password.html", {"form": PasswordForm(user)})
    form = PasswordForm(user, request.POST)
    if form.is_valid():
        try:
            services.set_password(request.actor, user.pk, form.cleaned_data["new"])
        except WanggeError as error:
            form.add_error("new", error.text)
    if not form.is_valid():
        return render(request, "desk/password.html", {"form": form}, status=422)
    # All sessions ended with the old password; this one goes on under a new key.
    user.refresh_from_db()
    update_session_auth_hash(request, user)
    messages.success(request, _("密码已修改，其他设备上的登录都已结束。"))
    return redirect("desk:account")


@require_POST
def arrange_stand_in(request: Any) -> HttpResponse:
    form = _stand_in_form(request.actor, request.POST)
    if not form.submit(lambda **given: _arrange(request.actor, given)):
        return _page(request, form, status=422)
    messages.success(request, _("替班已安排，那几天对方能看到并办理您岗位上的工作。"))
    return redirect("desk:account")


def _arrange(actor: Actor, given: dict[str, Any]) -> StandIn:
    post, user = given.pop("post"), given.pop("user")
    return services.stand_in(actor, post_id=post, user_id=user, **given)


def _stand_in_form(actor: Actor, data: Any = None) -> StandInForm:
    own = [post for post in posts_today(actor) if post.user_id == actor.user_id]
    return StandInForm(own, colleagues(actor), data, initial={"starts_on": clock.today()})


def _page(request: Any, stand_in: StandInForm, status: int = 200) -> HttpResponse:
    posts = posts_today(request.actor)
    context = {
        "posts": posts,
        "own": [post for post in posts if post.user_id == request.actor.user_id],
        "stand_ins": stand_ins_of(request.actor, clock.today()),
        "stand_in": stand_in,
        "on_a_board": request.actor.has(Role.GRID_WORKER, Role.GRID_LEAD),
        "card": card_of(request.actor.user_id),
    }
    return render(request, "desk/account.html", context, status=status)
