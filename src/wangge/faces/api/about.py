"""What each operation declares: its name, scope, answer, and how it may refuse."""

from typing import Any

from wangge.faces.api.door import ClientToken


def about(
    operation: str,
    scope: str,
    answer: Any,
    summary: str,
    *,
    status: int = 200,
    missing: bool | None = None,
    conflicts: bool = False,
) -> dict[str, Any]:
    """Keywords for a router's decorator.

    `missing`: answers 404 although no id is in the address. `conflicts`: may answer 409. The schema adds
    what every operation has in common, see document.py.
    """
    return {
        "operation_id": operation,
        "summary": summary,
        "auth": ClientToken(scope, operation),
        "response": {status: answer},
        "openapi_extra": {"x-scope": scope, "x-missing": bool(missing), "x-conflicts": conflicts},
    }
