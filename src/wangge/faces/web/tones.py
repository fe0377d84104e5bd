"""Colours and signs of states and clocks; never colour alone."""

from django.utils.functional import Promise

from wangge.domain.cases.vocabulary import LIGHT_NAMES

# Tones are defined with their contrast in frontend/src/styles/parts.css.
STATE_TONES = {
    "reported": ("active", "inbox"),
    "verifying": ("active", "search"),
    "refusal_review": ("yellow", "scale"),
    "filed": ("active", "send"),
    "dispatched": ("active", "arrow-right"),
    "arbitration": ("yellow", "gavel"),
    "approval_station": ("yellow", "checks"),
    "approval_street": ("yellow", "checks"),
    "approval_district": ("yellow", "checks"),
    "publicity": ("yellow", "speakerphone"),
    "handling": ("active", "tool"),
    "suspension_review": ("yellow", "checks"),
    "suspended": ("paused", "player-pause"),
    "checking": ("active", "clipboard-check"),
    "callback": ("active", "phone-call"),
    "closing": ("active", "archive"),
    "closed": ("green", "circle-check"),
    "refused": ("ended", "ban"),
    "merged": ("ended", "arrow-merge"),
    "void": ("ended", "circle-x"),
}
UNKNOWN_STATE = ("ended", "circle")

RUNNING = frozenset({"green", "yellow", "red"})
LIGHTS: dict[str, tuple[str, str | Promise]] = {
    "green": ("clock", LIGHT_NAMES["green"]),
    "yellow": ("alarm", LIGHT_NAMES["yellow"]),
    "red": ("clock-exclamation", LIGHT_NAMES["red"]),
    "paused": ("clock-pause", LIGHT_NAMES["paused"]),
    "ended": ("circle-check", LIGHT_NAMES["none"]),
}

# Condition of a facility.
FACILITY_TONES = {
    "sound": ("green", "circle-check"),
    "damaged": ("yellow", "alert-triangle"),
    "missing": ("red", "alert-circle"),
    "disused": ("ended", "ban"),
    "removed": ("ended", "circle-x"),
}
