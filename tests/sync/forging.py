"""What somebody can send who holds the keys of a laptop of the center, of a person and of the epoch."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path

from familydesk.services.office import Office
from familydesk.sync.keyring import StreamKeys
from familydesk.sync.wire import envelope
from familydesk.sync.wire.body import Body, Clock
from familydesk.sync.wire.change import Change, Version
from familydesk.sync.wire.envelope import FIRST, Envelope, Header
from familydesk.sync.wire.section import Section
from familydesk.sync.wire.stream_key import StreamKey, bundle

CENTER_STREAM = bytes(16)


class Forger:
    """Writes by hand behind what a laptop has sent."""

    def __init__(self, office: Office) -> None:
        own = office.center.identity
        assert own.person_key is not None
        self.center, self.device = own.center, own.device
        self._device_key, self._person_key, self._account = own.device_key, own.person_key, own.account
        self._epochs = dict(office.center.epoch_keys)
        query = "SELECT seq, hash FROM envelope WHERE device = ? ORDER BY seq DESC LIMIT 1"
        with office.database.connection() as connection:
            row = connection.exec_driver_sql(query, (self.device.hex(),)).first()
            key = StreamKeys(connection, self.center, self._epochs).known_key(CENTER_STREAM)
        self.seq, self.hash = (row.seq, bytes.fromhex(row.hash)) if row else (0, FIRST)
        self.center_key = StreamKey(CENTER_STREAM, key[1]) if key else StreamKey.fresh(CENTER_STREAM)
        self.clock = int(time.time() * 1000) << 16

    def change(
        self, record: bytes, field: str, value: str | None, replaces: Sequence[Version] = (), clock: int = 0
    ) -> Change:
        """A change of a person, newer than the one before."""
        self.clock = clock or self.clock + 1
        return Change("person", record, field, value, Version(self.clock, self.device), tuple(replaces), self.clock)

    def begun(self, record: bytes, surname: str) -> Change:
        """The beginning of a person's record."""
        return self.change(record, "", json.dumps({"surname": surname, "given": "Ая", "iin_absence": "NOT_RECORDED"}))

    def section(self, changes: Sequence[Change], key: StreamKey | None = None) -> Section:
        """A section of the envelope that comes next."""
        used = key or self.center_key
        header = Header(self.center, self.device, self.seq + 1, FIRST, 1)
        return Section.seal(header, used.stream, (used.id, used.secret), changes)

    def envelope(self, *sections: Section) -> Envelope:
        """The next envelope."""
        epoch = max(self._epochs)
        header = Header(self.center, self.device, self.seq + 1, self.hash, epoch)
        wall = int(time.time() * 1000)
        body = Body(self._account.bytes, self._account.bytes, bytes(32), wall, Clock.UNKNOWN, None, sections)
        sent = envelope.sealed(header, body.signed(header, self._person_key), self._epochs[epoch], self._device_key)
        self.seq, self.hash = sent.header.seq, sent.hash
        return sent

    def bundle(self, *keys: StreamKey) -> tuple[str, bytes]:
        """Keys as they travel: name and content."""
        epoch = max(self._epochs)
        return bundle([one.wrapped(self.center, epoch, self._epochs[epoch]) for one in keys])


def lay(stick: Path, *sent: Envelope) -> None:
    """Leave envelopes on a stick."""
    for one in sent:
        folder = _center(stick, one.header.center) / "log" / one.header.device.hex()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{one.header.seq:012}.fde").write_bytes(one.content)


def lay_key(stick: Path, center: bytes, name: str, content: bytes) -> None:
    """Leave a bundle of keys on a stick."""
    folder = keys_on(stick, center)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def keys_on(stick: Path, center: bytes) -> Path:
    """Where bundles of keys lie on a stick."""
    return _center(stick, center) / "object" / "key"


def _center(stick: Path, center: bytes) -> Path:
    return stick / f"familydesk-{center.hex()[:8]}"
