"""What a referral takes along so that its answer finds the way back: sealed under the sender's own epoch key.

    epoch (8) | nonce and ciphertext of: record 16, the center it went to 16, sending 16

Only laptops of the sending center read it, each of them: an answer may arrive at another one than the referral left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from familydesk.store.sealing import seal, unseal
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.digests import ID_BYTES

_EPOCH = 8


@dataclass(frozen=True, slots=True)
class Way:
    """Which referral it was (the record's id), to whom it went, and under which name."""

    record: UUID
    to: bytes
    sending: bytes

    def token(self, center: bytes, keys: Mapping[int, bytes]) -> bytes:
        """The token, under the newest of the keys of `center`."""
        epoch = max(keys)
        content = self.record.bytes + self.to + self.sending
        return epoch.to_bytes(_EPOCH, "big") + seal(keys[epoch], _context(center), content)

    @classmethod
    def read(cls, token: bytes, center: bytes, keys: Mapping[int, bytes]) -> Way | None:
        """From a token that came back; None if its key is not here. Defect if `center` never made it."""
        key = keys.get(int.from_bytes(token[:_EPOCH], "big"))
        if key is None:
            return None
        content = unseal(key, _context(center), token[_EPOCH:])
        if content is None:
            raise Defect("a token that this center never made")
        record, to, sending = (content[start : start + ID_BYTES] for start in range(0, 3 * ID_BYTES, ID_BYTES))
        return cls(UUID(bytes=record), to, sending)


def _context(center: bytes) -> dict[str, Any]:
    return {"what": "familydesk referral token 1", "center": center.hex()}
