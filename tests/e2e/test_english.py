"""Everything that the interface says is said in English too; names and people's words stay as they are."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import expect

from tests.e2e.person import Enter, Person
from tests.e2e.serving import REPO
from wangge.faces.cli.demo.people import departments

_SOURCES = REPO / "src" / "wangge"
_PORTAL = ("/", "/report", "/s", "/board", "/areas/440105008", "/areas/440105008101001",
           "/areas/440105008101001/poster", "/what-we-never-do", "/privacy", "/accessibility")  # fmt: skip
_STATION = ("/desk/", "/desk/cases", "/desk/cases/map", "/desk/report", "/desk/notices", "/desk/account",
            "/desk/catalogue/", "/desk/responsibility/", "/desk/calendar/", "/desk/areas/")  # fmt: skip
_ADMIN = ("/desk/units/", "/desk/posts/", "/desk/users/", "/desk/catalogue/", "/desk/responsibility/",
          "/desk/calendar/", "/desk/areas/", "/desk/processes/")  # fmt: skip

_STATION_NAME = re.compile(r"[㐀-鿿]+社区工作站")
# Texts of a page with Chinese in them: what is read, what is a hint, what is read out.
_CHINESE = r"""() => {
  const han = /[㐀-鿿]/, found = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (node.parentElement.closest("script, style, [lang=zh], [lang^=zh-]")) continue;
    found.add(node.nodeValue.trim());
  }
  for (const element of document.querySelectorAll("[placeholder], [aria-label], [title], [alt]")) {
    if (element.closest("[lang=zh], [lang^=zh-]")) continue;
    for (const name of ["placeholder", "aria-label", "title", "alt"]) found.add(element.getAttribute(name) || "");
  }
  found.add(document.title);
  return [...found].filter((text) => han.test(text));
}"""


@cache
def _interface_words() -> frozenset[str]:
    """Every Chinese text that has an English one: the translations, the process, the lists of reasons."""
    with (_SOURCES / "locale/en/LC_MESSAGES/django.po").open("rb") as file:
        words = {str(m.id[0] if isinstance(m.id, tuple) else m.id) for m in read_po(file) if m.id}
    for file in ("domain/cases/processes/case.toml", "domain/catalogue/seed/reasons.toml"):
        words |= set(_names(tomllib.loads((_SOURCES / file).read_text("utf-8"))))
    return frozenset(words)


def _names(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if part.get("name_en"):
            yield part["name"]
        for value in part.values():
            yield from _names(value)
    elif isinstance(part, list):
        for value in part:
            yield from _names(value)


@cache
def _names_of_units() -> frozenset[str]:
    """Units are called as their duties are; a name is not translated."""
    return frozenset(unit.short for unit in departments("440105", "海珠区"))


def _untranslated(texts: list[str]) -> list[str]:
    """Texts that are interface words, or hold a longer one."""
    long = [word for word in _interface_words() if len(word) >= 5 and "%" not in word]
    shown = {_STATION_NAME.sub("", text) for text in texts} - _names_of_units()
    return sorted(text for text in shown if text in _interface_words() or any(word in text for word in long))


def _speaks_english(person: Person, path: str) -> list[str]:
    person.go(path)
    found = [f"{path}: {text}" for text in _untranslated(person.page.evaluate(_CHINESE))]
    language = person.page.locator("html").get_attribute("lang")
    return found if language == "en" else [f"{path} is in {language}", *found]


def _choose_english(person: Person) -> None:
    person.page.locator("details.menu summary").first.click()
    person.page.get_by_role("button", name="English").first.click()
    expect(person.page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize(
    ("username", "start", "paths"),
    [("", "/", _PORTAL), ("station", "/desk/", _STATION), ("admin", "/desk/units/", _ADMIN)],
)
def test_who_chooses_english_reads_no_chinese_of_the_interface(
    enter: Enter, username: str, start: str, paths: tuple[str, ...]
) -> None:
    person = enter(username)
    person.go(start)
    _choose_english(person)
    found = [line for path in paths for line in _speaks_english(person, path)]
    assert not found, "\n".join(found)


def test_a_case_and_its_receipt_are_in_english_for_who_chose_it(enter: Enter) -> None:
    resident = enter()
    resident.go("/q/440105008101002")
    _choose_english(resident)
    resident.page.locator("[name=description]").fill("A street lamp is out.")
    resident.page.locator("form.report button:not([type=button])").last.click()
    receipt = resident.receipt()
    found = _speaks_english(resident, f"/s/{receipt}")

    station = enter("station")
    station.go("/desk/cases?words=street+lamp")
    station.page.locator("a.row-link").first.click()
    _choose_english(station)
    path = station.page.url.removeprefix(station.site)
    found += _speaks_english(station, path)
    for move in ("file", "file_emergency", "propose_refusal", "urge"):
        found += _speaks_english(station, f"{path}/moves/{move}")
    assert not found, "\n".join(found)
