"""The bytes of attachments: sealed piece by piece under a key of their own, inside the encrypted file.

They are written in the caller's transaction, together with their record: a program killed meanwhile, a full disk or a
cancelled reading leaves the whole attachment or nothing of it, and there is nothing to tidy up.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from nacl.utils import random
from sqlalchemy import Connection, delete, insert, select

from familydesk.core.errors import Weather
from familydesk.core.i18n import N_
from familydesk.store.capture import WHOLE
from familydesk.store.case_keys import CaseKeys
from familydesk.store.sealed_records import CONTENT_KEY
from familydesk.store.sealing import seal, unseal
from familydesk.store.tables import ATTACHMENT_CHUNK, ATTACHMENT_CONTENT, CHANGE

PIECE = 256 * 1024
"""Bytes in one sealed piece: small enough to stop between two, large enough that the seals cost nothing."""
KEY_BYTES = 32
MARK = "fda1:"
"""What a key in the table begins with."""

LARGEST = 1024 * PIECE
"""Bytes that any content may have; what may be attached is far less."""

Report = Callable[[int, int], None]
"""Told how many bytes are done and of how many; whatever it raises undoes everything."""


@dataclass(frozen=True, slots=True)
class Lying:
    """How a content lies in the store: its key as the table has it, how many pieces and bytes."""

    key: str
    pieces: int
    size: int

    @property
    def possible(self) -> bool:
        """Whether a content can lie so."""
        numbers = type(self.pieces) is int and type(self.size) is int and type(self.key) is str
        return numbers and 0 <= self.size <= LARGEST and self.pieces == -(-self.size // PIECE)


def put(
    connection: Connection,
    keys: CaseKeys,
    case: UUID,
    attachment: UUID,
    content: bytes,
    report: Report = lambda done, total: None,
) -> None:
    """Seal `content` as that of `attachment`, which belongs to `case` and has none yet."""
    key, size = random(KEY_BYTES), len(content)
    pieces = -(-size // PIECE)
    head = {"attachment": attachment.hex, "key": _wrapped(keys, case, attachment, key), "pieces": pieces, "size": size}
    connection.execute(insert(ATTACHMENT_CONTENT).values(head))
    for at in range(pieces):
        part = content[at * PIECE : (at + 1) * PIECE]
        sealed = seal(key, _bound(attachment, at, pieces, size), part)
        row = {"attachment": attachment.hex, "piece": at, "sealed": sealed}
        connection.execute(insert(ATTACHMENT_CHUNK).values(row))
        report(min((at + 1) * PIECE, size), size)


def pieces(connection: Connection, keys: CaseKeys, attachment: UUID) -> Iterator[bytes]:
    """The content, piece by piece, each checked. Weather if it is not here, not for who asks, or damaged."""
    head = lying(connection, attachment)
    if head is None:
        raise not_here()
    if not head.possible:
        raise damaged()
    key = _unwrapped(keys, attachment, head.key)
    if key is None:
        raise Weather(N_("This attachment is sealed for other people."), N_("Ask whoever is responsible for the case."))
    for at in range(head.pieces):
        sealed = _sealed(connection, attachment, at)
        part = unseal(key, _bound(attachment, at, head.pieces, head.size), sealed) if sealed else None
        if part is None:
            raise damaged()
        yield part


def whole(connection: Connection, keys: CaseKeys, attachment: UUID) -> bytes:
    """All of it, as it was attached. Weather as for `pieces`, and if these are other bytes than were attached.

    Whoever opens the store can seal other bytes as well as the program does, and can write another fingerprint on the
    record. So what counts is the beginning of the record in the change log, for which a signed event vouches.
    """
    content = b"".join(pieces(connection, keys, attachment))
    if fingerprint(content) != _attached(connection, keys, attachment):
        raise exchanged()
    return content


def fingerprint(content: bytes) -> str:
    """SHA-256 in hex, as any computer can count it anew over a copy that was given out."""
    return sha256(content).hexdigest()


def is_there(connection: Connection, attachment: UUID) -> bool:
    """Whether its content lies in this store."""
    return _head(connection, attachment) is not None


def lying(connection: Connection, attachment: UUID) -> Lying | None:
    """How it lies here, to be handed to another laptop; None if it does not."""
    head = _head(connection, attachment)
    return Lying(head.key, head.pieces, head.size) if head else None


def piece(connection: Connection, attachment: UUID, at: int) -> bytes:
    """One sealed piece as it lies here. Weather if it is not here."""
    sealed = _sealed(connection, attachment, at)
    if sealed is None:
        raise damaged()
    return bytes(sealed)


def may_be(keys: CaseKeys, attachment: UUID, found: Lying, at: int, sealed: bytes) -> bool:
    """Whether a piece that came is that piece. Of a restricted case that does not open here nobody can tell."""
    key = _unwrapped(keys, attachment, found.key)
    return key is None or unseal(key, _bound(attachment, at, found.pieces, found.size), sealed) is not None


def may_be_attached(
    connection: Connection, keys: CaseKeys, attachment: UUID, found: Lying, sealed: Iterable[bytes]
) -> bool:
    """Whether pieces that came, each of which `may_be` in its place, make up what was attached. Of a restricted case
    that does not open here nobody can tell.
    """
    key, attached = _unwrapped(keys, attachment, found.key), _attached(connection, keys, attachment)
    if key is None or attached is None:
        return True
    parts = (unseal(key, _bound(attachment, at, found.pieces, found.size), one) for at, one in enumerate(sealed))
    return fingerprint(b"".join(part or b"" for part in parts)) == attached


def lay_down(connection: Connection, attachment: UUID, found: Lying, sealed: Sequence[bytes]) -> None:
    """Keep a content as it lay on another laptop. One that is here stays."""
    if is_there(connection, attachment):
        return
    head = {"attachment": attachment.hex, "key": found.key, "pieces": found.pieces, "size": found.size}
    connection.execute(insert(ATTACHMENT_CONTENT).values(head))
    for at, one in enumerate(sealed):
        connection.execute(insert(ATTACHMENT_CHUNK).values(attachment=attachment.hex, piece=at, sealed=one))


def erase(connection: Connection, attachments: Iterable[UUID]) -> None:
    """Take the content and the keys of these attachments out of the store; nothing opens them again."""
    for one in attachments:
        for table in (ATTACHMENT_CHUNK, ATTACHMENT_CONTENT):
            connection.execute(delete(table).where(table.c.attachment == one.hex))


def not_here() -> Weather:
    """The record is known and the bytes are not."""
    return Weather(
        N_("The content of this attachment is not on this computer."),
        N_("Look on the computer where it was added, or add it again."),
    )


def damaged() -> Weather:
    """Bytes that no longer open."""
    return Weather(
        N_("This attachment is damaged and cannot be shown."), N_("Restore a backup, or add it again from the paper.")
    )


def exchanged() -> Weather:
    """Bytes that open and are not those that were attached."""
    return Weather(
        N_("This is not the file that was attached: somebody has put another in its place."),
        N_("Do not use it. Tell the head of the center, and take the file from a backup or from the paper."),
    )


def _attached(connection: Connection, keys: CaseKeys, attachment: UUID) -> str | None:
    """The fingerprint with which the record began."""
    query = (
        select(CHANGE.c.value)
        .where(CHANGE.c.record == attachment.hex, CHANGE.c.field == WHOLE)
        .order_by(CHANGE.c.seq)
        .limit(1)
    )
    try:
        row = keys.text("attachment", attachment.hex, WHOLE, connection.scalar(query))
        return json.loads(row or "{}").get("digest")
    except (AttributeError, TypeError, ValueError):
        return None


def _wrapped(keys: CaseKeys, case: UUID, attachment: UUID, key: bytes) -> str:
    """The key as it lies in the table, the one place that puts it there: as it is, for whoever opens the store opens
    an ordinary case; of a restricted one sealed under the case's key. Restricting a case later seals it likewise.
    """
    text = MARK + key.hex()
    restricted = keys.current(case.hex) is not None
    return keys.token(case.hex, "attachment", attachment.hex, CONTENT_KEY, text) if restricted else text


def _unwrapped(keys: CaseKeys, attachment: UUID, wrapped: str) -> bytes | None:
    # SQLite keeps bytes where a text belongs, if another hand puts them there.
    text = keys.text("attachment", attachment.hex, CONTENT_KEY, wrapped) if isinstance(wrapped, str) else None
    if text is None or not text.startswith(MARK):
        return None
    try:
        return bytes.fromhex(text.removeprefix(MARK))
    except ValueError:
        return None


def _head(connection: Connection, attachment: UUID) -> Any:
    return connection.execute(
        select(ATTACHMENT_CONTENT).where(ATTACHMENT_CONTENT.c.attachment == attachment.hex)
    ).first()


def _sealed(connection: Connection, attachment: UUID, at: int) -> bytes | None:
    table = ATTACHMENT_CHUNK
    query = select(table.c.sealed).where(table.c.attachment == attachment.hex, table.c.piece == at)
    found = connection.execute(query).scalar()
    return found if isinstance(found, bytes) else None


def _bound(attachment: UUID, at: int, pieces: int, size: int) -> dict[str, Any]:
    """A piece opens only in its own place of an attachment with this many pieces and bytes."""
    return {
        "what": "familydesk attachment 1",
        "attachment": attachment.hex,
        "piece": at,
        "pieces": pieces,
        "size": size,
    }
