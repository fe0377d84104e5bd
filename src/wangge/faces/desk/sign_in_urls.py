"""Addresses of signing in. The names are those by which django-allauth finds its own steps; only used ones are here."""

from django.urls import path

from wangge.faces.desk.views import security, sign_in

urlpatterns = [
    path("sign-in", sign_in.sign_in, name="account_login"),
    path("sign-in/second-step", sign_in.second_step, name="mfa_authenticate"),
    path("sign-in/passkey", sign_in.passkey_sign_in, name="mfa_login_webauthn"),
    path("account/confirm", sign_in.confirm, name="account_reauthenticate"),
    path("account/confirm/code", sign_in.confirm_code, name="mfa_reauthenticate"),
    path("account/confirm/passkey", sign_in.confirm_passkey, name="mfa_reauthenticate_webauthn"),
    path("account/security", security.security, name="mfa_index"),
    path("account/security/app", security.add_app, name="mfa_activate_totp"),
    path("account/security/app/remove", security.remove_app, name="mfa_deactivate_totp"),
    path("account/security/passkeys/new", security.add_passkey, name="mfa_add_webauthn"),
    path("account/security/passkeys/<int:pk>/remove", security.remove_passkey, name="mfa_remove_webauthn"),
    path("account/security/codes", security.codes, name="mfa_view_recovery_codes"),
    path("account/security/codes/new", security.new_codes, name="mfa_generate_recovery_codes"),
]
