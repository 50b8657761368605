"""Following what was said of restricted cases on other laptops: their records go into the seal, or out of it, at once.

Where somebody who is named is at the desk they are sealed as she would have sealed them herself; elsewhere to the
public half of the case's key, so that nobody reads them until somebody who is named sits here.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from familydesk.core.errors import Weather
from familydesk.services.case_words import short
from familydesk.services.told_of import tell_what_came
from familydesk.store import sealed_records
from familydesk.store.case_keys import CopyKind
from familydesk.store.overlay import NEXT_EPOCH, Overlay
from familydesk.store.tables import CASE_KEY, FREED_CASE_KEY, KEPT_APART, RESTRICTED_CASE
from familydesk.sync import case_words
from familydesk.sync.case_words import Standing
from familydesk.sync.enclosures import enclose_waiting
from familydesk.sync.wire.case_word import CaseWord, Closed, CopyOf, Freed

if TYPE_CHECKING:
    from familydesk.services.office import Office

_KINDS = {CopyOf.READER: CopyKind.READER, CopyOf.EMERGENCY: CopyKind.EMERGENCY}


class Closing:
    """What others said of restricted cases, carried out on this laptop."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._database = office.database
        self._keys = office.database.case_keys

    def follow(self) -> None:
        """Do what is left to be done, in one transaction. What is said by whom it is not known yet whether she might
        waits: it is asked again at each meeting.
        """
        with self._database.connection() as connection:
            if not case_words.unfollowed(connection):
                return
        with self._database.write(whole=True) as session, self._keys.undone_if_it_fails():
            connection = session.connection()
            left, words = case_words.unfollowed(connection), self._office.case_words.words(connection)
            concerned = {words[name].case for name in left if name in words}
            done: set[bytes] = set()
            for case in sorted(concerned):
                standing = self._office.case_words.of(connection, case)
                if self._carry_out(session, case, standing):
                    done |= standing.words.keys()
            case_words.settle(connection, (name for name in left if name in words and words[name].id in done))

    def _carry_out(self, session: Session, case: UUID, standing: Standing) -> bool:
        tell_what_came(session, case, standing)
        word = standing.last
        if word is None:
            return True
        if isinstance(word.said, Freed):
            return self._free(session, case, word, word.said)
        if isinstance(word.said, Closed) and self._followed(session, case) != short(word):
            self._close(session, case, standing, word.said)
        return True

    @staticmethod
    def _followed(session: Session, case: UUID) -> str | None:
        return session.scalar(select(RESTRICTED_CASE.c.word).where(RESTRICTED_CASE.c.case_id == case.hex))

    # In

    def _close(self, session: Session, case: UUID, standing: Standing, said: Closed) -> None:
        connection, before = session.connection(), self._keys.known_publics(case.hex)
        self._write(session, case, standing, said)
        self._bring_up(session)
        places = sealed_records.in_the_open(connection, case.hex)
        replaced = sealed_records.take_in(connection, self._keys, case.hex) if places else {}
        records = {record for _sheet, record in sealed_records.sealed(connection, case.hex)}
        if self._keys.current(case.hex) is None:
            enclose_waiting(connection, self._keys, case.hex, {case.hex, *records})
        elif said.public not in before:
            replaced |= self._seal_anew(session, case)
        self._office.restricted.leave_out(session, case, places, said.accounts(CopyOf.READER))
        self._database.touch(["case", *(sheet for sheet, _record in places)])
        self._office.restricted.note_taken_in(session, case, replaced, standing.leaves[0].by)

    def _write(self, session: Session, case: UUID, standing: Standing, said: Closed) -> None:
        """The case's row, the copies of its keys, and who must be kept apart, as they were said."""
        row: dict[str, object] = {"case_id": case.hex, "generation": said.generation, "since": said.since}
        row |= {"sealed": said.facts, "public": said.public.hex(), "word": short(standing.leaves[0])}
        session.execute(insert(RESTRICTED_CASE).prefix_with("OR REPLACE").values(row))
        session.execute(delete(CASE_KEY).where(CASE_KEY.c.case_id == case.hex))
        for leaf in reversed([one.said for one in standing.leaves if isinstance(one.said, Closed)]):
            for copy in leaf.copies:
                of_key = {"case_id": case.hex, "of_key": leaf.public.hex(), "generation": leaf.generation}
                hers = {"kind": _KINDS[copy.kind].name, "account": copy.account.hex, "public": copy.public.hex()}
                values = {**of_key, **hers, "sealed": copy.sealed}
                session.execute(insert(CASE_KEY).prefix_with("OR REPLACE").values(values))
            for one, other in leaf.apart:
                pair = {"case_id": case.hex, "one": one.hex if one else "", "other": other.hex}
                session.execute(insert(KEPT_APART).prefix_with("OR IGNORE").values(pair))

    def _bring_up(self, session: Session) -> None:
        """Open here what opens by these keys, for this very transaction."""
        connection = session.connection()
        connection.exec_driver_sql(NEXT_EPOCH)
        Overlay.of(connection).bring_up(connection, writes=True)

    def _seal_anew(self, session: Session, case: UUID) -> sealed_records.Replaced:
        """Under the newest key. What does not open stays as it lies, and is counted where the case is shown."""
        connection = session.connection()
        with suppress(Weather), connection.begin_nested():
            return sealed_records.reseal(connection, self._keys, case.hex)
        return {}

    # Out

    def _free(self, session: Session, case: UUID, word: CaseWord, said: Freed) -> bool:
        """Whether all of it could be let out: where something does not open, the case stays restricted here."""
        connection = session.connection()
        for generation, key in said.keys:
            row = {"case_id": case.hex, "generation": generation, "key": key.hex()}
            session.execute(insert(FREED_CASE_KEY).prefix_with("OR IGNORE").values(row))
        if self._followed(session, case) is None:
            self._keys.learn(connection)
            return True
        self._bring_up(session)
        try:
            with connection.begin_nested():
                self._office.restricted.let_out(session, case, by=word.by)
        except Weather:
            return False
        self._bring_up(session)
        return True
