"""What the application is told of a request, and how slowly a body may come."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from threading import Barrier
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.faces.serving.bodies import FULL, LARGE, MOST_BYTES, SLOW, WAITING, Bodies, Gone, Pace, Refused
from wangge.faces.serving.gateway import Gateway, environ_of


@dataclass
class Asked:
    """A request's head as granian tells it."""

    headers: dict[str, str] = field(default_factory=dict)
    path: str = "/"
    method: str = "POST"
    query_string: str = ""
    scheme: str = "http"
    http_version: str = "1.1"
    client: str = "[2001:db8::7]:51234"
    server: str = "127.0.0.1:8000"
    authority: str | None = None


class Sends:
    """Pieces of a body, each after a pause in seconds."""

    def __init__(self, *pieces: tuple[float, bytes]) -> None:
        self.pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for pause_s, piece in self.pieces:
            await asyncio.sleep(pause_s)
            yield piece


def read(bodies: Bodies, sender: Sends, stated: int) -> bytes:
    async def whole() -> bytes:
        async with bodies.whole(sender, stated) as body:
            return body.read()

    return asyncio.run(whole())


def test_a_header_with_an_underscore_does_not_pass_for_another() -> None:
    found = environ_of(Asked({"X_Forwarded_For": "10.0.0.1", "X-Forwarded-Proto": "https"}))
    assert "HTTP_X_FORWARDED_FOR" not in found
    assert found["HTTP_X_FORWARDED_PROTO"] == "https"


def test_the_path_and_the_address_are_told_as_wsgi_wants_them() -> None:
    found = environ_of(Asked(path="/board/网格", authority="grid.example:8000"))
    assert found["PATH_INFO"].encode("latin-1").decode() == "/board/网格"
    assert (found["REMOTE_ADDR"], found["HTTP_HOST"]) == ("2001:db8::7", "grid.example:8000")


@given(st.integers(0, MOST_BYTES), st.integers(0, MOST_BYTES))
def test_who_sent_more_never_has_less_time_and_nobody_has_more_than_the_longest(one: int, other: int) -> None:
    pace = Pace()
    less, more = sorted((one, other))
    assert pace.patience_s <= pace.seconds(less) <= pace.seconds(more) <= pace.longest_s


def test_a_body_comes_whole_also_when_it_does_not_fit_into_memory() -> None:
    half = b"x" * (MOST_BYTES // 64)
    assert read(Bodies(Pace()), Sends((0, half), (0, half)), 2 * len(half)) == 2 * half


REFUSED: dict[str, Callable[[Bodies], Any]] = {
    SLOW: lambda bodies: read(bodies, Sends(*[(0.05, b"x")] * 40), 40),
    LARGE: lambda bodies: read(bodies, Sends((0, b"x")), MOST_BYTES + 1),
    FULL: lambda bodies: read(bodies, Sends((0, b"x" * 600), (0, b"x" * 600)), 1200),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_is_not_taken_leaves_room_for_the_next(why: str) -> None:
    bodies = Bodies(Pace(patience_s=0.3, bytes_per_s=1_000_000), most_held_bytes=1000)
    for _again in range(3):
        with pytest.raises(Refused) as refused:
            REFUSED[why](bodies)
        assert refused.value.why == why
    assert read(bodies, Sends((0, b"x" * 1000)), 1000) == b"x" * 1000


def test_a_body_cut_off_is_nobody_s() -> None:
    with pytest.raises(Gone):
        read(Bodies(Pace()), Sends((0, b"description=half a sen")), 400)


def test_a_request_knows_how_many_wait_behind_it() -> None:
    told: list[int] = []
    first = Barrier(2)

    def page(environ: Any, start: Callable[..., Any]) -> list[bytes]:
        if not told:
            # Only when all the others wait may the first one go on.
            first.wait(10)
        told.append(environ[WAITING])
        start("200 OK", [])
        return [b""]

    async def crowd(gateway: Gateway) -> None:
        asked = [asyncio.ensure_future(gateway(Asked(method="GET"))) for _ in range(5)]
        await asyncio.sleep(0)
        await asyncio.to_thread(first.wait, 10)
        await asyncio.gather(*asked)

    class Direct(Gateway):
        async def __call__(self, scope: Any) -> None:
            await self.__rsgi__(scope, Silent())

    asyncio.run(crowd(Direct(page, 1, Pace())))
    assert sorted(told[1:], reverse=True) == [3, 2, 1, 0]


class Silent:
    def response_bytes(self, *_answer: Any) -> None:
        """Nobody listens."""
