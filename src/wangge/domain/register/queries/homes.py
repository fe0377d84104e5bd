"""What the desk shows of dwellings: how many live there, never who; finding a dwelling by its address."""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, NullIf
from django.utils.translation import gettext as _

from wangge.domain.access.actor import Actor
from wangge.domain.access.models import User
from wangge.domain.access.scope import acting_as
from wangge.domain.places.models import Dwelling
from wangge.domain.register.models import CareNeed, HomeCheck, Household, Organisation, Tenancy
from wangge.domain.register.services.base import keeps
from wangge.platform.errors import NotFound

MOST_DWELLINGS = 40
MOST_CHECKS = 10
_ROOM = re.compile(r"^(.*?\D)(\d{2,4}[A-Za-z]?)[室房号]?$")


@dataclass(frozen=True, slots=True)
class Home:
    """A dwelling with all that is registered there; people only as numbers."""

    dwelling: Dwelling
    address: str
    households: list[Household]
    tenancies: list[Tenancy]
    checks: list[HomeCheck]
    checkers: dict[int, str]
    organisations: list[Organisation]
    keeps: bool


def home(actor: Actor, dwelling_id: int) -> Home:
    """A dwelling of the actor's ring (at most 8 statements); NotFound outside."""
    with acting_as(actor):
        found = _dwellings().filter(pk=dwelling_id).first()
        if found is None:
            raise NotFound(_("没有找到这套房屋，或者不在您的服务范围内。"))
        living = Count(
            "residents", filter=Q(residents__until__isnull=True, residents__merged_into__isnull=True)
        )
        households = found.households.annotate(people=living).order_by("until", "-pk")
        checks = list(found.checks.order_by("-day", "-pk")[:MOST_CHECKS])
        names = User.objects.filter(pk__in={check.made_by_id for check in checks}).values_list("pk", "name")
        return Home(
            dwelling=found,
            address=address_of(found),
            households=list(households),
            tenancies=list(found.tenancies.order_by("-starts_on", "-pk")),
            checks=checks,
            checkers=dict(names),
            organisations=list(found.organisations.order_by("until", "name")),
            keeps=keeps(actor, found.area),
        )


def find_dwellings(actor: Actor, words: str) -> list[Dwelling]:
    """Dwellings of the actor's ring whose address holds all the words, in any order, such as "厚德里12号 302" (1 statement)."""
    parts = words.split()
    # "3栋302" written together: the digits at the end are the room.
    if parts and (match := _ROOM.match(parts[-1])):
        parts[-1:] = [match[1], match[2]]
    if not parts:
        return []
    wanted = Q()
    for part in parts:
        wanted &= Q(line__icontains=part)
    with acting_as(actor):
        living = Count("households", filter=Q(households__until__isnull=True))
        found = _dwellings().annotate(line=_line()).filter(wanted).annotate(living=living)
        return list(found.order_by("building_id", "stairwell__number", "floor", "room")[:MOST_DWELLINGS])


def _line() -> Concat:
    """The address in one line as `address_of` writes it, with everything else that stands on the house."""
    on_the_house = ("building__address", "building__number", "building__name")
    stairwell = Coalesce(
        NullIf("stairwell__name", Value("")),
        Concat(Cast("stairwell__number", TextField()), Value("单元"), output_field=TextField()),
        output_field=TextField(),
    )
    return Concat(
        Coalesce("building__compound__name", Value("")),
        Coalesce(*(NullIf(name, Value("")) for name in on_the_house)),
        Case(When(stairwell__isnull=False, then=stairwell), default=Value(""), output_field=TextField()),
        "room",
        Value(" "),
        *on_the_house,
        Coalesce("code", Value("")),
        output_field=TextField(),
    )


def address_of(dwelling: Dwelling) -> str:
    """Compound, building, stairwell and room in one line."""
    building, stairwell = dwelling.building, dwelling.stairwell
    compound = building.compound.name if building.compound else ""
    house = building.address or building.number or building.name
    return "".join((compound, house, str(stairwell) if stairwell else "", dwelling.room))


def organisations(actor: Actor, words: str = "", kind: str = "") -> "QuerySet[Organisation]":
    """Organisations of the actor's ring by name or code, open ones first; for a page of them."""
    places = ("dwelling__building__compound", "dwelling__stairwell")
    found = Organisation.objects.select_related("area", *places).order_by("until", "name", "pk")
    if words:
        found = found.filter(Q(name__icontains=words) | Q(credit_code__startswith=words.upper()))
    return found.filter(kind=kind) if kind else found


def where_it_is(organisation: Organisation) -> str:
    """The address that was given, or that of the shop's room in its building; empty if neither is known."""
    found: Dwelling | None = organisation.dwelling
    return organisation.address or (address_of(found) if found else "")


def care_to_review(actor: Actor) -> "QuerySet[CareNeed]":
    """Running care of the actor's ring, the next review first; for a page of it, without saying who or what."""
    running: Any = CareNeed.objects.filter(ended_on__isnull=True).select_related(
        "area", "provider", "resident__household__dwelling__building__compound",
        "resident__household__dwelling__stairwell",
    )  # fmt: skip
    return running.order_by("review_on", "pk")


def checks_to_fix(actor: Actor) -> "QuerySet[HomeCheck]":
    """Homes of the actor's ring in which something must still be put right, the most urgent first."""
    due: Any = HomeCheck.objects.filter(state="to_fix").select_related(
        "area", "dwelling__building__compound", "dwelling__stairwell"
    )
    return due.order_by("fix_by", "pk")


def _dwellings() -> Any:
    return Dwelling.objects.select_related("area__parent", "building__compound", "stairwell")
