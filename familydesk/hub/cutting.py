"""Cutting a log: what every laptop of a center has said to be in a snapshot, a hub need not keep as envelopes.

The hub does it by itself, in the transaction in which the last laptop's word comes. Places, hashes and the chain stay,
so that whatever it signed goes on holding; only the sealed bytes go.
"""

from __future__ import annotations

import time

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from familydesk.hub import objects
from familydesk.hub.log import Tail, move_tail
from familydesk.hub.roll import Roll
from familydesk.hub.tables import CENTER, DEVICE, ENVELOPE, OBJECT
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.snapshot import Manifest, Reached, endorsed_by, is_endorsed, is_manifest, read_manifest
from familydesk.sync.wire.words import ObjectKind

LONG = 400 * 24 * 60 * 60 * 1000
"""Milliseconds after which a log is cut even where nobody was erased."""
KIND = ObjectKind.SNAPSHOT


def follow(connection: Connection, center: bytes, roll: Roll, name: str) -> None:
    """After an object of a snapshot has come: cut the log if all laptops have said what the snapshot is."""
    found = _manifest(connection, center, roll, name.partition("-")[0])
    if found is None or not _fits(connection, center, found):
        return
    _begin(connection, center, found)
    if _is_complete(connection, center, roll, found) and _is_due(connection, center, roll, found):
        _let_go(connection, center, found)


def _manifest(connection: Connection, center: bytes, roll: Roll, name: str) -> Manifest | None:
    """A snapshot that a head's laptop has made."""
    content = objects.get(connection, center, KIND, name) if is_manifest(name) else None
    try:
        found = read_manifest(content or b"")
    except Defect:
        return None
    known = roll.laptops().get(found.device)
    good = found.name == name and found.center == center and known is not None and known.leads
    return found if good and known and found.signed_by(known.public) else None


def _is_complete(connection: Connection, center: bytes, roll: Roll, found: Manifest) -> bool:
    lacking = roll.laptops().keys() - {found.device}
    for name in objects.names(connection, center, KIND):
        device = endorsed_by(found.id, name)
        known = roll.laptops().get(device) if device else None
        content = objects.get(connection, center, KIND, name) if known else None
        if known and content and is_endorsed(found.id, known.id, known.public, content):
            lacking -= {known.id}
    return not lacking


def _fits(connection: Connection, center: bytes, found: Manifest) -> bool:
    """Whether what it stands for is what lies here, as far as that is here."""
    return all(_fits_one(connection, center, one) for one in found.reached)


def _fits_one(connection: Connection, center: bytes, one: Reached) -> bool:
    place = ENVELOPE.c.center == center, ENVELOPE.c.device == one.device, ENVELOPE.c.seq == one.seq
    hash = connection.execute(select(ENVELOPE.c.hash).where(*place)).scalar_one_or_none()
    return hash is None or bytes(hash) == one.hash


def _is_due(connection: Connection, center: bytes, roll: Roll, found: Manifest) -> bool:
    """Whether something lies here from before an erasure that the snapshot has carried out, or it is old."""
    if found.wall < time.time() * 1000 - LONG:
        return True
    erasures = roll.erasures()
    if not erasures or found.erasures < len(erasures):
        return False
    oldest = connection.execute(select(func.min(ENVELOPE.c.arrived)).where(_reached(center, found))).scalar_one()
    ordered = OBJECT.c.center == center, OBJECT.c.kind == ObjectKind.STATEMENT.value, OBJECT.c.name.in_(erasures)
    newest = connection.execute(select(func.max(OBJECT.c.arrived)).where(*ordered)).scalar_one()
    # By this hub's own clock: a laptop's may be wrong.
    return oldest is not None and newest is not None and oldest <= newest


def _begin(connection: Connection, center: bytes, found: Manifest) -> None:
    """Where the laptops have cut already what never came here, their work goes on from the snapshot."""
    query = select(DEVICE.c.id, DEVICE.c.seq).where(DEVICE.c.center == center)
    have = {bytes(row.id): row.seq for row in connection.execute(query)}
    for one in found.bases:
        if have.get(one.device, 0) < one.seq:
            move_tail(connection, center, one.device, Tail(one.seq, one.hash))


def _reached(center: bytes, found: Manifest) -> ColumnElement[bool]:
    """The envelopes for which it stands and whose bytes are here."""
    within = [and_(ENVELOPE.c.device == one.device, ENVELOPE.c.seq <= one.seq) for one in found.reached]
    return and_(ENVELOPE.c.center == center, ENVELOPE.c.size > 0, or_(*within))


def _let_go(connection: Connection, center: bytes, found: Manifest) -> None:
    """Leave of these envelopes only place and hash."""
    where = _reached(center, found)
    freed = connection.execute(select(func.coalesce(func.sum(ENVELOPE.c.size), 0)).where(where)).scalar_one()
    connection.execute(update(ENVELOPE).where(where).values(content=b"", size=0))
    connection.execute(update(CENTER).where(CENTER.c.id == center).values(bytes=CENTER.c.bytes - freed))
