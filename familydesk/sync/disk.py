"""Files in a folder that others write to: read within bounds and never through a link, written whole or not at all.

Files are readable by whoever may read the folder, unlike the store's own: what lies here is sealed, and a colleague's
account on a share has to read it.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from familydesk.core.errors import Weather
from familydesk.core.i18n import N_
from familydesk.store.durable import sync_folder
from familydesk.store.weather import weather_of

__all__ = [
    "exists",
    "files",
    "folders",
    "misplaced",
    "put_aside",
    "read",
    "sync_folder",
    "told",
    "wipe",
    "write",
    "write_new",
]

_READING = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_WRITING = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS}
_NOT_THERE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}


@contextmanager
def told() -> Iterator[None]:
    """Turn what fails on a stick or a share into Weather, in words about the stick and not about the store."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise full() from error
        if error.errno in _CLOSED:
            raise closed() from error
        if weather_of(error) or error.errno in (errno.ENOTCONN, errno.ETIMEDOUT, errno.EHOSTDOWN, errno.EHOSTUNREACH):
            raise gone() from error
        raise


def full() -> Weather:
    """No room on the stick."""
    return Weather(
        N_("The stick or folder to sync with is full."),
        N_("Free some space on it, or use another one. Everything is kept on this computer."),
    )


def closed() -> Weather:
    """A stick that cannot be written."""
    return Weather(
        N_("The stick or folder to sync with cannot be written to."),
        N_("Take off its write protection, or use another one. Everything is kept on this computer."),
    )


def gone() -> Weather:
    """A stick that is not in, or was pulled out."""
    return Weather(
        N_("The folder to sync with is not there, or does not answer."),
        N_("Check that the stick is in, or that the share is connected. Everything is kept on this computer."),
    )


# Reading


def files(folder: Path) -> list[str]:
    """The names of the plain files in a folder; none if there is no such folder, or a link stands in its place."""
    return [one.name for one in _lying(folder) if one.is_file(follow_symlinks=False)]


def folders(folder: Path) -> list[str]:
    """The names of the folders in a folder."""
    return [one.name for one in _lying(folder) if one.is_dir(follow_symlinks=False)]


def _lying(folder: Path) -> list[os.DirEntry[str]]:
    if misplaced(folder):
        return []
    try:
        with os.scandir(folder) as lying:
            return list(lying)
    except (FileNotFoundError, NotADirectoryError):
        return []


def misplaced(folder: Path) -> bool:
    """Whether something else than a folder stands where one should: a link could lead anywhere."""
    return folder.is_symlink() or (folder.exists() and not folder.is_dir())


def exists(file: Path) -> bool:
    """Whether anything stands there, a link that leads nowhere too."""
    return os.path.lexists(file)


def read(file: Path, most: int) -> bytes | None:
    """The file's bytes, at most one more than `most`; None if there is no plain file."""
    try:
        handle = os.open(file, _READING)
    except OSError as error:
        if error.errno in _NOT_THERE:
            return None
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        # A folder has no bytes, and a pipe or a device might never end, or never begin.
        os.close(handle)
        return None
    with os.fdopen(handle, "rb") as opened:
        return opened.read(most + 1)


# Writing


def write(file: Path, content: bytes, writer: str) -> None:
    """Put `content` at `file`, whole or not at all. Whoever calls forces the folder to the disk afterwards.

    `writer` is in the name of the unfinished file, so that two who write the same at once do not write into one file,
    and one who was stopped writes over her own. Raises OSError.
    """
    fresh = _written(file, content, writer)
    if file.is_dir() and not file.is_symlink():
        # Somebody put it there; nothing is renamed over a folder.
        put_aside(file, file.with_name(file.name + ".torn"))
    try:
        os.replace(fresh, file)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def write_new(file: Path, content: bytes, writer: str) -> None:
    """The same where the first who writes wins: what stands there already stays. Raises OSError."""
    fresh = _written(file, content, writer)
    try:
        # Two who are a moment apart: the later one's file replaces the other's, and both read it again.
        if not exists(file):
            os.replace(fresh, file)
    finally:
        fresh.unlink(missing_ok=True)
    sync_folder(file.parent)


def _written(file: Path, content: bytes, writer: str) -> Path:
    fresh = file.with_name(f"{file.name}.{writer}.part")
    try:
        with os.fdopen(os.open(fresh, _WRITING, 0o666), "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
    except OSError:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise
    return fresh


def put_aside(file: Path, aside: Path) -> None:
    """Give a file another name; nothing if that cannot be done, for then it is in nobody's way."""
    with suppress(OSError):
        os.replace(file, aside)


def wipe(file: Path) -> None:
    """Take a file away. Its bytes are overwritten first, as far as a stick lets anybody do so. Raises OSError."""
    if file.is_symlink() or not file.is_file():
        return
    with file.open("r+b") as opened:
        opened.write(bytes(file.stat().st_size))
        opened.flush()
        os.fsync(opened.fileno())
    file.unlink()
