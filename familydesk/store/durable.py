"""Files that are either the old or the new ones, whatever moment the power is cut at."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from familydesk.core.errors import Weather
from familydesk.core.i18n import N_
from familydesk.store.weather import weather_of

_OF_ANY_DISK = {
    errno.ENOSPC,
    errno.EFBIG,
    getattr(errno, "EDQUOT", errno.ENOSPC),
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
}
"""What is told of a disk or a folder, whatever file was to be written there."""


def replace(path: Path, content: bytes) -> None:
    """Put `content` at `path`: written beside it, forced to disk, then renamed over what was there. Raises OSError."""
    with staged(path, content):
        pass


@contextmanager
def staged(path: Path, content: bytes) -> Iterator[None]:
    """As `replace`, when the block ends well: no full disk can stop it then, for `content` is written before the block
    begins. If the block fails, what was at `path` stays there. Raises OSError.
    """
    fresh = path.with_name(path.name + ".new")
    try:
        with opened_closed(fresh) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield
        os.replace(fresh, path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_whole(path: Path, content: bytes) -> None:
    """A file that leaves the store: whole or not at all, for its owner alone. Weather if it cannot be written, in words
    about that file: the store has nothing to do with it.
    """
    try:
        replace(path, content)
    except (FileNotFoundError, NotADirectoryError):
        raise Weather(
            N_("The file cannot be written: the folder named for it does not exist."),
            N_("Choose another folder or another name."),
        ) from None
    except OSError as error:
        if error.errno in _OF_ANY_DISK and (told := weather_of(error)):
            raise told from None
        raise Weather(
            N_("The file cannot be written there."),
            N_("If it is open in another program, close it there, or choose another folder."),
        ) from None


def opened_closed(path: Path) -> IO[bytes]:
    """A file at `path` to be written anew, readable by its owner alone from its first byte. Raises OSError."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    return os.fdopen(handle, "wb")


def create_closed(path: Path) -> None:
    """An empty file that only its owner may read, for a library that would make it readable by all. Raises OSError."""
    opened_closed(path).close()


def move(source: Path, target: Path) -> None:
    """Rename within one disk and force both folders to it."""
    os.replace(source, target)
    sync_folder(target.parent)
    if source.parent != target.parent:
        sync_folder(source.parent)


def sync_file(path: Path) -> None:
    """Force a file's content to disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Force a folder's names to disk, where the system knows how (Windows does it by itself)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        # Some network disks and sticks keep no names to be forced; the file itself is there by now.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)
