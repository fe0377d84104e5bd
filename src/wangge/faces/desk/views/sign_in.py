"""Signing in: account and password, the second step, passkeys; and confirming again who is there."""

import json
from datetime import datetime
from typing import Any

from allauth.account.internal.stagekit import clear_login
from allauth.account.views import LoginView, ReauthenticateView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateCodeView
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from wangge.domain.access import locks
from wangge.faces.desk.forms.sign_in import (
    CodeAgainForm,
    CodeForm,
    ConfirmForm,
    PasskeyAgainForm,
    PasskeyAnswerForm,
    PasskeySignInForm,
    SignInForm,
)
from wangge.faces.web.address import address_of
from wangge.platform.limits.services import Limit

# Each begins a session in the database; an office behind one address stays far below.
PASSKEY_BEGINNINGS = Limit("passkey", most=600, minutes=15)


class SignIn(LoginView):
    """Account and password; wrong tries make the account rest for that address."""

    template_name = "desk/sign_in.html"
    form_class = SignInForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.username, self.address = request.POST.get("username", ""), address_of(request)
        if until := locks.rests_until(self.username, self.address):
            self._cached_form = SignInForm(request=request)
            return rests(self, until, form=self._cached_form)
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        locks.right_password(self.username, self.address)
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        locks.wrong_password(self.username, self.address)
        return self.render_to_response(self.get_context_data(form=form), status=422)


class SecondStep(AuthenticateView):
    """After the password: a code of the app, a recovery code, or a passkey."""

    template_name = "desk/second_step.html"
    form_class = CodeForm
    webauthn_form_class = PasskeyAnswerForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if until := locks.codes_rest_until(self.stage.login.user.pk):
            clear_login(request)
            return rests(self, until)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        locks.right_code(self.stage.login.user.pk)
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        locks.wrong_code(self.stage.login.user, address_of(self.request))
        return self.render_to_response(self.get_context_data(), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = super().get_context_data(**kwargs)
        return shown | {"options": options_of(shown, "request_options")}


class PasskeySignIn(LoginWebAuthnView):
    """A passkey alone: it holds possession and fingerprint or PIN, so no second step follows."""

    form_class = PasskeySignInForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if PASSKEY_BEGINNINGS.count(address_of(request)) > PASSKEY_BEGINNINGS.most:
            return JsonResponse({}, status=429)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if locks.rests_until("", address_of(request)):
            return redirect("account_login")
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        locks.wrong_password("", address_of(self.request))
        return super().form_invalid(form)


class _Confirm:
    """What the three ways to confirm share: wrong tries count as those of signing in do."""

    request: Any

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if until := locks.codes_rest_until(request.user.pk):
            return rests(self, until)
        response: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        locks.right_code(self.request.user.pk)
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        locks.wrong_code(self.request.user, address_of(self.request))
        view: Any = self
        response: HttpResponse = view.render_to_response(view.get_context_data(form=form), status=422)
        return response


class Confirm(_Confirm, ReauthenticateView):
    template_name = "desk/confirm.html"
    form_class = ConfirmForm
    extra_context = {"way": "password"}


class ConfirmCode(_Confirm, ReauthenticateCodeView):
    template_name = "desk/confirm.html"
    form_class = CodeAgainForm
    extra_context = {"way": "code"}


class ConfirmPasskey(_Confirm, ReauthenticateWebAuthnView):
    template_name = "desk/confirm.html"
    form_class = PasskeyAgainForm
    extra_context = {"way": "passkey"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = super().get_context_data(**kwargs)
        return shown | {"options": options_of(shown, "request_options"), "way": "passkey"}


@require_POST
@login_not_required
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def options_of(shown: dict[str, Any], name: str) -> str:
    """The browser's part of a passkey ceremony, as JSON for an attribute of the form."""
    return json.dumps(shown.get("js_data", {}).get(name, {}))


def rests(view: Any, until: datetime, **more: Any) -> HttpResponse:
    """The page again with the time from which tries are looked at."""
    view.form = None
    shown = view.get_context_data(**more) | {"rests_until": until}
    response: HttpResponse = view.render_to_response(shown, status=429)
    return response


sign_in = login_not_required(SignIn.as_view())
second_step = login_not_required(SecondStep.as_view())
passkey_sign_in = login_not_required(PasskeySignIn.as_view())
confirm = Confirm.as_view()
confirm_code = ConfirmCode.as_view()
confirm_passkey = ConfirmPasskey.as_view()
