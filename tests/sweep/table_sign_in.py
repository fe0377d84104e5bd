"""Addresses of signing in: the library's pages under our own names, and sessions."""

from kinds import STAFF, Address, administrator, anybody, rows, staff

# The library sends on or refuses whoever has no such step before them, or asks for the password first.
_STEPS = (200, 302, 403, 404)

ADDRESSES: dict[str, Address] = {
    "account_login": Address(anybody, opened=_STEPS),
    "mfa_authenticate": Address(staff, opened=_STEPS),
    "mfa_login_webauthn": Address(anybody, opened=_STEPS),
    "account_reauthenticate": Address(staff, opened=_STEPS),
    "mfa_reauthenticate": Address(staff, opened=_STEPS),
    "mfa_reauthenticate_webauthn": Address(staff, opened=_STEPS),
    "mfa_index": Address(staff, opened=_STEPS),
    "mfa_activate_totp": Address(staff, opened=_STEPS),
    "mfa_deactivate_totp": Address(staff, opened=_STEPS),
    "mfa_add_webauthn": Address(staff, opened=_STEPS),
    "mfa_remove_webauthn": Address(staff, values=lambda scene: [(None, {"pk": 1})], opened=(302, 404)),
    "mfa_view_recovery_codes": Address(staff, opened=_STEPS),
    "mfa_generate_recovery_codes": Address(staff, opened=_STEPS),
    "desk:end-other-sessions": STAFF,
    "desk:revoke-phone": Address(staff, values=lambda scene: [(None, {"device_id": 0})]),
    "desk:allow-phone": Address(staff, values=lambda scene: [(None, {"device_id": 0})]),
    "desk:end-session": Address(staff, values=lambda scene: [(None, {"handle": "none"})]),
    "desk:user-sessions-end": Address(administrator, values=rows("access.User", "user_id")),
    "desk:user-unlock": Address(administrator, values=rows("access.User", "user_id")),
    "desk:user-second-step": Address(administrator, values=rows("access.User", "user_id")),
}
