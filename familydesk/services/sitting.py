"""Coming and going: what is noted when a store is opened and closed, and whether it is the store that was left here."""

from __future__ import annotations

import enum
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from nacl.signing import VerifyKey

from familydesk.core.errors import Weather
from familydesk.core.i18n import N_, translate
from familydesk.store import ending, heads
from familydesk.store.folder import StoreFolder
from familydesk.store.heads import DamagedHeads, Heads, SeenHead
from familydesk.store.journal import Chain, Head, Restore

if TYPE_CHECKING:
    from nacl.signing import SigningKey
    from sqlalchemy import Connection

    from familydesk.services.office import Office

OFTEN = 64
"""After so many events the end is written down anew."""


BROUGHT_BY = N_("It was brought back by {name}.")
BROUGHT_BY_PAPER = N_("It was brought back with the recovery key.")


class Standing(enum.Enum):
    """How the store in the folder stands to the one that was left there. Values are what the person is told."""

    SAME = ""
    RESTORED = N_(
        "A backup was brought back here. What was written between that backup and the day it was brought back is not "
        "in this store; it is in the folder that the restore kept."
    )
    OLDER = N_(
        "This store is older than the one that was closed here last: what was done since is not in it. Nothing else "
        "is lost. If nobody brought a copy back knowingly, keep this folder as it is and tell the head."
    )
    ANOTHER = N_(
        "The journal of this store is not the one that was closed here last: another copy was put in its place, or "
        "the journal was written anew. Keep this folder as it is and tell the head."
    )
    FORGED = N_(
        "What stands at the end of the journal bears the name of somebody who has not signed it: it was written with "
        "another program while the store was closed. Keep this folder as it is and tell the head: she checks the "
        "journal."
    )
    FORGOTTEN = N_(
        "You were here before, but where the journal ended then is not written down any more: the file that remembers "
        "it was written anew without you. If nobody moved or mended this folder, tell the head: she checks the journal."
    )
    UNKNOWN = N_(
        "It is not written down here where the journal ended when this store was closed last. That is as it should be "
        "if the folder was moved without all its files; from now on it is written down again."
    )


@dataclass(frozen=True, slots=True)
class Arrival:
    """What was found at opening; `remembered` is the end that should have been there, if one is known; `by` names who
    brought a backup back, and is empty after the recovery key.
    """

    standing: Standing
    remembered: SeenHead | None = None
    by: str = ""

    def told(self) -> str:
        """What the person is told, in the language in force; nothing if it is the store that was left here."""
        said = [translate(self.standing.value)] if self.standing.value else []
        if self.standing is Standing.RESTORED:
            said.append(translate(BROUGHT_BY).format(name=self.by) if self.by else translate(BROUGHT_BY_PAPER))
        return " ".join(said)

    def detail(self) -> dict[str, Any]:
        """As the journal keeps it."""
        if self.standing is Standing.SAME:
            return {}
        told: dict[str, Any] = {"standing": self.standing.name}
        if self.remembered:
            told["remembered"] = {"seq": self.remembered.seq, "link": self.remembered.link}
        return told


class Ends:
    """The ends of the journal that are remembered beside the database."""

    def __init__(self, office: Office, store: str, signer: SigningKey | None) -> None:
        self._office = office
        self._path = StoreFolder(office.folder).heads
        self._store = store
        self._signer = signer
        self._known: Heads = {}
        self._writing = threading.Lock()

    def compare(self, chain: Chain, connection: Connection) -> Arrival:
        """Hold the journal against what is remembered. What another program wrote behind its end comes first: after
        this opening, a signature stands behind that.
        """
        found = self._remembered(chain)
        # An end of which nobody here knows the keys (a store of the first format, by the paper) says nothing.
        known = self._signer or self._office.members.begun
        if known and not ending.stands(connection, self._office.database.device, self._keys):
            return Arrival(Standing.FORGED, found.remembered)
        return found

    def _keys(self, account: str) -> frozenset[bytes]:
        """Every key by which that account (hex) may have signed."""
        try:
            publics = self._office.members.signing_publics(UUID(hex=account))
        except (AttributeError, TypeError, ValueError):
            return frozenset()
        if self._signer and account == self._office.me.hex:
            return publics | {bytes(self._signer.verify_key)}
        return publics

    def _remembered(self, chain: Chain) -> Arrival:
        end = chain.head()
        try:
            found = heads.read(self._path, self._store, self._office.database.key)
        except DamagedHeads:
            return Arrival(Standing.ANOTHER if end.seq else Standing.SAME)
        self._known = found or {}
        if found is None:
            explained = any(restore.seq == end.seq for restore in chain.restores())
            return Arrival(Standing.SAME if end.seq == 0 or explained else Standing.UNKNOWN)
        return self._compared(chain, end)

    def _compared(self, chain: Chain, end: Head) -> Arrival:
        if self._signer and self._mine() is None and (last := chain.last_of(self._office.me.hex)):
            since = [restore for restore in chain.restores() if restore.seq > last]
            return self._restored(since[-1]) if since else Arrival(Standing.FORGOTTEN)
        for remembered in self._witnesses():
            held = chain.link_at(remembered.seq)
            if held is not None and held.hex() == remembered.link:
                continue
            replaced = [restore for restore in chain.restores() if restore.replaced(remembered.seq)]
            if replaced:
                return self._restored(replaced[-1], remembered)
            return Arrival(Standing.OLDER if remembered.seq > end.seq else Standing.ANOTHER, remembered)
        return Arrival(Standing.SAME)

    def _restored(self, restore: Restore, remembered: SeenHead | None = None) -> Arrival:
        by = self._office.desk.name_of("staff_member", UUID(hex=restore.by)) if restore.by else ""
        return Arrival(Standing.RESTORED, remembered, by)

    def _witnesses(self) -> list[SeenHead]:
        """The end that was written down last, and the one that she has signed herself who is here now."""
        last, mine = list(self._known.values())[-1:], self._mine()
        return last if mine is None or mine in last else [*last, mine]

    def _mine(self) -> SeenHead | None:
        """Her own entry, signed with any key that was ever hers; after the recovery key, the one that nobody signed."""
        mine = self._known.get(self._place)
        if mine is None or self._signer is None:
            return mine
        return mine if any(mine.signed_by(VerifyKey(key)) for key in self._keys(self._office.me.hex)) else None

    @property
    def _place(self) -> str:
        """Where her entry stands. After the recovery key nobody signs, and nobody's signed entry is written over."""
        return self._office.me.hex if self._signer else ""

    def remember(self, end: Head) -> None:
        """Write down where the journal ends now. A disk that does not take it costs the memory, not the work."""
        with self._writing:
            self._remember(end)

    def _remember(self, end: Head) -> None:
        me = self._place
        others = {account: head for account, head in self._known.items() if account != me}
        self._known = {**others, me: SeenHead.by(self._signer, me, end.seq, end.link.hex())}
        with suppress(Weather):
            heads.write(self._path, self._store, self._office.database.key, self._known)
