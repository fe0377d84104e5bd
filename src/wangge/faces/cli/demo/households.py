"""Who lives in the demo's town: households, tenancies and shops, all invented; the same seed gives the same rows.

Names are put together from common parts as in `people`; numbers begin with 164001, which no carrier serves. Credit
codes are well-formed, but the check digit of the organisation inside them is wrong on purpose, so that none is real.
"""

import uuid
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random

from django.db.models import Count
from stdnum.cn import uscc

from wangge.domain.access.actor import System
from wangge.domain.places.models import Building, BuildingKind, Dwelling, DwellingUse
from wangge.domain.register.consents import consents
from wangge.domain.register.models import (
    Applicant,
    CareKind,
    CareNeed,
    ConsentWay,
    OrganisationKind,
    Relation,
    Residence,
    Resident,
    Stay,
)
from wangge.domain.register.services.bulk import (
    NewHousehold,
    NewOrganisation,
    NewResident,
    NewTenancy,
    load,
    load_organisations,
    load_tenancies,
)
from wangge.domain.register.services.care import apply
from wangge.domain.visits.models import BRINGS, CHECKS, Rhythm
from wangge.domain.visits.services.visiting import plan_visits
from wangge.faces.cli.demo.people import FIRST, SECOND, SURNAMES

_PHONE_PREFIX, _PHONE_SPACE = "164001", 100_000
# Who lives together, and how often of a hundred.
_OWNERS = {
    "old": 6,
    "old_pair": 12,
    "pair": 10,
    "pair_1": 28,
    "pair_2": 13,
    "three": 23,
    "single": 3,
    "parent": 5,
}
_TENANTS = {"single": 22, "pair": 24, "pair_1": 28, "mates": 20, "pair_2": 6}
# A dwelling that is let may be shared by two households.
_SHARED = 0.42
_WITHOUT_PHONE_BELOW, _WITHOUT_PHONE = 14, 0.12
_VISITED, VISITED_FOR = 160, 10
_ASKS = (
    "每周上门看看，聊聊天。",
    "腿脚不便，请帮忙取药。",
    "一个人住，请每天打个电话。",
    "请帮忙换灯泡、看看煤气是否关好。",
    "想参加社区长者饭堂送餐。",
)
_SHOP_WORDS = ("荣", "福", "兴", "顺", "和", "记", "隆", "昌", "丰", "利", "泰", "安")
_TRADES = (
    "五金店", "便利店", "水果店", "药店", "茶餐厅", "粥粉面店", "理发店", "洗衣店", "文具店", "修车铺", "粮油店",
    "花店", "电器维修部", "海味铺", "裁缝铺", "打印店", "快递驿站", "糖水铺", "眼镜店", "房产中介",
)  # fmt: skip
_HOUSES = {
    BuildingKind.SCHOOL: (OrganisationKind.SCHOOL, "学校"),
    BuildingKind.HEALTH: (OrganisationKind.HEALTH, "社区卫生服务站"),
    BuildingKind.MARKET: (OrganisationKind.COMPANY, "市场经营管理部"),
}
_CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def settle(seed: int, today: date) -> None:
    """Fill the dwellings of the town, as the system."""
    actor, people = System("demo"), _Families(seed, today)
    dwellings = list(Dwelling.objects.order_by("pk").values_list("pk", "area_id", "use"))
    homes = [
        (pk, area, use == DwellingUse.LET)
        for pk, area, use in dwellings
        if use in (DwellingUse.OWN, DwellingUse.LET)
        for _household in range(2 if use == DwellingUse.LET and people.chance.random() < _SHARED else 1)
    ]
    ids = load(actor, (people.household(*home) for home in homes))
    let = ((home, pk) for home, pk in zip(homes, ids, strict=True) if home[2])
    load_tenancies(actor, (people.tenancy(pk, area, household) for (pk, area, _let), household in let))
    load_organisations(actor, _organisations(people, dwellings))
    _care(people.chance, today)


def _care(chance: Random, today: date) -> None:
    """Some of the very old who live alone asked to be visited, and agreed to it."""
    alone = Resident.objects.filter(relation=Relation.HEAD, birth_year__lte=today.year - 75)
    alone = alone.annotate(members=Count("household__residents")).filter(members=1).order_by("pk")
    found = list(alone.values_list("pk", flat=True))
    for pk in sorted(chance.sample(found, min(_VISITED, len(found)))):
        asked = today - timedelta(days=chance.randint(10, 150))
        care = apply(
            System("demo"),
            pk,
            kind=CareKind.ALONE,
            asks=chance.choice(_ASKS),
            applicant=chance.choice((Applicant.SELF, Applicant.FAMILY)),
            consent_text=next(iter(consents())),
            consent_on=asked,
            consent_way=ConsentWay.SIGNED,
            review_on=today + timedelta(days=chance.randint(3, 170)),
            ends_on=today + timedelta(days=360),
        )
        _visits(Random(pk), care, today)  # noqa: S311 - a plan, not a secret


def _visits(chance: Random, care: CareNeed, today: date) -> None:
    """How often each of them is visited, since some days."""
    plan_visits(
        System("demo"),
        uuid.UUID(int=chance.getrandbits(128), version=4),
        care.pk,
        rhythm=chance.choice(
            (Rhythm.WEEKLY, Rhythm.WEEKLY, Rhythm.TWICE_A_WEEK, Rhythm.DAILY, Rhythm.TWO_A_DAY)
        ),
        checks=chance.sample(sorted(CHECKS), 2),
        brings=chance.sample(sorted(BRINGS), chance.randint(0, 1)),
        starts_on=today - timedelta(days=VISITED_FOR),
        ends_on=today + timedelta(days=180),
    )


def _organisations(
    people: "_Families", dwellings: Iterable[tuple[int, int, str]]
) -> Iterator[NewOrganisation]:
    for pk, area, use in dwellings:
        if use == DwellingUse.SHOP:
            yield people.shop(pk, area)
    houses = Building.objects.filter(kind__in=_HOUSES).order_by("pk")
    for pk, area, kind, address in houses.values_list("pk", "area_id", "kind", "address"):
        of_kind, ending = _HOUSES[BuildingKind(kind)]
        yield NewOrganisation(
            area_id=area, name=f"{address}{ending}", kind=of_kind, building_id=pk, address=address
        )


class _Families:
    """An endless, seeded source of households."""

    def __init__(self, seed: int, today: date) -> None:
        self.chance = Random(seed + 1)  # noqa: S311 - names, not secrets
        self._today = today

    def household(self, dwelling: int, area: int, let: bool) -> NewHousehold:
        kinds = _TENANTS if let else _OWNERS
        kind = self.chance.choices([*kinds], [*kinds.values()])[0]
        since = self._day(3 * 365 if let else 35 * 365)
        residence = self.chance.choices(
            [Residence.HERE, Residence.CITY, Residence.ELSEWHERE], [5, 15, 80] if let else [78, 16, 6]
        )[0]
        members = [
            self._resident(name, year, relation, residence, max(since, date(year, 7, 1)))
            for name, year, relation in self._members(kind)
        ]
        stay = Stay.RENT if let else self.chance.choices([Stay.OWN, Stay.LENT], [95, 5])[0]
        return NewHousehold(dwelling, area, members, stay, since)

    def tenancy(self, dwelling: int, area: int, household: int) -> NewTenancy:
        starts = self._day(2 * 365)
        ends = starts + timedelta(days=365 * self.chance.choice((1, 1, 2, 3)))
        open_end = ends < self._today or self.chance.random() < 0.3
        return NewTenancy(
            dwelling, area, household, self._name(), self._phone(), starts, None if open_end else ends
        )

    def shop(self, dwelling: int, area: int) -> NewOrganisation:
        name = f"{self.chance.choice(SURNAMES)}{self.chance.choice(_SHOP_WORDS)}{self.chance.choice(_TRADES)}"
        return NewOrganisation(
            area_id=area,
            name=name,
            kind=OrganisationKind.SHOP,
            credit_code=self._credit_code(),
            dwelling_id=dwelling,
            contact_name=self._name(),
            contact_phone=self._phone(),
            since=self._day(12 * 365),
        )

    def _members(self, kind: str) -> Iterator[tuple[str, int, str]]:
        """(name, year of birth, relation to the head)."""
        head, other = self._surname(), self._surname()
        year = self._year(65, 92) if kind.startswith("old") else self._year(24, 62)
        yield self._name(head), year, Relation.HEAD
        if kind in ("old_pair", "pair", "pair_1", "pair_2", "three"):
            yield self._name(other), year + self.chance.randint(-4, 5), Relation.SPOUSE
        if kind == "mates":
            for _mate in range(self.chance.randint(1, 3)):
                yield self._name(), self._year(20, 35), Relation.OTHER
        children = {"pair_1": 1, "parent": 1, "pair_2": 2, "three": 1}.get(kind, 0)
        for _child in range(children):
            yield self._name(head), min(year + self.chance.randint(23, 36), self._today.year), Relation.CHILD
        if kind == "three":
            yield self._name(head), year - self.chance.randint(24, 32), Relation.PARENT
            if self.chance.random() < 0.5:
                yield self._name(), year - self.chance.randint(24, 32), Relation.PARENT

    def _resident(self, name: str, year: int, relation: str, residence: str, since: date) -> NewResident:
        young = self._today.year - year < _WITHOUT_PHONE_BELOW
        phone = "" if young or self.chance.random() < _WITHOUT_PHONE else self._phone()
        return NewResident(name, phone, year, relation, residence, min(since, self._today))

    def _surname(self) -> str:
        return self.chance.choice(SURNAMES)

    def _name(self, surname: str = "") -> str:
        return f"{surname or self._surname()}{self.chance.choice(FIRST)}{self.chance.choice(SECOND)}"

    def _phone(self) -> str:
        return f"{_PHONE_PREFIX}{self.chance.randrange(_PHONE_SPACE):05d}"

    def _year(self, youngest: int, oldest: int) -> int:
        return self._today.year - self.chance.randint(youngest, oldest)

    def _day(self, days_back: int) -> date:
        return self._today - timedelta(days=self.chance.randint(20, days_back))

    def _credit_code(self) -> str:
        body = "".join(self.chance.choices(_CODE_LETTERS, k=8))
        wrong = next(one for one in _CODE_LETTERS if one != _organisation_check(body))
        code = f"92440105{body}{wrong}"
        return code + uscc.calc_check_digit(code)


def _organisation_check(body: str) -> str:
    """The check character of an organisation code (GB 11714)."""
    total = sum(
        int(letter, 36) * weight for letter, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    )
    return "0X987654321"[total % 11]
