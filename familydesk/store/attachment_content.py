"""The bytes of attachments: sealed piece by piece under a key of their own, inside the encrypted file.

They are written in the caller's transaction, together with their record: a program killed meanwhile, a full disk or a
cancelled reading leaves the whole attachment or nothing of it, and there is nothing to tidy up.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
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

Report = Callable[[int, int], None]
"""Told how many bytes are done and of how many; whatever it raises undoes everything."""


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
    head = _head(connection, attachment)
    if head is None:
        raise not_here()
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
    row = keys.text("attachment", attachment.hex, WHOLE, connection.scalar(query))
    try:
        return json.loads(row or "{}").get("digest")
    except ValueError:
        return None


def _wrapped(keys: CaseKeys, case: UUID, attachment: UUID, key: bytes) -> str:
    """The key as it lies in the table, the one place that puts it there: as it is, for whoever opens the store opens
    an ordinary case; of a restricted one sealed under the case's key. Restricting a case later seals it likewise.
    """
    text = MARK + key.hex()
    restricted = keys.current(case.hex) is not None
    return keys.token(case.hex, "attachment", attachment.hex, CONTENT_KEY, text) if restricted else text


def _unwrapped(keys: CaseKeys, attachment: UUID, wrapped: str) -> bytes | None:
    text = keys.text("attachment", attachment.hex, CONTENT_KEY, wrapped)
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
