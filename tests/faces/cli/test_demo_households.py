"""The demo's households: plausible, invented, and the same for the same seed."""

from collections import Counter
from datetime import date
from statistics import mean

import pytest
from stdnum.cn import uscc

from wangge.domain.register.models import Relation
from wangge.domain.register.services.bulk import NewHousehold
from wangge.faces.cli.demo.households import _Families, _organisation_check

TODAY = date(2026, 11, 22)


def households(many: int, let: bool, seed: int = 1) -> list[NewHousehold]:
    families = _Families(seed, TODAY)
    return [families.household(1, 1, let) for _ in range(many)]


def test_the_same_seed_gives_the_same_people() -> None:
    assert households(50, False) == households(50, False)
    assert households(50, False) != households(50, False, seed=2)


@pytest.mark.parametrize("let", [True, False])
def test_a_household_has_one_head_and_nobody_unborn(let: bool) -> None:
    for found in households(400, let):
        assert Counter(one.relation for one in found.residents)[Relation.HEAD] == 1
        for one in found.residents:
            assert one.birth_year is not None
            assert TODAY.year - 125 < one.birth_year <= TODAY.year
            assert one.since is not None
            assert one.since <= TODAY


def test_households_are_about_as_large_as_in_a_town() -> None:
    assert 2.6 < mean(len(found.residents) for found in households(2000, False)) < 3.4


def test_no_number_belongs_to_a_carrier_and_no_code_to_an_organisation() -> None:
    families = _Families(1, TODAY)
    for shop in (families.shop(1, 1) for _ in range(300)):
        assert shop.contact_phone.startswith("164001")
        assert shop.credit_code
        assert uscc.is_valid(shop.credit_code)
        assert shop.credit_code[16] != _organisation_check(shop.credit_code[8:16])


@pytest.mark.parametrize(("body", "check"), [("D2143569", "X"), ("60003734", "1")])
def test_the_check_of_an_organisation_is_that_of_the_standard(body: str, check: str) -> None:
    assert _organisation_check(body) == check
