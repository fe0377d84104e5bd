"""Children are kept alive, and none outlives its keeper."""

import os
import signal
import socket
import sys
import time
from pathlib import Path

import psutil

from wangge.faces.cli.supervisor import Child, Shared, Supervisor, answers, port_is_free

WAITS = "import signal; signal.pause()"


def program(code: str, *words: str) -> Child:
    return Child("it", [sys.executable, "-c", code, *words], dict(os.environ))


def test_a_child_that_dies_is_started_again_ever_later(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    said: list[str] = []
    child = program("import sys; open(sys.argv[1], 'a').write('x'); sys.exit(3)", str(ran))
    ended = Supervisor([child], said.append).run(
        lambda: (
            ran.exists() and len(ran.read_text()) == 3 and bool(os.kill(os.getpid(), signal.SIGTERM) or True)
        ),
        "up",
    )
    assert ended
    deaths = [line for line in said if line.startswith("it ended with status 3")]
    assert [line.split(" in ")[1] for line in deaths[:2]] == ["0.5 s", "1 s"]
    assert said[-1] == "up"


def test_what_never_answers_is_given_up() -> None:
    began = time.monotonic()
    assert not Supervisor([program(WAITS)], print).run(lambda: False, "up", within_s=0.5)
    assert time.monotonic() - began < 10


def test_a_stop_reaches_grandchildren_too(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    # The grandchild ignores the polite request, and its parent does not pass it on.
    grandchild = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here', flush=True); signal.pause()"
    parent = (
        "import subprocess, sys, pathlib\n"
        f"p = subprocess.Popen([sys.executable, '-c', {grandchild!r}], stdout=subprocess.PIPE)\n"
        "p.stdout.readline()\n"
        "pathlib.Path(sys.argv[1]).write_text(str(p.pid))\n"
        "p.wait()\n"
    )

    def ready() -> bool:
        return note.exists() and bool(note.read_text()) and not os.kill(os.getpid(), signal.SIGINT)

    assert Supervisor([program(parent, str(note))], lambda line: None).run(ready, "up")
    pid = int(note.read_text())
    if psutil.pid_exists(pid):
        psutil.Process(pid).wait(timeout=5)


def test_a_shared_server_that_dies_is_started_again_and_left_running_at_the_end() -> None:
    said: list[str] = []
    starts: list[float] = []
    server = Shared("the server", lambda: bool(starts), lambda: starts.append(time.monotonic()))
    began = time.monotonic()

    def ready() -> bool:
        os.kill(os.getpid(), signal.SIGTERM)
        return True

    assert Supervisor([server], said.append).run(ready, "up")
    assert said == ["the server is gone; starting it again in 0.5 s", "up"]
    assert len(starts) == 1
    assert starts[0] - began >= 0.5
    assert server.runs


def test_a_port_is_free_until_somebody_listens() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        other.listen()
        assert not port_is_free("127.0.0.1", port)
    assert port_is_free("127.0.0.1", port)
    assert not answers(f"http://127.0.0.1:{port}/")
