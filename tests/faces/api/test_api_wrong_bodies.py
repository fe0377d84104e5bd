"""Wrong values for each field of each body that the document describes: refused by name, and nothing written."""

import json
import uuid
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from jsonschema_rs import Draft202012Validator

from casework import PHOTO, Road, condition, crowd
from factories import make_town
from right import Right
from systems import system
from tables import state
from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.faces.api.docs import schema
from wangge.faces.api.problems import MEDIA_TYPE

DOCUMENT = schema()
WRITING = {
    operation["operationId"]: (path, operation["requestBody"]["content"]["application/json"]["schema"])
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if method == "post" and "requestBody" in operation
}
# Each call is counted.
_COUNTED = frozenset({"exchange_client", "exchange_token", "exchange_usage"})
NASTY: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**400, 1e308, 2**63, "", "x", "a\x00b", "\x1b[31m\x7f", "\u202eabc\u2066", "\ud800",
    "%_\\'\"--", '=HYPERLINK("http://evil.example")', "a\r\nX-Evil: 1", "<script>alert(1)</script>", "NaN", "0000-00-00",
    [], ["x"], [None], [[]], {}, {"x": "x"}, {"x": {"x": "x"}}, ["x"] * 1000,
)  # fmt: skip
Pointer = tuple[str | int, ...]


def found_in(given: Any, at: Pointer = ()) -> Iterator[tuple[Pointer, dict[str, Any]]]:
    """Each field with its schema, those inside of others too."""
    for part in _forms(given):
        for name, sub in part.get("properties", {}).items():
            yield (*at, name), sub
            yield from found_in(sub, (*at, name))
        if isinstance(inner := part.get("additionalProperties"), dict):
            yield (*at, "note"), inner
        if "items" in part:
            yield (*at, 0), part["items"]


def _forms(given: Any) -> list[Any]:
    if "$ref" in given:
        return _forms(DOCUMENT["components"]["schemas"][given["$ref"].rpartition("/")[2]])
    return [form for one in given["anyOf"] for form in _forms(one)] if "anyOf" in given else [given]


def wrong_values(given: Any) -> Iterator[Any]:
    """What the document does not allow here."""
    longest = max((form.get("maxLength", 0) for form in _forms(given)), default=0)
    validator = Draft202012Validator(given | {"components": DOCUMENT["components"]})
    for value in (*NASTY, *(["长" * (longest + 1)] if 0 < longest < 1_000_000 else [])):
        if not allowed(validator, value):
            yield value


def allowed(validator: Draft202012Validator, value: Any) -> bool:
    """Half a sign and what is larger than any number are nothing that a document could allow."""
    try:
        return validator.is_valid(value)
    except ValueError:
        return False


def put(body: dict[str, Any], at: Pointer, value: Any) -> dict[str, Any]:
    """The body with this value at that place."""
    changed = deepcopy(body)
    here: Any = changed
    for step, after in pairwise(at):
        if isinstance(step, str) and not here.get(step):
            here[step] = [] if isinstance(after, int) else {}
        here = here[step]
    if isinstance(here, list):
        here.append(value)
    else:
        here[at[-1]] = value
    return changed


@pytest.fixture
def right(db: None, tmp_path: Path, settings: Any) -> Right:
    settings.MEDIA_ROOT = tmp_path
    with acting_as(System("test")):
        town = make_town()
    people, chosen = crowd(town), condition(level="street", procedure="ordinary")
    Road(town, people, images=[PHOTO]).move(
        "street_dispatcher", "file", matter=chosen.matter_id, condition=chosen.pk
    )
    return Right(town, system(town, "station_officer"))


@dataclass(frozen=True, slots=True)
class Answered:
    status: int
    problem: dict[str, Any]
    wrote: list[str]

    def names(self, field: str) -> bool:
        return any(found["field"].startswith(field) for found in self.problem["errors"])


def send(right: Right, address: str, body: bytes, kind: str = "application/json") -> Answered:
    caller, before = right.caller, state(_COUNTED)
    caller.browser.raise_request_exception = False
    headers = caller.headers() | {"Idempotency-Key": str(uuid.uuid4())}
    with transaction.atomic():
        answer = caller.browser.generic("POST", address, body, content_type=kind, headers=headers)
        after = state(_COUNTED)
        transaction.set_rollback(True)
    assert answer.headers["Content-Type"] == MEDIA_TYPE, (address, body[:200], answer.status_code)
    return Answered(
        answer.status_code, answer.json(), [name for name in after if after[name] != before[name]]
    )


def prepared(right: Right, name: str) -> tuple[str, dict[str, Any]]:
    path, _schema = WRITING[name]
    given = right.of(name)
    assert given
    assert given.body
    return path.format(**given.path), given.body


@pytest.mark.parametrize("name", WRITING)
def test_each_wrong_field_is_refused_by_its_name(right: Right, name: str) -> None:
    address, body = prepared(right, name)
    wrong = []
    for at, sub in found_in(WRITING[name][1]):
        for value in wrong_values(sub):
            answer = send(right, address, json.dumps(put(body, at, value)).encode())
            if (answer.status, answer.names(f"body.{at[0]}"), answer.wrote) != (422, True, []):
                wrong.append(f"{'.'.join(map(str, at))} = {str(value)[:30]!r}: {answer}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", WRITING)
def test_each_missing_and_each_unknown_field_is_named(right: Right, name: str) -> None:
    address, body = prepared(right, name)
    needed = next(iter(_forms(WRITING[name][1])))["required"]
    for field in needed:
        answer = send(right, address, json.dumps({key: body[key] for key in body if key != field}).encode())
        assert (answer.status, answer.names(f"body.{field}"), answer.wrote) == (422, True, [])
    answer = send(right, address, json.dumps(body | {"unheard_of": 1}).encode())
    assert (answer.status, answer.names("body.unheard_of"), answer.wrote) == (422, True, [])


JSON = "application/json"
BODIES = {
    "nothing": (b"", JSON, (400, 422)),
    "a list": (b"[]", JSON, (422,)),
    "null": (b"null", JSON, (422,)),
    "a number": (b"1", JSON, (422,)),
    "cut off": (b'{"description": "', JSON, (400,)),
    "NaN": (b'{"lon": NaN}', JSON, (400,)),
    "no UTF-8": (b'{"description": "\xff\xfe"}', JSON, (400,)),
    "deep": (b'{"values":' * 50_000 + b"1" + b"}" * 50_000, JSON, (400,)),
    "a number of 100,000 digits": (b'{"lon": ' + b"9" * 100_000 + b"}", JSON, (400, 422)),
    "10,000 fields": (json.dumps({f"field{n}": n for n in range(10_000)}).encode(), JSON, (422,)),
    "a form": (b"description=x", "application/x-www-form-urlencoded", (415,)),
    "parts": (b"--x\r\n\r\n", "multipart/form-data; boundary=x", (415,)),
    "XML": (b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", "application/xml", (415,)),
}


@pytest.mark.parametrize("name", WRITING)
def test_each_body_that_is_none_is_refused_and_nothing_written(right: Right, name: str) -> None:
    address, _body = prepared(right, name)
    for what, (body, kind, statuses) in BODIES.items():
        answer = send(right, address, body, kind)
        assert (answer.status in statuses, answer.wrote) == (True, []), (what, answer)


def test_of_a_field_sent_twice_the_last_counts_and_is_checked(right: Right) -> None:
    answer = send(
        right, "/api/v1/cases", b'{"description": "x", "lon": 113.2, "lat": 23.1, "description": 1}'
    )
    assert (answer.status, answer.names("body.description"), answer.wrote) == (422, True, [])


ASKING = {
    (operation["operationId"], parameter["name"]): (path, parameter)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    for parameter in operation.get("parameters", [])
    if method == "get" and parameter["in"] == "query"
}
WORDS = ("", "x", "-1", "1.5", "NaN", "1e400", "9" * 400, "²", "0000-00-00", "99999-01-01", "2026-02-30")


@pytest.mark.parametrize("asked", ASKING, ids=" ".join)
def test_each_wrong_question_is_refused_by_its_name(right: Right, asked: tuple[str, str]) -> None:
    path, parameter = ASKING[asked]
    given = right.of(asked[0])
    assert given
    address, sub = path.format(**given.path), parameter["schema"]
    longest = max((form.get("maxLength", 0) for form in _forms(sub)), default=0)
    for value in (*WORDS, *(["长" * (longest + 1)] if longest else [])):
        answer = right.caller.browser.get(
            address, given.query | {asked[1]: value}, headers=right.caller.headers()
        )
        assert answer.status_code < 500, value
        if not _may_be(sub, value):
            assert answer.status_code == 422, (value, answer.status_code)
            assert any(asked[1] in found["field"] for found in answer.json()["errors"])


def _may_be(sub: Any, value: str) -> bool:
    """Whether the document allows these letters; "" stands for a question that is not asked."""
    kinds: list[Any] = [value] if value else [value, None]
    with suppress(ValueError):
        kinds.append(json.loads(value))
    validator = Draft202012Validator(sub | {"components": DOCUMENT["components"]}, validate_formats=True)
    return any(allowed(validator, kind) for kind in kinds)
