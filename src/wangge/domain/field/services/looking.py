"""That somebody has looked at a record which the server could not carry out."""

import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor
from wangge.domain.access.scope import acting_as
from wangge.domain.field.models import Aside, Record
from wangge.domain.field.queries import OPEN, must_look, scope_of
from wangge.domain.field.services.keeping import FIELD
from wangge.platform import clock
from wangge.platform.errors import NotFound


def look_at_record(actor: Actor, record_id: uuid.UUID) -> None:
    """A refused or differing record was looked at; NotFound for one outside the actor's ring."""
    _look(actor, Record, {"pk": record_id, "state__in": OPEN})


def look_at_aside(actor: Actor, aside_id: int) -> None:
    """A record that was laid aside was looked at."""
    _look(actor, Aside, {"pk": aside_id})


@transaction.atomic
def _look(actor: Actor, model: Any, wanted: dict[str, Any]) -> None:
    must_look(actor)
    with scope_of(actor):
        if not model.objects.filter(**wanted).exists():
            raise NotFound(_("没有找到这条手机记录，或者它不在您的范围内。"))
    with acting_as(FIELD):
        seen = {"looked_at": clock.now(), "looked_by_id": actor.user_id}
        model.objects.filter(**wanted, looked_at=None).update(**seen)
