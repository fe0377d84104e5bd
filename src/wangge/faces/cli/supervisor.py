"""Keep child processes, and a server that they need, alive until told to stop, then stop the children."""

import errno
import math
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import FrameType
from typing import Protocol

_LOOK_EVERY_S = 0.2
_STEADY_AFTER_S = 10.0
_LONGEST_WAIT_S = 30.0
_PATIENCE_S = 15.0
# EACCES: a port below 1024 that this user may not take.
_TAKEN = {errno.EADDRINUSE, errno.EACCES}


class Kept(Protocol):
    """What a supervisor looks after."""

    @property
    def runs(self) -> bool: ...

    def keep(self) -> str | None:
        """Start it if it is due; a line when it was found dead."""

    def ask_to_stop(self) -> None: ...

    def stopped(self, within_s: float) -> None: ...


class Pace:
    """When to start what died: half a second later, and ever later while it keeps dying at once."""

    def __init__(self) -> None:
        self._deaths = 0
        self._start_at = 0.0
        self._started_at = 0.0

    @property
    def due(self) -> bool:
        return time.monotonic() >= self._start_at

    def started(self) -> None:
        self._started_at = time.monotonic()

    def died(self) -> float:
        """The pause before the next start, in seconds."""
        now = time.monotonic()
        self._deaths = 1 if now - self._started_at > _STEADY_AFTER_S else self._deaths + 1
        wait_s = min(_LONGEST_WAIT_S, 0.25 * 2**self._deaths)
        self._start_at = now + wait_s
        return wait_s


class Child:
    """One program; it leads a process group, so that none of its own children outlives it."""

    def __init__(self, name: str, words: Sequence[str], env: Mapping[str, str]) -> None:
        self.name = name
        self._words = words
        self._env = env
        self._pace = Pace()
        self._process: subprocess.Popen[bytes] | None = None

    def keep(self) -> str | None:
        """Start it if it is due; returns a line when it was found dead."""
        if self._process is None:
            if self._pace.due:
                # A session of its own: Ctrl-C in the terminal reaches us alone, and we stop in order.
                self._process = subprocess.Popen(self._words, env=self._env, start_new_session=True)
                self._pace.started()
            return None
        status = self._process.poll()
        if status is None:
            return None
        self._kill_group()
        self._process = None
        return f"{self.name} ended with status {status}; starting it again in {self._pace.died():g} s"

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def ask_to_stop(self) -> None:
        if self._process and self.runs:
            self._process.terminate()

    def stopped(self, within_s: float) -> None:
        """Wait for the end; after `within_s` seconds, force it."""
        if self._process:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(within_s)
            self._kill_group()
            self._process.wait()

    def _kill_group(self) -> None:
        if self._process:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)


class Shared:
    """A server that several programs use: started again when it dies, left alone when we go."""

    def __init__(self, name: str, alive: Callable[[], bool], start: Callable[[], object]) -> None:
        self.name = name
        self._alive = alive
        self._start = start
        self._pace = Pace()
        self._dead = False

    @property
    def runs(self) -> bool:
        return self._alive()

    def keep(self) -> str | None:
        """Start it again if that is due; returns a line when it was found dead."""
        if self._dead:
            if self._pace.due:
                self._start()
                self._pace.started()
                self._dead = False
            return None
        if self._alive():
            return None
        self._dead = True
        return f"{self.name} is gone; starting it again in {self._pace.died():g} s"

    def ask_to_stop(self) -> None:
        """Whoever started it stops it."""

    def stopped(self, within_s: float) -> None:
        """As above."""


class Supervisor:
    """Runs children side by side; SIGTERM or SIGINT ends them and `run`."""

    def __init__(self, children: Sequence[Kept], say: Callable[[str], None]) -> None:
        self._children = children
        self._say = say
        self._stop = threading.Event()

    def run(self, ready: Callable[[], bool], greeting: str, within_s: float = 60.0) -> bool:
        """Until stopped; says `greeting` when all run and `ready()`, at first and after each death.

        False when the first time took longer than `within_s`: what never worked is not tried for ever.
        """
        self._listen()
        give_up_at = time.monotonic() + within_s
        greeted = False
        try:
            while not self._stop.wait(_LOOK_EVERY_S):
                if self._keep_children():
                    greeted = False
                if not greeted and all(child.runs for child in self._children) and ready():
                    self._say(greeting)
                    greeted, give_up_at = True, math.inf
                if time.monotonic() > give_up_at:
                    return False
            return True
        finally:
            self._stop_children()

    def _keep_children(self) -> bool:
        """Start what is due; whether any was found dead."""
        news = [line for child in self._children if (line := child.keep())]
        for line in news:
            self._say(line)
        return bool(news)

    def _listen(self) -> None:
        def stop(_number: int, _frame: FrameType | None) -> None:
            self._stop.set()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)

    def _stop_children(self) -> None:
        for child in self._children:
            child.ask_to_stop()
        for child in self._children:
            child.stopped(_PATIENCE_S)


def port_is_free(host: str, port: int) -> bool:
    """Whether nobody listens at the address yet. OSError for an address that is not this machine's."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno in _TAKEN:
                return False
            raise
    return True


def answers(url: str, host: str = "localhost") -> bool:
    """Whether an HTTP answer comes back, of whatever status: then the application is loaded.

    `host` is a name that the application goes by; asked by another it would log an error.
    """
    # As a proxy that ends TLS would ask: a redirect would lead away from this machine.
    request = urllib.request.Request(url, headers={"Host": host, "X-Forwarded-Proto": "https"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=5):  # noqa: S310 - our own http address
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
