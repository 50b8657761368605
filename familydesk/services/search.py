"""The search of the whole desk: one line typed, any record found, the best first.

What of a record may be found is read off its sheet: the fields that are no more secret than PERSONAL, by their kind. A
child record (a telephone) is found as its parent (the person), because that is the screen to open; and a person found
brings her family, her cases and her papers with her.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from familydesk.core.errors import Refused
from familydesk.core.fold import fold
from familydesk.core.record import Record
from familydesk.core.show import show
from familydesk.records import sheet_of
from familydesk.services import indexing
from familydesk.services.account import NO_RECORDS
from familydesk.services.search_sources import PERSON, indexed, led_to, parent_of, paths, people_of
from familydesk.store import search_arrears, search_index
from familydesk.store.overlay import SEALABLE, Overlay
from familydesk.store.search_find import Hit, find
from familydesk.store.search_lexicon import Vocabulary

if TYPE_CHECKING:
    from familydesk.services.office import Office

_AS_GOOD = 0.08
"""People who fit so nearly as well as the best one bring their records with them."""
_BRINGING = 3
_BROUGHT = 6
_OF_ONE_SHEET = 2
_AHEAD = 10
"""Hits looked at beyond those asked for, so that of equals the one spelled as she typed it comes first."""
_SPELLED = 0.01
_BATCH = 2000

Progress = Callable[[int, int], None]
"""Told how many records are done, and of how many."""
Place = tuple[str, UUID]
"""A sheet's name and a record's id."""
_Records = dict[Place, Record]


@dataclass(frozen=True, slots=True)
class Found:
    """One record found: where it is, its name, and a few words that tell it from its namesakes."""

    sheet: str
    id: UUID
    title: str
    hint: str = ""


class Search:
    """One box that finds everything, kept in step with every save."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._account = office.account
        self._database = office.database
        self._vocabulary = Vocabulary()
        self._reading = Lock()

    def ask(self, text: str, limit: int = 20, sheets: Iterable[str] | None = None) -> list[Found]:
        """`find` for a person who has typed: that she searched is noted, what for is not."""
        found = self.find(text, limit, sheets)
        self._office.journal.searched(text, len(found))
        return found

    def find(self, text: str, limit: int = 20, sheets: Iterable[str] | None = None) -> list[Found]:
        """What a typed line means, the best first; on these sheets only, if any are named.

        People stand before the records that are found through them. Refused to a role that opens no records: whether
        something is found would tell it too.
        """
        if not self._account.rights.casework:
            raise Refused(NO_RECORDS)
        self.catch_up()
        wanted = None if sheets is None else frozenset(sheets)
        with self._database.read() as session:
            beyond = self._account.beyond(session)
            hits = _reachable(self._hits(session.connection(), text, limit, wanted), text, beyond.people)
            records = _loaded(session, [(hit.sheet, hit.record_id) for hit in hits])
            places = _with_theirs(session, _by_spelling(hits, records, text), wanted)
            places = list(dict.fromkeys([*_sealed_of_number(session.connection(), text), *places]))
            places = [place for place in places if wanted is None or place[0] in wanted][:limit]
            records |= _loaded(session, [place for place in places if place not in records])
            return _told(session, [records[place] for place in places if place in records])

    def index(self, connection: Connection, record: Record) -> None:
        """Bring the index in step with one record that was saved, put away or erased, in the same transaction."""
        self.index_many(connection, [record])

    def index_many(self, connection: Connection, records: Iterable[Record]) -> None:
        """The same for many records of any sheets; the way for imports. They must have been flushed."""
        ids: defaultdict[type[Record], dict[UUID, None]] = defaultdict(dict)
        for record in records:
            parent = parent_of(type(record))
            id_ = getattr(record, record.parent) if parent else record.id
            if type(record).searched and id_:
                ids[parent or type(record)][id_] = None
        for sheet, of_sheet in ids.items():
            self.index_ids(connection, sheet, of_sheet)

    def index_ids(self, connection: Connection, sheet: type[Record], ids: Iterable[UUID]) -> None:
        """The same for records of one sheet that were written past the session."""
        indexing.index_ids(connection, sheet, ids)

    def catch_up(self) -> None:
        """Index what came from other laptops and is not indexed yet. `find` does so too: what is here is found."""
        indexing.follow(self._database)

    def rebuild(self, progress: Progress | None = None) -> int:
        """Forget the index and build it anew from the records; returns how many were read."""
        done = 0
        with self._database.write() as session:
            connection = session.connection()
            search_index.clear(connection)
            search_arrears.go_on(connection, None)
            total = sum(session.scalar(select(func.count()).select_from(sheet)) or 0 for sheet in indexed())
            for sheet in indexed():
                for ids in indexing.batches(list(session.scalars(select(sheet.id).order_by(sheet.id))), _BATCH):
                    indexing.index_ids(connection, sheet, ids)
                    done += len(ids)
                    if progress:
                        progress(done, total)
        return done

    def _hits(self, connection: Connection, text: str, limit: int, wanted: frozenset[str] | None) -> list[Hit]:
        within = None if wanted is None else wanted | {PERSON}
        # The vocabulary is one for all threads, and reading it anew must not meet itself.
        with self._reading:
            return find(connection, self._vocabulary, text, limit + _AHEAD, within)


def _reachable(hits: list[Hit], text: str, out_of_reach: frozenset[UUID]) -> list[Hit]:
    """Without those whom she must not be led to, where digits were typed: they might be a telephone's."""
    if not any(letter.isdigit() for letter in text):
        return hits
    return [hit for hit in hits if hit.record_id not in out_of_reach]


def _sealed_of_number(connection: Connection, text: str) -> list[Place]:
    """Records of restricted cases that bear this number: they are in no index, and few enough to be looked through."""
    number, overlay = fold(text), Overlay.of(connection)
    return [
        (sheet.sheet(), UUID(id_))
        for sheet in SEALABLE
        if sheet.numbered[0] and number
        for id_, borne in overlay.opened(connection, sheet.sheet(), sheet.numbered[0])
        if borne and fold(borne) == number
    ]


def _loaded(session: Session, places: Iterable[Place]) -> _Records:
    """The records at these places that are here and not put away."""
    ids: defaultdict[str, list[UUID]] = defaultdict(list)
    for sheet, id_ in places:
        ids[sheet].append(id_)
    found: _Records = {}
    for name, of_sheet in ids.items():
        kind = sheet_of(name)
        rows = session.scalars(select(kind).where(kind.id.in_(of_sheet), kind.archived.is_(False)))
        found.update(((name, record.id), record) for record in rows)
    return found


def _by_spelling(hits: list[Hit], records: _Records, text: str) -> list[Hit]:
    """The hits whose record is here; of those that fit equally, the one spelled as it was typed first."""
    typed = set(text.casefold().split())
    weighed = []
    for hit in hits:
        record = records.get((hit.sheet, hit.record_id))
        if record is not None:
            spelled = typed & set(record.title_text().casefold().split())
            weighed.append(Hit(hit.sheet, hit.record_id, hit.score + _SPELLED * len(spelled)))
    return sorted(weighed, key=lambda hit: -hit.score)


def _with_theirs(session: Session, hits: list[Hit], wanted: frozenset[str] | None) -> list[Place]:
    """Places in the order to show: the best hits, what their people bring, then the other hits."""
    if not hits:
        return []
    best = [hit for hit in hits if hit.score >= hits[0].score - _AS_GOOD]
    people = [hit.record_id for hit in (best if wanted is None else hits) if hit.sheet == PERSON]
    if wanted is None:
        brought = _brought(session, people[:_BRINGING], _OF_ONE_SHEET)[:_BROUGHT] if len(people) <= _AHEAD else []
    else:
        brought = _brought(session, people, None, wanted)
    order = [(hit.sheet, hit.record_id) for hit in best], brought, [(hit.sheet, hit.record_id) for hit in hits]
    return list(dict.fromkeys(place for part in order for place in part))


def _brought(
    session: Session, people: list[UUID], most: int | None, wanted: frozenset[str] | None = None
) -> list[Place]:
    """The newest records that these people lead to, person by person in the order given."""
    query = led_to(wanted)
    if not people or query is None:
        return []
    found: defaultdict[tuple[UUID, int], list[UUID]] = defaultdict(list)
    for way, person, id_ in session.execute(query, {"people": people}):
        found[person, way].append(id_)
    return list(
        dict.fromkeys(
            (path.sheet, id_)
            for person in people
            for way, path in enumerate(paths())
            for id_ in sorted(found.get((person, way), ()), reverse=True)[:most]
        )
    )


def _told(session: Session, records: list[Record]) -> list[Found]:
    refers = {record.id: _first_person(record) for record in records}
    people = _loaded(session, [(PERSON, person) for person in set(refers.values()) if person])
    told = []
    for record in records:
        person = people.get((PERSON, refers[record.id] or record.id))
        hint = person.title_text() if person else ""
        if record.sheet() == PERSON:
            hint = show(record.field("born_on"), record.values()["born_on"])
        told.append(Found(record.sheet(), record.id, record.title_text(), hint))
    return told


def _first_person(record: Record) -> UUID | None:
    return next((getattr(record, field.name) for field in people_of(type(record))), None)
