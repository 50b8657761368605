"""The streams' keys in the file: each wrapped under an epoch key, found by its id, made where there is none.

Two laptops that begin a stream apart make two keys for it; readers have both, and writers agree on one of them. In a
new epoch each stream gets another key when it is next written: whoever left with an epoch's key reads nothing new.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select, update

from familydesk.store.tables import STREAM_KEY
from familydesk.sync.wire.stream_key import StreamKey, WrappedKey

UNKNOWN = ""
"""The stream of a key that does not open here: its epoch's key has not come."""
_T = STREAM_KEY.c
# Asked for each stream of a large import, and so in SQLite's own words.
_WRAPPED = f"SELECT wrapped FROM stream_key WHERE stream IN (?, '{UNKNOWN}') AND key = ? AND destroyed = 0"
_OF_EPOCH = "SELECT key FROM stream_key WHERE stream = ? AND epoch = ? AND destroyed = 0 ORDER BY key"
_KEEP = "INSERT INTO stream_key(stream, key, epoch, wrapped) VALUES(?, ?, ?, ?)"


class StreamKeys:
    """The keys at hand within one transaction (`identity.Keyring`); `epoch_keys` as the members' statements gave them.

    There must be at least one: a laptop that was given no key of its center makes none of its own.
    """

    def __init__(self, connection: Connection, center: bytes, epoch_keys: Mapping[int, bytes]) -> None:
        self._connection = connection
        self._center = center
        self._epoch_keys = epoch_keys
        self._opened: dict[tuple[bytes, bytes], bytes] = {}
        self._writing: dict[bytes, tuple[bytes, bytes]] = {}

    def epoch(self) -> int:
        """The epoch in which this laptop writes now."""
        return max(self._epoch_keys)

    def epoch_key(self, epoch: int) -> bytes | None:
        """32 bytes; None if it was not given to who is at the desk."""
        return self._epoch_keys.get(epoch)

    def stream_key(self, stream: bytes, key: bytes) -> bytes | None:
        """The 32 bytes of a stream's key; None if it has not come, does not open here, or was destroyed."""
        if (stream, key) not in self._opened:
            content = self._connection.exec_driver_sql(_WRAPPED, (stream.hex(), key.hex())).scalar()
            found = self._open(WrappedKey.read(key.hex(), content)) if content else None
            if found is None or found.stream != stream:
                return None
            self._opened[stream, key] = found.secret
        return self._opened[stream, key]

    def writing_key(self, stream: bytes) -> tuple[bytes, bytes]:
        """The id and the key under which this laptop seals now; made where this epoch has none."""
        if stream not in self._writing:
            self._writing[stream] = self._known(stream) or self._made(stream)
        return self._writing[stream]

    def _known(self, stream: bytes) -> tuple[bytes, bytes] | None:
        """Of several the one with the smallest id, so that laptops which met write under the same."""
        for (name,) in self._connection.exec_driver_sql(_OF_EPOCH, (stream.hex(), self.epoch())).all():
            secret = self.stream_key(stream, bytes.fromhex(name))
            if secret is not None:
                return bytes.fromhex(name), secret
        return None

    def _made(self, stream: bytes) -> tuple[bytes, bytes]:
        made = StreamKey.fresh(stream)
        epoch = self.epoch()
        self._keep(stream.hex(), made.wrapped(self._center, epoch, self._epoch_keys[epoch]))
        return made.id, made.secret

    def _keep(self, stream: str, wrapped: WrappedKey) -> None:
        self._connection.exec_driver_sql(_KEEP, (stream, wrapped.name, wrapped.epoch, wrapped.packed()))

    def _open(self, wrapped: WrappedKey) -> StreamKey | None:
        epoch_key = self.epoch_key(wrapped.epoch)
        return wrapped.opened(self._center, epoch_key) if epoch_key else None

    # Beside the log

    def names(self) -> frozenset[str]:
        """The objects that are here."""
        return frozenset(self._connection.execute(select(_T.key).where(_T.destroyed == 0)).scalars())

    def content(self, name: str) -> bytes | None:
        """An object, to be handed on."""
        query = select(_T.wrapped).where(_T.key == name, _T.destroyed == 0)
        found: bytes | None = self._connection.execute(query).scalar()
        return found

    def take(self, name: str, content: bytes) -> None:
        """Keep an object that came, whether or not it opens here yet. Defect if it is none.

        One that was destroyed here stays destroyed.
        """
        wrapped = WrappedKey.read(name, content)
        key = self._open(wrapped)
        if self._connection.execute(select(_T.key).where(_T.key == name)).first() is None:
            self._keep(key.stream.hex() if key else UNKNOWN, wrapped)

    def destroyed(self) -> frozenset[str]:
        """The objects that were destroyed here; a peer that has them is to destroy them too."""
        return frozenset(self._connection.execute(select(_T.key).where(_T.destroyed == 1)).scalars())

    def destroy(self, stream: bytes) -> list[str]:
        """Destroy every key of a stream that is here: of each only its name stays. Gives back the objects' names."""
        of_stream = (_T.stream == stream.hex(), _T.destroyed == 0)
        names = list(self._connection.execute(select(_T.key).where(*of_stream)).scalars())
        self._connection.execute(update(STREAM_KEY).where(*of_stream).values(wrapped=b"", destroyed=1))
        self._opened = {place: secret for place, secret in self._opened.items() if place[0] != stream}
        self._writing.pop(stream, None)
        return names
