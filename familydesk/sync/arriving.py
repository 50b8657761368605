"""The store of a laptop that a center has admitted, before its first meeting: its log of members, its keys, nothing
else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from nacl.public import PrivateKey, PublicKey
from nacl.signing import SigningKey
from nacl.utils import random

from familydesk.core.ids import new_id
from familydesk.store import number_block
from familydesk.store.database import Database
from familydesk.store.derivation import Cost
from familydesk.store.folder import StoreFolder
from familydesk.store.keys import KeyFile, Opened
from familydesk.store.slots import KEY_BYTES, RecoverySlot, Secrets
from familydesk.store.tables import DEVICE, META
from familydesk.sync import device, member_list, sealed_keys
from familydesk.sync.enrolment import Admission
from familydesk.sync.member_list import MemberList
from familydesk.sync.wire.digests import center_id, device_id
from familydesk.sync.wire.membership import Listed
from familydesk.sync.wire.statement import Laptop


@dataclass(frozen=True, slots=True)
class Arriving:
    """A laptop on its way into its center."""

    admission: Admission
    anchor: bytes
    known: MemberList
    key: SigningKey = field(repr=False)
    secrets: Secrets | None = field(default=None, repr=False)

    @classmethod
    def read(cls, admission: Admission, anchor: bytes, beside: Iterable[bytes], key: SigningKey) -> Arriving:
        """From an admission, and what else lies there of the log that the holder of `anchor` began."""
        said = member_list.new_among(MemberList.read((), anchor), (*admission.statements, *beside))
        rows = [member_list.row_of(seq, one) for seq, one in enumerate(said, start=1)]
        return cls(admission, anchor, MemberList.read(rows, anchor), key)

    @property
    def laptop(self) -> Laptop | None:
        """This laptop, if a head has vouched for it under this account."""
        found = self.known.log.laptops.get(device_id(bytes(self.key.verify_key)))
        return found if found and found.account == self.admission.account else None

    @property
    def person(self) -> Listed | None:
        """Whose laptop it is, if she belongs to the center by now."""
        found = self.known.log.people.get(self.admission.account)
        return found if self.laptop and found and found.active else None

    def by(self, secrets: Secrets) -> Arriving:
        """With the keys of who is at it. WrongKeys if the log names others."""
        own = replace(secrets, store_key=random(KEY_BYTES), anchor=self.anchor, paper=self.admission.paper)
        if self.person is None or self.person.keys != own.publics:
            raise WrongKeys
        return replace(self, secrets=own)

    def furnish(self, place: StoreFolder, staged: StoreFolder, passphrase: str, cost: Cost) -> None:
        """Write the store into `staged`, which is to move to `place`."""
        assert self.secrets is not None, "its person has come first"
        assert self.laptop is not None, "a head has vouched for it"
        opened, store = Opened.by(self.admission.account, self.secrets), new_id()
        slot = RecoverySlot.make(store, PublicKey(self.secrets.paper), self.secrets.store_key)
        keys = KeyFile(store, (slot,), anchor=self.anchor)
        keys.with_person(opened, opened.account, self._login, passphrase, cost).write(staged.keys)
        database = Database.create(staged.database, self.secrets.store_key)
        try:
            with database.connection(write=True) as connection:
                connection.execute(META.insert().values(key="store", value=store.hex))
                connection.execute(META.insert().values(key=device.SEED, value=bytes(self.key).hex()))
                connection.execute(DEVICE.insert().values(number=database.device, device=self.laptop.id.hex()))
                member_list.keep(connection, 0, self.known.log.statements)
                number_block.move(place, connection, self.laptop.block)
        finally:
            database.close()

    @property
    def _login(self) -> str:
        assert self.secrets is not None, "its person has come first"
        assert self.person is not None, "and belongs to the center"
        center, account = center_id(self.anchor), self.person.account
        copies = self.known.log.copies.get(account, ())
        keys = sealed_keys.epoch_keys(center, copies, [PrivateKey(self.secrets.sealing_seed)])
        return sealed_keys.login_of(center, account, self.person.login, keys)


class WrongKeys(Exception):
    """The log names other keys than those that were opened."""
