"""The bytes of attachments: sealed piece by piece under a key of their own, inside the encrypted file.

They are written in the caller's transaction, together with their record: a program killed meanwhile, a full disk or a
cancelled reading leaves the whole attachment or nothing of it, and there is nothing to tidy up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol
from uuid import UUID

from nacl.utils import random
from sqlalchemy import Connection, delete, insert, select

from familydesk.core.errors import Weather
from familydesk.core.i18n import N_
from familydesk.store.sealing import seal, unseal
from familydesk.store.tables import ATTACHMENT_CHUNK, ATTACHMENT_CONTENT

PIECE = 256 * 1024
"""Bytes in one sealed piece: small enough to stop between two, large enough that the seals cost nothing."""
KEY_BYTES = 32

Report = Callable[[int, int], None]
"""Told how many bytes are done and of how many; whatever it raises undoes everything."""


class Wrapping(Protocol):
    """The one place where the key of an attachment is put away and taken out again."""

    def wrap(self, attachment: UUID, key: bytes) -> str:
        """The key as it lies in the table."""

    def unwrap(self, attachment: UUID, wrapped: str) -> bytes | None:
        """The key; None if it is not for who asks."""


class InTheStore:
    """Of an ordinary case: whoever opens the store opens its attachments, so the key needs no further seal."""

    MARK = "fda1:"

    def wrap(self, attachment: UUID, key: bytes) -> str:
        """Marked, so that a key wrapped in another way is told apart from it."""
        return self.MARK + key.hex()

    def unwrap(self, attachment: UUID, wrapped: str) -> bytes | None:
        """The key; None if it was wrapped in another way."""
        try:
            return bytes.fromhex(wrapped.removeprefix(self.MARK)) if wrapped.startswith(self.MARK) else None
        except ValueError:
            return None


IN_THE_STORE = InTheStore()


def put(
    connection: Connection,
    attachment: UUID,
    content: bytes,
    report: Report = lambda done, total: None,
    wrapping: Wrapping = IN_THE_STORE,
) -> None:
    """Seal `content` as that of `attachment`, which has none yet."""
    key, size = random(KEY_BYTES), len(content)
    pieces = -(-size // PIECE)
    wrapped = wrapping.wrap(attachment, key)
    head = {"attachment": attachment.hex, "key": wrapped, "pieces": pieces, "size": size}
    connection.execute(insert(ATTACHMENT_CONTENT).values(head))
    for at in range(pieces):
        part = content[at * PIECE : (at + 1) * PIECE]
        sealed = seal(key, _bound(attachment, at, pieces, size), part)
        row = {"attachment": attachment.hex, "piece": at, "sealed": sealed}
        connection.execute(insert(ATTACHMENT_CHUNK).values(row))
        report(min((at + 1) * PIECE, size), size)


def pieces(connection: Connection, attachment: UUID, wrapping: Wrapping = IN_THE_STORE) -> Iterator[bytes]:
    """The content, piece by piece, each checked. Weather if it is not here, not for who asks, or damaged."""
    head = _head(connection, attachment)
    if head is None:
        raise not_here()
    key = wrapping.unwrap(attachment, head.key)
    if key is None:
        raise Weather(N_("This attachment is sealed for other people."), N_("Ask whoever is responsible for the case."))
    for at in range(head.pieces):
        sealed = _sealed(connection, attachment, at)
        part = unseal(key, _bound(attachment, at, head.pieces, head.size), sealed) if sealed else None
        if part is None:
            raise damaged()
        yield part


def is_there(connection: Connection, attachment: UUID) -> bool:
    """Whether its content lies in this store."""
    return _head(connection, attachment) is not None


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


def _head(connection: Connection, attachment: UUID) -> Any:
    return connection.execute(
        select(ATTACHMENT_CONTENT).where(ATTACHMENT_CONTENT.c.attachment == attachment.hex)
    ).first()


def _sealed(connection: Connection, attachment: UUID, at: int) -> bytes | None:
    table = ATTACHMENT_CHUNK
    query = select(table.c.sealed).where(table.c.attachment == attachment.hex, table.c.piece == at)
    return connection.execute(query).scalar()


def _bound(attachment: UUID, at: int, pieces: int, size: int) -> dict[str, Any]:
    """A piece opens only in its own place of an attachment with this many pieces and bytes."""
    return {
        "what": "familydesk attachment 1",
        "attachment": attachment.hex,
        "piece": at,
        "pieces": pieces,
        "size": size,
    }
