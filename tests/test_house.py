"""The house rules that import-linter cannot see."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from procrastinate.contrib.django import app

SOURCES = Path(__file__).resolve().parents[1] / "src" / "wangge"
FLOORS = ("engines", "platform", "domain", "faces")
# Parts of packages; import-linter sees only the package as a whole.
HTTP = (
    "django.http",
    "django.shortcuts",
    "django.views",
    "django.urls",
    "django.middleware",
    "ninja",
    "granian",
)
SIGNALS = ("django.dispatch", "django.db.models.signals", "django.core.signals")


def files(*floors: str) -> list[Path]:
    return [file for floor in floors for file in sorted((SOURCES / floor).rglob("*.py"))]


def imports(file: Path) -> Iterator[str]:
    """Every imported name in full, wherever in the file it stands."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def forbidden(file: Path, packages: tuple[str, ...]) -> list[str]:
    return [
        name for name in imports(file) if f"{name}.".startswith(tuple(f"{package}." for package in packages))
    ]


def test_the_floors_are_where_these_tests_look() -> None:
    assert all(files(floor) for floor in FLOORS)


@pytest.mark.parametrize(
    "file", files("engines", "platform", "domain"), ids=lambda file: str(file.relative_to(SOURCES))
)
def test_below_the_faces_nothing_knows_http(file: Path) -> None:
    assert forbidden(file, HTTP) == []


@pytest.mark.parametrize("file", files(*FLOORS), ids=lambda file: str(file.relative_to(SOURCES)))
def test_nothing_happens_by_signal(file: Path) -> None:
    assert forbidden(file, SIGNALS) == []


def test_spreadsheets_are_written_only_where_no_text_becomes_a_formula() -> None:
    """tests/platform/test_sheets.py and tests/domain/rulebook/test_files.py read them back."""
    writing = {
        str(file.relative_to(SOURCES))
        for file in files(*FLOORS)
        if forbidden(file, ("xlsxwriter", "openpyxl"))
    }
    assert writing == {"platform/sheets/writing.py", "domain/rulebook/files.py"}


def test_every_folder_of_code_is_a_package_so_that_the_import_rules_see_it() -> None:
    folders = {file.parent for file in files(*FLOORS)}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_every_file_of_tests_has_a_name_of_its_own() -> None:
    """pytest imports them by their names alone, and gives up on two of one name."""
    names = Counter(file.name for file in Path(__file__).parent.rglob("test_*.py"))
    assert [name for name, count in names.items() if count > 1] == []


def test_what_runs_once_a_night_runs_while_the_district_sleeps() -> None:
    # Jobs are timed in UTC; in the district's zone it is eight hours later.
    hours = {
        f"{file}: {found[0]}": int(found[1])
        for file in SOURCES.rglob("*.py")
        for found in re.finditer(r'cron="\d+ (\d+) \* \* \*"', file.read_text("utf-8"))
    }
    assert hours
    assert {name for name, hour in hours.items() if not 15 <= hour <= 20} == set()


def test_the_worker_knows_every_module_with_tasks() -> None:
    written = {
        ".".join(("wangge", *file.relative_to(SOURCES).with_suffix("").parts))
        for file in files("platform", "domain")
        if "@app.task(" in file.read_text("utf-8")
    }
    assert written == set(app.import_paths)
