"""The door for other systems: whose token it is, how often they call, and answering a repeat the same."""

import hmac
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from wangge.domain.access.actor import ActivePost, Role, System
from wangge.domain.access.actor import Client as ClientActor
from wangge.domain.access.scope import acting_as
from wangge.domain.exchange.models import Answer, Client, Token
from wangge.domain.exchange.rules import within
from wangge.domain.exchange.services.clients import prefix_of, token_hash
from wangge.platform import clock
from wangge.platform.errors import Conflict, WanggeError
from wangge.platform.limits.services import TooMany


class NotKnown(WanggeError):
    """No token, or one that is not taken: unknown, ended, revoked, expired or from another address."""

    status = 401


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever calls, for this one call."""

    actor: ClientActor
    token_id: int
    scopes: frozenset[str]
    per_minute: int


def caller_of(token: str, address: str) -> Caller:
    """The client of a token (1 statement); NotKnown with the same words whatever is wrong, so that nothing can be probed."""
    row = Token.objects.filter(prefix=prefix_of(token)).select_related("client__user", "client__area").first()
    same = hmac.compare_digest(row.hash if row else "0" * 64, token_hash(token))
    if row is None or not same or not _is_taken(row, address):
        raise NotKnown(_("访问令牌无效：可能写错、已到期、已停用，或不允许从这个地址使用。"), "bad_token")
    return Caller(actor_of(row.client), row.pk, frozenset(row.client.scopes), row.client.per_minute)


def actor_of(client: Client) -> ClientActor:
    """The client as an actor: its one post (client with `user` and `area` loaded)."""
    area = client.area
    post = ActivePost(0, Role(client.role), client.unit_id, area.pk, area.path, area.level)
    return ClientActor(client.pk, client.user.name, (post,))


def is_active(client: Client) -> bool:
    """Whether the client may call and be told today."""
    return client.revoked_at is None and (client.expires_on is None or client.expires_on >= clock.today())


def _is_taken(token: Token, address: str) -> bool:
    running = token.ends_at is None or token.ends_at > clock.now()
    return running and is_active(token.client) and within(address, token.client.networks)


# Counting is no promise to anybody, so it does not wait for the disk.
_COUNT = """
WITH call AS (SELECT %(now)s::timestamptz AS now, date_trunc('minute', %(now)s::timestamptz) AS minute),
seen AS (UPDATE exchange_token SET last_used_at = (SELECT now FROM call) WHERE id = %(token)s),
used AS (
    INSERT INTO exchange_usage AS u (client_id, hour, operation, calls, refused, last_status, last_at)
    VALUES (%(client)s, date_trunc('hour', %(now)s::timestamptz), %(operation)s, 1, 0, 0, %(now)s)
    ON CONFLICT (client_id, hour, operation) DO UPDATE SET calls = u.calls + 1, last_at = excluded.last_at)
UPDATE exchange_client SET
    minute_calls = CASE WHEN minute = (SELECT minute FROM call) THEN minute_calls + 1 ELSE 1 END,
    minute = (SELECT minute FROM call)
WHERE user_id = %(client)s RETURNING minute_calls
"""


def count_call(caller: Caller, operation: str) -> None:
    """Count one call (1 statement, committed at once); TooMany with `retry_s` over the limit of this minute."""
    now = clock.now()
    values: dict[str, Any] = {
        "now": now,
        "token": caller.token_id,
        "client": caller.actor.user_id,
        "operation": operation[:60],
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(_COUNT, values)
        calls = cursor.fetchone()[0]
    if calls > caller.per_minute:
        wait = 60 - now.second
        text = _("每分钟最多调用 %(most)d 次，请 %(seconds)d 秒后再试。")
        raise TooMany(text % {"most": caller.per_minute, "seconds": wait}, retry_s=wait)


_REFUSED = """
UPDATE exchange_usage SET refused = refused + 1, last_status = %s
WHERE client_id = %s AND hour = date_trunc('hour', %s::timestamptz) AND operation = %s
"""


def note_refusal(caller: Caller, operation: str, status: int) -> None:
    """Beside the count: that this call was refused, with which status."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(_REFUSED, [status, caller.actor.user_id, clock.now(), operation[:60]])


@transaction.atomic
def once(
    actor: ClientActor, key: uuid.UUID, fingerprint: str, act: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """What `act` answers; a repeat of the key with the same content gets the stored answer, with other content Conflict.

    Answer and act commit together; of two at once the second waits for the first.
    """
    with acting_as(System("api answer")):
        row_id = _claim(actor.user_id, key, fingerprint)
        if row_id is None:
            found = Answer.objects.get(client_id=actor.user_id, key=key)
            if found.fingerprint != fingerprint:
                raise Conflict(_("这个 Idempotency-Key 已用于另一次内容不同的请求。"), "other_content")
            kept: dict[str, Any] = found.body
            return kept
    body = act()
    with acting_as(System("api answer")):
        Answer.objects.filter(pk=row_id).update(body=body)
    return body


def _claim(client_id: int, key: uuid.UUID, fingerprint: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO exchange_answer (client_id, key, fingerprint, made_at) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (client_id, key) DO NOTHING RETURNING id",
            [client_id, key, fingerprint, clock.now()],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else None


def forget_old() -> int:
    """Delete answers and ended deliveries after 30 days and usage after 90; returns how many rows."""
    now = clock.now()
    with (
        transaction.atomic(),
        acting_as(System("exchange upkeep")),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM exchange_answer WHERE made_at < %s", [now - timedelta(days=30)])
        gone = cursor.rowcount
        cursor.execute("DELETE FROM exchange_usage WHERE hour < %s", [now - timedelta(days=90)])
        gone += cursor.rowcount
        cursor.execute(
            "DELETE FROM exchange_delivery WHERE state <> 'waiting' AND made_at < %s",
            [now - timedelta(days=30)],
        )
        return int(gone + cursor.rowcount)
