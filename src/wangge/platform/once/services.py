"""A form that makes something is worked on once, however often it is sent."""

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext as _

from wangge.platform import clock
from wangge.platform.errors import Conflict
from wangge.platform.once.models import Sent


@transaction.atomic
def once(key: uuid.UUID, content: Mapping[str, Any], act: Callable[[], Any]) -> tuple[Any, bool]:
    """(what `act` made, whether it was made before). A second sending with the same content makes nothing.

    A model instance is remembered and read again; of anything else nothing is kept. Raises Conflict
    when the same key comes with other content, and what `act` raises: then the key is free again.
    """
    plain = json.dumps(dict(content), sort_keys=True, default=str)
    fingerprint = hashlib.sha256(plain.encode()).hexdigest()
    sent, new = Sent.objects.get_or_create(
        key=key, defaults={"fingerprint": fingerprint, "made_at": clock.now()}
    )
    if not new:
        if sent.fingerprint != fingerprint:
            raise Conflict(_("这张表单已经提交过，内容不同。请回到列表核对，要再建一个请重新打开表单。"))
        return _read_again(sent), True
    made = act()
    if isinstance(made, models.Model):
        sent.model, sent.row = made._meta.label, made.pk
        sent.save(update_fields=["model", "row"])
    return made, False


def was_sent(key: uuid.UUID | None) -> bool:
    """Whether a form with this key was worked on before (1 statement)."""
    return key is not None and Sent.objects.filter(key=key).exists()


def forget_sent(before: datetime) -> int:
    """Delete the keys of forms sent before a moment; returns how many."""
    count: int = Sent.objects.filter(made_at__lt=before).delete()[0]
    return count


def _read_again(sent: Sent) -> Any:
    return apps.get_model(sent.model)._base_manager.filter(pk=sent.row).first() if sent.model else None
