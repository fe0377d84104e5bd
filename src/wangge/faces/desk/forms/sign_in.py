"""Forms of signing in: allauth's, in our words."""

from collections.abc import Callable
from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.forms import ReauthenticateForm as PasswordAgainForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from wangge.domain.access.locks import first_use

_CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "maxlength": 12}


class SignInForm(LoginForm):
    """Account and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("账号")
        self.fields["login"].widget = forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True, "maxlength": 60}
        )
        self.fields["password"].label = _("密码")
        self.fields["password"].help_text = ""
        self.fields["password"].widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})

    def add_prefix(self, field_name: str) -> str:
        # Password managers and our own scripts know the field by this name.
        return "username" if field_name == "login" else super().add_prefix(field_name)


class ConfirmForm(PasswordAgainForm):
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("密码")
        self.fields["password"].help_text = ""
        self.fields["password"].widget = forms.PasswordInput(
            attrs={"autocomplete": "current-password", "autofocus": True}
        )


class _CodeWords:
    """Label and help of a code, and that it works once only."""

    fields: dict[str, Any]
    user: Any

    def name_code(self) -> None:
        self.fields["code"].label = _("验证码")
        self.fields["code"].help_text = _("验证器里的 6 位数字，或一个备用码。")
        self.fields["code"].widget = forms.TextInput(attrs=_CODE)


class CodeForm(_CodeWords, AuthenticateForm):
    """A code of the app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_code()

    def clean_code(self) -> str:
        return once(self.user, super().clean_code())


class CodeAgainForm(_CodeWords, ReauthenticateForm):
    """The same for somebody who is signed in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_code()

    def clean_code(self) -> str:
        return once(self.user, super().clean_code())


class AppForm(ActivateTOTPForm):
    """The first code of an app that is set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("验证器显示的 6 位数字")
        self.fields["code"].widget = forms.TextInput(attrs=_CODE)


class CredentialField(forms.JSONField):
    """What a browser's ceremony gave. allauth reads it trustingly, so whatever is no such thing ends here."""

    longest_chars = 20_000

    def __init__(self, read: Callable[[Any], Any]) -> None:
        super().__init__(widget=forms.HiddenInput)
        self.read = read

    def clean(self, value: Any) -> Any:
        if len(value or "") > self.longest_chars:
            raise forms.ValidationError(_("没有通过，请再试一次。"))
        given = super().clean(value)
        try:
            self.read(given)
        except Exception as error:  # a stranger's bytes: any failure to read them is the same refusal
            raise forms.ValidationError(_("没有通过，请再试一次。")) from error
        return given


class PasskeyAnswerForm(AuthenticateWebAuthnForm):
    """A passkey as the second step."""

    credential = CredentialField(AuthenticationResponse.from_dict)


class PasskeySignInForm(LoginWebAuthnForm):
    """A passkey alone."""

    credential = CredentialField(AuthenticationResponse.from_dict)


class PasskeyAgainForm(ReauthenticateWebAuthnForm):
    """A passkey to confirm who is there."""

    credential = CredentialField(AuthenticationResponse.from_dict)


class PasskeyForm(AddWebAuthnForm):
    """A passkey and the name its owner knows it by."""

    credential = CredentialField(RegistrationResponse.from_dict)
    name = forms.CharField(
        label=gettext_lazy("给它起个名字"),
        help_text=gettext_lazy("例如“我的手机”“办公室电脑”。"),
        max_length=40,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)


def once(user: Any, code: str) -> str:
    """The code, when it was not used before."""
    if not first_use(user.pk, code):
        raise forms.ValidationError(_("这个验证码已经用过，请等下一个。"))
    return code
