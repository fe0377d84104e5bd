"""Care on application and with consent: applied for, reviewed, over, withdrawn."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import AnyActor, System
from wangge.domain.access.models import Unit
from wangge.domain.access.scope import acting_as
from wangge.domain.register.consents import consents
from wangge.domain.register.models import Applicant, CareKind, CareNeed, ConsentWay, Resident
from wangge.domain.register.services.base import kept, locked, save
from wangge.domain.register.services.people import KEEPER
from wangge.platform import clock
from wangge.platform.errors import Conflict, Invalid

LONGEST = timedelta(days=2 * 366)
LONGEST_ASKS = 300


@transaction.atomic
def apply(
    actor: AnyActor,
    resident_id: int,
    *,
    kind: str,
    asks: str = "",
    applicant: str,
    consent_text: str,
    consent_on: date,
    consent_way: str,
    provider_id: int | None = None,
    review_on: date,
    ends_on: date,
) -> CareNeed:
    """Somebody asks for care and agrees to the text. Without either there is no row. Invalid names each wrong field."""
    resident = kept(actor, Resident, resident_id)
    today, wrong = clock.today(), {}
    for name, value, choices in (
        ("kind", kind, CareKind.values),
        ("applicant", applicant, Applicant.values),
        ("consent_way", consent_way, ConsentWay.values),
        ("consent_text", consent_text, consents()),
    ):
        if value not in choices:
            wrong[name] = _("请选择一项。")
    if consent_on > today:
        wrong["consent_on"] = _("同意的日期不能晚于今天。")
    wrong |= _wrong_days(review_on, ends_on)
    if len(asks) > LONGEST_ASKS:
        wrong["asks"] = _("最多 %(most)d 字。") % {"most": LONGEST_ASKS}
    wrong |= _wrong_provider(provider_id)
    if wrong:
        raise Invalid(wrong)
    with acting_as(KEEPER):
        running = CareNeed.objects.filter(resident=resident, ended_on__isnull=True)
        if any(one.kind == kind for one in running):
            raise Conflict(_("本人已经在接受这项照料。"))
        return CareNeed.objects.create(
            area_id=resident.area_id,
            resident=resident,
            kind=kind,
            asks=asks.strip(),
            applied_on=today,
            applicant=applicant,
            consent_text=consent_text,
            consent_on=consent_on,
            consent_way=consent_way,
            provider_id=provider_id,
            review_on=review_on,
            ends_on=ends_on,
        )


@transaction.atomic
def review(
    actor: AnyActor,
    care_id: int,
    *,
    review_on: date,
    ends_on: date,
    provider_id: int | None,
    version: int | None = None,
) -> CareNeed:
    """Still needed: who gives it, the next day to look at it, and the day on which it ends."""
    found = kept(actor, CareNeed, care_id)
    if wrong := _wrong_days(review_on, ends_on) | _wrong_provider(provider_id):
        raise Invalid(wrong)
    with acting_as(KEEPER):
        care = _running(found, version)
        save(care, review_on=review_on, ends_on=ends_on, provider_id=provider_id)
    return care


@transaction.atomic
def end(actor: AnyActor, care_id: int, version: int | None = None) -> CareNeed:
    """No longer needed: ends today; what the person needed is deleted, the dates stay as proof."""
    found = kept(actor, CareNeed, care_id)
    with acting_as(KEEPER):
        return _ended(_running(found, version))


@transaction.atomic
def withdraw(actor: AnyActor, care_id: int) -> CareNeed:
    """The person takes the consent back: the care ends at once and what they needed is deleted."""
    found = kept(actor, CareNeed, care_id)
    with acting_as(KEEPER):
        return _ended(_running(found, None), withdrawn_at=clock.now())


@transaction.atomic
def end_expired(today: date) -> int:
    """Care whose last day is over ends; returns how many."""
    with acting_as(System("end of care")):
        expired = CareNeed.objects.select_for_update().filter(ended_on__isnull=True, ends_on__lt=today)
        rows = list(expired)
        for care in rows:
            _ended(care)
        return len(rows)


def _ended(care: CareNeed, **more: object) -> CareNeed:
    save(care, ended_on=clock.today(), kind="", asks="", **more)
    return care


def _running(found: CareNeed, version: int | None) -> CareNeed:
    care = locked(found, version)
    if care.ended_on is not None:
        raise Conflict(_("这项照料已经结束。"))
    return care


def _wrong_provider(provider_id: int | None) -> dict[str, str]:
    known = not provider_id or Unit.objects.filter(pk=provider_id, active=True).exists()
    return {} if known else {"provider_id": _("这个单位不存在或已停用。")}


def _wrong_days(review_on: date, ends_on: date) -> dict[str, str]:
    today, wrong = clock.today(), {}
    if not today < ends_on <= today + LONGEST:
        wrong["ends_on"] = _("结束日期应在今天之后、两年之内。")
    if not today <= review_on <= ends_on:
        wrong["review_on"] = _("复核日期应在今天和结束日期之间。")
    return wrong
