"""A second process that erases a person and stands still at a named place, to be killed there."""

import sys
import time
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from familydesk.core.settings import Settings
from familydesk.services.office import Office
from familydesk.store import taking_out
from familydesk.store.database import Database
from familydesk.store.folder import StoreFolder
from familydesk.store.keys import Opened
from familydesk.store.privileged import Privileged
from familydesk.store.slots import Secrets

path, key, person, at = Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), UUID(sys.argv[3]), sys.argv[4]
HEAD = UUID("01900000-0000-7000-8000-000000000001")


def stand_still(*_words: object, **_named: object) -> None:
    print(at, flush=True)
    time.sleep(60)


database = Database.open(path, key)
database.actor, database.privileged = HEAD, Privileged(HEAD, {HEAD: key})
keys = (StoreFolder(path.parent), Opened.by(HEAD, replace(Secrets.fresh(key), anchor=b"")))
office = Office(database, path.parent, Settings(path.parent / "settings.json"), keys=keys)
if at == "middle":
    taking_out.empty_changes = stand_still
else:
    Database.rewrite = stand_still
office.keeping.erase(person, "келісімін кері алды")
