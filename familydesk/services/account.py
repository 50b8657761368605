"""The account of whoever is at the desk: what she may see and do, her passphrase, and whether the computer remembers.

The one place that decides about rights; lists, forms, search, papers, reports and the command line ask it, most of them
by reading through its veil.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast
from uuid import UUID

from nacl.public import PrivateKey
from nacl.signing import SigningKey
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.orm.attributes import set_committed_value

from familydesk.core.errors import Problem, Refused
from familydesk.core.fields import Field, Secrecy
from familydesk.core.i18n import N_
from familydesk.core.record import Record
from familydesk.services import nearness
from familydesk.services.narrowing import REACHING, Beyond, above, too_secret
from familydesk.services.rights import NOTHING, OPEN_TO_ALL, RIGHTS, Rights, Verb
from familydesk.store import recovery_code, remembered
from familydesk.store.derivation import Cost, measured
from familydesk.store.folder import StoreFolder
from familydesk.store.journal import Deed
from familydesk.store.keys import KeyFile, Opened
from familydesk.store.privileged import Privileged
from familydesk.store.veil import VeiledSession

if TYPE_CHECKING:
    from familydesk.services.office import Office

SHORTEST = 8
SAME = N_("Choose another passphrase than the one until now.")
NOT_FOR_HER = N_("Your role may not do this.")
NO_RECORDS = N_("Your role counts; it opens no records of families.")
STAYS_APART = N_("Somebody here is kept apart from you, and this would end it: only the head may change it.")
KEPT_APART = N_(
    "You are kept apart from this person: a colleague, or the head, puts her away or joins her with another."
)
_BEYOND = "beyond"
_KEPT = "kept from her"
_JOINED = "joined"


class Account:
    """What the person at the desk may, and the verbs that rewrite her slot of the key file, never the data."""

    def __init__(self, office: Office, place: StoreFolder | None = None, opened: Opened | None = None) -> None:
        self._office = office
        self._keys_at = place
        self._opened_by = opened
        self._commits = 0
        self._rights: tuple[tuple[UUID, bool, int], Rights] | None = None
        self._beyond: tuple[tuple[UUID, int], Beyond] | None = None
        office.database.listen(self._count_commit)

    # Rights

    @property
    def rights(self) -> Rights:
        """Those of the role that a head gave her; none while she opens by a passphrase that was made up for her."""
        # What a head says on another laptop may arrive while she sits here.
        key = (self._office.me, self.temporary, self._office.members.length)
        if self._rights is None or self._rights[0] != key:
            role = None if self.temporary else self._office.members.role_of(self._office.me)
            self._rights = (key, RIGHTS[role] if role else NOTHING)
        return self._rights[1]

    def may(self, verb: Verb) -> bool:
        """Whether her role has this verb."""
        return verb in self.rights.verbs

    def require(self, verb: Verb) -> None:
        """Refused unless her role has this verb."""
        if not self.may(verb):
            raise Refused(NOT_FOR_HER)

    def may_read(self, sheet: str) -> bool:
        """Whether she reads records of this sheet at all."""
        return self.rights.casework or sheet in OPEN_TO_ALL

    def may_write(self, sheet: str) -> bool:
        """Whether she writes records of this sheet at all."""
        return self.rights.may_write(sheet)

    def require_write(self, sheet: str) -> None:
        """Refused unless she writes this sheet."""
        if not self.may_write(sheet):
            raise Refused(NOT_FOR_HER)

    def may_ask_by(self, field: Field) -> bool:
        """Whether lists may be narrowed or sorted by this field: by a hidden value, an answer would tell it."""
        return field.secrecy <= max(self.rights.reach.least, Secrecy.PLAIN)

    def hidden(self, session: Session, record: Record) -> frozenset[str]:
        """The fields of `record` that she may not see."""
        reach, sheet = self.rights.reach, type(record)
        places, secret = above(sheet, Secrecy.SPECIAL), above(sheet, reach.least)
        if places and nearness.people_of(record) & self.beyond(session).people:
            return secret | places
        if not secret:
            return frozenset()
        team = reach.team != reach.other
        return above(sheet, reach.at(nearness.relation(session.connection(), self._office.me, record, team)))

    def reaches(self, session: Session, record: Record) -> bool:
        """Whether a record that is in the file is there for her."""
        people = self.beyond(session).people if isinstance(record, REACHING) else frozenset()
        if people & nearness.people_of(record):
            return False
        cases = self.beyond(session).cases
        return not cases or nearness.case_of(session.connection(), record) not in cases

    def sight(self, session: Session, *records: Record) -> dict[UUID, Secrecy]:
        """How much she sees of records, and of each person and family that they name.

        Empty for whom nobody can come nearer than everybody is.
        """
        reach = self.rights.reach
        if self.may(Verb.HAND_OVER) or reach.own == reach.least:
            return {}
        connection, me = session.connection(), self._office.me
        found = {record.id: nearness.relation(connection, me, record) for record in records[:1]}
        for record in records:
            found |= nearness.relations_of_named(connection, me, record)
        return {id: reach.at(relation) for id, relation in found.items()}

    # The veil

    def ask(self, state: ORMExecuteState) -> None:
        """A query of a reading session: refused where she reads nothing, narrowed where it would lead too far."""
        kinds = {mapper.class_ for mapper in state.all_mappers}
        if any(issubclass(kind, Record) and not self.may_read(kind.sheet()) for kind in kinds):
            raise Refused(NO_RECORDS)
        if bare := too_secret(state.statement, max(self.rights.reach.least, Secrecy.PLAIN)):
            raise RuntimeError(f"columns taken without their records: {', '.join(bare)}")
        if options := self.beyond(state.session).criteria(state.statement):
            state.statement = state.statement.options(*options)

    def cover(self, session: Session, record: Record) -> None:
        """Take from a record that was read what she may not see."""
        self.cover_these(record, self.hidden(session, record))

    @staticmethod
    def cover_these(record: Record, hidden: frozenset[str]) -> None:
        """Take these fields from a record that is about to be shown."""
        record.covered = hidden
        for name in hidden:
            set_committed_value(record, name, None)

    def begin(self, session: Session, sheets: frozenset[str]) -> None:
        """Whom she is kept from, before the first record is written by which that is decided."""
        if not nearness.parting().isdisjoint(sheets) and _KEPT not in session.info and not self.may(Verb.ACCOUNTS):
            session.info[_KEPT] = self._asked_beyond(session)

    def settle(self, session: Session) -> None:
        """Nobody leads herself to whom she is kept from, on whatever road she writes; only a head decides otherwise."""
        kept: Beyond | None = session.info.get(_KEPT)
        if not kept:
            return
        joined: dict[UUID, UUID] = session.info.get(_JOINED, {})
        people, now = {joined.get(one, one) for one in kept.people}, self._asked_beyond(session)
        if people - now.people or kept.cases - now.cases:
            raise Refused(STAYS_APART)

    def require_near(self, session: Session, *records: Record) -> None:
        """Refused if one of these records is about somebody from whom she is kept, unless she decides about that."""
        named = {one for record in records for one in nearness.people_of(record)}
        if not self.may(Verb.ACCOUNTS) and named & self.beyond(session).people:
            raise Refused(KEPT_APART)

    @staticmethod
    def join(session: Session, keep: UUID, drop: UUID) -> None:
        """Say that two people become one in this transaction: whoever was kept from the one is kept from the other."""
        session.info.setdefault(_JOINED, {})[drop] = keep

    def beyond(self, session: Session) -> Beyond:
        """What is not there for her: in a transaction that writes, as it stands there; in one that reads, found once.

        Until the next commit no other reading session asks again.
        """
        if not isinstance(session, VeiledSession):
            return self._asked_beyond(session)
        found = session.info.get(_BEYOND)
        if found is None:
            # A session that has read already may see the file as it was before the last commit.
            found = self._asked_beyond(session) if session.in_transaction() else self._kept_beyond(session)
            session.info[_BEYOND] = found
        return cast(Beyond, found)

    def _kept_beyond(self, session: Session) -> Beyond:
        key = (self._office.me, self._commits)
        if self._beyond is None or self._beyond[0] != key:
            self._beyond = (key, self._asked_beyond(session))
        return self._beyond[1]

    def _asked_beyond(self, session: Session) -> Beyond:
        connection, me = session.connection(), self._office.me
        answers_for_all = self.rights.reach.least >= Secrecy.LOCATION
        people = nearness.people_out_of_reach(connection, me, answers_for_all)
        return Beyond(nearness.cases_kept_from(connection, me), people)

    def _count_commit(self, _touched: frozenset[str]) -> None:
        self._commits += 1

    # Her keys

    def signing_key(self) -> SigningKey | None:
        """With which she signs what she did (Ed25519); None where the store was opened by the paper."""
        secrets = self._opened_by.secrets if self._opened_by else None
        return SigningKey(secrets.signing_seed) if secrets else None

    def sealing_key(self) -> PrivateKey | None:
        """To which others seal what is for her (X25519); None where the store was opened by the paper."""
        secrets = self._opened_by.secrets if self._opened_by else None
        return PrivateKey(secrets.sealing_seed) if secrets else None

    def identities(self) -> dict[UUID, PrivateKey]:
        """By account, with what sealed boxes open here: her own key; by the paper, everybody's that it gave back."""
        if (own := self.sealing_key()) is not None:
            return {self._office.me: own}
        escrow = self._opened_by.escrow if self._opened_by else {}
        found = {account: kept.sealing_seed for account, kept in escrow.items()}
        return {account: PrivateKey(seed) for account, seed in found.items() if seed}

    @property
    def anchor(self) -> bytes:
        """The public key that began the list of members; empty where the store was opened without its keys."""
        return self._opened_by.anchor if self._opened_by else b""

    # Her passphrase

    @property
    def by_paper(self) -> bool:
        """Whether the store was opened with the recovery key: a new passphrase is then due."""
        return self.opened.secrets is None

    @property
    def temporary(self) -> bool:
        """Whether she opened by a passphrase that was made up for her: her own is due before anything else."""
        return self._opened_by is not None and self._opened_by.temporary

    def change_passphrase(self, old: str, new: str, *, cost: Cost | None = None) -> None:
        """Let `new` open the store instead of `old`. Refused if `old` is wrong, or `new` too short or the same."""
        if old == new:
            raise Refused(Problem("passphrase", SAME))
        if not self.keys.fits(self.opened.account, old):
            raise Refused(Problem("old", N_("This passphrase does not open the store.")))
        self.set_passphrase(new, cost=cost)

    def set_passphrase(self, new: str, *, cost: Cost | None = None) -> None:
        """Let `new` open the store from now on. Keys of hers that lay dormant open if it is her former passphrase.

        A passphrase that was made up for her has been known to somebody else, and the key file of that day may be in
        other hands: with it go her keys. Fresh ones sign, and seal her notes, from now on.
        """
        check_passphrase(new)
        if self.temporary and self.keys.fits(self.opened.account, new):
            raise Refused(Problem("passphrase", SAME))
        opened = self.opened.with_fresh_keys() if self.temporary else self.opened
        changed = self.keys.with_person(opened, opened.account, "", new, cost or measured())
        try:
            # Said first and let in last: a disk that fills up in between leaves the passphrase of until now in force.
            with changed.taking_over(self.place.keys), self._office.database.write() as session:
                if self.temporary and opened.secrets:
                    self._office.members.take_keys(session, opened.secrets)
                    self._office.restricted.seal_to_her_new_key(session, opened.secrets.sealing_public)
                self._office.journal.note_in(session, Deed.PASSPHRASE_CHANGED, "staff_member", opened.account)
        except BaseException:
            self._office.members.forget_unsaid()
            raise
        self._opened_by = replace(opened, temporary=False)
        self._office.database.privileged = Privileged(opened.account, opened.privileged)
        self._office.database.case_keys.hold(self.identities())

    def drill(self, recovery: str) -> bool:
        """Whether the recovery key on paper opens this store; if it does, the day is noted. It reveals nothing.

        Refused, naming the group, if it was not typed as printed.
        """
        opens = paper_opens(self.keys, recovery)
        if opens:
            self._office.journal.note(Deed.RECOVERY_DRILLED)
        return opens

    # What this computer remembers

    @staticmethod
    def can_be_remembered() -> bool:
        """Whether this computer has a keyring that protects what it is given."""
        return remembered.keyring() is not None

    def remember(self) -> None:
        """Open without a passphrase from now on, for who is logged in to this computer. Weather without a keyring
        that is unlocked.
        """
        changed, secret = self.keys.remembering(self.opened)
        remembered.keep(changed.store, self.opened.account, secret)
        changed.write(self.place.keys)

    def forget(self) -> None:
        """Ask for the passphrase again. The slot goes first: without it the keyring's secret opens nothing."""
        changed = self.keys.forgetting(self.opened)
        changed.write(self.place.keys)
        remembered.drop(changed.store, self.opened.account)

    # The key file, for whoever rewrites it

    @property
    def keys(self) -> KeyFile:
        """The key file as it stands now. Weather if somebody outside has changed it since."""
        return KeyFile.read(self.place.keys).trusted(self.opened.store_key)

    @property
    def place(self) -> StoreFolder:
        """The folder that it lies in."""
        if self._keys_at is None:
            raise RuntimeError("this store was opened without its key file")
        return self._keys_at

    @property
    def opened(self) -> Opened:
        """What was opened by it."""
        if self._opened_by is None:
            raise RuntimeError("this store was opened without its key file")
        return self._opened_by


def check_passphrase(passphrase: str) -> None:
    """Refused if it is too short to protect anything."""
    if len(passphrase.strip()) < SHORTEST:
        raise Refused(Problem("passphrase", N_("A passphrase has at least {least} characters."), {"least": SHORTEST}))


def paper_opens(keys: KeyFile, recovery: str) -> bool:
    """Whether a recovery key opens what these keys lock. Refused if it was not typed as printed."""
    private = recovery_code.read(recovery)
    try:
        keys.by_paper(private)
    except Refused:
        return False
    return True
