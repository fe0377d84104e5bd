"""Push and pull in one round trip, and files in pieces: the contract of docs/offline.md."""

import json
import uuid
import zlib
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST

from wangge.domain.access.scope import acting_as
from wangge.domain.field.rules import MOST_HOLDING, MOST_RECORDS
from wangge.domain.field.services.keeping import device_of, keep, receipts
from wangge.domain.field.services.mapping import map_waiting
from wangge.domain.field.services.telling import tell, told_lately
from wangge.domain.field.services.uploads import standing, take_piece
from wangge.faces.field import packet
from wangge.faces.field.door import for_field
from wangge.faces.serving.bodies import WAITING
from wangge.platform.errors import Invalid
from wangge.platform.given import whole

MOST_BYTES_UNZIPPED = 8 * 1024 * 1024
# What is mapped while the phone waits; the worker does the rest within a minute.
AT_ONCE = 10
# When more requests than these wait for a thread, a phone is only relieved of its records, and asks again after so long.
FEW_WAITING, LATER_S = 4, 10


@require_POST
@gzip_page
@for_field
def sync(request: Any) -> HttpResponse:
    """Keep what came, make of it what can be made now, and tell what is new. What is acknowledged is committed.

    When many phones come at once each is answered what the server keeps, and told the rest later.
    """
    given = _body(request)
    device = device_of(request.actor, _device(given))
    records, holding = given.get("records") or [], given.get("holding") or []
    if not isinstance(records, list) or len(records) > MOST_RECORDS:
        raise Invalid({"records": _("一次最多 %(most)d 条记录。") % {"most": MOST_RECORDS}})
    if not isinstance(holding, list) or len(holding) > MOST_HOLDING:
        raise Invalid({"holding": _("一次最多问 %(most)d 条记录。") % {"most": MOST_HOLDING}})
    answers = keep(request.actor, device, records)
    crowded = request.META.get(WAITING, 0) > FEW_WAITING
    if not crowded:
        map_waiting(request.actor.user_id, AT_ONCE)
    # What was only just kept and not yet mapped has nothing to tell but that it waits.
    new = [] if crowded else [answer.id for answer in answers if answer.answer == "kept"]
    owed = receipts(request.actor, _ids([*new, *holding]))
    answer: dict[str, Any] = {
        "records": [asdict(one) for one in answers],
        "receipts": owed,
        "changes": {},
        "gone": {},
        "cursor": given.get("cursor"),
        "more": False,
        "later_s": LATER_S if crowded else None,
        "fresh": False,
    }
    cursor = given["cursor"] if isinstance(given.get("cursor"), str) else None
    waiting = any(receipt["state"] == "waiting" for receipt in owed)
    if not (crowded or (waiting and told_lately(device, cursor))):
        with acting_as(request.actor):
            held = packet.whole(request.actor)
        answer |= asdict(tell(request.actor, device, cursor, held))
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


def _device(given: dict[str, Any]) -> uuid.UUID:
    found = _ids([given.get("device")])
    if not found:
        raise Invalid({"device": _("没有设备编号。")})
    return found[0]


def _ids(given: list[Any]) -> list[uuid.UUID]:
    """Those that are UUIDs."""
    found = []
    for text in given:
        try:
            found.append(uuid.UUID(text))
        except (ValueError, AttributeError, TypeError):
            continue
    return found


def _body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that was sent, gzipped or not; raises Invalid."""
    raw = request.body
    if request.headers.get("Content-Encoding") == "gzip":
        raw = _unzipped(raw)
    try:
        given = json.loads(raw)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise Invalid({"body": _("请求读不懂，没有保存任何内容。")})
    return given


def _unzipped(raw: bytes) -> bytes:
    reader = zlib.decompressobj(wbits=31)
    try:
        text = reader.decompress(raw, MOST_BYTES_UNZIPPED)
    except zlib.error:
        text = b""
    if not reader.eof:
        raise Invalid({"body": _("请求读不懂，没有保存任何内容。")})
    return text


@for_field
def file(request: Any, sha256: str) -> HttpResponse:
    """GET: how much of a file is here. PUT with `?from=&size=&type=`: one piece of it."""
    if request.method == "GET":
        return JsonResponse(standing(request.actor, sha256))
    if request.method != "PUT":
        return HttpResponseNotAllowed(["GET", "PUT"])
    size, begin = whole(request.GET.get("size")), whole(request.GET.get("from"))
    # A recorder names its codec behind the type.
    kind = request.GET.get("type", "").partition(";")[0].strip()
    return JsonResponse(
        take_piece(request.actor, sha256, kind, size or 0, -1 if begin is None else begin, request.body)
    )
