"""What a case process may name: the words that this domain can carry out."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wangge.domain.access.actor import Role
from wangge.domain.catalogue.reasons import REASON_LISTS
from wangge.engines.flow import Vocabulary

EFFECT_NAMES = (
    "classify", "file", "start_clock", "recompute_clock", "emergency", "alert_all", "notify_grid", "publish",
    "approved", "dispatch", "dispatch_own", "ask_supports", "undispatch", "raise_level", "lower_level", "accept",
    "record_return", "remember_decision", "need_proof", "handled", "ask_extension", "extension_first", "extend",
    "extension_refused", "ask_suspension", "pause", "suspension_refused", "resume", "checked", "rework",
    "record_rating", "close", "end", "objection", "ask_appeal", "appeal_first", "appeal_accepted", "appeal_rejected",
    "urge", "supervise", "comment", "merge", "split", "remind", "escalate", "reopen_refused",
)  # fmt: skip

PLACES = ("grid", "community", "street", "district", "level", "above", "owner", "lead", "support")
OWNERS = ("community", "street", "district", "level", "above", "lead", "keep", "none")

VOCABULARY = Vocabulary(
    roles=frozenset(role.value for role in Role),
    places=frozenset(PLACES),
    effects=frozenset(EFFECT_NAMES),
    option_lists=frozenset({*REASON_LISTS, "findings", "satisfaction", "closing_conditions"}),
    owners=frozenset(OWNERS),
)

# The colour of a clock in words.
LIGHT_NAMES: dict[str, Promise] = {
    "green": _("时限内"),
    "yellow": _("即将到期"),
    "red": _("已超期"),
    "paused": _("暂停计时"),
    "none": _("已结束"),
}

# Moves that the reporter sees on the status page.
PUBLIC_MOVES = frozenset(
    {
        "report", "ask_check", "confirm_refusal", "reject_approval", "approve_district",
        "end_publicity", "file", "file_emergency", "settle", "dispatch", "arbitrate", "accept",
        "return", "finish", "fail_check", "pass_check", "grant_extension", "approve_suspension",
        "resume", "call_back", "rate", "rate_later", "close", "object", "merge", "void", "urge", "ask_review",
    }
)  # fmt: skip
