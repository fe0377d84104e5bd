"""The OpenAPI document: what ninja writes, with every refusal declared and nothing left out."""

from typing import Any

from ninja.openapi.schema import OpenAPISchema

from wangge.faces.api.problems import MEDIA_TYPE, Problem

_ALWAYS = {
    401: "No token, or one that is not taken",
    403: "Not allowed",
    405: "Method",
    429: "Too many calls",
}
_WITH_BODY = {
    400: "No JSON",
    408: "Sent too slowly",
    411: "No length",
    413: "Too large",
    415: "Not application/json",
    503: "Too many large bodies at once",
}


def complete(schema: OpenAPISchema) -> OpenAPISchema:
    """Add to each operation the refusals it can give; photos as bytes."""
    schemas = schema["components"]["schemas"]
    found = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(found.pop("$defs", {}))
    schemas["Problem"] = found
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation)
    return schema


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    missing, conflicts = operation.pop("x-missing"), operation.pop("x-conflicts")
    refusals = dict(_ALWAYS)
    if operation["parameters"] or "requestBody" in operation:
        refusals[422] = "Values that cannot be taken"
    if "{" in path or missing:
        refusals[404] = "Not found inside the client's scope"
    if conflicts:
        refusals[409] = "Somebody was first, or the key came with other content"
    if method == "post":
        refusals |= _WITH_BODY
    answers = operation["responses"]
    for status in sorted(refusals):
        answers[status] = {
            "description": refusals[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    seconds = {"description": "Seconds", "schema": {"type": "integer"}, "required": True}
    for status in (429, 503):
        if status in answers:
            answers[status]["headers"] = {"Retry-After": seconds}
    if operation["operationId"] == "getPhoto":
        answers[200]["content"] = {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}
    operation["responses"] = {str(status): answer for status, answer in answers.items()}
