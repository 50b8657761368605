"""Where the journal ended when it was last seen, kept beside the database: an older copy put in its place is noticed.

Everybody who was here has an entry of her own, signed by her, so that no colleague can set it back. The file is sealed
under the store key. Whoever exchanges the whole folder exchanges this file with it; then only papers printed meanwhile
tell, for each bears the end of the journal as it was then.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey
from sqlalchemy import Connection

from familydesk.store import durable, guards
from familydesk.store.folder import StoreFolder
from familydesk.store.sealing import canonical, digest, seal, unseal
from familydesk.store.weather import told_plainly

BROUGHT_BACK = "brought back"
"""The fact in a store that was brought back and has not been opened since."""
LARGEST = 1024 * 1024
_SIGNED_AS = b"familydesk head 1 "


@dataclass(frozen=True, slots=True)
class SeenHead:
    """An end of the journal as one account saw it; `link` and `signature` in hex, the latter empty after the paper."""

    account: str
    seq: int
    link: str
    signature: str = ""

    @classmethod
    def by(cls, signer: SigningKey | None, account: str, seq: int, link: str) -> SeenHead:
        """Seen now, by who signs."""
        signature = signer.sign(_spelled(account, seq, link)).signature.hex() if signer else ""
        return cls(account, seq, link, signature)

    def signed_by(self, key: VerifyKey) -> bool:
        """Whether she herself has written it."""
        try:
            key.verify(_spelled(self.account, self.seq, self.link), bytes.fromhex(self.signature))
        except (BadSignatureError, ValueError):
            return False
        return True


Heads = Mapping[str, SeenHead]
"""By account, the one written last at the end."""


class DamagedHeads(Exception):
    """The file is not as it was written here."""


def read(path: Path, store: str, store_key: bytes) -> Heads | None:
    """What is remembered; None if there is no file. DamagedHeads if it does not open or cannot be read."""
    try:
        with path.open("rb") as file:
            sealed = file.read(LARGEST)
    except FileNotFoundError:
        return None
    except OSError:
        raise DamagedHeads from None
    content = unseal(_key(store_key), _context(store), sealed)
    if content is None:
        raise DamagedHeads
    return {found["account"]: SeenHead(**found) for found in json.loads(content)["heads"]}


def write(path: Path, store: str, store_key: bytes, heads: Heads) -> None:
    """Put the file in place, the old one or the new one at every moment. Weather if the disk does not take it."""
    content = canonical({"heads": [asdict(head) for head in heads.values()]})
    with told_plainly():
        durable.replace(path, seal(_key(store_key), _context(store), content))


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """A backup that was brought back: the last event of the store it replaced, and the account that did it (hex; empty
    after the recovery key).
    """

    instead_of: int
    by: str


def hand_on(
    place: StoreFolder, arriving: StoreFolder, store: str, store_key: bytes, by: str, former_key: bytes
) -> None:
    """Write into a store that is being brought back which events of the one in `place` it takes the place of, and who
    brings it (hex). What is remembered is sealed anew if that one has another key than the backup.

    What is remembered of another store's journal is forgotten.
    """
    try:
        known = read(place.heads, store, former_key) or {}
        if known and former_key != store_key:
            write(place.heads, store, store_key, known)
    except DamagedHeads:
        known = {}
        with told_plainly():
            place.heads.unlink(missing_ok=True)
    newest = max((head.seq for head in known.values()), default=0)
    with told_plainly(), guards.plain_connection(arriving.database, store_key) as connection:
        told = json.dumps(asdict(BroughtBack(newest, by)))
        connection.execute("INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)", (BROUGHT_BACK, told))


def brought_back(connection: Connection) -> BroughtBack | None:
    """The same, read and taken out by the first who opens the store."""
    found = connection.exec_driver_sql("DELETE FROM meta WHERE key = ? RETURNING value", (BROUGHT_BACK,)).all()
    return BroughtBack(**json.loads(found[0][0])) if found else None


def _key(store_key: bytes) -> bytes:
    return digest(b"heads", b"fd-heads", store_key)


def _context(store: str) -> dict[str, Any]:
    return {"what": "familydesk heads 1", "store": store}


def _spelled(account: str, seq: int, link: str) -> bytes:
    return _SIGNED_AS + canonical({"account": account, "seq": seq, "link": link})
