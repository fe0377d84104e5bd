"""Pure decisions of the exchange: which address may be told, when to try again, how a message is signed."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from random import Random
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

from wangge.platform.errors import Invalid

LONGEST_URL = 500
GIVE_UP_AFTER = timedelta(hours=24)
DISABLE_AFTER = timedelta(days=5)
SECRET_OVERLAP = timedelta(hours=24)
_FIRST_DELAY_S = 5
_LONGEST_DELAY_S = 3600
_LOCAL = ("localhost", "127.0.0.1", "::1")
# Addresses that carry an IPv4 one inside: NAT64, 6to4, Teredo.
_CARRIERS = tuple(IPv6Network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))

Address = IPv4Address | IPv6Address


def check_url(url: str, *, local: bool) -> SplitResult:
    """The address of a webhook in parts; Invalid unless https without user, password or fragment.

    `local` (a developer's machine) also allows http to this machine.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
        host.encode("idna")
    except ValueError:
        raise Invalid({"url": _("网址写法有误。")}) from None
    own = local and host in _LOCAL
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        problem = _("网址最长 %(most)d 个字符，不含空格和汉字。") % {"most": LONGEST_URL}
    elif not host or (parts.scheme != "https" and not (own and parts.scheme == "http")):
        problem = _("网址须以 https:// 开头。")
    elif parts.username is not None or parts.password is not None or parts.fragment:
        problem = _("网址里不能有用户名、密码或 # 之后的部分。")
    else:
        return parts
    raise Invalid({"url": problem})


def may_reach(address: str, *, networks: Sequence[str], local: bool) -> bool:
    """Whether a webhook may be sent to this address: public, in a network the operator named, or, locally, this machine."""
    ip: Address = ip_address(address)
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if local and ip.is_loopback:
        return True
    if any(ip in ip_network(network) for network in networks):
        return True
    carried = isinstance(ip, IPv6Address) and any(ip in carrier for carrier in _CARRIERS)
    return ip.is_global and not ip.is_multicast and not carried


def next_try(attempts: int, now: datetime, give_up_at: datetime, rng: Random) -> datetime | None:
    """When to try again after so many attempts: 5 s, 15 s, 45 s ... at most an hour, a fifth more or less.

    None when that would be too late.
    """
    delay = min(_LONGEST_DELAY_S, _FIRST_DELAY_S * 3 ** min(attempts - 1, 10)) * rng.uniform(0.8, 1.2)
    moment = now + timedelta(seconds=delay)
    return moment if moment <= give_up_at else None


def signature(secret: str, message: str, timestamp: int, body: str) -> str:
    """`v1,` and the base64 HMAC-SHA256 of "id.timestamp.body" (Standard Webhooks 1.0)."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{message}.{timestamp}.{body}".encode(), hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def within(address: str, networks: Sequence[str]) -> bool:
    """Whether a caller's address lies in one of the networks; with none named, always."""
    if not networks:
        return True
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return any(ip in ip_network(network) for network in networks)
