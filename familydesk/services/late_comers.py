"""What came for a record that this laptop had joined with another or put away meanwhile: nobody is to be out of sight.

A laptop that joined two people, or put a record away, is the one that knows what it knew then: what hangs on that
record and comes later was written without knowing. So it alone mends that, in the name of whoever lets the two meet,
as a pair is noted; the journal binds it to what came, and the others hear of it as of any change.

    what names somebody who was joined follows to the one who stayed;
    people who were joined crosswise, each into the other, are both taken out again, and are a pair to look at;
    a record that was put away, and to which another laptop added, is in use again, and a person settles whether.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from familydesk.core.fields import Kind
from familydesk.core.record import Record, StreamKind
from familydesk.records import sheet_of
from familydesk.records.family import Family
from familydesk.records.person import Person
from familydesk.records.possible_duplicate import DuplicateState, PossibleDuplicate
from familydesk.services.indexing import index_places
from familydesk.store import front
from familydesk.store.overlay import LOADING, Overlay
from familydesk.store.tables import CHANGE
from familydesk.sync.applying import judge_written

if TYPE_CHECKING:
    from familydesk.services.office import Office


@dataclass(frozen=True, slots=True)
class _Late:
    """A record that names one which is put away."""

    record: Record
    name: str
    target: type[Record]
    named: UUID


class LateComers:
    """Looks after what came, in the transaction in which it came."""

    def __init__(self, office: Office, session: Session) -> None:
        self._database = office.database
        self._session = session
        self._touched: set[tuple[str, str]] = set()

    def look_after(self, records: Collection[tuple[str, str]], begun: Collection[str]) -> int:
        """`records` are those that came, by sheet and id (hex), `begun` the ids of those that are new here; how many
        conflicts were opened.
        """
        self._session.expire_all()
        opened = 0
        self._take_apart(id for sheet, id in records if sheet == Person.sheet())
        for late in list(self._late(records)):
            named = self._follow(late)
            if late.record.id.hex in begun:
                opened += self._bring_back(late.target, named)
        index_places(self._session.connection(), self._touched)
        self._database.touch({sheet for sheet, _id in self._touched})
        return opened

    # What is put away and named

    def _late(self, records: Iterable[tuple[str, str]]) -> Iterator[_Late]:
        by_sheet: dict[str, list[str]] = {}
        for sheet, id in records:
            by_sheet.setdefault(sheet, []).append(id)
        for sheet, ids in by_sheet.items():
            kind = sheet_of(sheet)
            for name, target in _hangs_on(kind):
                named = aliased(target)
                column = getattr(kind, name)
                query = select(kind, named.id).join(named, named.id == column)
                query = query.where(kind.id.in_(_listed(ids)), named.archived, ~kind.archived)
                query = query.where(self._put_away_here(named.id))
                for record, of in self._session.execute(query):
                    yield _Late(record, name, target, of)

    def _put_away_here(self, record: Any) -> Any:
        """Whether this laptop ever put a record away: a newcomer takes in thousands that others did."""
        own = (CHANGE.c.field == front.ARCHIVED) & (CHANGE.c.device == self._database.device)
        return select(CHANGE.c.seq).where(CHANGE.c.record == record, own).exists()

    def _archiving(self, record: UUID) -> Any:
        """The change by which a record was put away and is."""
        connection = self._session.connection()
        if seq := front.standing(connection, record.hex).get(front.ARCHIVED):
            return front.change(connection, seq)
        of = (CHANGE.c.record == record.hex) & (CHANGE.c.field == front.ARCHIVED)
        query = select(CHANGE).where(of).order_by(CHANGE.c.seq.desc()).limit(1)
        return self._session.execute(query).one_or_none()

    def _is_own(self, change: Any) -> bool:
        return change is not None and change.device == self._database.device

    # People who were joined

    def _joining(self, person: UUID) -> PossibleDuplicate | None:
        """The pair as which she was joined into another and put away, by whatever laptop."""
        row, archiving = self._session.get(Person, person), self._archiving(person)
        if row is None or not row.archived or archiving is None:
            return None
        pair = PossibleDuplicate
        of_hers = or_(pair.person_id == person, pair.other_id == person)
        query = select(pair).where(of_hers, pair.state == DuplicateState.MERGED, ~pair.archived)
        for one in self._session.scalars(query):
            wrote = (CHANGE.c.txn == archiving.txn) & (CHANGE.c.device == archiving.device)
            if self._session.scalar(select(CHANGE.c.seq).where(CHANGE.c.record == one.id.hex, wrote).limit(1)):
                return one
        return None

    def _way(self, person: UUID) -> tuple[list[tuple[UUID, PossibleDuplicate]], UUID]:
        """Into whom she was joined, and that one into another, and so on: each with the pair; and where it ends.

        It ends at one of those in it where they were joined in a circle.
        """
        passed: list[tuple[UUID, PossibleDuplicate]] = []
        while person not in (one for one, _pair in passed) and (pair := self._joining(person)) is not None:
            passed.append((person, pair))
            person = _other(pair, person)
        return passed, person

    def _take_apart(self, people: Iterable[str]) -> None:
        pair = PossibleDuplicate
        hers = or_(pair.person_id == Person.id, pair.other_id == Person.id)
        joined_ones = select(pair.id).where(hers, pair.state == DuplicateState.MERGED).exists()
        put_away = select(Person.id).where(Person.id.in_(_listed(people)), Person.archived, joined_ones)
        for person in self._session.scalars(put_away).all():
            passed, end = self._way(person)
            joined = [one for one, _pair in passed]
            if end == person and passed and any(self._is_own(self._archiving(one)) for one in joined):
                self._open_again(joined, [pair for _one, pair in passed])

    def _open_again(self, joined: list[UUID], pairs: list[PossibleDuplicate]) -> None:
        for id in joined:
            person = self._session.get_one(Person, id)
            person.archived = False
            self._touched.add((Person.sheet(), id.hex))
        for pair in pairs:
            pair.state, pair.merge_log = DuplicateState.OPEN, None
        self._session.flush()
        connection = self._session.connection()
        for pair in pairs:
            # Two laptops noted how to undo it, and neither holds any more: there is nothing to decide.
            for name in ("state", "merge_log"):
                if standing := front.standing(connection, pair.id.hex).get(name):
                    front.settle(connection, pair.id.hex, name, standing)

    def _follow(self, late: _Late) -> UUID:
        """Let a record name the one who stayed, if this laptop joined them; gives back whom it names."""
        if late.target is not Person or not self._is_own(self._archiving(late.named)):
            return late.named
        _passed, stayed = self._way(late.named)
        others = {getattr(late.record, name) for name, target in _hangs_on(type(late.record)) if target is Person}
        # Of a tie between the two somebody has to say what it means: she is brought back instead.
        if stayed == late.named or stayed in others:
            return late.named
        setattr(late.record, late.name, stayed)
        self._session.flush()
        self._touched.add((late.record.sheet(), late.record.id.hex))
        return stayed

    # Records that were put away

    def _bring_back(self, sheet: type[Record], record: UUID) -> bool:
        """Write beside the archiving, as one who did not know of it, that the record is in use: it stands, and the two
        are a conflict on every laptop.
        """
        archiving = self._archiving(record)
        row = self._session.get(sheet, record)
        if row is None or not row.archived or not self._is_own(archiving):
            return False
        connection, keys = self._session.connection(), self._database.case_keys
        case, place = Overlay.of(connection).case_of(connection, sheet.sheet(), record.hex), front.ARCHIVED
        value = keys.token(case, sheet.sheet(), record.hex, place, "0") if case else "0"
        with Overlay.of(connection).mode(LOADING):
            front.beside(connection, archiving.seq, value)
        judge_written(self._database, connection, [(sheet.sheet(), record.hex, place)])
        self._session.expire(row)
        self._touched.add((sheet.sheet(), record.hex))
        return True


def _hangs_on(sheet: type[Record]) -> list[tuple[str, type[Record]]]:
    """The references by which a record belongs to a person, a family or something of a case."""
    if sheet is PossibleDuplicate:
        return []
    named = [(field.name, sheet_of(field.target or "")) for field in sheet.fields() if field.kind is Kind.REFERENCE]
    return [one for one in named if one[1] in (Person, Family) or one[1].stream.kind is not StreamKind.CENTER]


def _listed(ids: Iterable[str]) -> Any:
    return select(func.json_each(json.dumps(sorted(ids))).table_valued("value").c.value)


def _other(pair: PossibleDuplicate, person: UUID) -> UUID:
    other = pair.other_id if pair.person_id == person else pair.person_id
    return other or person
