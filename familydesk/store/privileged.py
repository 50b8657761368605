"""PRIVILEGED text: sealed for the one person it belongs to, inside the encrypted file that colleagues share.

A sealed text is text again (`fdp1:<owner>:<base64>`), so that it is captured, merged and backed up as any value.
XChaCha20-Poly1305 binds it to its place: moved to another record, field or owner it no longer opens.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.secret import Aead

MARK = "fdp1:"


class Privileged:
    """The privileged keys at hand: one's own; everyone's after the recovery key. `owner` is who seals.

    Of several keys of one person, one after another, the first seals and all open.
    """

    def __init__(self, owner: UUID, keys: Mapping[UUID, bytes]) -> None:
        self.owner = owner
        self._boxes = {account: _boxes(row) for account, row in keys.items()}

    def seal(self, sheet: str, record: UUID, field: str, text: str | None) -> str | None:
        """`text` sealed for the owner, bound to its place. Nothing stays nothing."""
        if not text:
            return None
        sealed = self._boxes[self.owner][0].encrypt(text.encode(), _place(sheet, record, field, self.owner))
        return f"{MARK}{self.owner.hex}:{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, sheet: str, record: UUID, field: str, token: str | None) -> str | None:
        """The text; None if it is somebody else's, stands in another place, or is damaged. Never an exception."""
        owner = owner_of(token)
        if token is None or owner is None:
            return None
        for box in self._boxes.get(owner, ()):
            try:
                sealed = base64.urlsafe_b64decode(token.rpartition(":")[2].encode())
                return box.decrypt(sealed, _place(sheet, record, field, owner)).decode()
            except (CryptoError, ValueError, binascii.Error):
                continue
        return None

    def reads(self, token: str | None) -> bool:
        """Whether this is a text of somebody whose key is at hand."""
        return owner_of(token) in self._boxes


def _boxes(row: bytes) -> tuple[Aead, ...]:
    return tuple(Aead(row[start : start + Aead.KEY_SIZE]) for start in range(0, len(row), Aead.KEY_SIZE))


def is_sealed(value: object) -> bool:
    """Whether `value` looks like a sealed text."""
    return isinstance(value, str) and value.startswith(MARK)


def owner_of(token: str | None) -> UUID | None:
    """Whose text it is; None if it is no sealed text."""
    if token is None or not is_sealed(token):
        return None
    try:
        return UUID(hex=token[len(MARK) :].partition(":")[0])
    except ValueError:
        return None


def _place(sheet: str, record: UUID, field: str, owner: UUID) -> bytes:
    return "|".join((MARK, sheet, field, record.hex, owner.hex)).encode()
