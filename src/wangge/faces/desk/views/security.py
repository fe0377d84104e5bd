"""My sign-in: passkeys, the app, recovery codes, and where I am signed in."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.base.views import IndexView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from wangge.domain.access import second_factor, sessions
from wangge.domain.access.alerts import alert
from wangge.domain.field.services import devices
from wangge.faces.desk.forms.sign_in import AppForm, PasskeyForm
from wangge.faces.desk.views.sign_in import options_of
from wangge.faces.web.gates import SECOND_STEP_DONE, second_step_due


class _Page:
    """Until a required second step is set up the page stands alone, without side bar and search."""

    request: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        due = second_step_due(self.request, self.request.actor)
        return shown | {"due": due, "layout": "desk/entrance.html" if due else "desk.html"}

    def form_invalid(self, form: Any) -> HttpResponse:
        view: Any = self
        response: HttpResponse = view.render_to_response(view.get_context_data(form=form), status=422)
        return response


class _Adds(_Page):
    """A second factor more: from now on this session counts as one that has it."""

    what: Any = ""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        self.request.session[SECOND_STEP_DONE] = True
        alert(self.request.user.pk, "factor_added", str(self.what))
        messages.success(self.request, _("已添加：%(what)s。") % {"what": self.what})
        return response


class _Removes(_Page):
    """One less; after the last one the session counts as one without."""

    what: Any = ""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        if not second_factor.has_one(self.request.user.pk):
            self.request.session.pop(SECOND_STEP_DONE, None)
        alert(self.request.user.pk, "factor_removed", str(self.what))
        messages.success(self.request, _("已移除：%(what)s。") % {"what": self.what})
        return response


class Security(_Page, IndexView):
    template_name = "desk/security.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = super().get_context_data(**kwargs)
        key = self.request.session.session_key
        actor = self.request.actor
        held = sessions.sessions_of(actor, self.request.user.pk, key)
        return shown | {"held": held, "phones": devices.phones_of(actor)}


class AddApp(_Adds, ActivateTOTPView):
    template_name = "desk/add_app.html"
    form_class = AppForm
    what = gettext_lazy("验证器")


class RemoveApp(_Removes, DeactivateTOTPView):
    template_name = "desk/remove_factor.html"
    what = gettext_lazy("验证器")


@method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
class AddPasskey(_Adds, AddWebAuthnView):
    template_name = "desk/add_passkey.html"
    form_class = PasskeyForm
    what = gettext_lazy("通行密钥")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.get("form") or self.get_form()
        shown = super().get_context_data(**kwargs)
        shown["js_data"] = {"creation_options": auth.begin_registration(self.request.user, True)}
        return shown | {"form": form, "options": options_of(shown, "creation_options")}


class RemovePasskey(_Removes, RemoveWebAuthnView):
    template_name = "desk/remove_factor.html"
    what = gettext_lazy("通行密钥")
    success_url = reverse_lazy("mfa_index")


class Codes(_Page, ViewRecoveryCodesView):
    template_name = "desk/recovery_codes.html"


class NewCodes(_Page, GenerateRecoveryCodesView):
    template_name = "desk/new_codes.html"


@require_POST
def end_session(request: Any, handle: str) -> HttpResponse:
    sessions.end_session(request.actor, request.user.pk, handle)
    messages.success(request, _("那台设备上的登录已结束。"))
    return redirect("mfa_index")


@require_POST
def end_other_sessions(request: Any) -> HttpResponse:
    sessions.end_sessions(request.actor, request.user.pk, but=request.session.session_key)
    messages.success(request, _("其他设备上的登录都已结束。"))
    return redirect("mfa_index")


@require_POST
def revoke_phone(request: Any, device_id: int) -> HttpResponse:
    devices.revoke(request.actor, device_id)
    messages.success(request, _("那部手机已停用。它下次联网时，会清除下载到手机上的内容。"))
    return redirect("mfa_index")


@require_POST
def allow_phone(request: Any, device_id: int) -> HttpResponse:
    devices.allow(request.actor, device_id)
    messages.success(request, _("那部手机可以继续使用了。"))
    return redirect("mfa_index")


security = Security.as_view()
add_app = AddApp.as_view()
remove_app = RemoveApp.as_view()
add_passkey = AddPasskey.as_view()
remove_passkey = RemovePasskey.as_view()
codes = Codes.as_view()
new_codes = NewCodes.as_view()
