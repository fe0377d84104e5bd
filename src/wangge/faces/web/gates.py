"""What a signed-in member of staff must do first: a password of their own, a second step where it is required."""

from typing import Any

from django.http import HttpRequest

from wangge.domain.access.actor import AnyActor, Public
from wangge.domain.access.second_factor import required_of

# Set in the session by signing in with a second step, or by setting one up.
SECOND_STEP_DONE = "second_step"

_ALWAYS = frozenset({"desk:sign-out"})
_PASSWORD = _ALWAYS | {"desk:change-password"}
_SECOND_STEP = _ALWAYS | {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
}


def first(request: Any, actor: AnyActor) -> tuple[str, frozenset[str]] | None:
    """The name of the page to go to first, with the names of all that are open until then (no statement)."""
    if isinstance(actor, Public):
        return None
    if request.user.must_change_password:
        return "desk:change-password", _PASSWORD
    if second_step_due(request, actor):
        return "mfa_index", _SECOND_STEP
    return None


def second_step_due(request: HttpRequest, actor: Any) -> bool:
    return required_of(actor) and not request.session.get(SECOND_STEP_DONE)
