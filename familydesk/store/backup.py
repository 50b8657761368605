"""Backups: one file that holds the encrypted store and its keys, made while the store is open, opened before it counts.

The file is a plain ZIP without compression: `desk.db`, `desk.keys`, and `manifest.json` with sizes and digests. Anyone
may look at its list; nothing in it can be read without the passphrase of its day or the recovery key.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from familydesk.core import clock
from familydesk.core.errors import Weather
from familydesk.core.i18n import N_
from familydesk.store import durable, guards
from familydesk.store.folder import StoreFolder
from familydesk.store.migrations import newest
from familydesk.store.weather import told_plainly

FORMAT = "familydesk-backup"
VERSION = 1
PARTS = ("desk.db", "desk.keys")
SUFFIX = ".backup"
PART = ".part"
_PIECE = 1024 * 1024
_LARGEST_MANIFEST = 64 * 1024

Progress = Callable[[int, int], None]
"""Called with steps done and steps in all; may raise to cancel, which leaves nothing behind."""


def make(place: StoreFolder, key: bytes, out: Path, progress: Progress = lambda done, steps: None) -> None:
    """Write a backup of the store in `place` to `out`, which appears only when it is whole and was opened.

    Weather if the disk is full, the folder missing or another file of that name in the way; the store is never touched.
    """
    _check_target(out)
    with told_plainly(), _scratch(place) as copy, _unfinished(out) as part:
        progress(0, 4)
        counts = copy_database(place.database, copy.database, key, key)
        shutil.copyfile(place.keys, copy.keys)
        progress(1, 4)
        check(copy, key, counts)
        progress(2, 4)
        manifest = _pack(copy, part, _schema(copy.database, key))
        progress(3, 4)
        _check_pack(part, manifest)
        durable.move(part, out)
        progress(4, 4)


def unpack(file: Path, into: StoreFolder) -> None:
    """Take a backup apart into an empty folder. Weather if it is no backup, damaged, or from a newer program."""
    with told_plainly(), _opened(file) as (archive, manifest):
        for name, facts in manifest["files"].items():
            with archive.open(name) as source, durable.opened_closed(into.root / name) as target:
                if _copied(source, target) != facts:
                    raise _damaged()


def check(place: StoreFolder, key: bytes, counts: dict[str, int] | None = None) -> None:
    """Open a copied store with its key and read all of it. Weather if a page, a table or a row count is not right."""
    guards.check_file(place.database, key)
    with guards.plain_connection(place.database, key) as connection:
        if (guards.schema_of(connection) or 0) > newest():
            raise _newer()
        torn = connection.execute("PRAGMA cipher_integrity_check").fetchall()
        words = connection.execute("PRAGMA quick_check").fetchone()
        if torn or words != ("ok",) or (counts is not None and _counts(connection) != counts):
            raise _damaged()


def is_backup(file: Path) -> bool:
    """Whether `file` looks like a backup of this program. Never an exception."""
    try:
        with _opened(file):
            return True
    except (Weather, OSError):
        return False


# Making


def _check_target(out: Path) -> None:
    if not out.parent.is_dir():
        raise Weather(
            N_("The folder for the backup does not exist."), N_("Check that the disk is connected, or choose another.")
        )
    if out.is_dir() or (out.exists() and not is_backup(out)):
        raise Weather(N_("A file of this name is there already, and it is no backup."), N_("Choose another name."))


@contextmanager
def _scratch(place: StoreFolder) -> Iterator[StoreFolder]:
    """A folder beside the store for the copy; what it holds is as encrypted as the store itself."""
    folder = place.root / "copying"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield StoreFolder(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _unfinished(out: Path) -> Iterator[Path]:
    part = out.with_name(out.name + PART)
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def copy_database(source: Path, target: Path, key: bytes, fresh: bytes) -> dict[str, int]:
    """Copy one moment of the open store page by page, from under `key` to under `fresh`; gives back how many rows each
    table had at that moment.
    """
    durable.create_closed(target)
    with guards.plain_connection(source, key) as old, guards.plain_connection(target, fresh) as new:
        # The copy is read whole before it counts, so it needs no journal of its own.
        new.execute("PRAGMA synchronous = OFF")
        old.execute("BEGIN")
        counts = _counts(old)
        old.backup(new)
        old.execute("COMMIT")
        new.execute("PRAGMA journal_mode = DELETE")
    return counts


def _counts(connection: Any) -> dict[str, int]:
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in tables}


def _schema(database: Path, key: bytes) -> int | None:
    with guards.plain_connection(database, key) as connection:
        return guards.schema_of(connection)


def _pack(copy: StoreFolder, part: Path, schema: int | None) -> dict[str, Any]:
    from importlib.metadata import version

    files = {}
    with durable.opened_closed(part) as raw:
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_STORED) as archive:
            for name in PARTS:
                with (copy.root / name).open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
                    files[name] = _copied(source, target)
            manifest = {
                "format": FORMAT,
                "version": VERSION,
                "program": version("familydesk"),
                "schema": schema,
                "made_at": clock.now().isoformat(),
                "files": files,
            }
            archive.writestr("manifest.json", json.dumps(manifest, indent=1))
        raw.flush()
        os.fsync(raw.fileno())
    return manifest


def _check_pack(part: Path, manifest: dict[str, Any]) -> None:
    with _opened(part) as (archive, found):
        if found != manifest:
            raise _damaged()
        for name, facts in manifest["files"].items():
            with archive.open(name) as source:
                if _copied(source, None) != facts:
                    raise _damaged()


def _copied(source: IO[bytes], target: IO[bytes] | None) -> dict[str, Any]:
    """Copy to the end; gives back the size and digest of what was read."""
    digest = hashlib.blake2b(digest_size=32)
    size = 0
    while piece := source.read(_PIECE):
        digest.update(piece)
        size += len(piece)
        if target is not None:
            target.write(piece)
    return {"bytes": size, "blake2b": digest.hexdigest()}


# Reading


@contextmanager
def _opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    # A device or a pipe may never come to an end.
    if file.exists() and not file.is_file():
        raise _no_backup()
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive, _manifest(archive)
    except FileNotFoundError:
        raise Weather(
            N_("There is no such file."), N_("Check that the disk is connected, or choose another.")
        ) from None
    except (zipfile.BadZipFile, RuntimeError, EOFError):
        raise _damaged() from None


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        if archive.getinfo("manifest.json").file_size > _LARGEST_MANIFEST:
            raise ValueError("too large")
        found: dict[str, Any] = json.loads(archive.read("manifest.json"))
        if found["format"] != FORMAT or set(found["files"]) != set(PARTS):
            raise ValueError("not a backup")
        if int(found["version"]) > VERSION or int(found["schema"] or 0) > newest():
            raise _newer()
        # Stored, never compressed: what a part unpacks to is no larger than the file itself.
        if any(archive.getinfo(name).compress_type != zipfile.ZIP_STORED for name in PARTS):
            raise ValueError("not as written")
        return found
    except (KeyError, TypeError, ValueError):
        raise _no_backup() from None


def _no_backup() -> Weather:
    return Weather(
        N_("This file is no backup of this program, or it is damaged."),
        N_("Choose another backup. Nothing was changed."),
    )


def _damaged() -> Weather:
    return Weather(
        N_("This backup is damaged and cannot be brought back whole."),
        N_("Choose another backup. Nothing was changed."),
    )


def _newer() -> Weather:
    return Weather(
        N_("This backup was made by a newer version of the program."),
        N_("Install the newer version on this computer. Nothing was changed."),
    )
