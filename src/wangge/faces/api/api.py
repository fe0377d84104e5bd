"""The API as a whole: its routers, its refusals, its document."""

import json
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from ninja.types import DictStrAny

from wangge.faces.api import problems
from wangge.faces.api.document import complete
from wangge.faces.api.door import in_scope
from wangge.faces.api.views import areas, cases, catalogue, webhooks
from wangge.platform.errors import WanggeError

VERSION = "1.0.0"
_ABOUT = """REST API of Wangge: areas, catalogue, cases and their moves, webhooks.

Every call carries `Authorization: Bearer TOKEN`; an administrator makes clients and tokens on the desk. A client
acts in a post, and sees and does what a member of staff in that post would. Every refusal is
`application/problem+json`, in Chinese or, with `Accept-Language: en`, in English."""


class StrictParser(Parser):
    """JSON as the standard has it: no NaN, no Infinity, no number beyond all measure."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        found: DictStrAny = json.loads(request.body, parse_constant=_refuse, parse_float=_finite)
        return found


def _refuse(word: str) -> Any:
    raise ValueError(word)


def _finite(word: str) -> float:
    number = float(word)
    if number in (float("inf"), float("-inf")):
        raise ValueError(word)
    return number


class Readable(JSONRenderer):
    """Chinese as Chinese: half the bytes."""

    json_dumps_params = {"ensure_ascii": False}


class Api(NinjaAPI):
    """With a complete document; ninja's own default would leave refusals out."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: DictStrAny | None = None
    ) -> OpenAPISchema:
        return complete(super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params))


api = Api(
    title="Wangge API",
    version=VERSION,
    description=_ABOUT,
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    parser=StrictParser(),
    renderer=Readable(),
)
_HANDLERS: dict[type[Exception], Any] = {
    WanggeError: problems.of_domain,
    ValidationError: problems.of_input,
    HttpError: problems.of_http,
}
for kind, handler in _HANDLERS.items():
    api.add_exception_handler(kind, handler)
api.add_decorator(in_scope)
for part in (areas, catalogue, cases, webhooks):
    api.add_router("", part.router)
