"""How often one network address may report, try receipt codes and answer; docs/operators names the figures."""

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wangge.faces.web.address import address_of
from wangge.platform.limits.services import Limit, TooMany

REPORTS = Limit("reports", most=20, minutes=60)
WRONG_CODES = Limit("wrong receipt codes", most=30, minutes=60)
ANSWERS = Limit("answers of reporters", most=30, minutes=60)

_WORDS: dict[Limit, str | Promise] = {
    REPORTS: _("这个网络一小时内已上报 20 件，请稍后再报。紧急情况请直接拨打 110、119、120 或社区电话。"),
    WRONG_CODES: _("回执码输错的次数太多，请一小时后再试，或打电话问社区。"),
    ANSWERS: _("操作太频繁，请过一会儿再来。"),
}


def check(limit: Limit, request: HttpRequest) -> None:
    """Raises TooMany when the request's address has used up the limit."""
    if limit.reached(address_of(request)):
        raise TooMany(str(_WORDS[limit]), "too_many")


def count(limit: Limit, request: HttpRequest) -> None:
    """Count one for the request's address."""
    limit.count(address_of(request))
