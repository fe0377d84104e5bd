"""Asking the API made-up things and holding every answer to its own document."""

import random
import uuid
from collections import Counter
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from right import Given, Right
from wangge.faces.api.docs import schema
from wangge.faces.wsgi import application

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
DOCUMENT = schemathesis.openapi.from_dict(schema())
DOCUMENT.app = application
OPERATIONS = {found.ok().definition.raw["operationId"]: found.ok() for found in DOCUMENT.get_all_operations()}


def ask(
    name: str,
    headers: dict[str, str],
    calls: int,
    number: int,
    known: dict[str, list[int]],
    right: Right | None = None,
) -> tuple[Counter[str], list[str]]:
    """Make so many calls of one operation; statuses, and what was not as declared.

    `known` holds ids that exist, by the name of the parameter: half of the calls use them, so that not
    everything ends with 404. `right` knows how to call it rightly: the first call is such a one, and a third
    of the others, half of them with one thing wrong.
    """
    statuses, wrong = Counter[str](), []
    operation = OPERATIONS[name]
    good, bad = operation.as_strategy(), operation.as_strategy(schemathesis.GenerationMode.NEGATIVE)
    strategy = st.one_of(good, good, bad) if operation.body or operation.query else good

    @seed(number)
    @settings(
        max_examples=calls,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy, dice=st.randoms(use_true_random=False))
    def hold(case: Any, dice: random.Random) -> None:
        for parameter in case.path_parameters or {}:
            if parameter in known and dice.random() < 0.5:
                case.path_parameters[parameter] = dice.choice(known[parameter])
        if right and (not statuses or dice.random() < 0.33):
            _set_right(case, right.of(name), spoil=bool(statuses) and dice.random() < 0.5)
        response = case.call(headers=headers)
        statuses[str(response.status_code)] += 1
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as failures:
            wrong.append(f"{name} {response.status_code} {failures.exceptions[0]}"[:600])

    hold()
    return statuses, wrong


def _set_right(case: Any, given: Given | None, *, spoil: bool) -> None:
    """Call it rightly; spoilt, one field of the body stays as it was made up."""
    if given is None:
        return
    made_up = case.body if isinstance(case.body, dict) else {}
    case.path_parameters, case.query = dict(given.path), dict(given.query)
    if given.body is not None:
        case.body = given.body | (dict(list(made_up.items())[:1]) if spoil else {})
        case.media_type = "application/json"
    case.headers = {"Idempotency-Key": str(uuid.uuid4())} if "Idempotency-Key" in (case.headers or {}) else {}
