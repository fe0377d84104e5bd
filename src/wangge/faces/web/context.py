"""What every page's template may use."""

from typing import Any

from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """The actor, and the reading preferences kept in cookies."""
    return {
        "actor": getattr(request, "actor", None),
        "theme": request.COOKIES.get("theme", "auto"),
        "elderly": request.COOKIES.get("elderly") == "1",
    }
