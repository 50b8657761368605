"""How far an erasure reaches: which rows go, which only lose a reference, and which cases stay as a bare number.

Told by the sheets alone, never by a list of record types:

- A row goes with what it requires, and with the case whose stream it belongs to.
- A row that merely mentions what goes stays and loses the reference. If it belongs to no case and names nobody else, it
  was about her alone and goes.
- The case of an erased person goes, unless its stream holds rows about somebody else: whose required person, or named
  person, is another one. Those stay with the case's number and days; everything else of the case is emptied.
- Records that were merged into a person are that person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from familydesk.core.fields import Field, Kind, Secrecy
from familydesk.core.record import Record, StreamKind, references
from familydesk.records import SHEETS, sheet_of

PERSON, CASE, FAMILY = "person", "case", "family"
_BATCH = 400

Ids = set[str]
"""Ids of records as they lie in the file: 32 hex digits."""


class Reach:
    """What goes, by sheet; which fields of what stays are emptied; and which cases stay as a number."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.going: defaultdict[str, Ids] = defaultdict(set)
        self.emptied: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self.bare: Ids = set()
        self.held: dict[str, str] = {}
        """People who were named in what goes and stay, with the sheet of a record that still needs them."""
        self._named: Ids = set()

    def take_person(self, person: str) -> None:
        """Everything about one person."""
        people = self._one_human(person)
        theirs = {case: self._others(case, people) for case in self._pointing(CASE, "client_id", people)}
        self.bare = {case for case, others in theirs.items() if any(others.values())}
        self.take(PERSON, people)
        for case in self.bare:
            self._strip(case, theirs[case])
        self._take_empty_families()
        self._settle()

    def take_files(self, seeds: Iterable[tuple[str, str]]) -> None:
        """Whole files (cases, entries of a journal, consents outside any case) and the people nobody else needs."""
        for sheet, id in seeds:
            self.take(sheet, {id})
        for family in self._column(CASE, "family_id", self.going[CASE]):
            if not self._pointing(CASE, "family_id", {family}) - self.going[CASE]:
                self._named |= self._column("family_member", "person_id", self._members({family}))
                self.take(FAMILY, {family})
        for person in self._named - self.going[PERSON]:
            self._take_if_free(person)
        self._settle()

    def take_ordered(self, going: Mapping[str, Ids], bare: Ids, emptied: Mapping[tuple[str, str], set[str]]) -> None:
        """What was found elsewhere to go, and what hangs on it here."""
        self.bare = set(bare)
        for sheet, ids in going.items():
            self.take(sheet, ids)
        for place, names in emptied.items():
            self.emptied[place] |= names
        self._settle()

    def take(self, sheet: str, ids: Ids) -> None:
        """These rows, and what cannot stand without them."""
        fresh = set(ids) - self.going[sheet]
        if not fresh:
            return
        self._note_named(sheet, fresh)
        self.going[sheet] |= fresh
        for other, field in _pointers(sheet):
            rows = self._pointing(other.sheet(), field.name, fresh)
            if not rows:
                continue
            if _goes_along(other, field):
                staying = self.bare if other.sheet() == CASE else set()
                self.take(other.sheet(), rows - staying)
                rows &= staying
            for row in rows:
                self._loosen(other, field, row)

    def count(self) -> int:
        """How many rows go."""
        return sum(map(len, self.going.values()))

    def emptied_of(self, id: str) -> set[str]:
        """The fields that a record which stays loses."""
        return {name for (_sheet, one), names in self.emptied.items() if one == id for name in names}

    def beside(self) -> dict[str, Ids]:
        """What stays and is shown with something that goes or is emptied: parents of rows, and the emptied ones."""
        places: defaultdict[str, Ids] = defaultdict(set)
        for sheet, id in self.emptied:
            places[sheet].add(id)
        for sheet, ids in self.going.items():
            kind = sheet_of(sheet)
            if kind.parent:
                places[str(kind.field(kind.parent).target)] |= self._column(sheet, kind.parent, ids)
        return {sheet: ids - self.going[sheet] for sheet, ids in places.items()}

    # Whose it is

    def _one_human(self, person: str) -> Ids:
        """A person and the records that were merged with hers."""
        found, fresh = set(), {person}
        while fresh:
            found |= fresh
            marks = _marks(fresh)
            rows = self._connection.exec_driver_sql(
                f"SELECT person_id, other_id FROM possible_duplicate WHERE state = 'MERGED' AND merge_log IS NOT NULL "
                f"AND (person_id IN ({marks}) OR other_id IN ({marks}))",
                (*fresh, *fresh),
            )
            fresh = {id for row in rows for id in row if id} - found
        return found

    def _others(self, case: str, people: Ids) -> dict[str, Ids]:
        """The rows of a case's stream that are about somebody else, by sheet."""
        staying: dict[str, Ids] = {}
        for sheet in _in_case():
            rows = self._pointing(sheet.sheet(), "case_id", {case})
            staying[sheet.sheet()] = {row for row in rows if self._about_another(sheet, row, people, staying)}
        return staying

    def _about_another(self, sheet: type[Record], row: str, people: Ids, staying: dict[str, Ids]) -> bool:
        values = self._values(sheet, row)
        named = references(sheet, PERSON)
        subjects = [field for field in named if field.required] or named
        told = {values[field.name] for field in subjects} - {None}
        if told:
            return bool(told - people)
        links = [field for field in sheet.fields() if field.kind is Kind.REFERENCE and field.target in staying]
        return any(values[field.name] in staying[str(field.target)] for field in links)

    def _strip(self, case: str, staying: dict[str, Ids]) -> None:
        """Leave a bare case its number, its days, and the rows about others."""
        for sheet in _in_case():
            self.take(sheet.sheet(), self._pointing(sheet.sheet(), "case_id", {case}) - staying[sheet.sheet()])
        plain = {field.name for field in sheet_of(CASE).fields() if field.secrecy <= Secrecy.PLAIN}
        kept = plain | {"family_id", "responsible_id"}
        self.emptied[CASE, case] |= {field.name for field in sheet_of(CASE).fields()} - kept

    # Who is left

    def _take_empty_families(self) -> None:
        """Families whose last member went, unless a case still speaks of them."""
        for family in self._column("family_member", "family_id", self.going["family_member"]):
            cases = self._pointing(CASE, "family_id", {family}) - self.going[CASE]
            if not cases and not self._members({family}) - self.going["family_member"]:
                self.take(FAMILY, {family})

    def _members(self, families: Ids) -> Ids:
        return self._pointing("family_member", "family_id", families)

    def _take_if_free(self, person: str) -> None:
        """A person whom nothing needs that stays. Telephones, kinship and the like are there for her sake alone."""
        for sheet, field in _pointers(PERSON):
            if _anchors(sheet) and self._pointing(sheet.sheet(), field.name, {person}) - self.going[sheet.sheet()]:
                self.held[person] = sheet.sheet()
                return
        self.take(PERSON, self._one_human(person))

    def _note_named(self, sheet: str, ids: Ids) -> None:
        if sheet in (PERSON, "possible_duplicate", "kinship"):
            return
        for field in references(sheet_of(sheet), PERSON):
            self._named |= self._column(sheet, field.name, ids)

    def _loosen(self, sheet: type[Record], field: Field, row: str) -> None:
        if field.target == PERSON and sheet.stream.kind is not StreamKind.CENTER:
            values = self._values(sheet, row)
            outside = values.get(sheet.stream.path.split(".")[0], row) is None
            named = {values[one.name] for one in references(sheet, PERSON)} - {None}
            if outside and not named - self.going[PERSON]:
                self.take(sheet.sheet(), {row})
                return
        self.emptied[sheet.sheet(), row].add(field.name)

    def _settle(self) -> None:
        for place in [place for place in self.emptied if place[1] in self.going[place[0]]]:
            del self.emptied[place]

    # Reading

    def _pointing(self, sheet: str, column: str, ids: Ids) -> Ids:
        return set(self._asked(f'SELECT id FROM "{sheet}" WHERE "{column}" IN', ids))

    def _column(self, sheet: str, column: str, ids: Ids) -> Ids:
        return set(self._asked(f'SELECT DISTINCT "{column}" FROM "{sheet}" WHERE id IN', ids)) - {None}

    def _asked(self, query: str, ids: Ids) -> Iterator[str]:
        for batch in batches(ids):
            rows = self._connection.exec_driver_sql(f"{query} ({_marks(batch)})", tuple(batch))
            yield from (row[0] for row in rows)

    def _values(self, sheet: type[Record], row: str) -> dict[str, Any]:
        names = [field.name for field in sheet.fields() if field.kind is Kind.REFERENCE]
        columns = ", ".join(f'"{name}"' for name in names)
        found = self._connection.exec_driver_sql(f'SELECT {columns} FROM "{sheet.sheet()}" WHERE id = ?', (row,)).one()
        return dict(zip(names, found, strict=True))


def batches(ids: Iterable[str]) -> Iterator[list[str]]:
    """Ids in portions that one statement takes."""
    ahead = iter(sorted(ids))
    while batch := list(islice(ahead, _BATCH)):
        yield batch


def _marks(ids: Iterable[str]) -> str:
    return ", ".join("?" for _id in ids)


@cache
def _pointers(target: str) -> tuple[tuple[type[Record], Field], ...]:
    """Every reference to a sheet."""
    return tuple((sheet, field) for sheet in SHEETS for field in references(sheet, target))


def _goes_along(sheet: type[Record], field: Field) -> bool:
    """Whether a row cannot stay when what this reference leads to goes: required, or the way to its case."""
    return field.required or (
        sheet.stream.kind is not StreamKind.CENTER and field.name == sheet.stream.path.split(".")[0]
    )


@cache
def _in_case() -> tuple[type[Record], ...]:
    """The sheets that hang on the case itself; those about people first, for the others follow what they link to."""
    hanging = [sheet for sheet in SHEETS if sheet.stream.path == "case_id"]
    return tuple(sorted(hanging, key=lambda sheet: not any(field.required for field in references(sheet, PERSON))))


@cache
def _anchors(sheet: type[Record]) -> bool:
    """Whether a row of this sheet needs the person for somebody else's sake: a case's, or a family's that stays."""
    return sheet.stream.kind is not StreamKind.CENTER or bool(references(sheet, FAMILY))
