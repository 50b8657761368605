"""What was written twice and is settled: who decided what, and the record with its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from familydesk.core.i18n import _
from familydesk.records import SHEETS
from familydesk.ui.list_rows import ListRow
from familydesk.ui.parts import button, column, held
from familydesk.ui.screen import PageHead, Screen
from familydesk.ui.special.row_card import RowCard
from familydesk.ui.special.two_columns import page_body
from familydesk.ui.tasks import Task
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.written_twice import Settled

NEWEST = 200
"""So many are brought; those before them are in the histories of their records."""


def open_settled(place: Workplace) -> None:
    """Go there; Back returns."""
    place.open_screen("settled", lambda: SettledScreen(place))


class SettledScreen(Screen):
    """The newest first. A press opens the record, whose history holds both values."""

    left = Signal()
    follows = frozenset(sheet.sheet() for sheet in SHEETS)

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        back = button(place.theme, _("Back"), self.left.emit, icon="chevron-left", role="flat")
        self.head = PageHead(place, _("Settled before"), back=back)
        self.head.say(_("Settled before"), _("Both values stay in the history of each record."))
        self.card = RowCard(place.theme, _("The newest first"), _("Nothing was settled yet."), self._row)
        self.setLayout(page_body(place.theme, self.head, held(column(place.theme, self.card, None, gap=0))))
        QShortcut(QKeySequence("Escape"), self, self.left.emit, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def refresh(self) -> None:
        """Bring them."""
        desk = self.office.merge_desk
        Task(self, lambda: desk.settled(NEWEST)).then(self.card.show_all).failed(self.place.tell_failure).start()

    def _row(self, one: Settled) -> QWidget:
        return ListRow(self.theme, one.title, one.line, do=lambda: self.place.open_record(one.sheet, one.record))
