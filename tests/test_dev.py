"""dev.py as a newcomer meets it: real processes, a real database, real signals."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from tools import scan

REPO = Path(__file__).resolve().parents[1]
DEV = [sys.executable, str(REPO / "dev.py")]

pytestmark = pytest.mark.skipif(
    not (REPO / ".venv/stamps/frontend").exists(),
    reason="the checkout is not prepared: python3 dev.py test does it",
)


def environment(**more: str) -> dict[str, str]:
    """Ours, without what the test run itself set."""
    ours = {
        name: value for name, value in os.environ.items() if not name.startswith(("WANGGE_", "DATABASE_URL"))
    }
    return ours | more


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Demo:
    """A running `dev.py demo` and what it said so far."""

    process: subprocess.Popen[str]
    port: int
    data: Path
    said: str = ""

    @classmethod
    def start(cls, data: Path, **env: str) -> "Demo":
        port = free_port()
        words = [*DEV, "demo", "--port", str(port), "--data", str(data), "--cases", "0"]
        process = subprocess.Popen(
            words, env=environment(**env), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        demo = cls(process, port, data)
        demo.read_until("Wangge is ready")
        return demo

    def read_until(self, words: str) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line
            if words in line:
                return
        pytest.fail(f"it ended without saying {words!r}:\n{self.said}")

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=60)
        self.said += rest
        return self.process.returncode

    def child(self, word: str) -> psutil.Process:
        children = psutil.Process(self.process.pid).children()
        return next(child for child in children if word in child.cmdline())

    def left_over(self) -> list[str]:
        """Command lines of processes of this demo that still run."""
        lines = (" ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"]))
        return [line for line in lines if str(self.data) in line or f"--port {self.port}" in line]


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with TemporaryDirectory(prefix="wangge-") as name:
        running = Demo.start(Path(name) / "data")
        yield running
        running.stop()


def test_a_killed_web_server_is_replaced_and_answers_again(demo: Demo) -> None:
    killed = demo.child("granian")
    killed.kill()
    demo.read_until("web ended")
    demo.read_until("Wangge is ready")
    assert demo.child("granian").pid != killed.pid
    with urllib.request.urlopen(f"http://127.0.0.1:{demo.port}/") as page:
        assert page.status == 200


def test_a_killed_worker_is_replaced(demo: Demo) -> None:
    killed = demo.child("worker")
    killed.kill()
    demo.read_until("worker ended")
    demo.read_until("Wangge is ready")
    assert demo.child("worker").pid != killed.pid


def test_status_sees_the_worker_of_the_running_demo(demo: Demo) -> None:
    words = [*DEV, "wangge", "status", "--json"]
    said = subprocess.run(
        words, env=environment(WANGGE_DATA=str(demo.data)), capture_output=True, text=True, check=True
    )
    status = json.loads(said.stdout)
    assert status["cases"] == 0
    assert status["delivery_s"] < 30
    assert status["jobs_s"] < 30
    # A second user of the database came and went; the first one's server is still there.
    assert demo.process.poll() is None
    with urllib.request.urlopen(f"http://127.0.0.1:{demo.port}/") as page:
        assert page.status == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_demo_leaves_no_process_and_starts_again_on_what_is_there(
    folder: Path, number: int
) -> None:
    first = Demo.start(folder / "data")
    assert first.stop(number) == 0
    assert first.left_over() == []
    assert list((folder / "data" / "pg-run").glob(".s.*")) == []
    made = (folder / "data" / "pg" / "PG_VERSION").stat().st_mtime_ns
    second = Demo.start(folder / "data")
    assert second.stop(number) == 0
    assert (folder / "data" / "pg" / "PG_VERSION").stat().st_mtime_ns == made


def test_a_taken_port_is_named_with_the_way_out(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        words = [*DEV, "demo", "--port", str(port), "--data", str(folder / "data")]
        said = subprocess.run(words, env=environment(), capture_output=True, text=True, check=False)
    assert said.returncode == 1
    assert f"Port {port} is taken by another program" in said.stderr
    assert f"--port {port + 1}" in said.stderr
    assert "Traceback" not in said.stderr
    assert not (folder / "data" / "pg").exists()


def test_the_products_exit_status_is_passed_on() -> None:
    said = subprocess.run(
        [*DEV, "wangge", "serve", "--port", "many"],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 2


def test_an_unknown_command_is_answered_with_those_there_are() -> None:
    said = subprocess.run([*DEV, "dance"], env=environment(), capture_output=True, text=True, check=False)
    assert said.returncode == 2
    assert "demo" in said.stderr


def test_the_scan_finds_paths_of_a_machine_and_package_hosts() -> None:
    file = REPO / "var" / "scan-me.txt"
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n".join(["see " + "/ro" + "ot/notes", "from py" + "pi.org", "a/work/of/art"]), "utf-8")
    try:
        finds = scan.finds_in(file)
    finally:
        file.unlink()
    assert [find.split(":")[1] for find in finds] == ["1", "2"]
