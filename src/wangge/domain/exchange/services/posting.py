"""One POST to another system's address: resolved, checked and pinned, no redirect followed, bounded in time."""

import http.client
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from wangge.domain.exchange import rules
from wangge.platform.errors import Invalid

TIMEOUT_S = 5.0


class NotReachable(Exception):
    """The address may not be reached; the text is short and for the administrator of the other system."""


@dataclass(frozen=True, slots=True)
class Sent:
    """`status` is None when there was no answer; then `error` says why."""

    status: int | None
    error: str = ""

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(slots=True)
class Attempt:
    """A POST under way; `abort()` from another thread ends one that drips on beyond its time."""

    url: str
    body: bytes
    headers: Mapping[str, str]
    networks: Sequence[str]
    local: bool
    began: float = field(default_factory=time.monotonic)
    _socket: Any = None

    def run(self) -> Sent:
        """Connect to the checked address itself, so that a second answer of the name server changes nothing."""
        try:
            parts = rules.check_url(self.url, local=self.local)
            host, secure = parts.hostname or "", parts.scheme == "https"
            port = parts.port or (443 if secure else 80)
            self._socket = self._connect(host, port, secure)
            line = http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
            line.sock = self._socket
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            headers = {"Host": parts.netloc, "Connection": "close", **self.headers}
            line.request("POST", target, self.body, headers)
            return Sent(line.getresponse().status)
        except NotReachable as refusal:
            return Sent(None, str(refusal))
        except Invalid as refusal:
            return Sent(None, refusal.text)
        except TimeoutError:
            return Sent(None, f"no answer within {TIMEOUT_S:.0f} s")
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Sent(None, f"{type(error).__name__}: {error}"[:200])
        finally:
            self.abort()

    def abort(self) -> None:
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()

    def overdue(self, limit_s: float = 2 * TIMEOUT_S) -> bool:
        return time.monotonic() - self.began > limit_s

    def _connect(self, host: str, port: int, secure: bool) -> socket.socket:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        # One forbidden address among several is enough: the name is not to be trusted.
        for address in addresses:
            if not rules.may_reach(address, networks=self.networks, local=self.local):
                raise NotReachable(f"{host} is not a public address")
        plain = socket.create_connection((addresses[0], port), timeout=TIMEOUT_S)
        if not secure:
            return plain
        try:
            return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        except (OSError, ValueError):
            plain.close()
            raise
