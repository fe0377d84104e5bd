"""What a member of staff is told about their own account; the office delivers it into their inbox."""

from wangge.platform.outbox.services import publish

TOPIC = "access.alert"


def alert(user_id: int, kind: str, detail: str = "") -> None:
    """Tell the account's owner, beside the change of this transaction. `kind` is a notice's kind:
    account_locked, new_device, factor_added, factor_removed; `detail` says from where or what."""
    publish(TOPIC, {"user": user_id, "kind": kind, "detail": detail})
