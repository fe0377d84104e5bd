"""The web server alone, started as `wangge serve` starts it, without the worker."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wangge.faces.cli.management.commands.serve import web_words
from wangge.faces.cli.supervisor import answers


@contextmanager
def served(log: Path) -> Iterator[tuple[int, int]]:
    """Gives the port and the id of the web server's first process."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    with log.open("w") as out, tempfile.TemporaryDirectory() as metrics:
        process = subprocess.Popen(
            [sys.executable, *web_words("127.0.0.1", port)],
            env=os.environ | {"PROMETHEUS_MULTIPROC_DIR": metrics},
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        try:
            give_up_at = time.monotonic() + 60
            while not answers(f"http://127.0.0.1:{port}/"):
                if process.poll() is not None or time.monotonic() > give_up_at:
                    raise RuntimeError(f"the server did not start:\n{log.read_text()}")
                time.sleep(0.2)
            yield port, process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(40)
