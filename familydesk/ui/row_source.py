"""Where a list's rows come from: the ids at once, the rows only as they come into sight."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from familydesk.core.fields import Kind, Secrecy
from familydesk.core.record import Record
from familydesk.core.show import mask, show
from familydesk.law import phone as phones
from familydesk.records import sheet_of
from familydesk.ui.tasks import Task
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.office import Office

BLOCK = 100
BLOCKS_KEPT = 60


@dataclass(frozen=True)
class Query:
    """What a list shows, and in which order."""

    where: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    order: str = ""
    descending: bool = False
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the record, and the text of each of its fields with references as names."""

    record: Record
    texts: Mapping[str, str]


class RowSource(QObject):
    """The rows of one query of one sheet. A row not here yet is None; `arrived` says which came."""

    counted = Signal()
    arrived = Signal(int, int)

    def __init__(self, place: Workplace, sheet: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.office, self.sheet = place.office, sheet
        self.place = place
        self.query = Query()
        self.ids: list[UUID] = []
        self.loaded = False
        self._blocks: OrderedDict[int, dict[UUID, Row]] = OrderedDict()
        self._asked: set[int] = set()
        self._wanted: set[int] = set()
        self._generation = 0
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(15)
        self._soon.timeout.connect(self._fetch)

    def ask(self, query: Query) -> None:
        """Show another query, or the same one afresh."""
        self.query = query
        self._generation += 1
        generation, office, sheet = self._generation, self.office, self.sheet

        def work() -> list[UUID]:
            order = query.order or None
            return office.desk.ids(sheet, query.where, order, query.descending, query.text, query.archived)

        Task(self, work).then(lambda ids: self._take(generation, ids)).failed(self.place.tell_failure).start()

    def row(self, at: int) -> Row | None:
        """The row at a place; asks for it if it is not here."""
        block = at // BLOCK
        rows = self._blocks.get(block)
        if rows is None:
            if block not in self._asked:
                self._wanted.add(block)
                # Only once: a timer begun anew with every cell that is painted would never run out.
                if not self._soon.isActive():
                    self._soon.start()
            return None
        self._blocks.move_to_end(block)
        return rows.get(self.ids[at])

    def place_of(self, record_id: UUID) -> int:
        """Where a record stands; -1 if the query does not show it."""
        try:
            return self.ids.index(record_id)
        except ValueError:
            return -1

    def _take(self, generation: int, ids: list[UUID]) -> None:
        if generation != self._generation:
            return
        self.ids, self.loaded = ids, True
        self._blocks.clear()
        self._asked.clear()
        self._wanted.clear()
        self.counted.emit()

    def _fetch(self) -> None:
        # Newest wishes first: what she scrolled past is no longer in sight.
        wanted, self._wanted = sorted(self._wanted)[-4:], set()
        generation = self._generation
        for block in wanted:
            self._asked.add(block)
            ids = self.ids[block * BLOCK : (block + 1) * BLOCK]
            task = Task(self, partial(rows_of, self.office, self.sheet, ids))
            task.then(partial(self._keep, generation, block)).start()

    def _keep(self, generation: int, block: int, rows: dict[UUID, Row]) -> None:
        if generation != self._generation:
            return
        self._blocks[block] = rows
        self._asked.discard(block)
        while len(self._blocks) > BLOCKS_KEPT:
            self._blocks.popitem(last=False)
        self.arrived.emit(block * BLOCK, min((block + 1) * BLOCK, len(self.ids)) - 1)


def rows_of(office: Office, sheet: str, ids: list[UUID]) -> dict[UUID, Row]:
    """Records with their texts, references named in one look-up a sheet. For the store's thread."""
    records = office.desk.rows(sheet, ids)
    fields = [one for one in sheet_of(sheet).fields() if one.listed]
    wanted: dict[str, set[UUID]] = {}
    for one in fields:
        if one.kind is Kind.REFERENCE and one.target:
            values = (getattr(record, one.name) for record in records.values())
            wanted.setdefault(one.target, set()).update(value for value in values if value)
    names = {target: office.desk.names(target, ids) for target, ids in wanted.items() if ids}

    def text(one: Any, value: Any) -> str:
        if one.kind is Kind.REFERENCE:
            return names.get(one.target, {}).get(value, "") if value else ""
        if one.kind is Kind.PHONE and one.secrecy > Secrecy.PLAIN and value:
            return phones.mask(value)
        if one.kind is Kind.IIN and value:
            return mask(value)
        return show(one, value)

    return {
        record_id: Row(
            record,
            {
                one.name: record.shown(one.name) if one.name in record.covered else text(one, getattr(record, one.name))
                for one in fields
            },
        )
        for record_id, record in records.items()
    }
