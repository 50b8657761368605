"""A second process that applies everything of one store to another, in one transaction, until it is killed."""

import sys
from pathlib import Path
from uuid import UUID

from stores import written

from familydesk.store.database import Database
from familydesk.sync.applying import apply
from familydesk.sync.parking import Origin

here, there = (
    Database.open(Path(path), bytes.fromhex(key))
    for path, key in ((sys.argv[1], sys.argv[2]), (sys.argv[3], sys.argv[4]))
)
ID = bytes([1]) * 16
changes = written(here, ID)
print("ready", flush=True)
with there.write(whole=True) as session:
    for start in range(0, len(changes), 20):
        apply(there, session.connection(), Origin(ID, UUID(int=1), 1), changes[start : start + 20])
