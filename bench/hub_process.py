"""`familydesk hub` as a process of its own, for as long as a measure takes."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from familydesk.hub.admin import add_center
from familydesk.hub.place import opened

_COMMAND = [sys.executable, "-m", "familydesk", "hub"]
_READY = "listening on "


@contextmanager
def hub(certificates: list[bytes], database: str = "") -> Iterator[str]:
    """The address of a fresh hub that keeps the centers of these certificates; on SQLite if no database is named."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        data = ["--data", place, *(["--database", database] if database else [])]
        with opened(Path(place), database) as found:
            for certificate in certificates:
                file = Path(place) / "certificate.txt"
                file.write_bytes(certificate)
                add_center(found.storage, file)
        words = [*_COMMAND, *data, "--listen", "127.0.0.1:0"]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
            try:
                yield _said(process).removeprefix(_READY).strip()
            finally:
                process.terminate()


def _said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line.startswith(_READY):
        raise SystemExit("the hub did not start; its own words stand above")
    return line
