"""Keeps the English texts in step with the sources: python3 dev.py messages [--check | --compile].

Collects every Chinese msgid of the Python sources and the templates into src/wangge/locale/en/LC_MESSAGES/django.po,
keeps the translations there, drops what is no longer used, and compiles the .mo. With --check nothing is
written: msgids that are new, unused or without English are named, and the exit status is 1 if there are any. --compile only
makes the .mo, which is not kept in the repository.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "src" / "wangge"
sys.path.insert(0, str(ROOT / "src"))

from wangge.platform.translations import compile_messages  # noqa: E402

PO = SOURCES / "locale" / "en" / "LC_MESSAGES" / "django.po"

# Our names for gettext; templatize writes gettext, pgettext and ngettext.
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def found() -> Catalog:
    """Every msgid of the sources with the files that use it."""
    catalogue = Catalog(locale="en")
    for path in _files():
        for _line, message, _comments, context in extract(_reader(path), BytesIO(_python(path)), KEYWORDS):
            catalogue.add(message, locations=[(path.relative_to(ROOT).as_posix(), 0)], context=context)
    return catalogue


def _files() -> Iterator[Path]:
    yield from sorted(path for path in SOURCES.rglob("*") if path.suffix in (".py", ".html", ".txt"))


def _reader(path: Path) -> str:
    # What templatize leaves of a template is not indented as Python; the reader for JavaScript does not mind.
    return "python" if path.suffix == ".py" else "javascript"


def _python(path: Path) -> bytes:
    """The source as Python: a template is turned into calls of gettext."""
    text = path.read_text("utf-8")
    return (text if path.suffix == ".py" else templatize(text, origin=str(path))).encode()


def kept() -> Catalog:
    """The translations there are."""
    if not PO.exists():
        return Catalog(locale="en")
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def merged(wanted: Catalog, known: Catalog) -> Catalog:
    """The wanted msgids in alphabetical order with the known English; the header holds no date, so that
    two runs write the same bytes."""
    result = Catalog(locale="en", header_comment="# English texts of Wangge.", fuzzy=False)
    for message in sorted(_messages(wanted), key=lambda message: (str(message.id), message.context or "")):
        before = known.get(message.id, message.context)
        result.add(
            message.id,
            before.string if before else "",
            locations=sorted(set(message.locations)),
            context=message.context,
            flags=message.flags - {"fuzzy"},
        )
    return result


def problems(wanted: Catalog, known: Catalog) -> list[str]:
    """What --check names, one line each."""
    ids = {(message.id, message.context) for message in _messages(wanted)}
    lines = []
    for message in _messages(wanted):
        before = known.get(message.id, message.context)
        if before is None:
            lines.append(f"missing: {_said(message)}")
        elif not _translated(before):
            lines.append(f"no English: {_said(message)}")
        elif errors := list(before.check(known)):
            lines.append(f"{errors[0]}: {_said(message)}")
    lines += [
        f"obsolete: {_said(message)}"
        for message in _messages(known)
        if (message.id, message.context) not in ids
    ]
    return sorted(lines)


def _messages(catalogue: Catalog) -> list[Message]:
    """All but the header."""
    return [message for message in catalogue if message.id]


def _translated(message: Message) -> bool:
    texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(texts)


def _said(message: Message) -> str:
    text = message.id if isinstance(message.id, str) else message.id[0]
    where = message.locations[0][0] if message.locations else "django.po"
    return f"{text!r} ({where})"


def write(catalogue: Catalog) -> None:
    """Write the .po, without dates and tool versions."""
    body = BytesIO()
    write_po(body, catalogue, width=110, include_lineno=False, omit_header=True)
    header = (
        "# English texts of Wangge.\n"
        'msgid ""\n'
        'msgstr ""\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Language: en\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    )
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_text(header + body.getvalue().decode("utf-8").lstrip("\n"), "utf-8")


def main(arguments: list[str]) -> int:
    if "--compile" in arguments:
        compile_messages()
        return 0
    settings.configure(USE_I18N=True)
    django.setup()
    wanted, known = found(), kept()
    if "--check" in arguments:
        lines = problems(wanted, known)
        print("\n".join(lines) or "every text has its English")
        return 1 if lines else 0
    result = merged(wanted, known)
    write(result)
    compile_messages()
    open_texts = [message for message in _messages(result) if not _translated(message)]
    print(f"{len(_messages(result))} texts, {len(open_texts)} without English")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
