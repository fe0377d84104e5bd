"""Who is signed in on a device."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_safe

from wangge.faces.field.door import for_field


@require_safe
@for_field
def session(request: Any) -> HttpResponse:
    """The person signed in, and the token that a sync must carry."""
    actor = request.actor
    return JsonResponse({"user": str(actor.user_id), "name": actor.name, "csrf": get_token(request)})
