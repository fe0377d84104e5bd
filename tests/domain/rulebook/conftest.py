"""A town with people, as the administrator of its rules sees it."""

import pytest

from casework import TESTS, crowd
from factories import Town, make_town
from wangge.domain.access.actor import Actor
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.services.centres import forget_centres
from wangge.domain.cases.services.processes import definition_of
from wangge.domain.catalogue.calendar import forget_calendars
from wangge.domain.rulebook.models import Draft
from wangge.domain.rulebook.services.drafts import new_draft


@pytest.fixture
def town(db: None) -> Town:
    forget_calendars()
    forget_centres()
    definition_of.cache_clear()
    with acting_as(TESTS):
        return make_town()


@pytest.fixture
def people(town: Town) -> dict[str, Actor]:
    return crowd(town)


@pytest.fixture
def draft(town: Town) -> Draft:
    return new_draft(TESTS, "汛期调整")
