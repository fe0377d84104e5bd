"""What the privacy page promises about time."""

from collections.abc import Callable
from datetime import timedelta

from journeys import Journey

from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Contact
from wangge.domain.cases.services.retention import forget_contacts
from wangge.platform import clock


def kept() -> set[int]:
    with acting_as(System("test")):
        return set(Contact.objects.values_list("pk", flat=True))


def test_contact_data_is_deleted_a_year_after_the_case_ended(journey: Callable[..., Journey]) -> None:
    closed, opened = journey().closed(), journey().dispatched()
    now = clock.now()
    with clock.at(now + timedelta(days=364)):
        assert forget_contacts() == 0
    with clock.at(now + timedelta(days=366)):
        assert forget_contacts() == 1
    assert kept() == {opened.pk}
    assert closed.case.description
