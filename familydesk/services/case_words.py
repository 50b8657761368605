"""What is said of restricted cases on this laptop and on others: signed, handed on, and judged by who might say it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from nacl.signing import SigningKey
from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.records.staff_member import Role
from familydesk.services.rights import RIGHTS
from familydesk.store.capture import WHOLE
from familydesk.store.case_keys import CopyKind
from familydesk.store.tables import CASE_KEY, CHANGE, KEPT_APART, RESTRICTED_CASE
from familydesk.sync import case_words
from familydesk.sync.case_words import Standing, named
from familydesk.sync.peer import ObjectKind
from familydesk.sync.wire import bounds
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.case_word import Broke, CaseWord, Closed, Copy, CopyOf, Freed, Said

if TYPE_CHECKING:
    from familydesk.services.office import Office

_KINDS = {CopyKind.READER: CopyOf.READER, CopyKind.EMERGENCY: CopyOf.EMERGENCY}
_RESPONSIBLE = "responsible_id"


class CaseWords:
    """The words about restricted cases in one store (`loop.Stock`)."""

    kind = ObjectKind.RESTRICTION

    def __init__(self, office: Office) -> None:
        self._office = office
        self._database = office.database
        self._opened: dict[str, CaseWord] = {}

    # Saying

    def close(self, session: Session, case: UUID) -> CaseWord | None:
        """Say how the case is restricted now, as the file has it."""
        word = self.say(session, case, self._closed(session, case))
        if word is not None:
            of_case = RESTRICTED_CASE.c.case_id == case.hex
            session.execute(update(RESTRICTED_CASE).where(of_case).values(word=short(word)))
        return word

    def free(self, session: Session, case: UUID) -> CaseWord | None:
        """Say that the case is for everybody again, and by which keys what was sealed opens."""
        known = self._database.case_keys.known(case.hex)
        return self.say(session, case, Freed(tuple((generation, bytes.fromhex(key)) for generation, key in known)))

    def say(self, session: Session, case: UUID, said: Said) -> CaseWord | None:
        """In the name of who is at the desk; None where the center has no keys by which others could be told."""
        key, center, connection = self._signing_key(), self._office.center, session.connection()
        if key is None:
            return None
        at = int(clock.now().timestamp() * 1000)
        word = self.of(connection, case).next(center.id, case, self._office.me, at, said).signed(key)
        epoch = max(center.epoch_keys)
        case_words.keep(connection, case_words.sealed(word, epoch, center.epoch_keys[epoch]), followed=True)
        return word

    def is_behind(self, session: Session, case: UUID) -> bool:
        """Whether others have to be told of a case that opens here: nobody has said how it is restricted, two laptops
        have said different things that can be brought together here, or there is more that must be kept apart.
        """
        if self._signing_key() is None:
            return False
        leaves = [one.said for one in self.of(session.connection(), case).leaves if isinstance(one.said, Closed)]
        if not leaves:
            return True
        apart = {pair for said in leaves for pair in said.apart} | set(_apart(session, case))
        if not apart <= set(leaves[0].apart) or _held(self._copies(session, case)) != _held(leaves[0].copies):
            return True
        return len(set(map(_sense, leaves))) > 1 and self._opens(case, leaves)

    def publics(self, session: Session, case: UUID) -> set[str]:
        """The public halves (hex) of the keys that words gave the case and no later one has answered."""
        leaves = self.of(session.connection(), case).leaves
        return {one.said.public.hex() for one in leaves if isinstance(one.said, Closed)}

    def _opens(self, case: UUID, leaves: Iterable[Closed]) -> bool:
        publics = self._database.case_keys.known_publics(case.hex)
        return all(said.public in publics for said in leaves)

    def _signing_key(self) -> SigningKey | None:
        """Hers who is at the desk, where there is anybody to be told."""
        center = self._office.center
        told = center.identity is not None and bool(center.epoch_keys)
        return self._office.account.signing_key() if told else None

    def _closed(self, session: Session, case: UUID) -> Closed:
        row = session.execute(select(RESTRICTED_CASE).where(RESTRICTED_CASE.c.case_id == case.hex)).one()
        apart = {pair for one in self.of(session.connection(), case).leaves for pair in _told_apart(one)}
        apart |= set(_apart(session, case))
        ordered = tuple(sorted(apart, key=str))
        place = row.generation, bytes.fromhex(row.public)
        return Closed(*place, self._copies(session, case), row.since, row.sealed, ordered)

    def _copies(self, session: Session, case: UUID) -> tuple[Copy, ...]:
        """Those of the key that seals now."""
        public = self._database.case_keys.public(case.hex).hex()
        of_case = CASE_KEY.c.case_id == case.hex, CASE_KEY.c.of_key == public
        return tuple(
            Copy(_KINDS[CopyKind[copy.kind]], UUID(copy.account), bytes.fromhex(copy.public), copy.sealed)
            for copy in session.execute(select(CASE_KEY).where(*of_case).order_by(CASE_KEY.c.kind, CASE_KEY.c.account))
        )

    # What was said

    def of(self, connection: Connection, case: UUID) -> Standing:
        """What the words about one case come to."""
        words = (word for word in self.words(connection).values() if word.case == case)
        return case_words.standing(words, partial(self._entitled, connection))

    def words(self, connection: Connection) -> Mapping[str, CaseWord]:
        """All that open here, by their names, whether or not they count."""
        center = self._office.center
        for name, content in case_words.kept(connection).items():
            if name not in self._opened and (word := _read(content, center.id, center.epoch_keys)):
                self._opened[name] = word
        return self._opened

    def _entitled(self, connection: Connection, word: CaseWord, prev: Iterable[CaseWord]) -> bool:
        """Whether who signed it might: a head, or who is named, or whoever was responsible for a case that was for
        everybody, each with a role that works with cases. A key that was once hers suffices: what a colleague who left
        had restricted stays restricted.
        """
        log, trust, prev = self._office.center.log, self._office.center.trust, list(prev)
        person = log.people.get(word.by)
        if person is None or person.role not in Role.__members__:
            return False
        if not any(word.signed_by(public) for public in trust.signing_publics(word.by)):
            return False
        leads = person.role == Role.HEAD.name
        if isinstance(word.said, Broke):
            return leads and bool(named(prev))
        if not RIGHTS[Role[person.role]].casework:
            return False
        if isinstance(word.said, Closed) and not self._may_be_named(word.said):
            return False
        return leads or word.by in named(prev) or (not named(prev) and self._may_begin(connection, word))

    def _may_be_named(self, said: Closed) -> bool:
        return all(copy.account in self._office.center.log.people for copy in said.copies)

    def _may_begin(self, connection: Connection, word: CaseWord) -> bool:
        """Whether she was ever responsible for the case, or nobody was. Where the case lies sealed that cannot be read
        any more, and counts only as it was judged before; where nothing of it has come, it closes.
        """
        if not isinstance(word.said, Closed) or word.by not in word.said.accounts(CopyOf.READER):
            return False
        query = select(CHANGE.c.sheet, CHANGE.c.record, CHANGE.c.field, CHANGE.c.value).where(
            CHANGE.c.record == word.case.hex, CHANGE.c.field.in_((WHOLE, _RESPONSIBLE))
        )
        keys = self._database.case_keys
        texts = [keys.text(*row) if row.value else "null" for row in connection.execute(query)]
        told = {_responsible(text) for text in texts if text is not None}
        if word.by.hex in told or (not told - {None} and None not in texts):
            return True
        return None in texts and word.id in self._judged(connection)

    def _judged(self, connection: Connection) -> set[bytes]:
        left = case_words.unfollowed(connection)
        return {word.id for name, word in self._opened.items() if name not in left}

    # Handing on

    def names(self) -> frozenset[str]:
        """Those that are here."""
        with self._database.connection() as connection:
            return case_words.names(connection)

    def content(self, name: str) -> bytes:
        """One of them, to be handed on."""
        with self._database.connection() as connection:
            return case_words.kept(connection)[name]

    def take(self, contents: Mapping[str, bytes]) -> int:
        """Keep those that came and follow them; how many of them are none."""
        center, bad = self._office.center, 0
        with self._database.connection(write=True) as connection:
            for name, content in contents.items():
                try:
                    if name != case_words.name_of(content) or len(content) > bounds.OBJECT:
                        raise Defect("a word under another name")
                    case_words.opened(content, center.id, center.epoch_keys)
                except Defect:
                    bad += 1
                else:
                    case_words.keep(connection, content)
        self._office.closing.follow()
        return bad

    def destroyed(self) -> frozenset[str]:
        """None: what was said stays said."""
        return frozenset()


def _responsible(text: str) -> str | None:
    """Who is responsible, as a change of the case tells it: its beginning, or one of that field."""
    told = json.loads(text)
    found = told.get(_RESPONSIBLE) if isinstance(told, dict) else told
    return found if isinstance(found, str) else None


def short(word: CaseWord) -> str:
    """How the file names a word that it follows: 32 hex digits."""
    return word.id.hex()[:32]


def _read(content: bytes, center: bytes, epoch_keys: Mapping[int, bytes]) -> CaseWord | None:
    try:
        return case_words.opened(content, center, epoch_keys)
    except Defect:
        return None


def _apart(session: Session, case: UUID) -> list[tuple[UUID | None, UUID]]:
    rows = session.execute(select(KEPT_APART.c.one, KEPT_APART.c.other).where(KEPT_APART.c.case_id == case.hex)).all()
    return [(UUID(one) if one else None, UUID(other)) for one, other in rows]


def _told_apart(word: CaseWord) -> tuple[tuple[UUID | None, UUID], ...]:
    return word.said.apart if isinstance(word.said, Closed) else ()


def _held(copies: Iterable[Copy]) -> set[tuple[CopyOf, UUID, bytes]]:
    return {(copy.kind, copy.account, copy.public) for copy in copies}


def _sense(said: Closed) -> tuple[object, ...]:
    return said.generation, said.public, *(said.accounts(kind) for kind in CopyOf)
