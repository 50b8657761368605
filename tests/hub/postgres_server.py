"""A real PostgreSQL server in a folder of its own, on loopback, for as long as the tests run."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import psycopg

from familydesk.hub.storage import Storage
from familydesk.hub.tables import METADATA, SCHEMA

_NAMES = itertools.count(1)


def tool(name: str) -> str | None:
    """A program of PostgreSQL: Debian keeps them out of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(found[-1]) if found else None)


def cannot_run() -> str:
    """Why no server can be started here; empty if one can."""
    if tool("initdb") is None:
        return "PostgreSQL is not installed"
    return "" if os.getuid() or _other_user() else "PostgreSQL does not run as root, and there is nobody else to run it"


def _other_user() -> str:
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in known), "")


def free_port() -> int:
    with socket.socket() as trying:
        trying.bind(("127.0.0.1", 0))
        return int(trying.getsockname()[1])


class Postgres:
    """One server. Only the user who runs the tests reaches it, on loopback."""

    def __init__(self, port: int = 0, settings: tuple[str, ...] = ()) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="hub-postgres-"))
        self.port = port or free_port()
        self._settings = settings
        # It refuses to run as root.
        user = _other_user() if os.getuid() == 0 else ""
        self._as: dict[str, Any] = (
            {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
        )
        if user:
            shutil.chown(self.folder, user, self._as["group"])
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Postgres:
        self._fill()
        self.start()
        return self

    def _fill(self) -> None:
        self._call("initdb", "-D", str(self.data), "-U", "hub", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self) -> None:
        settings = (f"port={self.port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={self.folder}")
        words = [part for setting in (*settings, *self._settings) for part in ("-c", setting)]
        log = (self.folder / "log").open("ab")
        program = tool("postgres") or "postgres"
        self.process = subprocess.Popen(
            [program, "-D", str(self.data), *words], stdout=log, stderr=log, cwd="/", **self._as
        )
        self._wait()

    def _wait(self) -> None:
        for _ in range(300):
            try:
                psycopg.connect(self._dsn("postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        raise RuntimeError((self.folder / "log").read_text())

    def stop(self) -> None:
        if self.process:
            # At once, without putting in order what is thrown away with its folder.
            self.process.send_signal(signal.SIGQUIT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def emptied(self) -> str:
        """The address of a database without a row: the same tables each time, for files are slow to make and delete."""
        url = self.url("emptied")
        Storage(url).close()
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            for table in METADATA.sorted_tables:
                if table is not SCHEMA:
                    connection.execute(f'DELETE FROM emptied."{table.name}"')
        return url

    def new(self) -> str:
        """The address of a database without a table."""
        return self.url(f"hub_{next(_NAMES)}")

    def url(self, schema: str) -> str:
        """A schema takes the place of a database: those take seconds to make."""
        self.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        return f"postgresql+psycopg://hub@127.0.0.1:{self.port}/postgres?options=-csearch_path%3D{schema}"

    def execute(self, *statements: str) -> None:
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def _dsn(self, database: str) -> str:
        return f"host=127.0.0.1 port={self.port} user=hub dbname={database}"

    def _call(self, program: str, *words: str) -> None:
        subprocess.run([tool(program) or program, *words], check=True, capture_output=True, cwd="/", **self._as)


class Standby(Postgres):
    """A second server that has all that the first one has acknowledged: the first waits for it at each commit."""

    def __init__(self, primary: Postgres) -> None:
        super().__init__()
        self._primary = primary

    def _fill(self) -> None:
        self._call("pg_basebackup", "-d", self._primary._dsn("postgres"), "-D", str(self.data), "-R", "--no-sync")

    def __enter__(self) -> Standby:
        super().__enter__()
        self._primary.execute("ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()")
        while not self._is_waited_for():
            time.sleep(0.02)
        return self

    def _is_waited_for(self) -> bool:
        with psycopg.connect(self._primary._dsn("postgres")) as connection:
            return connection.execute("SELECT sync_state FROM pg_stat_replication").fetchall() == [("sync",)]

    def promote(self) -> None:
        self.execute("SELECT pg_promote()")
