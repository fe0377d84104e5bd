"""One form for every refusal: application/problem+json (RFC 9457), in the language that was asked for."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Field, Schema
from ninja.errors import HttpError, ValidationError

from wangge.domain.exchange.services.calls import NotKnown
from wangge.platform.errors import Invalid, WanggeError
from wangge.platform.limits.services import TooMany

MEDIA_TYPE = "application/problem+json"
TITLES: dict[int, str | Promise] = {
    400: gettext_lazy("请求读不懂"),
    401: gettext_lazy("需要访问令牌"),
    403: gettext_lazy("不允许"),
    404: gettext_lazy("没有找到"),
    405: gettext_lazy("不支持这种方法"),
    408: gettext_lazy("发送太慢"),
    409: gettext_lazy("内容刚刚有变化"),
    411: gettext_lazy("需要写明长度"),
    413: gettext_lazy("内容太大"),
    415: gettext_lazy("不支持这种格式"),
    422: gettext_lazy("填写有误"),
    429: gettext_lazy("调用太频繁"),
    503: gettext_lazy("现在太忙"),
}
# pydantic's kinds of errors, and what to do about each.
_WORDS: dict[str, str | Promise] = {
    "missing": gettext_lazy("必须填写。"),
    "extra_forbidden": gettext_lazy("没有这个字段。"),
    "string_too_long": gettext_lazy("最多 %(max_length)s 字。"),
    "string_too_short": gettext_lazy("至少 %(min_length)s 字。"),
    "too_long": gettext_lazy("最多 %(max_length)s 项。"),
    "too_short": gettext_lazy("至少 %(min_length)s 项。"),
    "greater_than_equal": gettext_lazy("不能小于 %(ge)s。"),
    "less_than_equal": gettext_lazy("不能大于 %(le)s。"),
    "literal_error": gettext_lazy("不在可选范围内：%(expected)s。"),
    "int_parsing": gettext_lazy("须为整数。"),
    "int_type": gettext_lazy("须为整数。"),
    "float_parsing": gettext_lazy("须为数字。"),
    "float_type": gettext_lazy("须为数字。"),
    "bool_parsing": gettext_lazy("须为 true 或 false。"),
    "bool_type": gettext_lazy("须为 true 或 false。"),
    "string_type": gettext_lazy("须为文字。"),
    "date_from_datetime_parsing": gettext_lazy("须为日期，如 2026-11-22。"),
    "date_parsing": gettext_lazy("须为日期，如 2026-11-22。"),
}


class FieldProblem(Schema):
    """One field that cannot be taken."""

    field: str = Field(description="Where: query.limit, body.description, values.unit …")
    text: str = Field(description="What to do, in the language asked for")


class Problem(Schema):
    """A refusal (RFC 9457). Nothing was changed."""

    type: str = Field(json_schema_extra={"format": "uri-reference"}, examples=["about:blank"])
    title: str = Field(examples=["Not found"])
    status: int = Field(ge=400, le=503, examples=[404])
    detail: str = Field(examples=["There is no such case, or it is outside your area."])
    code: str = Field(description="For programs; stays the same in every language", examples=["not_found"])
    errors: list[FieldProblem] = Field(default_factory=list)


def problem(
    status: int,
    detail: str,
    code: str,
    errors: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The answer that carries a problem."""
    fields = [FieldProblem(field=name, text=text) for name, text in (errors or {}).items()]
    title = str(TITLES.get(status, ""))
    body = Problem(type="about:blank", title=title, status=status, detail=detail, code=code, errors=fields)
    response = HttpResponse(body.model_dump_json(), content_type=MEDIA_TYPE, status=status)
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def of_domain(request: HttpRequest, error: WanggeError) -> HttpResponse:
    """A service's refusal, with its own words."""
    codes = {400: "bad_request", 401: "not_known", 403: "not_allowed", 404: "not_found", 409: "conflict"}
    code = error.code if error.code != "error" else codes.get(error.status, "error")
    headers = {}
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.retry_s or 60)
    if isinstance(error, NotKnown):
        headers["WWW-Authenticate"] = 'Bearer realm="wangge"'
    fields = error.fields if isinstance(error, Invalid) else None
    return problem(error.status, error.text, code, fields, headers)


def of_input(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Values that do not fit the schema: each field with what to do."""
    fields = {_place(found["loc"]): _text(found) for found in error.errors}
    return problem(422, _("请按各字段的提示修改后再提交。"), "invalid", fields)


def of_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the frame itself refuses: a body that is no JSON."""
    return problem(400, _("内容不是正确的 JSON。"), "not_json")


def _place(loc: tuple[Any, ...]) -> str:
    # body.data.description > body.description: the name of a parameter says nothing to the caller.
    parts = [str(part) for part in loc]
    return ".".join([parts[0], *parts[2:]] if parts[0] == "body" and len(parts) > 2 else parts)


def _text(found: dict[str, Any]) -> str:
    words = _WORDS.get(found["type"])
    return str(words) % found.get("ctx", {}) if words else _("填写有误。")
