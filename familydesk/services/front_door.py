"""The front door: make a store, open one, and say what stands in a folder."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from familydesk.core.errors import Problem, Refused, Unsaid, Weather
from familydesk.core.i18n import N_
from familydesk.core.ids import new_id
from familydesk.core.settings import LAST_STORE, Settings, usual_settings
from familydesk.services import joining
from familydesk.services.account import check_passphrase, paper_opens
from familydesk.services.office import Office
from familydesk.services.way_in import WayIn
from familydesk.store import arrival, guards, recovery_code, remembered, renewal, upgrade
from familydesk.store.database import Database
from familydesk.store.derivation import FLOOR, Cost, measured
from familydesk.store.folder import StoreFolder
from familydesk.store.keys import KeyFile, Opened, TooSoon, WrongPassphrase
from familydesk.store.lock import StoreLock
from familydesk.store.privileged import Privileged
from familydesk.store.slots import RememberedSlot
from familydesk.store.tables import META
from familydesk.store.weather import told_plainly
from familydesk.sync.member_list import staying

WHO = N_("Several people open this store: say who you are, with your login.")

__all__ = [
    "Created",
    "State",
    "TooSoon",
    "WrongPassphrase",
    "create_store",
    "drill_recovery_key",
    "is_remembered",
    "state_of",
    "unlock",
    "usual_folder",
]


class State(enum.Enum):
    """What stands in a folder."""

    NONE = "none"
    READY = "ready"
    KEYS_MISSING = "keys missing"
    DATABASE_MISSING = "database missing"


@dataclass(frozen=True, slots=True)
class Created:
    """A new store, open, and its recovery key, which is shown now and never again."""

    office: Office
    recovery_key: str = field(repr=False)

    @property
    def qr_payload(self) -> str:
        """What the QR picture beside the printed key holds."""
        return recovery_code.qr_payload(self.recovery_key)


def usual_folder(settings: Settings | None = None) -> Path:
    """Where the store lies if nobody says: the one opened last, or the user's own data folder."""
    from platformdirs import user_data_path

    last = (settings or usual_settings()).get(LAST_STORE)
    return Path(last) if last else user_data_path("familydesk", appauthor=False) / "store"


def state_of(folder: Path) -> State:
    """What stands in `folder`. A store that is still moving in counts as there, and so does one that waits to be made:
    both open with the passphrase.
    """
    place = StoreFolder(folder)
    if joining.is_waiting(folder):
        return State.READY
    arriving = StoreFolder(place.arriving) if (place.arriving / "ready.json").exists() else place
    database = place.database.exists() or arriving.database.exists()
    keys = place.keys.exists() or arriving.keys.exists()
    if database and keys:
        return State.READY
    if database:
        return State.KEYS_MISSING
    return State.DATABASE_MISSING if keys else State.NONE


# Making


def create_store(
    folder: Path,
    center: str,
    person: str,
    login: str,
    passphrase: str,
    *,
    code: str = "",
    settings: Settings | None = None,
    cost: Cost | None = None,
) -> Created:
    """A new store of `center`, whose head is `person` ("SURNAME GIVEN PATRONYMIC").

    Refused if a name is missing, the passphrase too short, or if a store stands there. A program killed meanwhile
    leaves no store or a whole one.
    """
    check_passphrase(passphrase)
    place = StoreFolder(folder)
    with told_plainly():
        new = place.make()
    lock = StoreLock(place.lock)
    try:
        arrival.finish(place)
        guards.refuse_existing(place.database)
        guards.refuse_existing(place.keys)
        staged = arrival.begin(place)
        keys, opened, paper = KeyFile.new(new_id(), login, passphrase, cost or measured())
        _furnish(staged, keys, opened, center=(center, code), person=(person, login))
        keys.write(staged.keys)
        arrival.admit(place, aside="")
        return Created(_office(place, opened, settings, lock), recovery_code.write(paper))
    except BaseException:
        arrival.leave(place, lock, new)
        raise


def _furnish(
    staged: StoreFolder, keys: KeyFile, opened: Opened, center: tuple[str, str], person: tuple[str, str]
) -> None:
    from familydesk.services import entry, first_tables

    own = (first_tables.center(*center), first_tables.head(opened.account, *person))
    for record in own:
        for known in record.fields():
            setattr(record, known.name, entry.tidy(known, getattr(record, known.name)))
    faults = [problem for record in own for problem in record.problems()]
    if faults:
        raise Refused(*faults)
    database = _at_the_desk(Database.create(staged.database, opened.store_key), opened)
    try:
        office = Office(database, staged.root, Settings(staged.root), keys=(staged, opened))
        with database.write() as session:
            session.execute(META.insert().values(key="store", value=keys.store.hex))
            session.add_all([*first_tables.law_tables(), *own])
            session.flush()
            for record in own:
                office.search.index(session.connection(), record)
        office.members.admit()
    finally:
        database.close()


# Opening


def unlock(
    folder: Path,
    passphrase: str = "",
    *,
    recovery: str = "",
    remembered_here: bool = False,
    login: str = "",
    settings: Settings | None = None,
    least: Cost = FLOOR,
    road: str = "",
) -> Office:
    """Open the store in `folder` by passphrase, by recovery key, or by what this computer remembers. Of a laptop that
    has asked to be admitted the store is made first, if a head has admitted it: `road` is another one than it asked on.

    WrongPassphrase (a Weather) for a wrong passphrase or while the wait after one lasts; Weather for everything that is
    wrong with folder, files or disk; Refused for a recovery key that was not typed as printed or is another store's,
    and for somebody whom the list of members does not let in. Unsaid where several people open the store and no login
    was given.
    """
    place = StoreFolder(folder)
    if joining.is_waiting(folder):
        joining.arrive(folder, passphrase, road, least=least)
    if state_of(folder) is State.NONE:
        guards.check_file(place.database)
    lock = StoreLock(place.lock)
    try:
        arrival.finish(place)
        guards.check_file(place.database)
        keys = KeyFile.read(place.keys)
        if keys.people > 1 and not (login or recovery or remembered_here):
            raise Unsaid(Problem("login", WHO))
        opened = WayIn(passphrase, recovery, remembered_here, login, least).open(place, keys)
        if not (opened.anchor or recovery):
            fresh, opened = keys.renewed(opened, passphrase)
            fresh.write(place.keys)
        joining.put_away(place)
        return _office(place, opened, settings, lock)
    except BaseException:
        lock.release()
        raise


def is_remembered(folder: Path, account: UUID | None = None) -> bool:
    """Whether this computer may open the store without a passphrase, for `account` or for anybody. Never an exception:
    a keyring that is locked remembers nothing.
    """
    try:
        keys = KeyFile.read(StoreFolder(folder).keys)
        # The keyring takes a tenth of a second to load; without a slot for its answer it need not be asked.
        people = {slot.account for slot in keys.of_kind(RememberedSlot)}
        asked = people if account is None else people & {account}
        return any(remembered.recall(keys.store, one) for one in asked)
    except Weather:
        return False


def drill_recovery_key(folder: Path, text: str) -> bool:
    """Whether the paper opens this store. Refused, naming the group, if it was not typed as printed."""
    return paper_opens(KeyFile.read(StoreFolder(folder).keys), text)


def _office(place: StoreFolder, opened: Opened, settings: Settings | None, lock: StoreLock) -> Office:
    guards.check_file(place.database, opened.store_key)
    upgrade.bring_up(place, opened.store_key)
    opened = renewal.if_due(place, opened, staying)
    database = _at_the_desk(Database.open(place.database, opened.store_key), opened)
    settings = settings or usual_settings()
    if settings.get(LAST_STORE) != (here := str(place.root.resolve())):
        settings.put(LAST_STORE, here)
    office = Office(database, place.root, settings, lock.release, (place, opened))
    try:
        office.members.admit()
        office.journal.begin()
        office.restricted.keep_in_step()
        office.members.tell_door()
    except BaseException:
        database.close()
        raise
    return office


def _at_the_desk(database: Database, opened: Opened) -> Database:
    database.actor = opened.account
    database.privileged = Privileged(opened.account, opened.privileged)
    return database
