"""The generated screen of any sheet: its list, and behind every row the record's own page."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtWidgets import QStackedWidget

from familydesk.ui import drawn
from familydesk.ui.parts import column
from familydesk.ui.record_list import RecordList
from familydesk.ui.screen import Screen
from familydesk.ui.workplace import Workplace


class RecordScreen(Screen):
    """A list; Enter opens a record, Escape or Back returns to the row it stands in."""

    def __init__(self, place: Workplace, sheet: str) -> None:
        super().__init__(place)
        self.sheet = sheet
        self.stack = QStackedWidget()
        self.list = RecordList(place, sheet)
        self.stack.addWidget(self.list)
        self.setLayout(column(place.theme, self.stack, gap=0))
        self.list.opened.connect(self.open)
        self.list.new_wanted.connect(self.open)
        self.record: Screen | None = None
        self.setFocusProxy(self.list)

    def open(self, record_id: UUID | None = None) -> None:
        """Open a record's page, or a new record's."""
        self.close_record()
        self.record = record_page(self.place, self.sheet, record_id)
        left = getattr(self.record, "left", None)
        if left is not None:
            left.connect(self.close_record)
        self.stack.addWidget(self.record)
        self.stack.setCurrentWidget(self.record)
        self.record.setFocus()

    def close_record(self) -> None:
        """Back to the list."""
        record, self.record = self.record, None
        if record is None:
            return
        record.leave()
        self.stack.setCurrentWidget(self.list)
        self.stack.removeWidget(record)
        record.deleteLater()
        self.list.table.setFocus()

    def leave(self) -> None:
        """The record's page keeps its draft."""
        if self.record:
            self.record.leave()

    def state(self) -> object:
        """The open record, if one is open."""
        return self.record.state() if self.record else None

    def restore(self, state: object) -> None:
        """Open that record again."""
        if isinstance(state, UUID):
            self.open(state)


def record_page(place: Workplace, sheet: str, record_id: UUID | None) -> Screen:
    """The page of a record: drawn by hand where somebody did, generated otherwise."""
    if sheet in drawn.RECORDS and record_id:
        screen = drawn.found(drawn.RECORDS[sheet])(place, record_id)
        assert isinstance(screen, Screen)
        return screen
    from familydesk.ui.record_page import RecordPage

    return RecordPage(place, sheet, record_id)
