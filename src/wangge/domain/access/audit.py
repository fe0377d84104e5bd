"""The chains of looks as they are published and exported; engines/verify_audit.py checks both files."""

import hashlib
import hmac
from collections.abc import Iterator
from datetime import date

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wangge.domain.access.actor import AnyActor
from wangge.domain.access.models import LookDay, LookHead, LookLink
from wangge.domain.access.policy import may_inspect
from wangge.domain.access.services import log_look
from wangge.platform import clock
from wangge.platform.errors import NotAllowed
from wangge.platform.personal import derived_key

PURPOSE = gettext_noop("核验查看记录是否完整")
_CHUNK = 5000
_NOTHING = "0" * 64
_PUBLISHING = 7743


@transaction.atomic
def publish_heads() -> LookDay | None:
    """The heads of the chains that grew since they were last told, once a day; None when today's are out."""
    today = clock.today()
    with connection.cursor() as cursor:
        # Two workers at once: the second finds the day told.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PUBLISHING])
    if LookDay.objects.filter(day__gte=today).exists():
        return None
    grown = _grown()
    prior = LookDay.objects.order_by("-day").values_list("digest", flat=True).first() or _NOTHING
    told = f"{prior}\n{today}\n" + "".join(f"{chain} {seq} {link}\n" for chain, seq, link in grown)
    digest = hashlib.sha256(told.encode()).hexdigest()
    mac = hmac.new(derived_key("heads of looks"), digest.encode(), hashlib.sha256).hexdigest()
    day = LookDay.objects.create(day=today, at=clock.now(), chains=len(grown), digest=digest, mac=mac)
    LookHead.objects.bulk_create(
        LookHead(day=day, chain=chain, seq=seq, hash=link) for chain, seq, link in grown
    )
    return day


def _grown() -> list[tuple[int, int, str]]:
    """(chain, seq, hash) of the last link of each chain that grew, in order of the chains (2 statements)."""
    told = dict(LookHead.objects.order_by("chain", "-seq").distinct("chain").values_list("chain", "seq"))
    last = LookLink.objects.filter(chain=OuterRef("chain")).order_by("-seq")
    ends = LookLink.objects.filter(seq=1).annotate(
        end=Subquery(last.values("seq")[:1]), end_hash=Subquery(last.values("hash")[:1])
    )
    rows = ends.order_by("chain").values_list("chain", "end", "end_hash")
    return [(chain, seq, bytes(link).hex()) for chain, seq, link in rows if seq > told.get(chain, 0)]


def heads_text(since: date | None = None) -> Iterator[str]:
    """The file of heads, line by line: each day with the digest before it, its own and its mark, then its heads."""
    yield "# Wangge: heads of the chains of looks. day DATE DIGEST-BEFORE DIGEST MARK; head CHAIN LINK HASH\n"
    days = LookDay.objects.order_by("day").prefetch_related("heads")
    prior = _NOTHING
    for day in days.iterator(chunk_size=100):
        if since is None or day.day >= since:
            yield f"day {day.day} {prior} {day.digest} {day.mac}\n"
            for head in sorted(day.heads.all(), key=lambda one: one.chain):
                yield f"head {head.chain} {head.seq} {head.hash}\n"
        prior = day.digest


def export(actor: AnyActor, chain: int | None = None, channel: str = "export") -> Iterator[bytes]:
    """The looks of one chain or of all, a JSON line each, as verify_audit.py reads them; the export is logged first.

    Raises NotAllowed for others than the privacy officer. Reads by parts inside the present transaction.
    """
    if not may_inspect(actor):
        raise NotAllowed(_("只有个人信息保护负责人可以查看。"))
    log_look(actor, subject="read log", data_class="查看记录", purpose=PURPOSE, channel=channel)
    return lines(chain)


def lines(chain: int | None = None) -> Iterator[bytes]:
    """The same without a reader, for the command of whoever runs the machine."""
    wanted = "WHERE k.chain = %s" if chain is not None else ""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_LINES.format(wanted=wanted), [chain] if wanted else [])
        while rows := cursor.fetchmany(_CHUNK):
            for line, link in rows:
                yield f'{line[:-1]},"hash":"{link}"}}\n'.encode()


_LINES = """
    SELECT wangge_look_line(l, k.seq), encode(k.hash, 'hex')
    FROM access_looklink k JOIN access_readlog l ON l.id = k.look_id {wanted} ORDER BY k.chain, k.seq
"""


def last_days(count: int) -> list[LookDay]:
    """The newest published days (1 statement)."""
    return list(LookDay.objects.order_by("-day")[:count])
