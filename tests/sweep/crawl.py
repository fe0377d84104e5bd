"""Every form that anybody of the scene can be shown, found by following the links of the pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from addresses import ADDRESSES
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from pages import Form, Page, match_of, questions, read, view_of
from world import World

from wangge.domain.access.actor import AnyActor, Role

# What differs from one page of an address to the next is mostly the row; a case's moves differ by its state.
_MOST_PAGES = 6
_MOST_OF_ONE_QUESTION, _MOST_ASKED = 3, 24
_EACH_ROW = ("desk:case", "portal:status")
_EACH_WORD = ("desk:move", "desk:support-move", "desk:area-change", "portal:move")


@dataclass(frozen=True, slots=True)
class Found:
    """A form, or a link with questions, with somebody who is offered it."""

    who: str
    browser: Client
    form: Form


@dataclass(frozen=True, slots=True)
class Asked:
    """An address that is asked with words after the ?."""

    who: str
    browser: Client
    path: str


class Crawl:
    """Walks all pages as each role and keeps the first of each kind of form and link."""

    def __init__(self, world: World) -> None:
        self._scene = world.scene
        self.forms: dict[tuple[str, ...], Found] = {}
        self.asked: dict[tuple[str, ...], Asked] = {}
        self.complaining: list[str] = []
        self._seen: dict[tuple[str, ...], int] = {}
        self._no_pages: set[str] = set()
        # Who may change most comes first: of later ones only what is new is looked at.
        roles = [visitor for visitor in world.visitors if visitor.name in {"anybody", *Role}]
        for visitor in sorted(roles, key=lambda one: one.name not in ("anybody", Role.ADMINISTRATOR)):
            # A fault is an answer of 500, as people see it, and not the end of the walk.
            visitor.browser.raise_request_exception = False
            self._walk(visitor.name, visitor.actor, visitor.browser)

    def _walk(self, who: str, actor: AnyActor, browser: Client) -> None:
        waiting, seen = list(self._beginnings(actor)), set()
        while waiting:
            path = waiting.pop(0)
            if path in seen or not self._worth(path):
                continue
            seen.add(path)
            waiting += self._note(who, browser, self._open(browser, path))

    def _note(self, who: str, browser: Client, page: Page) -> list[str]:
        """Keep what is new on a page, and on the pages that its new forms are answered with; where to go on."""
        links = page.links
        for form in page.forms:
            if form.sign in self.forms:
                continue
            self.forms[form.sign] = Found(who, browser, form)
            if form.method == "post":
                links += self._note(who, browser, self._open(browser, form.action, form.filled()))
            else:
                links.append(form.asked())
        for link in links:
            if (names := questions(link)) and (view := view_of(link)):
                self.asked.setdefault((view, *names), Asked(who, browser, link))
        return links

    def _worth(self, path: str) -> bool:
        """Whether another page of this kind may show a form that was not seen yet."""
        match = match_of(path)
        if match is None or match.view_name in self._no_pages:
            return False
        words = [str(value) for value in match.kwargs.values()] if match.view_name in _EACH_WORD else []
        asked = questions(path)
        if asked and self._often(match.view_name, "?") > _MOST_ASKED:
            return False
        often = self._often(match.view_name, *words, *asked)
        if words or (asked and not match.kwargs):
            return often <= _MOST_OF_ONE_QUESTION
        return match.view_name in _EACH_ROW or not match.kwargs or often <= _MOST_PAGES

    def _often(self, *kind: str) -> int:
        self._seen[kind] = self._seen.get(kind, 0) + 1
        return self._seen[kind]

    def _beginnings(self, actor: AnyActor) -> Iterator[str]:
        for name, address in ADDRESSES.items():
            for row, names in address.values(self._scene)[:_MOST_PAGES]:
                if not name.startswith("api:") and address.may(actor, row):
                    yield reverse(name, kwargs=names)

    def _open(self, browser: Client, path: str, sent: dict[str, list[str]] | None = None) -> Page:
        """The page at an address, or what a form with no file is answered with; nothing of it stays."""
        with kept_cookies(browser), transaction.atomic():
            answer = browser.get(path) if sent is None else browser.post(path, sent)
            transaction.set_rollback(True)
        if sent is None and answer.status_code == 422 and html_of(answer):
            self.complaining.append(path)
        if sent is None and answer.status_code in (200, 405) and not html_of(answer):
            self._no_pages.add(view_of(path))
        return read(path, html_of(answer))


@contextmanager
def kept_cookies(browser: Client) -> Iterator[None]:
    """Afterwards signed in, and in the language, as before."""
    cookies = browser.cookies.output(attrs=[], header="", sep=";")
    yield
    browser.cookies.clear()
    browser.cookies.load(cookies)


def html_of(answer: HttpResponseBase) -> str:
    """The text of a page, "" of anything else."""
    kind = answer.headers.get("Content-Type", "")
    return "" if answer.streaming or not kind.startswith("text/html") else answer.content.decode()
