"""How a failing disk or file is told to a person: one plain sentence and what to do next."""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from familydesk.core.errors import Weather
from familydesk.core.i18n import N_

SHARED_INDEX = 32 * 1024
"""Bytes by which SQLite's shared index of the write-ahead log grows (sqlite.org/walformat.html)."""


@contextmanager
def told_plainly(near: Path | None = None) -> Iterator[None]:
    """Turn a failing disk or file, met inside the block, into Weather; defects pass through untouched. `near` is a file
    on the disk that is written to.
    """
    try:
        yield
    except Exception as error:
        weather = weather_of(error, near)
        if weather is None:
            raise
        raise weather from error


def weather_of(error: BaseException, near: Path | None = None) -> Weather | None:
    """What `error` of SQLCipher, SQLAlchemy or the operating system means to a person; None if it is a defect."""
    if isinstance(error, OSError):
        make = _BY_ERRNO.get(error.errno or 0)
        return make() if make else None
    inner = getattr(error, "orig", None) or error
    code = getattr(inner, "sqlite_errorcode", None)
    if code is None:
        return None
    if _GONE.fullmatch(str(inner)):
        return changed()
    make = _BY_CODE.get(code & 0xFF)
    # Without room for the shared index SQLite speaks of the disk; the binding keeps back the code that says why.
    return full() if make is failing and near and _is_full(near) else make() if make else None


def _is_full(near: Path) -> bool:
    try:
        return shutil.disk_usage(near.parent).free < SHARED_INDEX
    except OSError:
        return False


def missing() -> Weather:
    """No store where one was expected."""
    return Weather(
        N_("There is no store in this folder."),
        N_("Check that the disk is connected, choose another folder, or restore a backup."),
    )


def damaged() -> Weather:
    """A store that cannot be read."""
    return Weather(
        N_("The store's file is damaged."),
        N_("Do not delete anything. Restore the newest backup; the damaged file will be kept beside it."),
    )


def changed() -> Weather:
    """A store from which something is gone that this program never takes away."""
    return Weather(
        N_("The history of this store was taken out of its file by another program."),
        N_("Keep this folder as it is and tell the head. The newest backup holds the history; restore it."),
    )


def of_another_store() -> Weather:
    """A key file and a store of different origin."""
    return Weather(
        N_("The key file and the store in this folder do not belong together."),
        N_("Put the right key file back, or restore a backup: it holds both."),
    )


def full() -> Weather:
    """No space left."""
    return Weather(
        N_("The disk is full, so nothing more can be written."),
        N_("Free some space and try again. What was saved before is safe."),
    )


def read_only() -> Weather:
    """No right to write."""
    return Weather(
        N_("This folder cannot be written to."),
        N_("Choose another folder, or ask whoever looks after this computer for the right to write here."),
    )


def unreachable() -> Weather:
    """A folder that does not let SQLite make its files: gone, or read-only."""
    return Weather(
        N_("The store cannot be opened in this folder."),
        N_("Check that the disk is connected and that you may write to this folder."),
    )


def unusable() -> Weather:
    """A place that cannot hold what is wanted: a file where a folder should be, or a name too long."""
    return Weather(
        N_("The files of the store cannot be read or made at this place."), N_("Choose another folder or another name.")
    )


def busy() -> Weather:
    """Another program holds the file."""
    return Weather(
        N_("Another program is using the store at this moment."), N_("Close the other program and try again.")
    )


def failing() -> Weather:
    """A disk that does not answer."""
    return Weather(
        N_("The disk did not answer as it should."),
        N_("Check that it is connected and make a backup to another disk. What was saved before is safe."),
    )


_BY_ERRNO = {
    errno.ENOSPC: full,
    errno.EFBIG: full,
    getattr(errno, "EDQUOT", errno.ENOSPC): full,
    errno.EACCES: read_only,
    errno.EPERM: read_only,
    errno.EROFS: read_only,
    errno.ENOENT: unusable,
    errno.EEXIST: unusable,
    errno.ENOTDIR: unusable,
    errno.EISDIR: unusable,
    errno.ENOTEMPTY: unusable,
    errno.ENAMETOOLONG: unusable,
    errno.EIO: failing,
    errno.ENODEV: failing,
    errno.ENXIO: failing,
    getattr(errno, "ESTALE", errno.EIO): failing,
}

# What proves who did what: no other error of SQLite tells that one of these tables was dropped.
_GONE = re.compile(r"no such table: (main\.)?(change|journal|statement)")

# Primary result codes of SQLite (sqlite.org/rescode.html).
_BY_CODE = {
    5: busy,
    6: busy,
    8: read_only,
    10: failing,
    11: damaged,
    13: full,
    14: unreachable,
    23: read_only,
    26: damaged,
}
