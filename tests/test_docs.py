"""The documentation keeps step with the product: what a page names is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands

from tools import arguments
from wangge.domain.cases.inputs import _READERS
from wangge.domain.cases.services.processes import built_in
from wangge.domain.cases.vocabulary import EFFECT_NAMES, OWNERS, PLACES, VOCABULARY

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("README*.md"), *DOCS.rglob("*.md")])
OPERATORS = sorted((DOCS / "operators").glob("*.md"))
PROCESSES = DOCS / "contributors" / "processes.md"

_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"!?\[[^\]\n]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_VARIABLE = re.compile(r"\b(?:WANGGE_[A-Z_]+|DATABASE_URL)\b")
_BUILT = "src/wangge/static/build"
_OURS = re.compile(r"(?:src|tests|tools|frontend|docs|requirements)/[\w./-]+")


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


each_page = pytest.mark.parametrize("page", PAGES, ids=name)


def prose(page: Path) -> str:
    return _FENCE.sub("", page.read_text("utf-8"))


def code(page: Path) -> Iterator[str]:
    """Fenced blocks and what stands between back-ticks."""
    yield from _FENCE.findall(page.read_text("utf-8"))
    yield from _SPAN.findall(prose(page))


def anchors(page: Path) -> set[str]:
    """Anchors of a page's headings as the usual readers of Markdown make them."""
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(prose(page)))
    return {heading.replace(" ", "-") for heading in plain}


def broken(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return not target.exists() or bool(anchor and anchor not in anchors(target))


def variables(*files: Path) -> set[str]:
    return {found for file in files for found in _VARIABLE.findall(file.read_text("utf-8"))}


@each_page
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    links = [link for link in _LINK.findall(prose(page)) if not link.startswith(("https://", "http://"))]
    assert [link for link in links if broken(page, link)] == []


@each_page
def test_every_command_named_exists(page: Path) -> None:
    ours = arguments._parser()._subparsers
    assert ours is not None
    known = {"wangge": set(get_commands()) | {"help"}, "dev.py": set(ours._group_actions[0].choices or ())}
    named = [
        (program, command)
        for text in code(page)
        for program, command in re.findall(r"(?<![\w.-])(wangge|dev\.py) ([a-z_]+)", text)
    ]
    assert [f"{program} {command}" for program, command in named if command not in known[program]] == []


@each_page
def test_every_file_of_ours_that_is_named_exists(page: Path) -> None:
    named = {found for text in _SPAN.findall(prose(page)) for found in _OURS.findall(text)}
    # What ends in a point was cut before a wildcard; the built front end is not in the repository.
    there = (path for path in named if not path.endswith((".", "/")) and not path.startswith(_BUILT))
    assert sorted(path for path in there if not (ROOT / path).exists()) == []


@pytest.mark.parametrize("page", OPERATORS, ids=name)
def test_every_environment_variable_is_described_and_none_is_invented(page: Path) -> None:
    sources = [ROOT / "dev.py", *(ROOT / "tools").glob("*.py"), *(ROOT / "src").rglob("*.py")]
    for_contributors = variables(DOCS / "contributors" / "testing.md")
    assert variables(page) <= variables(*sources)
    assert variables(*sources) <= variables(page) | for_contributors


def test_every_user_page_is_there_in_both_languages_and_in_the_index() -> None:
    users = DOCS / "users"
    chinese, english = ({page.name for page in (users / language).glob("*.md")} for language in ("zh", "en"))
    assert chinese == english
    linked = set(_LINK.findall(prose(users / "README.md")))
    assert {f"{language}/{page}" for language in ("zh", "en") for page in chinese} <= linked


def test_every_decision_is_in_the_index() -> None:
    index = DOCS / "decisions" / "README.md"
    pages = {page.name for page in index.parent.glob("0*.md")}
    assert pages == {link for link in _LINK.findall(prose(index)) if link.startswith("0")}


def test_the_page_about_processes_names_every_word_a_process_may_use() -> None:
    words = {*EFFECT_NAMES, *PLACES, *OWNERS, *VOCABULARY.roles, *built_in().facts, *_READERS, "photos"}
    assert words - set(_SPAN.findall(prose(PROCESSES))) == set()
