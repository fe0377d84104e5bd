"""Every page of the product, found by following links as the people who may open it; each kind of page once."""

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.urls import Resolver404, URLPattern, get_resolver, resolve

from playwright.sync_api import Error

from tests.e2e.person import Person
from tests.e2e.serving import REPO
from tools.browser import PHONE

AXE = REPO / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
# Their forms differ with these parts of the address, so each is a kind of its own; the many states and moves
# of a process share one form, which is different for one not made yet.
_FORMS = ("kind", "key", "move")
_SHARED = "desk:process-draft-element"
_FAULTS = """async (rules) => {
  const options = rules.length ? {runOnly: rules} : {resultTypes: ["violations"]};
  const {violations} = await axe.run(document, options);
  return violations.filter((fault) => ["serious", "critical"].includes(fault.impact)).flatMap((fault) =>
    fault.nodes.map((node) => `${fault.id}: ${node.target.join(" ")} (${node.any.map((one) => one.message)[0] || fault.help})`));
}"""
_LINKS = "[...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href'))"


@dataclass
class Walk:
    """What was found: each kind of page with its address, what else was answered, and the faults by way of looking."""

    no_page: frozenset[str]
    pages: dict[str, str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    posted: set[str] = field(default_factory=set)
    light: list[str] = field(default_factory=list)
    dark: list[str] = field(default_factory=list)
    english: list[str] = field(default_factory=list)
    sideways: list[str] = field(default_factory=list)

    def names(self) -> set[str]:
        return {kind.split(" ")[0] for kind in self.pages}

    def follow(self, person: Person, starts: Iterable[str]) -> None:
        """From each start along all links, to each kind of page not seen yet, at a desk in Chinese; then on an
        English phone."""
        mine: list[str] = []
        waiting = deque(starts)
        while waiting:
            path = waiting.popleft()
            kind = _kind(path)
            if kind is None or kind in self.pages or kind.split(" ")[0] in self.no_page | self.files:
                continue
            if not _is_page(person, path):
                self.files.add(kind.split(" ")[0])
                continue
            self.pages[kind] = path
            mine.append(path)
            self.look(person, path)
            waiting.extend(_absolute(link, path) for link in person.page.evaluate(_LINKS))
        with _english_phone(person):
            for path in mine:
                person.page.goto(person.site + path)
                self.english += _faults(person, path, *_NOT_COLOURS)
                self.sideways += [path] * person.page.evaluate(_SIDEWAYS)

    def look(self, person: Person, path: str) -> None:
        """The page as it stands open, in light and in dark."""
        self.light += _faults(person, path)
        # Reduced motion: colours change at once.
        person.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        self.dark += _faults(person, path, "color-contrast", "link-in-text-block")
        person.page.emulate_media(color_scheme="light")


# What words can spoil: names of things, language, headings. Colours are the same in every language.
_NOT_COLOURS = ("cat.name-role-value", "cat.language", "cat.text-alternatives", "cat.forms", "cat.aria")
_SIDEWAYS = "document.documentElement.scrollWidth > window.innerWidth"


def _is_page(person: Person, path: str) -> bool:
    """Opens it; a file is offered for keeping and leaves the person where they were."""
    try:
        answer = person.page.goto(person.site + path)
    except Error as offered:
        if "Download is starting" not in offered.message:
            raise
        return False
    return answer is not None and "html" in answer.headers["content-type"]


@contextmanager
def _english_phone(person: Person) -> Iterator[None]:
    desk = person.page.viewport_size
    person.context.add_cookies([{"name": "django_language", "value": "en", "url": person.site}])
    person.page.set_viewport_size(PHONE)
    yield
    person.context.add_cookies([{"name": "django_language", "value": "zh-hans", "url": person.site}])
    if desk:
        person.page.set_viewport_size(desk)


def _faults(person: Person, path: str, *rules: str) -> list[str]:
    # Not by a script element: the pages' policy allows their own scripts only, and stays on here.
    person.page.evaluate(AXE.read_text("utf-8"))
    return [f"{path} {fault}" for fault in person.page.evaluate(_FAULTS, list(rules))]


def _absolute(link: str, page: str) -> str:
    link = link.split("#")[0]
    return urlsplit(page).path + link if link.startswith("?") else link


def _kind(path: str) -> str | None:
    """The name of the address, with the parts that choose a form; None when it is none of ours."""
    try:
        found = resolve(urlsplit(path).path)
    except Resolver404:
        return None
    parts = {part: str(found.kwargs[part]) for part in _FORMS if part in found.kwargs}
    if found.view_name.startswith(_SHARED) and parts.get("key") != "new":
        parts.pop("key", None)
    return " ".join([found.view_name, *parts.values()])


def addresses() -> Iterator[tuple[str, str]]:
    """(name, pattern) of every address in the URL table."""
    yield from _below(get_resolver().url_patterns, "", "/")


def _below(patterns: list, space: str, above: str) -> Iterator[tuple[str, str]]:
    for one in patterns:
        if isinstance(one, URLPattern):
            yield f"{space}{one.name}", f"{above}{one.pattern}"
        else:
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from _below(one.url_patterns, inner, f"{above}{one.pattern}")
