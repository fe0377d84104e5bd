"""Who may open and change the administration, and that its pages stay at a constant number of statements."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories import Town, give, make_user
from wangge.domain.access.actor import Role, System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Process
from wangge.domain.catalogue.models import Condition, Matter

# Statements of a page, those of the session, the actor and the frame among them.
MOST_STATEMENTS = 26

READ_BY_ALL = ("units", "posts", "teams", "catalogue", "responsibility", "calendar", "areas", "processes")
FOR_ADMINISTRATORS = (
    "users", "new-user", "new-unit", "new-post", "new-matter", "new-responsibility", "calendar-day", "calendar-hours",
)  # fmt: skip


@pytest.mark.parametrize("name", READ_BY_ALL)
def test_every_member_of_staff_reads_the_lists(town: Town, name: str) -> None:
    answer = town.client(Role.GRID_WORKER).get(reverse(f"desk:{name}"))
    assert answer.status_code == 200
    assert not answer.context["can_edit"]


@pytest.mark.parametrize("name", [*READ_BY_ALL, *FOR_ADMINISTRATORS])
def test_without_signing_in_one_is_asked_to(town: Town, client: Any, name: str) -> None:
    answer = client.get(reverse(f"desk:{name}"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", FOR_ADMINISTRATORS)
@pytest.mark.parametrize("role", [Role.DISTRICT_LEADER, Role.STATION_HEAD, Role.PRIVACY_OFFICER])
def test_only_administrators_open_the_forms(town: Town, name: str, role: str) -> None:
    assert town.client(role).get(reverse(f"desk:{name}")).status_code == 403


@pytest.mark.parametrize("name", [*READ_BY_ALL, *FOR_ADMINISTRATORS])
def test_an_administrator_opens_every_page_in_few_statements(
    town: Town, name: str, django_assert_max_num_queries: Any
) -> None:
    browser = town.client(Role.ADMINISTRATOR)
    address = f"{reverse(f'desk:{name}')}?area={town.street.pk}"
    with django_assert_max_num_queries(MOST_STATEMENTS):
        assert browser.get(address).status_code == 200


def test_pages_of_one_thing_open_in_few_statements(town: Town, django_assert_max_num_queries: Any) -> None:
    browser = town.client(Role.ADMINISTRATOR)
    matter = Matter.objects.filter(kind="event").first()
    assert matter is not None
    process = Process.objects.latest("pk")
    for address in (
        reverse("desk:unit", args=[town.units["station"].pk]),
        reverse("desk:user", args=[town.users[Role.GRID_WORKER].pk]),
        reverse("desk:user-password", args=[town.users[Role.GRID_WORKER].pk]),
        reverse("desk:matter", args=[matter.pk]),
        reverse("desk:condition", args=[Condition.objects.first().pk]),  # type: ignore[union-attr]
        reverse("desk:new-condition", args=[matter.pk]),
        reverse("desk:area", args=[town.street.pk]),
        reverse("desk:area-children", args=[town.street.pk]),
        reverse("desk:process", args=[process.pk]),
        *(reverse("desk:area-change", args=[town.communities[0].pk, kind])
          for kind in ("found", "rename", "move", "merge", "split", "close")),
    ):  # fmt: skip
        with django_assert_max_num_queries(MOST_STATEMENTS):
            assert browser.get(address).status_code == 200, address


@pytest.mark.parametrize("name", ["units", "posts", "users", "catalogue"])
def test_a_longer_list_costs_no_more_statements(
    town: Town, name: str, django_assert_num_queries: Any
) -> None:
    browser = town.client(Role.ADMINISTRATOR)
    address = reverse(f"desk:{name}")
    browser.get(address)
    with CaptureQueriesContext(connection) as before:
        browser.get(address)
    with acting_as(System("test")):
        for number in range(20):
            user = make_user(f"more{number}", f"新人{number}")
            give(user, Role.UNIT_OFFICER, town.district, town.units["sanitation"])
    with django_assert_num_queries(len(before)):
        browser.get(address)


def test_an_unknown_number_is_not_found(town: Town) -> None:
    browser = town.client(Role.ADMINISTRATOR)
    for name in ("unit", "user", "matter", "condition", "area", "process", "end-post", "area-children"):
        assert browser.get(reverse(f"desk:{name}", args=[987654321])).status_code == 404
    assert browser.get(f"{reverse('desk:units')}?area=99999999999999999999").status_code == 404
    assert browser.get(f"{reverse('desk:units')}?area=x").status_code == 404


def test_nonsense_in_the_address_shows_today(town: Town) -> None:
    browser = town.client(Role.ADMINISTRATOR)
    for day in ("2026-02-31", "morning", ""):
        assert browser.get(f"{reverse('desk:posts')}?day={day}").status_code == 200
    assert browser.get(f"{reverse('desk:calendar')}?year=99999").status_code == 200
