"""A draft of the rules."""

import pytest

from casework import TESTS
from factories import Town
from wangge.domain.rulebook.models import Draft
from wangge.domain.rulebook.services.drafts import new_draft


@pytest.fixture
def draft(town: Town) -> Draft:
    return new_draft(TESTS, "汛期调整")
