"""The store that a backup is about to replace: it says itself who may do that."""

from __future__ import annotations

from sqlalchemy.exc import DatabaseError

from familydesk.core.errors import Refused, Weather
from familydesk.core.i18n import N_
from familydesk.services.account import NOT_FOR_HER
from familydesk.services.members import DISABLED_HERE, NO_BEGINNING, NOT_BELIEVED
from familydesk.services.rights import RIGHTS, Verb
from familydesk.services.way_in import WayIn
from familydesk.store import guards
from familydesk.store.database import Database
from familydesk.store.folder import StoreFolder
from familydesk.store.keys import KeyFile, Opened, TooSoon, WrongPassphrase
from familydesk.sync.member_list import Member, MemberState, read_list

STANDS = N_(
    "A store stands in this folder, and this does not open it. Only who may open it today brings a backup back over "
    "it, or who has its recovery key. An empty folder needs neither."
)
ONLY_PAPER = N_(
    "The store that stands in this folder cannot say who may open it: its key file is missing or damaged. Bring the "
    "backup back with the recovery key, or into an empty folder."
)


def opened_by(place: StoreFolder, way: WayIn) -> Opened | None:
    """What the words of who brings a backup back open in the store that stands in `place`; None where none stands, or
    where only the recovery key can be asked. Refused if that store does not let her do it.
    """
    if not (place.keys.exists() or place.database.exists()):
        return None
    try:
        keys = KeyFile.read(place.keys)
    except Weather:
        if way.recovery:
            return None
        raise Refused(ONLY_PAPER) from None
    opened = _opened(place, way, keys)
    if not way.recovery:
        _require_right(place, opened)
    return opened


def _opened(place: StoreFolder, way: WayIn, keys: KeyFile) -> Opened:
    try:
        return way.open(place, keys)
    except TooSoon:
        raise
    except WrongPassphrase:
        raise Refused(STANDS) from None


def _require_right(place: StoreFolder, opened: Opened) -> None:
    """By the list of members. A store of the first format has one owner and no list."""
    if not opened.anchor:
        return
    try:
        member = _listed(place, opened)
    except (DatabaseError, Weather):
        # What stands there is damaged, which is why she brings a backup: her way into it is all that can be asked.
        return
    if member is None:
        raise Refused(NOT_BELIEVED)
    if member.state is not MemberState.ACTIVE:
        raise Refused(DISABLED_HERE)
    if opened.temporary or Verb.BACK_UP not in RIGHTS[member.role].verbs:
        raise Refused(NOT_FOR_HER)


def _listed(place: StoreFolder, opened: Opened) -> Member | None:
    """Her line, if it names the keys that she has. Refused if the list has lost its beginning."""
    guards.check_file(place.database, opened.store_key)
    database = Database(place.database, opened.store_key)
    try:
        with database.connection() as connection:
            listed = read_list(connection, opened.anchor)
    finally:
        database.close()
    if not listed.begins:
        raise Refused(NO_BEGINNING)
    member = listed.sound(opened.account)
    hers = opened.secrets and member and member.signing_public == opened.secrets.signing_public
    return member if hers else None
