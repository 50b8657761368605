"""The changes of one stream in one envelope, compressed by themselves and sealed under the stream's key.

Whoever has the center's key and not the stream's hands a section on as the bytes it is. It is bound to its stream, its
key and the envelope's place in its device's series: moved anywhere else it does not open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nacl.exceptions import CryptoError
from nacl.secret import Aead

from familydesk.sync.wire import bounds
from familydesk.sync.wire.bounds import Defect, TooLarge
from familydesk.sync.wire.change import Change, Version
from familydesk.sync.wire.coding import decoded, deflated, encoded, inflated
from familydesk.sync.wire.digests import ID_BYTES
from familydesk.sync.wire.envelope import Header

_CONTEXT = b"familydesk section 1"
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Section:
    """As it travels: the ids of its stream and key, 16 bytes each, and a nonce with the ciphertext after it."""

    stream: bytes
    key: bytes
    sealed: bytes = field(repr=False)
    size: int = field(default=bounds.INFLATED, compare=False)
    """Bytes to which it unfolds; of one that came, at most."""

    @classmethod
    def seal(cls, header: Header, stream: bytes, key: tuple[bytes, bytes], changes: Sequence[Change]) -> Section:
        """Seal changes of the envelope's device. `key` is the id and the key. TooLarge if nobody would unfold it."""
        name, secret = key
        content = encoded([_row(change) for change in changes])
        if len(content) > bounds.INFLATED or any(len(one.replaces) > bounds.REPLACES for one in changes):
            raise TooLarge("a section that is too large")
        sealed = bytes(Aead(secret).encrypt(deflated(content), _context(header, stream, name)))
        return cls(stream, name, sealed, len(content))

    def opened(self, header: Header, secret: bytes) -> list[Change]:
        """The changes. Defect if the key is another one, the section is out of its place, or they have no such form."""
        try:
            content = Aead(secret).decrypt(self.sealed, _context(header, self.stream, self.key))
        except (CryptoError, ValueError) as error:
            raise Defect("a section that its key does not open") from error
        rows = decoded(inflated(content, self.size))
        if not isinstance(rows, list) or not 0 < len(rows) <= bounds.CHANGES:
            raise Defect("a section without changes, or with too many")
        return [_change(row, header.device) for row in rows]

    def packed(self) -> list[bytes]:
        """As a row of the body, and as it is laid aside while its key is not here."""
        return [self.stream, self.key, self.sealed]

    @classmethod
    def read(cls, row: Any) -> Section:
        """From a row of the body. Defect if it has another form."""
        if not isinstance(row, list) or len(row) != 3 or not all(isinstance(part, bytes) for part in row):
            raise Defect("a section of another form")
        section = cls(*row)
        if len(section.stream) != ID_BYTES or len(section.key) != ID_BYTES:
            raise Defect("a section with an id of another length")
        return section


def shared(sections: Sequence[Section]) -> tuple[Section, ...]:
    """The sections of one envelope, each with its share of what all may unfold to, by their lengths as they came.

    So it is known of each, whichever of the others open here.
    """
    length = sum(len(one.sealed) for one in sections)
    return tuple(replace(one, size=bounds.INFLATED * len(one.sealed) // max(length, 1)) for one in sections)


def _context(header: Header, stream: bytes, key: bytes) -> bytes:
    return _CONTEXT + header.center + header.device + header.seq.to_bytes(8, "big") + stream + key


def _row(change: Change) -> list[Any]:
    replaces = [[version.device, version.clock] for version in change.replaces]
    clock, transaction = change.version.clock, change.transaction
    return [change.sheet, change.record, change.field, change.value, clock, replaces, transaction]


def _change(row: Any, device: bytes) -> Change:
    if not isinstance(row, list) or len(row) != 7:
        raise Defect("a change of another form")
    sheet, record, name, value, clock, replaces, transaction = row
    texts = type(sheet) is str and type(name) is str and (value is None or type(value) is str)
    if not texts or not _is_id(record) or not _is_stamp(clock) or not _is_stamp(transaction):
        raise Defect("a change of another form")
    version, former = Version(clock, device), _versions(replaces)
    if version in former:
        raise Defect("a change that replaces itself")
    return Change(sheet, record, name, value, version, former, transaction)


def _versions(pairs: Any) -> tuple[Version, ...]:
    if not isinstance(pairs, list) or len(pairs) > bounds.REPLACES:
        raise Defect("a change of another form")
    return tuple(_version(pair) for pair in pairs)


def _version(pair: Any) -> Version:
    if not isinstance(pair, list) or len(pair) != 2 or not _is_id(pair[0]) or not _is_stamp(pair[1]):
        raise Defect("a version of another form")
    return Version(pair[1], pair[0])


def _is_id(value: Any) -> bool:
    return type(value) is bytes and len(value) == ID_BYTES


def _is_stamp(value: Any) -> bool:
    return type(value) is int and 0 <= value <= _LARGEST
