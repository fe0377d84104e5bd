"""Corrections: a resident says what is right, the station confirms it."""

import json
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wangge.domain.access.actor import Actor
from wangge.domain.access.persons import Person
from wangge.domain.access.scope import acting_as
from wangge.domain.access.services import log_look
from wangge.domain.register.models import Correction, Resident
from wangge.domain.register.services import people
from wangge.domain.register.services.base import community_of, kept, locked, must_state, save
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid

PURPOSE = gettext_noop("办理本人的更正申请")
DATA = gettext_noop("姓名、电话、出生年份")
LONGEST_ANSWER = 300
CORRECTED = ("name", "phone", "birth_year")


@dataclass(frozen=True, slots=True)
class Shown:
    """A correction with (column, what is registered, what is asked for)."""

    correction: Correction
    differences: tuple[tuple[str, Any, Any], ...]


@transaction.atomic
def ask(resident: Resident, proposed: dict[str, Any]) -> Correction:
    """What a resident, who has shown who they are, asks to be corrected. Invalid names each wrong field."""
    values = people.checked(
        {name: value for name, value in proposed.items() if name in CORRECTED and value not in ("", None)},
        whole=False,
    )
    if not values:
        raise Invalid({"name": _("请至少写一项要更正的内容。")})
    with acting_as(people.KEEPER):
        if Correction.objects.filter(resident=resident, state=Correction.State.WAITING).exists():
            raise Conflict(_("您上一次的更正还在等社区确认，请等答复后再提。"))
        return Correction.objects.create(
            area_id=resident.area_id,
            resident=resident,
            proposed=json.dumps(values, ensure_ascii=False),
            made_at=clock.now(),
        )


@transaction.atomic
def show(actor: Actor, correction_id: int, purpose: str) -> Shown:
    """The correction against what is registered, for PURPOSE; the look is written down first."""
    found = kept(actor, Correction, correction_id, "resident")
    must_state(purpose, PURPOSE)
    log_look(
        actor,
        subject="resident",
        data_class=DATA,
        purpose=PURPOSE,
        community=community_of(found.area),
        person=Person("resident", found.resident_id),
    )
    asked = json.loads(str(found.proposed))
    return Shown(found, tuple((name, getattr(found.resident, name), asked[name]) for name in asked))


@transaction.atomic
def take(actor: Actor, correction_id: int) -> Correction:
    """The register now says what the person said."""
    correction = _waiting(actor, correction_id)
    people.change_resident(actor, correction.resident_id, **json.loads(str(correction.proposed)))
    return _decided(actor, correction, Correction.State.TAKEN, "")


@transaction.atomic
def refuse(actor: Actor, correction_id: int, answer: str) -> Correction:
    """It stays as it is, for a reason that the person reads."""
    if not 0 < len(answer.strip()) <= LONGEST_ANSWER:
        raise Invalid({"answer": _("请写明理由，最多 %(n)d 字，本人会看到。") % {"n": LONGEST_ANSWER}})
    correction = _waiting(actor, correction_id)
    return _decided(actor, correction, Correction.State.REFUSED, answer.strip())


def _waiting(actor: Actor, correction_id: int) -> Correction:
    found = kept(actor, Correction, correction_id)
    with acting_as(people.KEEPER):
        correction = locked(found, None)
    if correction.state != Correction.State.WAITING:
        raise Conflict(_("这条更正已经办过了。"))
    return correction


def _decided(actor: Actor, correction: Correction, state: str, answer: str) -> Correction:
    with acting_as(people.KEEPER):
        save(correction, state=state, answer=answer, decided_at=clock.now(), decided_by_id=actor.user_id)
    return correction
