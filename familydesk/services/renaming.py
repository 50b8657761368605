"""A laptop whose disk was copied or brought back takes another identity, so that nothing of anybody is overwritten.

What it has written and others cannot have is first left in a folder beside the store, sealed as on a stick. Then it
writes under a new key. A head's laptop vouches for itself; any other asks the head, and goes on working meanwhile: what
it hands over waits on the other laptops until she has admitted it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from nacl.signing import SigningKey
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.core.errors import Problem
from familydesk.core.i18n import N_
from familydesk.services.journal import Deed
from familydesk.store import number_block
from familydesk.store.weather import told_plainly
from familydesk.sync import fingerprint, opening, packing, renaming, sealed_keys, shelf
from familydesk.sync.arrivals import Arrivals
from familydesk.sync.enrolment import Keys, Request, read_request
from familydesk.sync.folder import FolderPeer
from familydesk.sync.identity import Identity
from familydesk.sync.keyring import StreamKeys
from familydesk.sync.peer import ObjectKind, Peer
from familydesk.sync.renaming import Parting
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.change import Change
from familydesk.sync.wire.digests import device_id
from familydesk.sync.wire.envelope import Envelope, read
from familydesk.sync.wire.membership import DOUBLED

if TYPE_CHECKING:
    from familydesk.services.office import Office

RENAMED = N_(
    "The disk of this computer was copied or brought back from a backup. What you wrote is kept, and is handed over "
    "under a new identity from now on, so that nothing is overwritten."
)
WAITS = N_(
    "The head of the center has to admit this computer anew. Read her this fingerprint aloud: {fingerprint}. Until "
    "then you go on working, and the others do not see it yet."
)
_STEPS = 8


class Renaming:
    """What becomes of the identity of the laptop on which an office is open."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._database = office.database

    # Asking

    def is_due(self) -> bool:
        """Whether somebody else may write under this laptop's identity, and who is at the desk can sign for another."""
        identity = self._office.center.identity
        if identity is None or identity.person_key is None:
            return False
        with self._database.connection() as connection:
            return shelf.is_silent(connection, identity.device)

    def is_waiting(self) -> bool:
        """Whether a head has to admit the laptop under its new identity."""
        return self._request is not None and not self._is_listed()

    def _is_listed(self) -> bool:
        """Whether a head has spoken of the laptop as it is called now."""
        identity = self._office.center.identity
        return identity is not None and identity.device in self._office.center.log.laptops

    def road_key(self, own: SigningKey) -> SigningKey:
        """The key by which hubs know this laptop: its own, or the former one until a head has spoken of the new."""
        with self._database.connection() as connection:
            seed = renaming.kept(connection, renaming.FORMER_SEED)
        former = SigningKey(seed) if seed and not self._is_listed() else own
        return own if device_id(bytes(former.verify_key)) in self._office.center.log.cuts else former

    @property
    def _request(self) -> Request | None:
        with self._database.connection() as connection:
            content = renaming.kept(connection, renaming.REQUEST)
        return read_request(content) if content else None

    # Doing

    def carry_out(self, peer: Peer, identity: Identity, arrivals: Arrivals) -> None:
        """Take another identity. Weather if what was written cannot be kept aside first: then nothing has happened."""
        with self._database.connection() as connection:
            have = shelf.have(connection)
        for batch in renaming.retrace(peer, have, identity.device):
            arrivals.shelve(batch.envelopes)
        made = SigningKey.generate()
        asked = None if self._may_vouch() else self._asking(made)
        with self._office.members.changing() as session:
            self._rename(session, identity, made)
            if asked is None:
                self._office.center.vouch_for_own(session, self._signing_key())
            else:
                self._await_admission(session.connection(), asked)
            self._note(session, identity, made)
        self._office.center.forget()
        self.settle()

    def _rename(self, session: Session, identity: Identity, made: SigningKey) -> None:
        connection, number = session.connection(), self._database.device
        keys = StreamKeys(connection, identity.center, self._office.center.epoch_keys)
        first = renaming.first_apart(connection, identity.device)
        own = map(read, shelf.contents_from(connection, identity.device, first))
        theirs = shelf.second_branch(connection, identity.device).values()
        changes = self._opener(keys)
        until = renaming.last_shared(connection, number, changes(own), changes(theirs))
        while packing.waiting(connection, number):
            packing.pack(connection, identity, keys, number)
        self._keep_aside(identity, shelf.contents_from(connection, identity.device, first))
        renaming.rename(connection, number, made, Parting(first, until))

    def _opener(self, keys: StreamKeys) -> Callable[[Iterable[Envelope]], list[Change]]:
        """Who tells what envelopes of this laptop hold, as far as they open here."""
        trust = self._office.center.trust

        def changes(envelopes: Iterable[Envelope]) -> list[Change]:
            found: list[Change] = []
            for one in envelopes:
                try:
                    found += opening.opened(one, trust, keys).changes
                except (Defect, opening.Waiting):
                    continue
            return found

        return changes

    def _keep_aside(self, identity: Identity, contents: list[bytes]) -> None:
        """Leave what nobody else has under the former identity where a stick's files would lie."""
        if contents:
            folder = _free(self._office.folder / f"unsent-{clock.now():%Y%m%d-%H%M%S}")
            with told_plainly():
                folder.mkdir(mode=0o700)
            FolderPeer(folder, identity.center, identity.device).push(contents)

    def _note(self, session: Session, identity: Identity, made: SigningKey) -> None:
        detail = {"former": identity.device.hex(), "new": device_id(bytes(made.verify_key)).hex()}
        self._office.journal.note_in(session, Deed.LAPTOP_RENAMED, detail=detail)

    def settle(self) -> None:
        """Once a head has spoken of the new identity, go on in the block of numbers that comes with it."""
        with self._database.connection() as connection:
            pending = renaming.kept(connection, renaming.FORMER_SEED)
        if pending and self._is_listed():
            with self._database.connection(write=True) as connection:
                renaming.settle(connection)
            self._office.center.settle_block()

    # Asking a head

    def ask(self, peer: Peer) -> Problem:
        """Leave the request there; what is to be said to who is at the desk."""
        request = self._request
        assert request is not None, "asked only while it waits"
        if request.name not in peer.names(ObjectKind.REQUEST):
            peer.put(ObjectKind.REQUEST, request.name, request.content)
        print_ = fingerprint.of_request(self._office.account.anchor, request.content)
        return Problem("", WAITS, {"fingerprint": print_}, warning=True)

    def _may_vouch(self) -> bool:
        member = self._office.center.known.members.get(self._office.me)
        return member is not None and member.leads

    def _signing_key(self) -> SigningKey:
        key = self._office.account.signing_key()
        assert key is not None, "nothing is renamed where nobody signs"
        return key

    def _asking(self, made: SigningKey) -> Request:
        """As a member asks for another laptop; her own key under it shows the head that it is she."""
        center, account = self._office.center, self._office.account
        sealing = account.sealing_key()
        assert sealing is not None, "who signs has both keys"
        heads = {one.sealing_public for one in center.log.people.values() if one.leads}
        epoch = sealed_keys.center_key(center.epoch_keys[max(center.epoch_keys)])
        login = self._office.members.everybody()[self._office.me].login
        keys = Keys(made, self._signing_key(), sealing)
        recipients = {*heads, bytes(epoch.public_key)}
        return Request.to(center.id, recipients, self._office.who().title_text(), login, keys)

    def _await_admission(self, connection: Connection, asked: Request) -> None:
        """Meanwhile in a block of numbers that nobody is given: the copy goes on in the one of both."""
        renaming.keep(connection, renaming.REQUEST, asked.content.hex())
        steps = 1 + asked.device[0] % _STEPS
        block = int(number_block.of(connection)) + DOUBLED * steps
        number_block.move(self._office.account.place, connection, block)


def _free(folder: Path) -> Path:
    while folder.exists():
        folder = folder.with_name(folder.name + "-2")
    return folder
