"""The streams' keys in the file: each wrapped under an epoch key, found by its id, made where there is none.

Two laptops that begin a stream apart make two keys for it; readers have both, and writers agree on one of them. In a
new epoch each stream gets another key when it is next written: whoever left with an epoch's key reads nothing new.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from familydesk.sync.key_bundles import KEEP, KeyBundles, make, row_of
from familydesk.sync.wire.stream_key import StreamKey, WrappedKey

_WRAPPED = "SELECT wrapped FROM stream_key WHERE stream = ? AND key = ? AND destroyed = 0"
_OF_EPOCH = "SELECT key FROM stream_key WHERE stream = ? AND epoch = ? AND destroyed = 0 ORDER BY key"

_DESTROYED = "SELECT 1 FROM stream_key WHERE stream = ? AND key = ? AND destroyed = 1"


class StreamKeys:
    """The keys at hand within one transaction (`identity.Keyring`); `epoch_keys` as the members' statements gave them.

    There must be at least one: a laptop that was given no key of its center makes none of its own.
    """

    def __init__(self, connection: Connection, center: bytes, epoch_keys: Mapping[int, bytes]) -> None:
        self._connection = connection
        # A large import begins thousands of streams: the driver itself answers in a tenth of the time.
        self._ask = connection.connection.cursor().execute
        self._center = center
        self._epoch_keys = epoch_keys
        self._opened: dict[tuple[bytes, bytes], bytes] = {}
        self._writing: dict[bytes, tuple[bytes, bytes]] = {}
        self._fresh: list[WrappedKey] = []

    def epoch(self) -> int:
        """The epoch in which this laptop writes now."""
        return max(self._epoch_keys)

    def epoch_key(self, epoch: int) -> bytes | None:
        """32 bytes; None if it was not given to who is at the desk."""
        return self._epoch_keys.get(epoch)

    def stream_key(self, stream: bytes, key: bytes) -> bytes | None:
        """The 32 bytes of a stream's key; None if it has not come, does not open here, or was destroyed."""
        if (stream, key) not in self._opened:
            row = self._ask(_WRAPPED, (stream.hex(), key.hex())).fetchone()
            found = self._open(WrappedKey.read(row[0])) if row else None
            if found is None or found.stream != stream:
                return None
            self._opened[stream, key] = found.secret
        return self._opened[stream, key]

    def writing_key(self, stream: bytes) -> tuple[bytes, bytes]:
        """The id and the key under which this laptop seals now; made where this epoch has none."""
        if stream not in self._writing:
            self._writing[stream] = self._known(stream) or self._made(stream)
        return self._writing[stream]

    def known_key(self, stream: bytes) -> tuple[bytes, bytes] | None:
        """The same, if there is one: for who only reads."""
        if stream not in self._writing and (known := self._known(stream)):
            self._writing[stream] = known
        return self._writing.get(stream)

    def _known(self, stream: bytes) -> tuple[bytes, bytes] | None:
        """Of several the one with the smallest id, so that laptops which met write under the same."""
        for (name,) in self._ask(_OF_EPOCH, (stream.hex(), self.epoch())).fetchall():
            secret = self.stream_key(stream, bytes.fromhex(name))
            if secret is not None:
                return bytes.fromhex(name), secret
        return None

    def _made(self, stream: bytes) -> tuple[bytes, bytes]:
        made = StreamKey.fresh(stream)
        epoch = self.epoch()
        wrapped = made.wrapped(self._center, epoch, self._epoch_keys[epoch])
        self._ask(KEEP, row_of(made.stream.hex(), wrapped))
        self._fresh.append(wrapped)
        return made.id, made.secret

    def _open(self, wrapped: WrappedKey) -> StreamKey | None:
        epoch_key = self.epoch_key(wrapped.epoch)
        return wrapped.opened(self._center, epoch_key) if epoch_key else None

    # Beside the log

    def ids(self) -> frozenset[str]:
        """The ids (hex) of the keys that are here."""
        return frozenset(self._connection.exec_driver_sql("SELECT key FROM stream_key WHERE destroyed = 0").scalars())

    def bundle(self) -> None:
        """Put the keys that were made into objects, to be handed on. Whoever asked for writing keys ends with this."""
        make(self._connection, self._fresh)
        self._fresh = []

    @property
    def bundles(self) -> KeyBundles:
        """The keys as they travel."""
        return KeyBundles(self._connection, self._open)

    def was_destroyed(self, stream: bytes, key: bytes) -> bool:
        """Whether a key was here and was destroyed."""
        return self._ask(_DESTROYED, (stream.hex(), key.hex())).fetchone() is not None
