"""The hub's own key: laptops know it by the public half, and it signs what the hub says of its logs."""

from __future__ import annotations

import os
from pathlib import Path

from nacl.bindings import crypto_generichash_blake2b_salt_personal
from nacl.signing import SigningKey
from nacl.utils import random

from familydesk.core.errors import Weather
from familydesk.core.i18n import N_

FILE = "hub.key"
_SEED = 32


class HubKey:
    """The signing key, and a secret of its own by which the hub knows its passes again."""

    def __init__(self, seed: bytes) -> None:
        self.signing = SigningKey(seed)
        self.public = bytes(self.signing.verify_key)
        self._secret = crypto_generichash_blake2b_salt_personal(b"", _SEED, key=seed, person=b"fd-hub-passes")

    def mark(self, content: bytes, purpose: bytes) -> bytes:
        """32 bytes that only this hub can make of `content`."""
        return bytes(crypto_generichash_blake2b_salt_personal(content, 32, key=self._secret, person=purpose))


def hub_key(folder: Path) -> HubKey:
    """The key in the hub's folder, made at its first start and readable by its owner alone. Weather if it cannot be."""
    file = folder / FILE
    try:
        if not file.exists():
            _make(file)
        seed = file.read_bytes()
    except OSError as error:
        raise _closed() from error
    if len(seed) != _SEED:
        raise Weather(
            N_("The hub's key file is damaged."),
            N_("Put back the file hub.key from the copy that was kept of it: laptops know the hub by it."),
        )
    return HubKey(seed)


def made_folder(folder: Path) -> Path:
    """The hub's folder, made if need be and closed to others. Weather if it cannot be made."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _closed() from error
    return folder


def written_closed(file: Path, content: bytes) -> None:
    """A small file, for its owner alone, on the disk before this returns, whole or not there. Raises OSError."""
    fresh = file.with_name(file.name + ".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    os.replace(fresh, file)


def _make(file: Path) -> None:
    written_closed(file, random(_SEED))


def _closed() -> Weather:
    return Weather(
        N_("The hub's folder cannot be read or written."),
        N_("Choose another folder, or give the user who runs the hub the right to write there."),
    )
