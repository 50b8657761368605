"""What the membership log says of laptops and signatures (`identity.Trust`)."""

from __future__ import annotations

from uuid import UUID

from familydesk.sync.identity import Device, Standing
from familydesk.sync.wire.membership import Membership


class ListedTrust:
    """By one state of the log; read anew when the log has grown."""

    def __init__(self, log: Membership) -> None:
        self._log = log

    def device(self, device: bytes) -> Device | None:
        """A laptop that a head has vouched for, cut off or not."""
        laptop = self._log.laptops.get(device)
        if laptop is None:
            return None
        cut = self._log.cuts.get(device)
        end = (cut.seq, cut.hash) if cut else (None, b"")
        return Device(device, laptop.public, laptop.account, laptop.block, *end)

    def signing_publics(self, account: UUID) -> frozenset[bytes]:
        """Every key by which a person's signature is or was known (Ed25519)."""
        return self._log.keys.get(account, frozenset())

    def standing(self, device: bytes, seq: int, hash: bytes) -> Standing:
        """What becomes of this envelope: the same on every laptop that knows the same statements."""
        accepted = self._log.accepts(device, seq, hash)
        if accepted is None:
            return Standing.UNKNOWN
        return Standing.ACCEPTED if accepted else Standing.QUARANTINED
