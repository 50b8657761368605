"""A store moves in whole: made or restored in a folder of its own, then put in place; what stood there is moved aside.

Each step is a rename, and each can be taken again: a program killed half-way is finished at the next opening.
"""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from pathlib import Path

from familydesk.store import durable, weather
from familydesk.store.folder import StoreFolder
from familydesk.store.lock import StoreLock
from familydesk.store.weather import told_plainly

READY = "ready.json"
"""In the folder of a store on its way in: from now on it moves, and can no longer be abandoned."""


def begin(place: StoreFolder) -> StoreFolder:
    """An empty folder in which the store is made ready. Whatever lay there never was a store in use."""
    with told_plainly():
        shutil.rmtree(place.arriving, ignore_errors=True)
        place.arriving.mkdir(mode=0o700, parents=True)
    return StoreFolder(place.arriving)


def abandon(place: StoreFolder) -> None:
    """Leave nothing of a store that could not be made ready."""
    if not (place.arriving / READY).exists():
        shutil.rmtree(place.arriving, ignore_errors=True)


def leave(place: StoreFolder, lock: StoreLock, new: bool) -> None:
    """Let go of a folder into which no store came. If none stands there, nothing of the try stays, and of a folder that
    is `new` not even itself.
    """
    abandon(place)
    if any(path.exists() for path in (place.database, place.keys, place.arriving)):
        lock.release()
        return
    with suppress(OSError):
        # The wait after wrong passphrases guards a store. A backup is tried in any other folder as well.
        place.delay.unlink(missing_ok=True)
        lock.remove()
        if new:
            place.root.rmdir()
    lock.release()


def admit(place: StoreFolder, aside: str, keep: bool = True) -> Path | None:
    """Put the store that was made ready in place. What stood there goes into the folder `aside`, given back; it is
    removed in the end unless it shall be kept.
    """
    fresh = StoreFolder(place.arriving)
    with told_plainly():
        for path in (fresh.database, fresh.keys):
            path.chmod(0o600)
            durable.sync_file(path)
        durable.replace(place.arriving / READY, json.dumps({"aside": _free(place, aside), "keep": keep}).encode())
    return finish(place)


def _free(place: StoreFolder, aside: str) -> str:
    """`aside`, or a name beside it: what an earlier restore has kept is never written over."""
    while aside and (place.root / aside).exists():
        aside += "-2"
    return aside


def finish(place: StoreFolder) -> Path | None:
    """Take the steps that are left of an admission; nothing if there is none under way."""
    ready = place.arriving / READY
    if not ready.exists():
        return None
    with told_plainly():
        name, keep = _aside(ready)
        aside = place.root / name
        fresh = StoreFolder(place.arriving)
        # The log goes aside before its database: alone it would be taken for the new one's.
        _exchange(fresh.database, place.database_files(), place.database, aside)
        if not place.keys.exists():
            # Tries at a store that never came in: nothing that would have to be kept.
            place.delay.unlink(missing_ok=True)
        _exchange(fresh.keys, (place.delay, place.keys), place.keys, aside)
        _exchange(fresh.heads, (place.heads,), place.heads, aside)
        if name and not keep:
            shutil.rmtree(aside, ignore_errors=True)
        ready.unlink()
        shutil.rmtree(place.arriving, ignore_errors=True)
        durable.sync_folder(place.root)
    return aside if aside.exists() else None


def _aside(ready: Path) -> tuple[str, bool]:
    """The name of the folder that takes what stood there, and whether it is kept. Weather if the note is not one that
    was written here.
    """
    try:
        note = json.loads(ready.read_bytes())
        name = note["aside"]
        if not isinstance(name, str) or name != Path(name).name:
            raise ValueError("not a name")
        return name, note.get("keep") is not False
    except (KeyError, TypeError, ValueError):
        raise weather.damaged() from None


def _exchange(fresh: Path, old: tuple[Path, ...], target: Path, aside: Path) -> None:
    if not fresh.exists():
        return
    for path in old:
        if path.exists():
            aside.mkdir(mode=0o700, exist_ok=True)
            durable.move(path, aside / path.name)
    durable.move(fresh, target)
