"""Reading what a request sends, in good time and within bounds, while no thread waits for it."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Protocol

# Six photos of 10 MB and the words.
MOST_BYTES = 64 * 1024 * 1024
# What does not fit waits in a file.
_IN_MEMORY_BYTES = 512 * 1024
# Bodies that one process holds at once, all together.
MOST_HELD_BYTES = 1024 * 1024 * 1024


# In the environment of a request: why its body was not taken, for the page that says so.
REFUSED = "wangge.refused_body"
SLOW, LARGE, FULL = "slow", "large", "full"
# And how many whole requests waited for a thread of its process when it got one.
WAITING = "wangge.waiting"


class Refused(Exception):
    """A body that is not taken; `why` is SLOW, LARGE or FULL."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Gone(Exception):
    """Who sent it went away in the middle: there is nobody left to answer."""


class Sender(Protocol):
    """The part of the server's protocol object that reads."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How slowly a body may come: so many seconds, more with every byte that arrived, but never more than `longest_s`."""

    patience_s: float = 20.0
    bytes_per_s: int = 500
    longest_s: float = 30 * 60.0

    def seconds(self, arrived: int) -> float:
        """Seconds after the beginning at which the next piece must be here."""
        return min(self.patience_s + arrived / self.bytes_per_s, self.longest_s)


class Bodies:
    """Reads bodies; one for all requests of a process, to know how much they hold together."""

    def __init__(self, pace: Pace, most_held_bytes: int = MOST_HELD_BYTES) -> None:
        self._pace = pace
        self._most_held = most_held_bytes
        self._held = 0

    @asynccontextmanager
    async def whole(self, sender: Sender, stated: int) -> AsyncIterator[IO[bytes]]:
        """All `stated` bytes, at their beginning. Raises Refused or Gone."""
        if stated > MOST_BYTES:
            raise Refused(LARGE)
        with SpooledTemporaryFile(_IN_MEMORY_BYTES) as body:
            try:
                await self._fill(body, sender)
                if body.tell() != stated:
                    raise Gone
                body.seek(0)
                yield body
            finally:
                self._held -= body.seek(0, os.SEEK_END)

    async def _fill(self, body: IO[bytes], sender: Sender) -> None:
        loop, arrived = asyncio.get_running_loop(), 0
        began = loop.time()
        try:
            async with asyncio.timeout(self._pace.seconds(0)) as limit:
                async for piece in sender:
                    if self._held + len(piece) > self._most_held:
                        raise Refused(FULL)
                    self._held += len(piece)
                    arrived += body.write(piece)
                    limit.reschedule(began + self._pace.seconds(arrived))
        except TimeoutError:
            raise Refused(SLOW) from None
