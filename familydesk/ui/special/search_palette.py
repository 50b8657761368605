"""Ctrl+K: one line that finds any person, case, order or number while it is typed; the keyboard never leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QToolButton

from familydesk.core.i18n import _, translate
from familydesk.records import sheet_of
from familydesk.ui.list_rows import ListRow
from familydesk.ui.parts import column, emptied, held, restyled, scrolled, text
from familydesk.ui.tasks import Task
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.search import Found

PAUSE = 40
"""Milliseconds between the last letter and the search; a fast typist asks once."""
LIMIT = 12
ASIDE = frozenset({"appointment", "errand", "case_note", "consent", "assessment"})
"""Sheets whose records are opened beside the page, because they have little of their own to show."""


class SearchPalette(QFrame):
    """Results appear under the line as she types. Up and down walk, Enter opens, Escape closes."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.place, self.theme = place, place.theme
        self.setProperty("card", True)
        self.setAutoFillBackground(True)
        self.line = self._line()
        self.list = column(place.theme, gap=0)
        self.hint = text("", "muted", wrap=True)
        body = column(place.theme, self.list, self.hint, None, gap=4)
        self.area = scrolled(held(body), ground="clear")
        self.setLayout(column(place.theme, self.line, self.area, gap=8, edge=12))
        self.found: list[Found] = []
        self.rows: list[ListRow] = []
        self.at = -1
        self._asked = 0
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.look)
        self.setFocusProxy(self.line)
        self._show("", [])

    def look(self) -> None:
        """Search for what stands in the line; an older answer that comes late is dropped."""
        self._asked += 1
        number, typed, office = self._asked, self.line.text().strip(), self.place.office
        if not typed:
            self._show("", [])
            return

        def arrived(found: list[Found]) -> None:
            if number == self._asked:
                self._show(typed, found)

        Task(self, lambda: office.search.ask(typed, LIMIT)).then(arrived).failed(self.place.tell_failure).start()

    def choose(self, at: int) -> None:
        """Put the light on a row."""
        if not self.rows:
            return
        self.at = at % len(self.rows)
        for number, row in enumerate(self.rows):
            restyled(row, "chosen", number == self.at)
        self.area.ensureWidgetVisible(self.rows[self.at])
        self.line.setAccessibleDescription(self.rows[self.at].accessibleName())

    def open(self, at: int) -> None:
        """Go there."""
        if not 0 <= at < len(self.found):
            return
        found = self.found[at]
        self.close_down()
        if found.sheet in ASIDE:
            self.place.write_aside(found.sheet, found.id)
        else:
            self.place.open_record(found.sheet, found.id)

    def close_down(self) -> None:
        """Close and forget what was typed: a name stays on no screen."""
        self._pause.stop()
        self._asked += 1
        self.line.clear()
        self._show("", [])
        self.hide()
        window = self.parentWidget()
        if window:
            window.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the line that steer the list; leaving the line closes it."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(Qt.Key(event.key()))
        if event.type() == QEvent.Type.FocusOut and self.isVisible() and not self.underMouse():
            QTimer.singleShot(0, self, self._close_if_left)
        return super().eventFilter(watched, event)

    def _on_key(self, key: Qt.Key) -> bool:
        if key == Qt.Key.Key_Down:
            self.choose(self.at + 1)
        elif key == Qt.Key.Key_Up:
            self.choose(self.at - 1)
        elif key == Qt.Key.Key_Escape:
            self.close_down()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        else:
            return False
        return True

    def _enter(self) -> None:
        if self._pause.isActive():
            # Enter struck faster than the pause: what is typed is looked for first.
            self._pause.stop()
            self.look()
            return
        self.open(max(self.at, 0))

    def _close_if_left(self) -> None:
        focused = self.window().focusWidget()
        if focused is not None and focused is not self.line and not self.isAncestorOf(focused):
            self.close_down()

    def _line(self) -> QLineEdit:
        line = QLineEdit()
        line.setPlaceholderText(_("A name, the end of an IIN, a phone, a case or order number"))
        line.setAccessibleName(_("Find a person, case, order or phone"))
        sign = line.addAction(self.theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        # The sign is no button of its own; to a screen reader it is the line that it stands in.
        for shown in sign.associatedObjects():
            if isinstance(shown, QToolButton):
                shown.setAccessibleName(line.accessibleName())
        line.textEdited.connect(lambda: self._pause.start())
        line.installEventFilter(self)
        return line

    def _show(self, typed: str, found: list[Found]) -> None:
        emptied(self.list)
        self.found = found
        self.rows = [self._row(at, one) for at, one in enumerate(found)]
        for row in self.rows:
            self.list.addWidget(row)
            # Shown at once, so that the list takes its height before it is painted.
            row.show()
        self.at = -1
        words = _("Names may be written in Kazakh, Russian or Latin letters, in any order.")
        if typed and not found:
            words = _("Nothing was found. Fewer letters find more.")
        self.hint.setText(words)
        self.hint.setVisible(not found)
        self.choose(0)

    def _row(self, at: int, found: Found) -> ListRow:
        kind = translate(sheet_of(found.sheet).title)
        row = ListRow(self.theme, found.title, found.hint, kind, do=lambda: self.open(at))
        row.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return row
