"""Bad input into every form of every page: refused in words at the field, nothing written, never a fault of ours.

The forms are found by following the links as each role, so a new form is asked by itself. Each field is sent one
wrong value of its kind, in turn another; all of them to all fields with WANGGE_LONG_TESTS=1.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlencode

import pytest
from crawl import Crawl, Found, html_of, kept_cookies
from django import forms
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from pages import TYPED, Control, view_of
from world import entered

from tables import APPS, state

pytestmark = pytest.mark.django_db
Sent = dict[str, Any]
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
NO_NUMBERS = ("x", "-1", "1.5", "NaN", "1e400", "9" * 400)
NO_DAYS = ("0000-00-00", "0001-01-01", "2026-02-30", "99999-01-01")
NO_CHOICES = ("nothing' OR 1=1 --", "999999999999999999", "9" * 400)
NO_FILES = {
    "a page": (b"<html><script>alert(1)</script></html>", "a.html"),
    "nothing": (b"", "a.xlsx"),
    "an archive of nothing": (b"PK\x03\x04" + b"\0" * 400, "a.xlsx"),
    "a picture cut off, with lines in its name": (b"\xff\xd8\xff\xe0" + b"\0" * 20, "a\r\nX-Evil: 1.jpg"),
    "NUL": (b"\0" * 2000, "a.csv"),
    "deep JSON": (b"[" * 50_000, "a.json"),
    "no UTF-8": (b"\xff\xfe\xfa" * 100, "a.toml"),
}
# What a refused attempt may well write: it is counted, and the session lives.
_COUNTED = frozenset({"access_lock", "access_session"})
# What is shown once more with the form is looked at once more.
_LOOKS = {"access_looklink", "access_personkey", "access_readlog"}
_SHOWN_AGAIN = ("desk:decide-correction",)
_OF_PROGRAMS = re.compile(
    r"Traceback|psycopg|django\.|Error\b|DoesNotExist|NoneType|<class|invalid literal|duplicate key|None\b"
)
_MOST_TYPED = 100_000
LONG = os.environ.get("WANGGE_LONG_TESTS") == "1"
_TURN = count()


def some(of: Iterable[Any], most: int = 1) -> list[Any]:
    """Some of the values, in turn others; all in a long run."""
    every = list(of)
    return every if LONG else [every[next(_TURN) % len(every)] for _ in range(most)]


@dataclass(frozen=True, slots=True)
class World:
    crawl: Crawl
    before: dict[str, str]
    bound: set[type[forms.BaseForm]]

    def posts(self) -> Iterator[Found]:
        for sign, found in self.crawl.forms.items():
            if sign[0] == "post":
                yield found


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    bound: set[type[forms.BaseForm]] = set()
    clean = forms.BaseForm.full_clean

    def noted(form: forms.BaseForm) -> None:
        bound.add(type(form)) if form.is_bound else None
        clean(form)

    with django_db_blocker.unblock(), entered() as entered_world, pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "REQUIRE_SECOND_FACTOR", "off")
        patch.setattr(forms.BaseForm, "full_clean", noted)
        yield World(Crawl(entered_world), state(_COUNTED), bound)


_WRITES = re.compile(rf'^(INSERT INTO|UPDATE|DELETE FROM) "({"|".join(APPS)})_')


@dataclass(frozen=True, slots=True)
class Answered:
    status: int
    html: str
    wrote: list[str]

    @property
    def refused(self) -> bool:
        return 400 <= self.status < 500


def send(world: World, found: Found, sent: Sent, body: bytes | None = None, kind: str = FORM) -> Answered:
    """What a POST of the form answers and leaves behind; afterwards all is as before."""
    tried: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *words: Any) -> Any:
        if _WRITES.match(sql):
            tried.append(sql)
        return execute(sql, *words)

    if body is None:
        files = any(isinstance(value, SimpleUploadedFile) for value in sent.values())
        if files or found.form.has_files:
            body, kind = encode_multipart(BOUNDARY, sent), MULTIPART_CONTENT
        else:
            body = urlencode(sent, doseq=True).encode()
    with kept_cookies(found.browser), transaction.atomic():
        with connection.execute_wrapper(note):
            answer = found.browser.generic("POST", found.form.action, body, content_type=kind)
        after = state(_COUNTED) if tried and answer.status_code >= 400 else world.before
        may = _LOOKS if view_of(found.form.action) in _SHOWN_AGAIN else set()
        wrote = [table for table in after if after[table] != world.before[table] and table not in may]
        transaction.set_rollback(True)
    text = html_of(answer) or ("" if answer.streaming else answer.content.decode(errors="replace"))
    return Answered(answer.status_code, text, wrote)


def faults(where: str, answer: Answered) -> list[str]:
    """What is wrong with any answer to bad input."""
    said = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", answer.html, flags=re.S)
    said = re.sub(r"\\u([0-9a-f]{4})", lambda sign: chr(int(sign[1], 16)), said)
    found = []
    if answer.status >= 500:
        found.append(f"{where}: {answer.status}")
    if answer.wrote:
        found.append(f"{where}: {answer.status} and wrote {answer.wrote}")
    if answer.refused and (leak := _OF_PROGRAMS.search(said)):
        found.append(f"{where}: {answer.status} says {said[max(0, leak.start() - 60) : leak.end() + 40]!r}")
    if answer.refused and not re.search(r"[\u4e00-\u9fff]", said):
        found.append(f"{where}: {answer.status} without a word")
    return found


def names_field(found: Found, answer: Answered, control: Control) -> bool:
    """Whether the form shows an error at the field."""
    if {control.name.split()[0], f"{view_of(found.form.action)} {control.name}"} & set(SHOWN_OTHERWISE):
        return True
    wrong = rf'id="[^"]*{re.escape(control.name)}(_\d+)?_error"'
    return bool(re.search(wrong, answer.html))


def each(world: World, *kinds: str) -> Iterator[tuple[Found, Control, Sent, str]]:
    for found in world.posts():
        if view_of(found.form.action) in _BUTTONS:
            continue
        for control in {control.name: control for control in found.form.controls}.values():
            if control.kind in kinds:
                where = f"{found.who} {found.form.action} {control.name}"
                yield found, control, found.form.filled(), where


def test_every_form_of_ours_is_among_them(world: World) -> None:
    for found in world.posts():
        files = {one.name: a_file() for one in found.form.controls if one.kind == "file"}
        send(world, found, found.form.filled() | files)
    for sign, found in world.crawl.forms.items():
        if sign[0] == "get":
            found.browser.get(found.form.action, found.form.filled())
    classes = {form for form in _subclasses(forms.BaseForm) if form.__module__.startswith("wangge.")}
    missing = {
        form.__qualname__ for form in classes if not any(issubclass(seen, form) for seen in world.bound)
    }
    assert missing == set(NOT_REACHED)


def test_no_page_complains_before_anything_was_sent(world: World) -> None:
    # It answers about a point, and must be told which.
    assert [path for path in world.crawl.complaining if view_of(path) != "maps:at"] == []


def _subclasses(of: type) -> Iterator[type]:
    for sub in of.__subclasses__():
        yield sub
        yield from _subclasses(sub)


NOT_REACHED = {
    "CodeForm": "a second step is asked of who set one up: tests/faces/desk/test_sign_in.py",
    "CodeAgainForm": "as CodeForm",
    "ConfirmForm": "is asked of who signed in long ago: tests/faces/desk/test_asking_again.py",
    "PasskeyAgainForm": "as CodeForm",
    "PasskeyAnswerForm": "as CodeForm",
    "MergeForm": "is offered when two who were shown look like one",
    "AnswerForm": "is for whoever takes over: tests/faces/desk/test_handover_pages.py",
}


def a_file(name: str = "a.txt", data: bytes = b"x") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


_SEARCHED = "is searched with, and not kept"
# Their buttons stand in a form about something else, of which they take nothing.
_BUTTONS = ("desk:order-act", "desk:enrolment-act")
# What is there and was not offered may be named all the same.
_ANY = {("portal:report", "area")}
SHOWN_OTHERWISE = {
    "password": "what is wrong of account and password is not told",
    "username": "beside a new password it is for the password manager alone",
    "website": "no person fills it in",
    "matter_words": _SEARCHED,
    "area_words": _SEARCHED,
    "photos": "looked at when all else is right: tests/faces/test_bad_files.py",
    "proof": "as photos",
    "desk:new-facility photo": "as photos",
    "portal:mine-code phone": "is the only field, and the form says above what is wrong with it",
    "line": "the form says above which length a line may have",
}


def test_a_text_longer_than_its_field_is_refused_at_the_field(world: World) -> None:
    wrong = []
    for found, control, sent, where in each(world, *TYPED):
        answer = send(world, found, sent | {control.name: "长" * ((control.most or _MOST_TYPED) + 1)})
        wrong += faults(where, answer)
        if not answer.refused and SHOWN_OTHERWISE.get(control.name) != _SEARCHED:
            wrong.append(f"{where}: {answer.status}, its limit is {control.most}")
        elif not names_field(found, answer, control):
            wrong.append(f"{where}: {answer.status} does not show the field")
    assert not wrong, "\n".join(wrong)


def test_no_number_no_day_and_no_choice_that_was_not_offered_is_taken(world: World) -> None:
    bad = {"number": NO_NUMBERS, "date": NO_DAYS, "hidden": NO_CHOICES} | dict.fromkeys(
        ("select", "radio", "checkbox"), NO_CHOICES
    )
    wrong = []
    for found, control, sent, where in each(world, *bad):
        for value in some(bad[control.kind] + _not_offered(found, control)):
            answer = send(world, found, sent | {control.name: value})
            wrong += faults(f"{where}={value[:12]}", answer)
            below = control.name == "floor" and value == "-1"
            if control.kind in ("number", "date", "select", "radio") and not answer.refused and not below:
                wrong.append(f"{where}={value[:12]}: {answer.status}")
    assert not wrong, "\n".join(wrong)


def _not_offered(found: Found, control: Control) -> tuple[str, ...]:
    """The number of a row that may well be there, and was not among those to choose from."""
    if (view_of(found.form.action), control.name) in _ANY:
        return ()
    rows = [int(option) for option in control.options if option.isdigit()]
    return (str(max(rows) + 1),) if rows and control.kind == "select" else ()


SIGNS = {
    "NUL": "a\x00b",
    "signs that nobody sees": "\x01\x1b[31m\x7f",
    "signs that turn the reading direction": "\u202eabc\u2066",
    "half a surrogate pair": "\udc80",
    "a formula": '=HYPERLINK("http://evil.example","x")',
    "signs of a search": "%_\\'\"--",
    "lines of a header": "a\r\nX-Evil: 1\r\n\r\n",
    "a tag": "<script>alert(1)</script>{{ 7|add:7 }}",
}


_TOGETHER = {"NUL": SIGNS["NUL"], "all others": " ".join(SIGNS[name] for name in SIGNS if name != "NUL")}


@pytest.mark.parametrize("what", SIGNS if LONG else _TOGETHER)
def test_no_sign_in_any_field_is_a_fault_of_ours(world: World, what: str) -> None:
    wrong, signs = [], (SIGNS | _TOGETHER)[what]
    for found in world.posts():
        sent = found.form.filled()
        typed = {control.name: signs for control in found.form.controls if control.kind in TYPED}
        pairs = [(name, value) for name, values in (sent | typed).items() for value in _several(values)]
        body = urlencode(pairs, errors="surrogateescape").encode()
        answer = send(world, found, {}, body)
        wrong += faults(f"{found.who} {found.form.action}", answer)
        if what == "NUL" and typed and not answer.refused:
            wrong.append(f"{found.who} {found.form.action}: {answer.status}")
        if "<script>alert(1)" in answer.html:
            wrong.append(f"{found.who} {found.form.action}: shows the tag as a tag")
    assert not wrong, "\n".join(wrong)


def _several(values: Any) -> list[Any]:
    return values if isinstance(values, list) else [values]


BODIES: dict[str, Callable[[Sent], tuple[bytes, str]]] = {
    "nothing": lambda sent: (b"", FORM),
    "everything twice": lambda sent: (urlencode({name: [value, "x"] for name, value in sent.items()}, doseq=True).encode(), FORM),
    "10,000 fields": lambda sent: (urlencode({f"field{n}": "x" for n in range(10_000)}).encode(), FORM),
    "JSON": lambda sent: (b'{"a": ', "application/json"),
    "no UTF-8": lambda sent: (b"name=%ff%fe&\xff=\xfe", FORM),
    "a character set that is none": lambda sent: (urlencode(sent, doseq=True).encode(), f"{FORM}; charset=nothing"),
    "parts without an end": lambda sent: (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb', f"{PARTS}; boundary=x"),
    "parts without a border": lambda sent: (b"--x\r\n\r\n", PARTS),
    "plain text": lambda sent: (b"hello", "text/plain"),
}  # fmt: skip


def test_no_body_is_a_fault_of_ours(world: World) -> None:
    wrong = []
    for found in world.posts():
        for what in some(BODIES, 3):
            body, kind = BODIES[what](found.form.filled())
            wrong += faults(f"{found.who} {found.form.action}: {what}", send(world, found, {}, body, kind))
    assert not wrong, "\n".join(wrong)


def test_a_file_that_is_none_of_those_asked_for_is_refused_at_the_field(world: World) -> None:
    wrong = []
    for found, control, sent, where in each(world, "file"):
        for what in some(NO_FILES, 4):
            data, name = NO_FILES[what]
            answer = send(world, found, sent | {control.name: a_file(name, data)})
            wrong += faults(f"{where}: {what}", answer)
            if not answer.refused:
                wrong.append(f"{where}: {what}: {answer.status}")
            elif not names_field(found, answer, control):
                wrong.append(f"{where}: {what}: {answer.status} does not show the field")
    assert not wrong, "\n".join(wrong)


NO_ANSWERS = ("", "长" * 5000, "\u202e%_\\'\x00", "-1", "9" * 400, "²", *NO_DAYS)


def test_no_question_after_an_address_is_a_fault_of_ours(world: World) -> None:
    wrong = []
    for browser, path, name in _questions(world):
        for value in some(NO_ANSWERS, 2):
            with kept_cookies(browser), transaction.atomic():
                answer = browser.get(path, {name: value})
                transaction.set_rollback(True)
            if answer.status_code >= 500:
                wrong.append(f"{path}?{name}={value[:12]!r}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def _questions(world: World) -> Iterator[tuple[Client, str, str]]:
    """Each name that an address is asked with, by a link or by a form."""
    crawl, seen = world.crawl, set()
    asked = [(one.browser, one.path, sign[1:]) for sign, one in crawl.asked.items()]
    asked += [
        (one.browser, one.form.action, sign[2:]) for sign, one in crawl.forms.items() if sign[0] == "get"
    ]
    for browser, path, names in asked:
        for name in names:
            if (view_of(path), name) not in seen:
                seen.add((view_of(path), name))
                yield browser, path.partition("?")[0], name
