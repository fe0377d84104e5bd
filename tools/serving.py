"""`wangge serve` in the background, for as long as a block runs."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from wangge.faces.cli.supervisor import answers

COMMAND = [sys.executable, "-m", "wangge.faces.cli.main"]
_STARTS_WITHIN_S = 60
_LOOKS_A_SECOND = 5


@contextmanager
def serving(env: Mapping[str, str], log: Path) -> Iterator[str]:
    """Serve on a free port of this machine; gives the address. RuntimeError with the log when it does not start."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    words = [*COMMAND, "serve", "--port", str(port)]
    with log.open("w") as out:
        process = subprocess.Popen(words, env=env, stdout=out, stderr=out, start_new_session=True)
        try:
            address = f"http://127.0.0.1:{port}"
            if not _starts(process, address):
                raise RuntimeError(f"the server did not start:\n{log.read_text()}")
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(40)


def _starts(process: subprocess.Popen[bytes], address: str) -> bool:
    for _look in range(_STARTS_WITHIN_S * _LOOKS_A_SECOND):
        if answers(f"{address}/"):
            return True
        try:
            process.wait(1 / _LOOKS_A_SECOND)
        except subprocess.TimeoutExpired:
            continue
        break
    return False
