"""The people of this store: who may open it and as what. Heads add, disable and readmit them; each word is signed.

Two files change with every step: the database, which holds the list, and the key file, which holds the ways in. The one
that gives less goes first when something is taken away, and last when something is given: a program killed in between
leaves somebody who cannot get in yet or any more, never somebody who may not be there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from nacl.signing import SigningKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from familydesk.core.errors import Problem, Refused
from familydesk.core.i18n import N_
from familydesk.core.settings import LOGINS, NAMES_AT_DOOR, SEVERAL, Setting
from familydesk.records.staff_member import Role, StaffMember
from familydesk.services import logins, speaking
from familydesk.services.journal import Deed
from familydesk.services.rights import Verb
from familydesk.services.staff_record import recorded
from familydesk.services.temporary_passphrase import made_up
from familydesk.store import recovery_code
from familydesk.store.derivation import Cost, measured
from familydesk.store.journal import LISTING
from familydesk.store.slots import Secrets
from familydesk.sync.member_list import SAID, Member, MemberList, MemberState, list_alone

if TYPE_CHECKING:
    from familydesk.services.office import Office

__all__ = ["Added", "Member", "MemberState", "Members", "Person", "Role"]

NOT_BELIEVED = N_(
    "Your line in the list of people was not signed by a head of the center, so it gives no rights. "
    "Tell the head: somebody may have changed the list."
)
NO_BEGINNING = N_(
    "The first line of the list of people was changed or taken out by another program, so nobody can be let in here. "
    "Bring a backup back with the recovery key, or bring it back into another folder."
)
DISABLED_HERE = N_("Your account was disabled. The head of the center can readmit you.")
WAITS = N_("Another head of the center has to confirm you first: two make a third one.")
NOT_HERSELF = N_("Nobody changes her own account here. Another head does.")
BY_PAPER = N_("The store was opened with the recovery key. Choose a passphrase and open it with that first.")
OTHER_PAPER = N_("This recovery key does not open this store.")
KEPT_IN_LIST = N_("This colleague has an account: her role and login are changed in the list of people.")


@dataclass(frozen=True, slots=True)
class Added:
    """A way in that was made for somebody. The passphrase is shown now and never again."""

    login: str
    account: UUID
    temporary_passphrase: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """A line of the list as the head sees it. `sound`: whether the last word on her was a head's. `waiting`: whether a
    second head has to say that she becomes one; until then she is what she was, or nobody.
    """

    account: UUID
    login: str
    name: str
    role: Role
    state: MemberState
    sound: bool
    waiting: bool = False


Statements = list[Member]
"""What `Members.list` gives: inside the class `list` is its name."""


class Members:
    """The list of one open store."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._database = office.database

    # Asking

    def list(self) -> Statements:
        """Everybody whose last word holds, disabled ones too, in the order in which they came."""
        return [one for one in self._known.members.values() if self._known.sound(one.account)]

    def get(self, account: UUID) -> Member | None:
        """One of them."""
        return self._known.sound(account)

    def called(self, login: str) -> Member:
        """The member of that login. Refused if there is none."""
        member = next((one for one in self.everybody().values() if logins.same(one.login, login)), None)
        if member is None:
            raise Refused(Problem("login", N_("Nobody here has this login.")))
        return member

    def everybody(self) -> dict[UUID, Member]:
        """Members, and who becomes one when a second head has spoken."""
        return {**self._known.waiting, **self._known.members}

    def signing_public(self, account: UUID) -> bytes | None:
        """The key by which her signature is known (Ed25519)."""
        member = self.get(account)
        return member.signing_public if member else None

    def signing_publics(self, account: UUID) -> frozenset[bytes]:
        """Every key that was ever hers here."""
        return self._known.keys.get(account, frozenset())

    def sealing_public(self, account: UUID) -> bytes | None:
        """The key to which one seals what is for her (X25519)."""
        member = self.get(account)
        return member.sealing_public if member else None

    def role_of(self, account: UUID) -> Role | None:
        """Her role, if a head says so. Where no list was begun, her record says it."""
        if self.begun:
            member = self.get(account)
            return member.role if member and member.state is MemberState.ACTIVE else None
        with self._database.read(whole=True) as session:
            return session.scalar(select(StaffMember.role).where(StaffMember.id == account))

    @property
    def begun(self) -> bool:
        """Whether this store has a list. One of the first format has none until its owner opens it by herself."""
        account = self._office.account
        return bool(account.anchor) and bool(self._known.last or account.signing_key())

    @property
    def length(self) -> int:
        """How many statements the list has; it never shrinks."""
        return self._known.last if self._office.account.anchor else 0

    @property
    def broken(self) -> int:
        """How many statements do not hold or are missing. More than none: somebody else wrote into the list."""
        return self._known.broken if self.begun else 0

    def told(self, deed: Deed) -> dict[str, Any]:
        """What the journal keeps of the list with an event: how long it is, and what was stated since the last one."""
        if not self.begun or deed.name not in LISTING | {Deed.UNLOCKED.name}:
            return {}
        stated: dict[str, Any] = {"members": self._known.stated}
        center = self._office.center
        if deed.name in LISTING and center.unsaid:
            stated[SAID], center.unsaid = center.unsaid, []
        return stated

    def for_proof(self, session: Session) -> MemberList:
        """The list as it stands in the file now, without what the journal tells of it: to be held against that."""
        return list_alone(session.connection(), self._office.account.anchor)

    def people(self) -> tuple[Person, ...]:
        """The list for whoever keeps it. Refused for everybody else."""
        self._office.account.require(Verb.ACCOUNTS)
        known = self._known
        everybody = self.everybody()
        names = self._office.desk.names("staff_member", everybody)
        return tuple(self._line(everybody[account], names) for account in {**known.members, **known.waiting})

    def _line(self, one: Member, names: Mapping[UUID, str]) -> Person:
        sound, waiting = bool(self._known.sound(one.account)), one.account in self._known.waiting
        return Person(one.account, one.login, names.get(one.account, ""), one.role, one.state, sound, waiting)

    def check_record(self, record: StaffMember) -> None:
        """Refused if a record of staff would say another role or login than the list."""
        member = self.get(record.id) if self.begun else None
        if member is None:
            return
        problems = []
        if record.role is not member.role:
            problems.append(Problem("role", KEPT_IN_LIST))
        if (record.login or "") != member.login:
            problems.append(Problem("login", KEPT_IN_LIST))
        if problems:
            raise Refused(*problems)

    # At the door

    def admit(self) -> None:
        """Let in who is at the desk, or refuse. Begins the list if it is hers to begin."""
        if not self._office.account.anchor:
            return
        if not self._known.last:
            self._begin()
        if not self.begun:
            return
        if not self._known.begins:
            raise Refused(NO_BEGINNING)
        member, key = self.get(self._office.me), self._office.account.signing_key()
        if member is None and self._office.me in self._known.waiting:
            raise Refused(WAITS)
        if member is None or (key and bytes(key.verify_key) != member.signing_public):
            raise Refused(NOT_BELIEVED)
        if member.state is not MemberState.ACTIVE:
            raise Refused(DISABLED_HERE)
        if member.leads and key:
            self._office.center.keep_up(key)
        self._office.center.settle_block()

    def tell_door(self) -> None:
        """What the locked screen may know before anything is opened: whether to ask for a login, and which to offer."""
        active = sorted(one.login for one in self.list() if one.state is MemberState.ACTIVE)
        settings = self._office.settings
        offered = active if settings.get(NAMES_AT_DOOR) else []
        told: tuple[tuple[Setting[Any], Any], ...] = ((SEVERAL, len(active) > 1), (LOGINS, offered))
        for setting, value in told:
            if settings.get(setting) != value:
                settings.put(setting, value)

    def _begin(self) -> None:
        """The first statement: of the head who made the store, on herself, by the anchor."""
        key = self._office.account.signing_key()
        if key is None or bytes(key.verify_key) != self._office.account.anchor:
            return
        with self.changing() as session:
            me = session.get(StaffMember, self._office.me)
            speaking.begin(self._office, session, (me.login if me else None) or "head", key)

    # Changing

    def add(self, login: str, person: str, role: Role, *, cost: Cost | None = None) -> Added:
        """A new account for `person` ("SURNAME GIVEN PATRONYMIC"), on her record among the staff or on a new one.

        Refused without the right, for a login that is taken or no word, or for a name that is none.
        """
        key = self._entitled()
        login = self._free(login)
        phrase = made_up()
        account = self._office.account
        with self.changing() as session:
            staff = recorded(session, self._office.desk, person, role, login, self._known.members)
            keys, secrets = account.keys.with_temporary(account.opened, staff, login, phrase, cost or measured())
            speaking.of_new(self._office.center, session, (staff, login, role.name), secrets.publics, key)
            self._office.journal.note_in(session, Deed.MEMBER_ADDED, "staff_member", staff, detail={"role": role.name})
            keys.write(account.place.keys)
        return Added(login, staff, phrase)

    def disable(self, login: str) -> None:
        """Take every way in from her, on every laptop. What she wrote stays, her own notes sealed as they are.

        Her laptops are cut off, but not the one at which this is said, and the center gets another key at once. At the
        next opening the store gets another one too: what she has known opens nothing from then on.
        """
        key = self._entitled()
        member = self._other(login)
        account = self._office.account
        keys = account.keys
        # Whose way in was never here has not known this store's key.
        leaving = member.account in keys.accounts
        keys.without_person(account.opened, member.account, leaving=leaving).write(account.place.keys)
        with self.changing() as session:
            speaking.again(self._office, session, member, key, state=MemberState.DISABLED.name)
            speaking.shut_out(self._office.center, session, member.account, key)
            self._office.journal.note_in(session, Deed.MEMBER_DISABLED, "staff_member", member.account)

    def readmit(self, login: str, recovery: str = "", *, cost: Cost | None = None) -> Added:
        """Give her a temporary passphrase, whether she was disabled or has forgotten hers.

        With the recovery key she has all her keys at once. Without it she gets new ones, and her earlier notes open
        when she takes her former passphrase again, or by the paper later.
        """
        key = self._entitled()
        member = self._other(login)
        account = self._office.account
        phrase, paper = made_up(), recovery_code.read(recovery) if recovery else b""
        if paper and not account.keys.in_escrow(paper):
            raise Refused(Problem("recovery", OTHER_PAPER))
        cost = cost or measured()
        keys, secrets = account.keys.with_temporary(account.opened, member.account, member.login, phrase, cost, paper)
        with self.changing() as session:
            speaking.again(self._office, session, member, key, secrets, state=MemberState.ACTIVE.name)
            self._office.center.give_keys(session, member.account, key)
            self._office.journal.note_in(session, Deed.MEMBER_READMITTED, "staff_member", member.account)
            keys.write(account.place.keys)
        return Added(member.login, member.account, phrase)

    def set_role(self, login: str, role: Role) -> None:
        """Another role, on the list and in her record. The same role again makes a doubtful line sound, and a head of
        whom another one has said so already.
        """
        key = self._entitled()
        member = self._other(login)
        with self.changing() as session:
            speaking.again(self._office, session, member, key, role=role.name)
            self._office.center.give_keys(session, member.account, key)
            self._keep_record(session, member)
            told = {"role": role.name}
            self._office.journal.note_in(session, Deed.MEMBER_ROLE, "staff_member", member.account, detail=told)

    def confirm(self, login: str) -> None:
        """Say as well as another head that somebody becomes one."""
        self.set_role(login, Role.HEAD)

    def take_keys(self, session: Session, secrets: Secrets) -> None:
        """Say that these are her keys from now on, by the key until now. Role and state stay the word of a head."""
        member, key = self.get(self._office.me), self._office.account.signing_key()
        if self.begun and member and key:
            speaking.again(self._office, session, member, key, secrets)
            self._office.center.give_keys(session, self._office.me, SigningKey(secrets.signing_seed))

    def forget_unsaid(self) -> None:
        """Read the list anew: what was to be said was not committed."""
        self._office.center.forget()

    # Inside

    @property
    def _known(self) -> MemberList:
        return self._office.center.known

    def _entitled(self) -> SigningKey:
        """Her key, if she may change the list."""
        self._office.account.require(Verb.ACCOUNTS)
        key = self._office.account.signing_key()
        if key is None:
            raise Refused(BY_PAPER)
        return key

    def _other(self, login: str) -> Member:
        """The member of that login, who is not oneself. A head cannot lose the last head: she is one."""
        member = self.called(login)
        if member.account == self._office.me:
            raise Refused(NOT_HERSELF)
        return member

    def _free(self, login: str) -> str:
        login = logins.well_formed(login)
        if any(logins.same(one.login, login) for one in self.everybody().values()):
            raise Refused(Problem("login", N_("Somebody has this login already.")))
        return login

    def _keep_record(self, session: Session, member: Member) -> None:
        """Let her record say the role that is in force, if it has arrived on this laptop by now."""
        told = self.get(member.account)
        if told is not None and session.get(StaffMember, member.account) is not None:
            values = {"role": told.role, "login": told.login}
            self._office.desk.save_in(session, "staff_member", values, member.account)

    @contextmanager
    def changing(self) -> Iterator[Session]:
        """One write; what was not committed is not known afterwards."""
        try:
            with self._database.write() as session:
                yield session
            self.tell_door()
        except BaseException:
            self.forget_unsaid()
            raise
