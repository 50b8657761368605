"""The desk: reading and saving any record of any sheet.

What leaves here are detached records; nothing else reaches a screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.attributes import set_committed_value

from familydesk.core.errors import Problem, Refused
from familydesk.core.fields import Field, Kind, Secrecy
from familydesk.core.i18n import N_
from familydesk.core.record import Record
from familydesk.records import sheet_of
from familydesk.records.case import Case
from familydesk.records.person import Person
from familydesk.services.journal import Deed
from familydesk.services.rights import OPEN_TO_ALL
from familydesk.services.saving import Saved, Saving, Seen, blank, seen_by

if TYPE_CHECKING:
    from familydesk.services.office import Office

Where = Mapping[str, Any]
ALPHABETIC = (Kind.LINE, Kind.NOTE)


class Desk:
    """Any record of any sheet: get, find, save, archive."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._database = office.database

    # Reading

    def get(self, sheet: str, id: UUID) -> Record:
        """The record, detached, with the PRIVILEGED texts that the reader may open. Refused if there is none."""
        with self._database.read() as session:
            return self.get_in(session, sheet, id)

    def look(self, sheet: str, id: UUID) -> Record:
        """`get` for a person who looks at the record: that is noted."""
        record = self.get(sheet, id)
        self._office.journal.looked_at(record)
        return record

    def look_through(self, sheet: str, where: Where | None = None, archived: bool = False) -> list[Record]:
        """`find` for a person who is given all that is found: that is noted too, with how many they are."""
        found = self.find(sheet, where, archived=archived)
        if sheet not in OPEN_TO_ALL:
            told = {"records": len(found), **self._office.journal.about(found)}
            self._office.journal.note(Deed.VIEWED, sheet, detail=told)
        return found

    def get_in(self, session: Session, sheet: str, id: UUID) -> Record:
        """As `get`, inside a session that is open already."""
        record = session.get(sheet_of(sheet), id)
        if record is None:
            raise Refused(N_("There is no such record."))
        session.expunge(record)
        return self.unsealed(record)

    def find(
        self,
        sheet: str,
        where: Where | None = None,
        order: str | None = None,
        descending: bool = False,
        limit: int | None = None,
        offset: int = 0,
        archived: bool = False,
    ) -> list[Record]:
        """Records whose fields equal `where` (a list means any of them), oldest first unless `order` names a field."""
        kind = self._asked(sheet, where, order)
        query = _ordered(_narrowed(select(kind), kind, where, archived), kind, order, descending)
        with self._database.read() as session:
            found = list(session.scalars(query.limit(limit).offset(offset)))
            session.expunge_all()
        return [self.unsealed(record) for record in found]

    def ids(
        self,
        sheet: str,
        where: Where | None = None,
        order: str | None = None,
        descending: bool = False,
        text: str = "",
        archived: bool = False,
    ) -> list[UUID]:
        """Only the ids, for lists that fetch their rows on sight; `text` narrows to what the search finds on this
        sheet.
        """
        kind = self._asked(sheet, where, order)
        if text.strip():
            return self._found(kind, text, where, archived)
        query = _ordered(_narrowed(select(kind.id), kind, where, archived), kind, order, descending)
        with self._database.read() as session:
            return list(session.scalars(query))

    def _found(self, kind: type[Record], text: str, where: Where | None, archived: bool) -> list[UUID]:
        hits = [hit.id for hit in self._office.search.ask(text, limit=200, sheets=(kind.sheet(),))]
        with self._database.read() as session:
            standing = set(session.scalars(_narrowed(select(kind.id), kind, where, archived).where(kind.id.in_(hits))))
        return [id for id in hits if id in standing]

    def rows(self, sheet: str, ids: Iterable[UUID]) -> dict[UUID, Record]:
        """Records by id; ids without a record are left out."""
        kind = sheet_of(sheet)
        with self._database.read() as session:
            found = list(session.scalars(select(kind).where(kind.id.in_(list(ids)))))
            session.expunge_all()
        return {record.id: self.unsealed(record) for record in found}

    def count(self, sheet: str, where: Where | None = None, archived: bool = False) -> int:
        """How many records `find` would give."""
        kind = self._asked(sheet, where)
        with self._database.read() as session:
            return session.scalar(_narrowed(select(func.count()).select_from(kind), kind, where, archived)) or 0

    def _asked(self, sheet: str, where: Where | None, order: str | None = None) -> type[Record]:
        """The sheet; Refused if by a field whose values the person at the desk does not see everywhere."""
        kind = sheet_of(sheet)
        names = {*(where or ()), *([order] if order else ())} - {"id"}
        for field in kind.fields():
            asked = [field, *_named_by(field)] if field.name == order else [field]
            if field.name in names and not all(map(self._office.account.may_ask_by, asked)):
                raise Refused(Problem(field.name, N_("Your role does not see this everywhere, so no list goes by it.")))
        return kind

    def name_of(self, sheet: str, id: UUID | None) -> str:
        """A record's name for a place that refers to it; nothing for nothing."""
        return self.names(sheet, [id]).get(id, "") if id else ""

    def names(self, sheet: str, ids: Iterable[UUID]) -> dict[UUID, str]:
        """Names by id."""
        return {id: record.title_text() for id, record in self.rows(sheet, set(ids)).items()}

    def seen(self, sheet: str, id: UUID) -> Seen:
        """What a form has loaded: values and their versions, to be passed back on saving."""
        with self._database.read() as session:
            return seen_by(session, self.get_in(session, sheet, id))

    def blank(self, sheet: str) -> Record:
        """A new record that is nowhere yet, with its defaults."""
        return blank(sheet_of(sheet))

    def unsealed(self, record: Record) -> Record:
        """`record` with its PRIVILEGED texts opened, or absent where they are somebody else's."""
        for field in record.fields():
            if field.secrecy is Secrecy.PRIVILEGED and (token := getattr(record, field.name)):
                text = self._database.privileged.open(record.sheet(), record.id, field.name, token)
                set_committed_value(record, field.name, text)
                if text is None:
                    record.covered |= {field.name}
        return record

    # Writing

    def save(self, sheet: str, values: Mapping[str, Any], id: UUID | None = None, seen: Seen | None = None) -> Saved:
        """Save what was typed, in one transaction. Refused with the fields at fault; nothing is then changed."""
        with self._database.write() as session:
            return self.save_in(session, sheet, values, id, seen)

    def save_in(
        self,
        session: Session,
        sheet: str,
        values: Mapping[str, Any],
        id: UUID | None = None,
        seen: Seen | None = None,
        own: Mapping[str, Any] | None = None,
    ) -> Saved:
        """As `save`, inside a larger transaction. `own`: what the program itself writes into fields of its own."""
        return Saving(self._office, session, sheet_of(sheet)).save(values, id, seen, own or {})

    def problems(self, sheet: str, values: Mapping[str, Any], id: UUID | None = None) -> list[Problem]:
        """What saving would say, without saving."""
        with self._database.read() as session:
            try:
                return Saving(self._office, session, sheet_of(sheet)).problems(values, id)
            except Refused as refused:
                return list(refused.problems)

    def archive(self, sheet: str, id: UUID) -> None:
        """Put a record away; it leaves lists and search and can be brought back."""
        self._set_archived(sheet, id, True)

    def bring_back(self, sheet: str, id: UUID) -> None:
        """Undo `archive`."""
        self._set_archived(sheet, id, False)

    def _set_archived(self, sheet: str, id: UUID, archived: bool) -> None:
        self._office.account.require_write(sheet)
        with self._database.write() as session:
            record = session.get(sheet_of(sheet), id)
            if record is None or not self._office.account.reaches(session, record):
                raise Refused(N_("There is no such record."))
            self.set_archived_in(session, record, archived)

    def set_archived_in(self, session: Session, record: Record, archived: bool) -> None:
        """As `archive` and `bring_back`, inside a larger transaction.

        Refused where a withdrawn consent would stop nothing any more, and to who is kept apart from a person: she and
        her case would leave every list.
        """
        if archived:
            self._office.withdrawals.check_archived(record)
        if isinstance(record, Person | Case):
            self._office.account.require_near(session, record)
        record.archived = archived
        session.flush()
        self._office.search.index(session.connection(), record)


def _named_by(field: Field) -> list[Field]:
    """The fields of the record referred to by whose values a list goes that is sorted by a reference."""
    if field.kind is not Kind.REFERENCE or field.target in OPEN_TO_ALL:
        return []
    target = sheet_of(field.target or "")
    return [target.field(name) for name in target.title_fields]


def _narrowed(query: Select[Any], kind: type[Record], where: Where | None, archived: bool) -> Select[Any]:
    query = query.where(kind.archived.is_(archived))
    for name, value in (where or {}).items():
        column = getattr(kind, "id" if name == "id" else kind.field(name).name)
        query = query.where(column.in_(value) if isinstance(value, list | set | frozenset) else column == value)
    return query


def _sort_key(column: Any, field: Field) -> Any:
    return func.fd_sort_key(column) if field.kind in ALPHABETIC else column


def _name_key(target: Any, kind: type[Record]) -> Any:
    """By what names of the sheet `kind` go: its title's words by the alphabet, or the first part of a title without."""
    words = [getattr(target, name) for name in kind.title_fields if kind.field(name).kind in ALPHABETIC]
    if not words:
        return getattr(target, kind.title_fields[0])
    return func.fd_sort_key(reduce(lambda one, more: one + " " + func.coalesce(more, ""), words[1:], words[0]))


def _ordered(query: Select[Any], kind: type[Record], order: str | None, descending: bool) -> Select[Any]:
    # Ids are time-ordered, so they are both the default order and the tie-breaker.
    terms: list[Any] = [kind.id]
    if order and kind.field(order).kind is Kind.REFERENCE:
        named = sheet_of(kind.field(order).target or "")
        target = aliased(named)
        query = query.join(target, target.id == getattr(kind, order), isouter=True)
        terms.insert(0, _name_key(target, named))
    elif order:
        terms.insert(0, _sort_key(getattr(kind, order), kind.field(order)))
    return query.order_by(*(term.desc() for term in terms) if descending else terms)
