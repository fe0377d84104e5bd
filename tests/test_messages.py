"""The English texts keep step with the sources."""

import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tools import messages
from wangge.platform.translations import compile_messages

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small tree of sources in place of the product's own."""
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "SOURCES", tmp_path)
    (tmp_path / "page.html").write_text(
        '{% load i18n %}<p>{% translate "派遣" %}</p> {{ _("退单") }}'
        "{% blocktranslate count n=3 %}{{ n }} 件{% plural %}{{ n }} 件{% endblocktranslate %}",
        "utf-8",
    )
    (tmp_path / "code.py").write_text('from x import gettext as _\n\nNAME = _("立案")\n', "utf-8")
    return tmp_path


def ids(catalogue: Catalog) -> set[str]:
    return {
        message.id if isinstance(message.id, str) else message.id[0] for message in catalogue if message.id
    }


def test_texts_of_templates_and_python_are_found(sources: Path) -> None:
    assert ids(messages.found()) == {"派遣", "退单", "立案", "%(n)s 件"}


def test_known_english_is_kept_and_unused_texts_are_dropped(sources: Path) -> None:
    known = Catalog(locale="en")
    known.add("派遣", "Dispatch")
    known.add("没人用了", "Unused")
    result = messages.merged(messages.found(), known)
    assert result["派遣"].string == "Dispatch"
    assert ids(result) == ids(messages.found())


def test_what_is_missing_empty_obsolete_or_wrong_is_named(sources: Path) -> None:
    known = Catalog(locale="en")
    known.add("派遣", "")
    known.add("没人用了", "Unused")
    known.add(("%(n)s 件", "%(n)s 件"), ("%(n)s case", "%(m)s cases"), flags=["python-format"])
    known.add("立案", "File")
    lines = messages.problems(messages.found(), known)
    assert [line.split("'")[0] for line in lines if "派遣" in line] == ["no English: "]
    assert [line for line in lines if line.startswith("obsolete: '没人用了'")]
    assert [line for line in lines if line.startswith("missing: '退单'")]
    assert [line for line in lines if "件" in line and "placeholder" in line]
    assert not [line for line in lines if "立案" in line]


def test_the_same_sources_give_the_same_bytes(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "PO", sources / "locale" / "en" / "LC_MESSAGES" / "django.po")
    written = []
    for _run in range(2):
        messages.write(messages.merged(messages.found(), messages.kept()))
        written.append(messages.PO.read_bytes())
    assert written[0] == written[1]


def test_compiled_texts_are_made_once_and_made_anew_after_a_change(tmp_path: Path) -> None:
    po = tmp_path / "en" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "派遣"\nmsgstr "Dispatch"\n',
        "utf-8",
    )
    assert compile_messages(tmp_path) == [po.with_suffix(".mo")]
    assert compile_messages(tmp_path) == []
    po.with_suffix(".mo").unlink()
    assert compile_messages(tmp_path) == [po.with_suffix(".mo")]


def test_the_command_says_whether_every_text_has_its_english() -> None:
    told = subprocess.run(
        [sys.executable, ROOT / "tools" / "messages.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode in (0, 1)
    assert (told.returncode == 0) == ("every text has its English" in told.stdout)
