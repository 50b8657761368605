"""The records behind one figure of a report, as a list."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut

from familydesk.core.i18n import _, ngettext
from familydesk.core.show import show_number
from familydesk.reports.figure import Figure
from familydesk.ui.parts import button, column
from familydesk.ui.row_source import Query
from familydesk.ui.screen import PageHead, Screen
from familydesk.ui.table import RecordTable
from familydesk.ui.workplace import Workplace


class FigureRecords(Screen):
    """Enter opens a record, Back returns to the report."""

    left = Signal()

    def __init__(self, place: Workplace, figure: Figure, words: str) -> None:
        super().__init__(place)
        self.figure = figure
        back = button(place.theme, _("Back"), self.left.emit, icon="chevron-left", role="flat")
        self.head = PageHead(place, words, back=back)
        told = ngettext("{count} record", "{count} records", figure.count).format(count=show_number(figure.count))
        self.head.say(words, told)
        self.table = RecordTable(place, figure.sheet)
        self.table.opened.connect(lambda record_id: place.open_record(figure.sheet, record_id))
        body = column(place.theme, self.head, self.table, gap=16)
        body.setContentsMargins(*(place.theme.px(edge) for edge in (28, 20, 28, 28)))
        self.setLayout(body)
        self.setFocusProxy(self.table)
        QShortcut(QKeySequence("Escape"), self, self.left.emit, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def followed(self) -> frozenset[str]:
        """The sheet that is counted."""
        return frozenset((self.figure.sheet,))

    def refresh(self) -> None:
        """Show them."""
        self.table.show_query(Query({"id": self.figure.opened()}))
