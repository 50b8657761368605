"""A copy of a hub's database as one file of SQLite, made while the hub runs, and brought back into either engine.

The hub's key is not in it: a stolen copy lets nobody in, and whoever brings one back puts the file hub.key beside it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Table, func, insert, select
from sqlalchemy.exc import DBAPIError

from familydesk.core.errors import Refused, Weather
from familydesk.core.i18n import N_
from familydesk.hub.admin import check
from familydesk.hub.identity import written_closed
from familydesk.hub.storage import Damaged, Storage, is_damage, sqlite_file_url
from familydesk.hub.tables import CENTER, DEVICE, ENVELOPE, FORK, OBJECT

_TABLES: Sequence[Table] = (CENTER, DEVICE, ENVELOPE, FORK, OBJECT)
_AT_ONCE = 200


def back_up(storage: Storage, file: Path) -> int:
    """Write everything to `file` and go through its logs: how many envelopes it holds. Weather if it cannot be written.

    A file that is there already is replaced when the new one is whole.
    """
    fresh = file.with_name(file.name + ".part")
    try:
        written_closed(fresh, b"")
        count = _filled(Storage(sqlite_file_url(fresh)), storage)
        os.replace(fresh, file)
    except (OSError, DBAPIError) as error:
        raise Weather(
            N_("The backup cannot be written there."), N_("Choose another folder, or free some space.")
        ) from error
    finally:
        for end in ("", "-wal", "-shm"):
            fresh.with_name(fresh.name + end).unlink(missing_ok=True)
    return count


def bring_back(file: Path, storage: Storage) -> int:
    """Fill an empty hub from a backup: how many envelopes it has then. Refused if the hub is not empty, Weather if the
    backup is damaged or none.
    """
    if not file.is_file():
        raise Refused(N_("There is no such backup."))
    with storage.reading() as connection:
        if connection.execute(select(func.count()).select_from(CENTER)).scalar_one():
            raise Refused(N_("This hub keeps centers already. A backup is brought back into an empty one."))
    try:
        source = Storage(sqlite_file_url(file))
        try:
            return _copied(source, storage)
        finally:
            source.close()
    except (Damaged, DBAPIError) as error:
        if isinstance(error, DBAPIError) and not is_damage(error):
            raise
        raise Weather(
            N_("The backup {file} is damaged, or it is no backup of a hub."),
            N_("Take another one. Nothing was brought back."),
            file=str(file),
        ) from error


def _filled(target: Storage, source: Storage) -> int:
    try:
        return _copied(source, target)
    finally:
        target.close()


def _copied(source: Storage, target: Storage) -> int:
    """Copy every table and count the envelopes. Weather if a log does not hold in the copy: nothing stays then."""
    with source.snapshot() as reading, target.writing() as writing:
        for table in _TABLES:
            rows = reading.execution_options(yield_per=_AT_ONCE).execute(select(table)).mappings()
            for part in rows.partitions():
                writing.execute(insert(table), [dict(row) for row in part])
        logs = list(check(writing))
        if any(log.broken for log in logs):
            raise Weather(
                N_("A log does not hold: what was read is not what was taken in."),
                N_("Keep everything as it is, and go through it with “familydesk hub check”."),
            )
    return sum(log.envelopes for log in logs)
