"""Our ways inside django-allauth: its flows, our words, our limits, no mail, nobody signs up."""

import io
import math
import time
from typing import Any

import segno
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.domain.access import sessions
from wangge.domain.access.alerts import alert
from wangge.faces.web.address import address_of
from wangge.faces.web.devices import device_of
from wangge.faces.web.gates import SECOND_STEP_DONE
from wangge.platform.personal import seal, unseal

# Which accounts signed in with this browser before; holds marks, no names.
KNOWN_COOKIE = "known"
_KNOWN_DAYS = 400
# How long a form of a sensitive act may stay open.
_FORM_S = 30 * 60
_KNOWN_MOST = 20
_SEALED_AS = "mfa.Authenticator.data"


def must_prove_again(request: HttpRequest) -> None:
    """A page for a sensitive act asks again who is there, unless somebody signed in or confirmed just now; a view calls
    it after it let the actor in, so that nobody is asked in vain.

    A form that was opened in time may be sent later: what was typed is not lost to the question.
    """
    opened = request.method == "POST" and "key" in request.POST
    if _proved_ago_s(request) > (_FORM_S if opened else app_settings.REAUTHENTICATION_TIMEOUT):
        raise ReauthenticationRequired


def _proved_ago_s(request: Any) -> float:
    """Seconds since this session last proved who it is."""
    records = get_authentication_records(request, request.user)
    return time.time() - records[-1]["at"] if records else math.inf


class Accounts(DefaultAccountAdapter):
    """Signing in with account and password, and what happens when it succeeded."""

    error_messages = {
        "username_password_mismatch": gettext_lazy("账号或密码不对，请核对大小写后再试。"),
        "incorrect_password": gettext_lazy("密码不对，请核对大小写后再试。"),
    }
    before: Any = None

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        return authenticate(request, **credentials)

    def reauthenticate(self, user: Any, password: str) -> bool:
        return bool(user.check_password(password))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not within five minutes of signing in or of the last confirmation."""
        return _proved_ago_s(context.request) > app_settings.REAUTHENTICATION_TIMEOUT

    def login(self, request: HttpRequest, user: Any) -> None:
        self.before = user.last_login
        super().login(request, user)

    def post_login(self, request: Any, user: Any, **given: Any) -> HttpResponse:
        device, address = device_of(request.headers.get("User-Agent", "")), address_of(request)
        records = get_authentication_records(request, user)
        request.session[SECOND_STEP_DONE] = any(record["method"] == "mfa" for record in records)
        request.session[sessions.SIGNED_IN] = sessions.note(device, address)
        response: HttpResponse = super().post_login(request, user, **given)
        known, mark = _known(request), salted_hmac("known", str(user.pk)).hexdigest()[:16]
        if mark not in known and self.before:
            alert(user.pk, "new_device", f"{device} {sessions.short_address(address)}".strip())
        kept = ".".join([mark, *(other for other in known if other != mark)][:_KNOWN_MOST])
        response.set_signed_cookie(
            KNOWN_COOKIE,
            kept,
            max_age=_KNOWN_DAYS * 86400,
            path="/desk/",
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
        return response

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        clear_login(request)
        messages.error(request, _("这个账号已停用，请找平台管理员。"))
        return HttpResponseRedirect(reverse("account_login"))

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """None: the inbox tells, see access.alerts."""


class SecondFactors(DefaultMFAAdapter):
    """Apps and passkeys: sealed at rest, named in our words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("没有通过，请再试一次。"),
        "cannot_generate_recovery_codes": gettext_lazy("请先添加通行密钥或验证器，再生成备用码。"),
    }

    def get_totp_issuer(self) -> str:
        return f"{_('网格工作台')} {context.request.get_host()}"

    def build_totp_svg(self, url: str) -> str:
        drawn = io.BytesIO()
        segno.make(url, error="m", micro=False).save(drawn, kind="svg", border=3, scale=4, light="#fff")
        return drawn.getvalue().decode()

    def encrypt(self, text: str) -> str:
        return seal(text, _SEALED_AS).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(bytes.fromhex(encrypted_text), _SEALED_AS)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return device_of(context.request.headers.get("User-Agent", "")) or _("通行密钥")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": self.get_totp_issuer()}


def _known(request: HttpRequest) -> list[str]:
    kept = request.get_signed_cookie(KNOWN_COOKIE, default="", max_age=_KNOWN_DAYS * 86400)
    return [mark for mark in (kept or "").split(".") if mark]
