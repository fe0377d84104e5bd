"""No page has a serious fault that axe can see: at a desk in light and dark, and on a phone in English.

The pages come from the table of addresses, so a new one is looked at by itself. Each is asked for by everybody who
may open it, empty forms are sent, and what shows something that no page showed before is looked at. What comes
only by working (dialogs, maps, results) is looked at on the way, in tests/e2e/test_accessibility.py.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler

import pytest
from addresses import ADDRESSES
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import transaction
from django.http import HttpResponse
from django.test.utils import override_settings
from django.urls import reverse
from playwright.sync_api import sync_playwright
from world import Visitor, World, entered

from tests.e2e.looking import Looks, bring
from tools.browser import DESK, MISSING, WORDS, executable
from wangge.domain.access.actor import Role

pytestmark = [pytest.mark.django_db, pytest.mark.browser]
_ELEMENT = re.compile(r'<(\w+)[^<>]*?\bclass="([^"]+)"')
_POLICIES = ("Content-Security-Policy", "Permissions-Policy", "Referrer-Policy")
_ROWS = 4


@dataclass(frozen=True, slots=True)
class Answered:
    """A page as somebody got it, in Chinese and in English."""

    name: str
    path: str
    headers: tuple[tuple[str, str], ...]
    chinese: str
    english: str


@dataclass
class Book:
    """All pages worth a look; `shown` is what they are made of."""

    pages: list[Answered] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    shown: set[Any] = field(default_factory=set)

    def ask(self, visitor: Visitor, name: str, method: str, path: str) -> None:
        answer = _answer(visitor, method, path, "zh-hans")
        if not _is_page(answer):
            return
        text = answer.content.decode()
        made_of = {*_ELEMENT.findall(text), *(one.name for one in answer.templates)}
        # A refusal belongs to no address.
        known = name in self.names or answer.status_code not in (200, 422)
        if known and made_of <= self.shown:
            return
        self.names.add(name)
        self.shown |= made_of
        english = _answer(visitor, method, path, "en").content.decode()
        policy = [(name, answer.headers[name]) for name in _POLICIES if name in answer.headers]
        self.pages.append(Answered(f"{visitor.name} {method} {path}", path, tuple(policy), text, english))


def _answer(visitor: Visitor, method: str, path: str, language: str) -> Any:
    cookies = visitor.browser.cookies.output(attrs=[], header="", sep=";")
    visitor.browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    with transaction.atomic():
        answer = visitor.browser.generic(method, path)
        transaction.set_rollback(True)
    visitor.browser.cookies.load(cookies)
    return answer


def _is_page(answer: HttpResponse) -> bool:
    html = answer.headers.get("Content-Type", "").startswith("text/html")
    return html and not answer.streaming and b"<html" in answer.content[:400]


def _filled(world: World) -> Book:
    """The first rows by every role that may, and by one that may not; the others by the first two who may."""
    book = Book()
    roles = world.visitors[: len(Role) + 1]
    for name, address in ADDRESSES.items():
        if name.startswith("api:") and name != "api:docs":
            continue
        for position, (row, names) in enumerate(address.values(world.scene)[:_ROWS]):
            path = reverse(name, kwargs=names)
            asking = roles if position == 0 else world.visitors
            may = [one for one in asking if address.may(one.actor, row)]
            others = [one for one in asking if one not in may]
            for visitor in (*may, *others[:1]) if position == 0 else may[:2]:
                book.ask(visitor, name, "GET", path)
            for visitor in may[:1] if position == 0 else ():
                book.ask(visitor, name, "POST", path)
    return book


@pytest.fixture(scope="module")
def book(django_db_setup: None, django_db_blocker: Any) -> Book:
    with django_db_blocker.unblock(), override_settings(REQUIRE_SECOND_FACTOR="off"), entered() as world:
        return _filled(world)


@pytest.fixture(scope="module")
def looks(book: Book) -> Looks:
    if executable() is None:
        pytest.skip(MISSING)
    looks = Looks()
    with sync_playwright() as playwright, _stage() as stage:
        chromium = playwright.chromium.launch(executable_path=executable(), args=list(WORDS))
        context = chromium.new_context(viewport=DESK, locale="zh-CN")
        bring(context)
        window = context.new_page()
        for page in book.pages:
            stage.headers, stage.text = page.headers, page.chinese
            window.goto(stage.site + page.path)
            looks.at_desk(window, page.name)
            stage.text = page.english
            window.goto(stage.site + page.path)
            looks.on_english_phone(window, page.name)
        chromium.close()
    return looks


class Stage:
    """Answers every address with the page it holds; styles and scripts are served as ever."""

    site = ""
    headers: tuple[tuple[str, str], ...] = ()
    text = ""

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        if "text/html" not in environ.get("HTTP_ACCEPT", ""):
            start_response("404 Not Found", [])
            return []
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), *self.headers])
        return [self.text.encode()]


@contextmanager
def _stage() -> Iterator[Stage]:
    stage = Stage()
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(StaticFilesHandler(stage))
    stage.site = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield stage
    server.shutdown()
    thread.join()
    server.server_close()


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *words: Any) -> None:
        pass


def test_no_page_has_a_serious_fault(looks: Looks) -> None:
    assert not looks.light, "\n".join(looks.light)


def test_every_text_is_read_easily_in_the_dark(looks: Looks) -> None:
    assert not looks.dark, "\n".join(looks.dark)


def test_no_page_in_english_has_a_serious_fault(looks: Looks) -> None:
    assert not looks.english, "\n".join(looks.english)


def test_no_page_in_english_is_wider_than_a_phone(looks: Looks) -> None:
    assert not looks.sideways, "\n".join(looks.sideways)
