"""A day without signal: nothing that a worker wrote is lost or doubled, whatever the line does."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from PIL import Image
from playwright.sync_api import Playwright, expect, sync_playwright

from faulty import FAULTS, BadLine, bad_line
from tests.e2e.phone import Phone, shot
from tests.e2e.serving import PASSWORD, served_url

WORKER = "grid-440105008101005"
FIRST, MORE = 20, 4
RELEASES = Path(__file__).parent / "releases"
_FOUND = """
    SELECT c.description, count(DISTINCT c.id), count(p.id), min(p.file)
    FROM cases_case c LEFT JOIN cases_photo p ON p.case_id = c.id
    WHERE c.description LIKE 'line %%' AND c.description LIKE %s GROUP BY c.description
"""


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture
def line(site: str) -> Iterator[BadLine]:
    with bad_line(site) as line:
        yield line


@pytest.fixture
def phone(playwright: Playwright, line: BadLine, tmp_path: Path) -> Iterator[Phone]:
    phone = Phone(playwright, tmp_path / "phone", line.address)
    yield phone
    phone.switch_off()
    assert not phone.problems


def arrived(like: str) -> dict[str, tuple[int, int, str]]:
    """By the words of a report: how many cases, how many photos, and the file of one."""
    database = settings.DATABASES["default"]
    with psycopg.connect(served_url(database)) as connection:
        connection.execute("SELECT set_config('wangge.kind', 'system', false)")
        rows = connection.execute(_FOUND, [like]).fetchall()
    return {words: (cases, photos, file) for words, cases, photos, file in rows}


def test_a_day_without_signal_arrives_once_and_whole_over_a_bad_line(
    phone: Phone, line: BadLine, data: Path
) -> None:
    phone.sign_in(WORKER)
    phone.context.set_offline(True)
    for number in range(FIRST):
        phone.report(f"line A {number}", shot(number))
    expect(phone.unsent()).to_have_text(f"未发送 {FIRST}")

    phone.switch_off()
    phone.switch_on(offline=True)
    phone.unlock()
    expect(phone.unsent()).to_have_text(f"未发送 {FIRST}")
    for number in range(FIRST, FIRST + MORE):
        phone.report(f"line A {number}", shot(number))
    assert arrived("line A %") == {}

    line.bad = True
    phone.context.set_offline(False)
    phone.sync_until_empty()

    assert set(line.met) == set(FAULTS), "the line was not bad enough to prove anything"
    found = arrived("line A %")
    assert set(found) == {f"line A {number}" for number in range(FIRST + MORE)}
    for words, (cases, photos, file) in found.items():
        assert (cases, photos) == (1, 1), words
        with Image.open(data / "media" / file) as picture:
            red, _green, _blue = picture.convert("RGB").getpixel((400, 300))  # type: ignore[misc]
            assert abs(red - int(words.split()[-1]) * 10) <= 3, words


def test_another_build_takes_over_and_what_was_not_sent_is_still_there(phone: Phone, line: BadLine) -> None:
    phone.sign_in(WORKER)
    # Somebody else answers instead of the server: nothing counts as sent.
    line.instead["/field/sync"] = b"<h1>Welcome to our hotel</h1>"
    phone.report("line U 1", shot(7))
    worker = phone.page.evaluate("fetch('/field/sw.js').then((answer) => answer.text())")
    version = re.search(r'"version": "(\w+)"', worker)
    assert version
    line.instead["/field/sw.js"] = worker.replace(version[1], "another").encode()
    phone.page.reload()
    phone.page.wait_for_function(
        "caches.keys().then((names) => names.length === 1 && names[0] === 'wangge-field-another')"
    )
    phone.unlock()
    expect(phone.unsent()).to_have_text("未发送 1")
    del line.instead["/field/sync"]
    phone.sync_until_empty()
    assert [(cases, photos) for cases, photos, _file in arrived("line U %").values()] == [(1, 1)]


@pytest.mark.parametrize("release", sorted(path.name for path in RELEASES.iterdir()))
def test_what_an_earlier_release_left_unsent_is_sent_by_this_one(
    phone: Phone, line: BadLine, release: str
) -> None:
    """Its service worker and its way to keep records are those of frontend/tests/release.ts of that time."""
    phone.page.get_by_role("link", name="登录").click()
    served_by(line, release)
    phone.page.get_by_label("账号").first.fill(WORKER)
    phone.page.get_by_label("密码").first.fill(PASSWORD)
    phone.press("登录")
    expect(phone.page).to_have_title("kept")
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    line.own.clear()

    phone.switch_off()
    phone.switch_on()
    phone.choose_pin()
    expect(phone.unsent()).to_have_text("未发送 1")
    phone.sync_until_empty()
    assert [(cases, photos) for cases, photos, _file in arrived("line R %").values()] == [(1, 1)]


def grid() -> int:
    with psycopg.connect(served_url(settings.DATABASES["default"])) as connection:
        found = connection.execute(
            "SELECT id FROM places_area WHERE code = %s", [WORKER.removeprefix("grid-")]
        )
        (area,) = found.fetchone() or (0,)
    return int(area)


def served_by(line: BadLine, release: str) -> None:
    """The field app is that of an earlier release."""
    app, worker = (RELEASES / release / name for name in ("app.js", "sw.js"))
    known = {
        "shell": "/field/",
        "files": ["/field/app.js"],
        "assets": "/static/build/assets/",
        "version": release,
    }
    page = f'<body data-area="{grid()}"><script type="module" src="/field/app.js"></script>'
    line.own |= {
        "/field/": ("text/html; charset=utf-8", page.encode()),
        "/field/app.js": ("text/javascript", app.read_bytes()),
        "/field/sw.js": (
            "text/javascript",
            f"self.wangge = {json.dumps(known)};\n".encode() + worker.read_bytes(),
        ),
    }
