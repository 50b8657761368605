"""Meeting the other laptops of the center, through a hub or a folder, and packing what is to be handed to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING

from familydesk.core.errors import Refused
from familydesk.core.i18n import N_
from familydesk.services.journal import Deed
from familydesk.services.renaming import RENAMED, Renaming
from familydesk.services.rights import Verb
from familydesk.services.roads import road
from familydesk.services.snapshots import Snapshots
from familydesk.services.unsealing import Unsealing
from familydesk.store.database import Database
from familydesk.sync import acquaintance, gossip, packing, parking, shelf
from familydesk.sync.arrivals import Arrivals, Tally
from familydesk.sync.contents import Contents
from familydesk.sync.identity import Identity
from familydesk.sync.keyring import StreamKeys
from familydesk.sync.loop import Loop, Stock
from familydesk.sync.outcome import IN_DOUBT, NO_SIGNATURE, Outcome, Part, Progress
from familydesk.sync.parking import Reason
from familydesk.sync.peer import Have, ObjectKind, Peer
from familydesk.sync.stocks import KeyStock
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.envelope import Envelope
from familydesk.sync.wire.statement import decode

if TYPE_CHECKING:
    from familydesk.services.office import Office

__all__ = ["Outcome", "Part", "Progress", "Syncing"]

NO_CENTER = N_("This store has no list of people yet, so nobody could tell whose work it is. A head opens it first.")
NOT_CONFIRMED = N_("This laptop is not confirmed: the head of the center has not admitted it yet, or has cut it off.")
UNENTITLED = N_(
    "Changes of what only the head keeps were put aside, for whoever signed them may not make them: {count}. "
    "A program that was altered can send such things. Ask her."
)
BUSY = N_("This computer is meeting the others at this moment.")


class Syncing:
    """One laptop's meetings."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._database = office.database
        self._meeting = Lock()
        self.renaming = Renaming(office)
        """The identity of a laptop whose disk was copied or brought back."""

    def sync(
        self,
        name: str,
        progress: Callable[[Progress], None] = lambda _: None,
        stop: Callable[[], bool] = lambda: False,
    ) -> Outcome:
        """Meet a hub (its address) or a folder. Refused on a laptop that the center does not know; Weather where the
        road fails: what was exchanged until then is kept.
        """
        if not self._meeting.acquire(blocking=False):
            raise Refused(BUSY)
        try:
            identity = self._identity()
            key = self.renaming.road_key(identity.device_key)
            with road(name, identity.center, key, self._is_genuine, self._reaches) as peer:
                before = self._unentitled()
                outcome = self._met(peer, identity, progress, stop)
                if (found := self._unentitled()) > before:
                    outcome.warn(UNENTITLED, count=found - before)
                outcome.warnings += gossip.held_against(self._database, peer)
                outcome.warnings += self._office.referring.letters.after(peer).warnings
                outcome.warnings += self._office.center.learned()
        finally:
            self._meeting.release()
        if outcome.sent:
            self._office.journal.note(Deed.SENT, recipient=name, detail={"changes": outcome.sent})
        return outcome

    def _unentitled(self) -> int:
        with self._database.connection() as connection:
            return len(parking.lying(connection, Reason.UNENTITLED))

    def _met(
        self, peer: Peer, identity: Identity, progress: Callable[[Progress], None], stop: Callable[[], bool]
    ) -> Outcome:
        """Meet; where this laptop's disk turns out to be a copy or a former one, once more under another identity."""
        outcome = self._loop(peer, identity, progress, stop)
        if self.renaming.is_due() and not stop():
            arrivals = OfficeSide(self._office, identity).arrivals(lambda _: None)
            self.renaming.carry_out(peer, identity, arrivals)
            again = self._loop(peer, self._identity(), progress, stop)
            again.after(outcome, but=IN_DOUBT)
            outcome = again
            outcome.warn(RENAMED)
        self.renaming.settle()
        if self.renaming.is_waiting():
            outcome.warnings.append(self.renaming.ask(peer))
        return outcome

    def _loop(
        self, peer: Peer, identity: Identity, progress: Callable[[Progress], None], stop: Callable[[], bool]
    ) -> Outcome:
        side = OfficeSide(self._office, identity)
        return Loop(peer, side, progress, stop, Snapshots(self._office, identity)).run()

    def pack(self) -> None:
        """At the end of a sitting, so that each signs her own: nothing on a laptop that meets no other."""
        identity = self._office.center.identity
        if identity is not None and identity.person_key is not None and self._hands_over(identity):
            OfficeSide(self._office, identity).pack()

    def _hands_over(self, identity: Identity) -> bool:
        """Whether there is anybody to hand work to, and this laptop may still write under its name."""
        with self._database.connection() as connection:
            meets = self._office.center.several or bool(acquaintance.known(connection))
            return meets and not shelf.is_silent(connection, identity.device)

    def _identity(self) -> Identity:
        center = self._office.center
        identity = center.identity
        if identity is None:
            raise Refused(NO_CENTER)
        if not (center.vouched or self.renaming.is_waiting()):
            raise Refused(NOT_CONFIRMED)
        return identity

    def _reaches(self, manifest: bytes) -> Have:
        return Snapshots(self._office, self._identity()).reaches(manifest)

    def _is_genuine(self, envelope: Envelope) -> bool:
        device = self._office.center.trust.device(envelope.header.device)
        return device is None or envelope.signed_by(device.public)


class OfficeSide:
    """An open store, as a meeting sees it (`loop.Side`)."""

    def __init__(self, office: Office, identity: Identity) -> None:
        self._office = office
        self.identity = identity
        self.database: Database = office.database
        self.device = identity.device
        keys = KeyStock(office.database, lambda: office.center.epoch_keys, identity.center)
        letters = (office.referring.letters,) if office.account.may(Verb.EXPORT) else ()
        self.stocks: Sequence[Stock] = (Statements(office), office.case_words, keys, *letters)
        self.contents = Contents(office.database, identity.center, lambda: office.center.epoch_keys)

    def arrivals(self, progress: Callable[[Tally], None]) -> Arrivals:
        """By what the statements say now: what they order to be erased goes before anything is taken in."""
        self._office.keeping.everywhere.carry_out()
        trust = self._office.center.trust
        return Arrivals(self.database, self.identity, trust, self._unsealing, progress)

    @property
    def _unsealing(self) -> Unsealing:
        center = self._office.center
        return Unsealing(self._office, center.trust, center.epoch_keys)

    def replay(self) -> Tally:
        """Apply what was laid aside and fits by now; what came of records that were erased goes again.

        What was said of restricted cases comes first, for it has keys; what here has to be said of them, last.
        """
        self._office.closing.follow()
        tally = self._unsealing.replay()
        self._office.restricted.keep_in_step()
        self._office.keeping.everywhere.follow()
        return tally

    def pack(self) -> str:
        """Put what is new on the shelf."""
        if self.identity.person_key is None:
            return NO_SIGNATURE if self.unpacked() else ""
        while self.unpacked():
            with self.database.connection(write=True) as connection:
                keys = StreamKeys(connection, self.identity.center, self._office.center.epoch_keys)
                worth, hub = gossip.worth(connection, self.database.clock.behind()), gossip.remembered(connection)
                packing.pack(connection, self.identity, keys, self.database.device, worth, hub)
        with self.database.connection() as connection:
            return packing.TOO_LONG if packing.too_large(connection) else ""

    def unpacked(self) -> int:
        """How many changes are on no shelf yet."""
        with self.database.connection() as connection:
            return packing.waiting(connection, self.database.device)

    def knows(self, device: bytes) -> bool:
        """Whether a head has vouched for a device."""
        return self._office.center.trust.device(device) is not None


class Statements:
    """The membership log, as a meeting hands it on (`loop.Stock`)."""

    kind = ObjectKind.STATEMENT

    def __init__(self, office: Office) -> None:
        self._office = office

    def names(self) -> frozenset[str]:
        """Those that are here."""
        return frozenset(self._here)

    def content(self, name: str) -> bytes:
        """One of them, to be handed on."""
        return self._here[name]

    @property
    def _here(self) -> dict[str, bytes]:
        return {one.id.hex(): one.content for one in self._office.center.held()}

    def take(self, contents: Mapping[str, bytes]) -> int:
        """Add what belongs to the log; how many are no statements. One that nobody might say is left where it was."""
        bad = sum(not _is_statement(name, content) for name, content in contents.items())
        with self._office.members.changing() as session:
            self._office.center.take_in(session, contents.values())
        return bad

    def destroyed(self) -> frozenset[str]:
        """None: what was said stays said."""
        return frozenset()


def _is_statement(name: str, content: bytes) -> bool:
    try:
        return decode(content).id.hex() == name
    except Defect:
        return False
