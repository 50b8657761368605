"""The bytes of attachments on their way: the pieces as they lie here, and for each attachment a note of what they are.

    note    sealed under the key of the case's stream: [key of the pieces as it lies here, how many pieces, bytes]
    piece   as it lies here: sealed under a key of that attachment alone (store/attachment_content)

Names are digests of the attachment's id under the stream's key: who has the key finds them, and nobody else sees which
pieces belong together. The note is left last, so where it lies all pieces do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from familydesk.store import attachment_content
from familydesk.store.attachment_content import Lying
from familydesk.store.case_keys import CaseKeys, is_token
from familydesk.store.database import Database
from familydesk.store.sealed_records import CONTENT_KEY
from familydesk.store.sealing import seal, unseal
from familydesk.sync.enclosures import Enclosures
from familydesk.sync.keyring import StreamKeys
from familydesk.sync.peer import ObjectKind, Peer
from familydesk.sync.streams import stream_of, streams_of
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.coding import decoded, encoded
from familydesk.sync.wire.digests import digest

_WHAT = "familydesk attachment content 1"
_HERE = "SELECT attachment FROM attachment_content ORDER BY rowid"
_LACKING = """SELECT id FROM
    (SELECT id FROM attachment UNION SELECT record FROM sealed_record WHERE sheet = 'attachment')
    WHERE id NOT IN (SELECT attachment FROM attachment_content)"""
_KEYS = "SELECT key FROM stream_key WHERE stream = ? AND destroyed = 0 ORDER BY key"

Moved = Callable[[int], None]
"""Told how many bytes went or came; whatever it raises stops the work between two pieces."""


class Contents:
    """Those of one store."""

    def __init__(self, database: Database, center: bytes, epoch_keys: Callable[[], Mapping[int, bytes]]) -> None:
        self._database = database
        self._center = center
        self._epoch_keys = epoch_keys

    def state(self) -> str:
        """Changes whenever there is something new to hand on, or something more is lacking."""
        with self._database.connection() as connection:
            here = connection.exec_driver_sql("SELECT count(*), max(rowid) FROM attachment_content").one()
            lacking = connection.exec_driver_sql(f"SELECT count(*) FROM ({_LACKING})").scalar_one()
        return f"{here[0]}.{here[1] or 0}.{lacking}"

    # In

    def fetch(self, peer: Peer, there: frozenset[str], moved: Moved) -> int:
        """Bring what lies at the peer and is not here; how many attachments are not what they should be."""
        with self._database.connection() as connection:
            lacking = list(connection.exec_driver_sql(_LACKING).scalars()) if there else []
            found = {UUID(one): list(self._places(connection, UUID(one), there)) for one in lacking}
        return sum(
            not any(self._bring(peer, attachment, secret, moved) for secret in secrets)
            for attachment, secrets in found.items()
            if secrets
        )

    def _places(self, connection: Connection, attachment: UUID, there: frozenset[str]) -> Iterator[bytes]:
        """Those keys of its stream under which a note of the attachment lies at the peer."""
        return (one for one in self._secrets(connection, attachment) if _name(one, attachment) in there)

    def _bring(self, peer: Peer, attachment: UUID, secret: bytes, moved: Moved) -> bool:
        note = peer.get(ObjectKind.CHUNK, _name(secret, attachment))
        lying = _read(secret, attachment, note) if note else None
        if lying is None:
            return False
        pieces: list[bytes] = []
        for at in range(lying.pieces):
            piece = peer.get(ObjectKind.CHUNK, _name(secret, attachment, at))
            if piece is None or not attachment_content.may_be(self._database.case_keys, attachment, lying, at, piece):
                return False
            pieces.append(piece)
            moved(len(piece))
        with self._database.write(whole=True) as session:
            connection, keys = session.connection(), self._database.case_keys
            # Whoever has the stream's key can leave other bytes under these names, before their owner does.
            if not attachment_content.may_be_attached(connection, keys, attachment, lying, pieces):
                return False
            attachment_content.lay_down(connection, attachment, _enclosed(connection, keys, attachment, lying), pieces)
            self._database.touch({"attachment"})
        return True

    # Out

    def lacking_at(self, there: frozenset[str]) -> list[UUID]:
        """The attachments whose bytes are here and not at a peer that has these objects; none without any key."""
        if not self._epoch_keys():
            return []
        with self._database.connection() as connection:
            here = [UUID(one) for one in connection.exec_driver_sql(_HERE).scalars()]
            return [one for one in here if not any(self._places(connection, one, there))]

    def leave(self, peer: Peer, attachment: UUID, there: frozenset[str], moved: Moved) -> None:
        """Hand one over; what was left of it before is not sent again."""
        secret = self._writing(attachment)
        with self._database.connection() as connection:
            lying = attachment_content.lying(connection, attachment)
        if lying is None:
            return
        for at in range(lying.pieces):
            name = _name(secret, attachment, at)
            if name not in there:
                with self._database.connection() as connection:
                    piece = attachment_content.piece(connection, attachment, at)
                peer.put(ObjectKind.CHUNK, name, piece)
                moved(len(piece))
        peer.put(ObjectKind.CHUNK, _name(secret, attachment), _note(secret, attachment, lying))

    # Keys

    def _writing(self, attachment: UUID) -> bytes:
        with self._database.connection(write=True) as connection:
            keys = StreamKeys(connection, self._center, self._epoch_keys())
            secret = keys.writing_key(_stream(connection, attachment))[1]
            keys.bundle()
        return secret

    def _secrets(self, connection: Connection, attachment: UUID) -> Iterator[bytes]:
        stream = _stream(connection, attachment)
        keys = StreamKeys(connection, self._center, self._epoch_keys())
        for (name,) in connection.exec_driver_sql(_KEYS, (stream.hex(),)).all():
            secret = keys.stream_key(stream, bytes.fromhex(name))
            if secret is not None:
                yield secret


def _enclosed(connection: Connection, keys: CaseKeys, attachment: UUID, lying: Lying) -> Lying:
    """As it lies here: where its case is restricted, its key is sealed, though it may have been left before that."""
    enclosures = Enclosures(connection, keys)
    enclosures.look_up([attachment.hex])
    case = enclosures.of(attachment.hex)
    if case is None or is_token(lying.key):
        return lying
    return replace(lying, key=keys.token(case, "attachment", attachment.hex, CONTENT_KEY, lying.key))


def _stream(connection: Connection, attachment: UUID) -> bytes:
    return stream_of(streams_of(connection, [("attachment", attachment.hex)]), attachment.hex)


def _name(secret: bytes, attachment: UUID, piece: int | None = None) -> str:
    """Of a piece; without a number that of the note."""
    place = b"" if piece is None else piece.to_bytes(4, "big")
    return digest(secret + attachment.bytes + place, b"fd-content").hex()


def _note(secret: bytes, attachment: UUID, lying: Lying) -> bytes:
    return seal(secret, _bound(attachment), encoded([lying.key, lying.pieces, lying.size]))


def _read(secret: bytes, attachment: UUID, note: bytes) -> Lying | None:
    """None if it is no note of this attachment."""
    content = unseal(secret, _bound(attachment), note)
    try:
        found = decoded(content) if content is not None else None
    except Defect:
        return None
    lying = Lying(*found) if isinstance(found, list) and len(found) == 3 else None
    return lying if lying and lying.possible else None


def _bound(attachment: UUID) -> dict[str, Any]:
    return {"what": _WHAT, "attachment": attachment.hex}
