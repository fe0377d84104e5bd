"""A served product, a real browser, and people in front of it."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.person import Enter, Person
from tests.e2e.serving import forget_tallies, served
from tools.browser import DESK, MISSING, PHONE, WORDS, executable

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def data() -> Iterator[Path]:
    """The data folder of the served product."""
    with TemporaryDirectory(prefix="wangge-e2e-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def site(data: Path) -> Iterator[str]:
    """Address of the served product; one for all browser tests, so each uses cases of its own."""
    if executable() is None:
        pytest.skip(MISSING)
    with served(settings.DATABASES["default"], data) as address:
        yield address


@pytest.fixture(scope="module")
def browser(site: str) -> Iterator[Browser]:
    """One Chromium a module: while playwright runs, other tests of this thread could not use the database."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable(), args=list(WORDS))
        yield chromium
        chromium.close()


@pytest.fixture
def enter(browser: Browser, site: str) -> Iterator[Enter]:
    """`enter()` is a resident on a phone, `enter("station")` somebody signed in at a desk; options as below.

    Any script error, console error or answer of 5xx on any of their pages fails the test.
    """
    people: list[Person] = []
    forget_tallies(settings.DATABASES["default"])

    def come(username: str = "", *, phone: bool | None = None, **options: Any) -> Person:
        small = not username if phone is None else phone
        options = {"viewport": PHONE if small else DESK, "has_touch": small, "locale": "zh-CN"} | options
        person = Person(browser.new_context(**options), site)
        people.append(person)
        return person.sign_in(username) if username else person

    yield come
    problems = [problem for person in people for problem in person.problems]
    for person in people:
        person.context.close()
    assert not problems, "\n".join(problems)
