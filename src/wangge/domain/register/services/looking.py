"""Showing people of the register: masked until asked for with a purpose, each look written down before the answer."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wangge.domain.access.actor import Actor
from wangge.domain.access.persons import Person
from wangge.domain.access.policy import near_paths
from wangge.domain.access.scope import acting_as
from wangge.domain.access.services import log_look, log_looks
from wangge.domain.register import rules
from wangge.domain.register.models import CareNeed, Household, NameMark, Organisation, Resident, Tenancy
from wangge.domain.register.purposes import CARE_ASKED_FOR, purposes_of
from wangge.domain.register.services.base import community_of, must_state, visible
from wangge.domain.register.services.leave import errand_of, running_grant
from wangge.platform.errors import Invalid, NotAllowed, NotFound
from wangge.platform.limits.services import Limit, TooMany

MOST_FOUND = 20
LEAST_LETTERS = 2
SEARCHES = Limit("searches of people", most=60, minutes=60)
_CHUNK = 500

ALL = gettext_noop("姓名、电话、出生年份、与户主关系、户籍类别")
LANDLORD = gettext_noop("出租人姓名、电话")
CONTACT = gettext_noop("单位联系人姓名、电话")
CARE = gettext_noop("姓名、电话、照料需求")
SEARCH = gettext_noop("姓名、住址（查找）")


@dataclass(frozen=True, slots=True)
class Found:
    """People whom a search found; `refused` instead when the limit is used up."""

    residents: tuple[Resident, ...] = ()
    refused: TooMany | None = None


@transaction.atomic
def show_household(actor: Actor, household_id: int, purpose: str) -> tuple[Household, list[Resident]]:
    """The household and its people in full, after a look at each was written down.

    Raises NotFound outside the ring, Invalid without a purpose of the actor's posts.
    """
    household = visible(actor, Household, household_id, "dwelling")
    _check_purpose(actor, purpose)
    with acting_as(actor):
        people = list(
            household.residents.filter(merged_into__isnull=True)
            .order_by("until", "pk")
            .select_related("area")
        )
    _log(actor, people, ALL, purpose)
    return household, people


@transaction.atomic
def show_granted(actor: Actor, grant_id: int, purpose: str) -> Resident:
    """One person by a grant, for its purpose; the look is written down."""
    grant = running_grant(actor, grant_id)
    must_state(purpose, grant.purpose)
    _log(actor, [grant.resident], ALL, grant.purpose)
    resident: Resident = grant.resident
    return resident


@transaction.atomic
def show_landlord(actor: Actor, tenancy_id: int, purpose: str) -> Tenancy:
    """Who lets a dwelling, in full."""
    tenancy = visible(actor, Tenancy, tenancy_id)
    _check_purpose(actor, purpose)
    _log_one(actor, "landlord", tenancy, LANDLORD, purpose)
    return tenancy


@transaction.atomic
def show_contact(actor: Actor, organisation_id: int, purpose: str) -> Organisation:
    """Who answers for an organisation, in full."""
    organisation = visible(actor, Organisation, organisation_id)
    _check_purpose(actor, purpose)
    _log_one(actor, "organisation", organisation, CONTACT, purpose)
    return organisation


@transaction.atomic
def show_care(actor: Actor, care_id: int, purpose: str) -> CareNeed:
    """Who asked for which care, in full."""
    care = visible(actor, CareNeed, care_id, "resident", "provider")
    _check_purpose(actor, purpose)
    _log_one(actor, "resident", care, CARE, purpose, of=care.resident_id)
    return care


@transaction.atomic
def log_carried(actor: Actor, resident_ids: Collection[int]) -> None:
    """Write down that a phone takes along who asked for care; NotFound when one of them is not in the actor's ring."""
    _check_purpose(actor, CARE_ASKED_FOR)
    with acting_as(actor):
        people = list(Resident.objects.filter(pk__in=resident_ids).select_related("area").order_by("pk"))
    if len(people) != len(set(resident_ids)):
        raise NotFound(_("没有找到这个人，或者不在您的服务范围内。"))
    _log(actor, people, CARE, CARE_ASKED_FOR, channel="field")


def find_people(actor: Actor, asked: str, purpose: str) -> Found:
    """People of the actor's ring by name (two letters or more, in a row) or by their whole phone; each hit is a look.

    Raises NotAllowed for who sees no register, Invalid without a purpose, for too few letters or too many hits.
    """
    _check_purpose(actor, purpose)
    if SEARCHES.reached(str(actor.user_id)):
        return Found(refused=TooMany(_("一小时内查得太多了，请过一会儿再查。")))
    SEARCHES.count(str(actor.user_id))
    phone, name = rules.phone_of(asked), rules.name_of(asked)
    if not phone and len(name) < LEAST_LETTERS:
        raise Invalid({"asked": _("请写姓名中相连的两个字以上，或完整的电话号码。")})
    with transaction.atomic(), acting_as(actor):
        found = _of_phone(phone) if phone else _of_name(name)
        if len(found) > MOST_FOUND:
            raise Invalid({"asked": _("超过 %(most)d 人，请写全姓名。") % {"most": MOST_FOUND}})
        _log(actor, found, SEARCH, purpose)
        return Found(tuple(found))


def _of_phone(phone: str) -> list[Resident]:
    marked = _residents().filter(phone_mark=rules.phone_mark(phone))
    return [one for one in marked if one.phone == phone]


def _of_name(name: str) -> list[Resident]:
    """By the rarest way in: every pair of letters must be marked, then the names themselves are compared."""
    rows = NameMark.objects.all()
    first, *others = rules.asked_marks(name)
    ids: Any = rows.filter(mark=first).values("resident_id")
    found = _residents().filter(pk__in=ids)
    for mark in others:
        found = found.filter(pk__in=rows.filter(mark=mark).values("resident_id"))
    hits = (one for one in found.iterator(chunk_size=_CHUNK) if rules.found_by(str(one.name), name))
    return [one for _number, one in zip(range(MOST_FOUND + 1), hits, strict=False)]


def _residents() -> Any:
    living = Resident.objects.filter(merged_into__isnull=True, until__isnull=True)
    return living.select_related(
        "area", "household__dwelling__building__compound", "household__dwelling__stairwell"
    ).order_by("pk")


def _check_purpose(actor: Actor, purpose: str) -> None:
    allowed = purposes_of(actor)
    if not allowed:
        raise NotAllowed(_("您的岗位不查看居民登记。"))
    if not near_paths(actor) and errand_of(actor) is None:
        raise NotAllowed(_("请先写明查看事由。"))
    if purpose not in allowed:
        raise Invalid({"purpose": _("请选择查看目的。")})


def _log(
    actor: Actor, people: Collection[Resident], data_class: str, purpose: str, channel: str = "desk"
) -> None:
    named = [(Person("resident", one.pk), community_of(one.area)) for one in people]
    stated = _with_case(actor, purpose)
    log_looks(actor, named, subject="resident", data_class=data_class, purpose=stated, channel=channel)


def _log_one(actor: Actor, kind: str, row: Any, data_class: str, purpose: str, of: int | None = None) -> None:
    log_look(
        actor,
        subject=kind,
        data_class=data_class,
        purpose=_with_case(actor, purpose),
        community=community_of(row.area),
        person=Person(kind, of or row.pk),
    )


def _with_case(actor: Actor, purpose: str) -> str:
    """A street looks for the purpose of its errand, whatever the form says."""
    errand = errand_of(actor)
    return errand.purpose if errand else purpose
