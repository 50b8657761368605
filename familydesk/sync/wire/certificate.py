"""A center's certificate: the public key that began its list of members, as one line that can be sent by any road.

    familydesk center 1 <key, 64 hexadecimal digits>[ <key to which one seals what is for the center, the same>]

It is believed because it was handed over by somebody who is known, or because its fingerprint was read aloud.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.digests import center_id

LARGEST = 256
"""Bytes that a file may have which is to be read as one."""
_FORM = re.compile(rb"familydesk center 1 ([0-9a-f]{64})(?: ([0-9a-f]{64}))?\s*")


@dataclass(frozen=True, slots=True)
class Certificate:
    """One center. `anchor` is an Ed25519 key, 32 bytes; `sealing` an X25519 key, empty where none is told."""

    anchor: bytes
    sealing: bytes = b""

    @property
    def center(self) -> bytes:
        """By which envelopes name the center: 16 bytes."""
        return center_id(self.anchor)

    @property
    def content(self) -> bytes:
        """As it is sent."""
        told = f" {self.sealing.hex()}" if self.sealing else ""
        return f"familydesk center 1 {self.anchor.hex()}{told}\n".encode()


def read(content: bytes) -> Certificate:
    """A certificate from its bytes. Defect if they are none."""
    found = _FORM.fullmatch(content) if len(content) <= LARGEST else None
    if found is None:
        raise Defect("not the certificate of a center")
    return Certificate(bytes.fromhex(found[1].decode()), bytes.fromhex((found[2] or b"").decode()))
