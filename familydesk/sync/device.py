"""This laptop's own key, by which it signs what it sends.

It lies in the encrypted file and nowhere else. It is not sealed once more under the store key: whoever opens the file
has that key, and the store gets another one whenever somebody leaves.
"""

from __future__ import annotations

from nacl.signing import SigningKey
from sqlalchemy import Connection

from familydesk.store.tables import DEVICE, META
from familydesk.sync.wire.digests import device_id

SEED = "device_seed"
"""The fact of the file that holds the key's seed, in hex."""


def key_of(connection: Connection) -> SigningKey | None:
    """The laptop's key (Ed25519); None if it was never needed."""
    seed = connection.execute(META.select().where(META.c.key == SEED)).first()
    return SigningKey(bytes.fromhex(seed.value)) if seed else None


def own_key(connection: Connection, number: int) -> SigningKey:
    """The same, made if there is none; `number` is that under which this store's log knows the laptop itself.

    Needs a connection that writes.
    """
    found = key_of(connection)
    if found is not None:
        return found
    made = SigningKey.generate()
    connection.execute(META.insert().values(key=SEED, value=bytes(made).hex()))
    connection.execute(DEVICE.insert().values(number=number, device=device_id(bytes(made.verify_key)).hex()))
    return made
