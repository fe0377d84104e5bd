"""The OpenAPI document, and a page that shows it to people; both are open to anybody."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from ninja.openapi.schema import OpenAPISchema

from wangge.faces.api.api import api

PREFIX = "/api/v1"


@cache
def schema() -> OpenAPISchema:
    return api.get_openapi_schema(path_prefix=PREFIX)


@require_safe
def document(request: HttpRequest) -> HttpResponse:
    """openapi.json (OpenAPI 3.1)."""
    return JsonResponse(schema(), json_dumps_params={"ensure_ascii": False})


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The document in words: operations by group, each with what it takes and answers."""
    return render(
        request, "api/docs.html", {"groups": _groups(), "shapes": _shapes(), "info": schema()["info"]}
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A parameter or a property."""

    name: str
    kind: str
    required: bool
    text: str
    shape: str


@dataclass(frozen=True, slots=True)
class OperationShown:
    """One operation; `shape` names what it answers, `takes` what it is sent."""

    key: str
    method: str
    path: str
    summary: str
    text: str
    scope: str
    lines: list[Line]
    takes: str
    answers: str
    status: str
    refusals: list[str]


def _groups() -> dict[str, list[OperationShown]]:
    groups: dict[str, list[OperationShown]] = {}
    for path, operations in schema()["paths"].items():
        for method, operation in operations.items():
            groups.setdefault(operation["tags"][0], []).append(_operation(path, method, operation))
    return groups


def _operation(path: str, method: str, operation: dict[str, Any]) -> OperationShown:
    answers = operation["responses"]
    good = next(status for status in answers if status < "400")
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    content = next(iter(answers[good].get("content", {"": {}}).items()))
    return OperationShown(
        key=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        text=operation.get("description", ""),
        scope=operation["x-scope"],
        lines=[_line(p["name"], p["schema"], p["required"]) for p in operation["parameters"]],
        takes=_shape(body),
        answers=_shape(content[1].get("schema", {})) or content[0],
        status=good,
        refusals=[status for status in answers if status >= "400"],
    )


def _shapes() -> list[tuple[str, str, list[Line]]]:
    found = schema()["components"]["schemas"]
    return [
        (
            name,
            shape.get("description", ""),
            [
                _line(key, value, key in shape.get("required", []))
                for key, value in shape.get("properties", {}).items()
            ],
        )
        for name, shape in sorted(found.items())
    ]


def _line(name: str, value: dict[str, Any], required: bool) -> Line:
    return Line(name, _kind(value), required, value.get("description", ""), _shape(value))


def _shape(value: dict[str, Any]) -> str:
    """The name of the shape that a value is, or is a list of; "" for a plain one."""
    if "$ref" in value:
        return str(value["$ref"]).rpartition("/")[2]
    inside = [*value.get("anyOf", ()), *value.get("allOf", ())] + (
        [value["items"]] if "items" in value else []
    )
    for part in inside:
        if found := _shape(part):
            return found
    return ""


def _kind(value: dict[str, Any]) -> str:
    """A value's type with its limits in a few words."""
    if "$ref" in value:
        return ""
    if "anyOf" in value:
        return " | ".join(filter(None, (_kind(part) for part in value["anyOf"])))
    if "enum" in value:
        return " | ".join(map(str, value["enum"]))
    words = [str(value.get("format") or value.get("type", ""))]
    limits = (("minimum", "≥"), ("maximum", "≤"), ("maxLength", "≤"), ("maxItems", "≤"))
    words += [f"{sign} {value[name]}" for name, sign in limits if name in value and value[name] != 2**63 - 1]
    if value.get("type") == "array":
        words.append(_kind(value.get("items", {})))
    if "default" in value and value["default"] not in ("", None, []):
        words.append(f"= {json.dumps(value['default'])}")
    return " ".join(filter(None, words))
