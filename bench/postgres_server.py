"""A PostgreSQL of one's own for an hour: made, started, stopped and thrown away, reached by its socket alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """The folder of the newest server installed here; Debian keeps it off the path."""
    found = [Path(path).parent for path in [shutil.which("initdb")] if path]
    found += sorted(path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1] if found and shutil.which("psql") else None


@contextmanager
def server() -> Iterator[str]:
    """The connection string of a fresh server with its usual settings; empty where none is installed."""
    folder = programs()
    if folder is None:
        yield ""
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        data = Path(place) / "data"
        _hand_over(Path(place))
        _ask(folder / "initdb", "--pgdata", data, "--username", "bench", "--auth", "trust", "--encoding", "UTF8")
        control = [folder / "pg_ctl", "--pgdata", data, "--wait"]
        words = f"-c listen_addresses='' -c unix_socket_directories={place}"
        _ask(*control, "--log", Path(place) / "log", "--options", words, "start")
        try:
            yield f"host={place} user=bench dbname=postgres"
        finally:
            _ask(*control, "--mode", "fast", "stop")


def _hand_over(place: Path) -> None:
    """The server refuses to be root's; on Debian there is a user for it."""
    if os.getuid() == 0:
        shutil.chown(place, "postgres")


def _ask(*words: object) -> None:
    user = "postgres" if os.getuid() == 0 else None
    subprocess.run(list(map(str, words)), check=True, stdout=subprocess.DEVNULL, user=user, cwd="/")
