"""Who opened this file: for the head, and from here onto paper as the folder's access sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from familydesk.core.i18n import _, ngettext
from familydesk.core.show import show_moment, show_number
from familydesk.ui.list_rows import ListRow
from familydesk.ui.parts import button, column, held
from familydesk.ui.screen import PageHead, Screen
from familydesk.ui.special.row_card import RowCard
from familydesk.ui.special.two_columns import page_body
from familydesk.ui.tasks import Task
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.access import Access

PAPER = "ACCESS_SHEET"


def open_access_list(place: Workplace, case_id: UUID) -> None:
    """Go there; Back returns."""
    place.open_screen("access-list", lambda: AccessList(place, case_id))


class AccessList(Screen):
    """The newest first, because that is what she comes to see; on paper they stand in the order of the days."""

    left = Signal()

    def __init__(self, place: Workplace, case_id: UUID) -> None:
        super().__init__(place)
        self.case_id = case_id
        back = button(place.theme, _("Back"), self.left.emit, icon="chevron-left", role="flat")
        prints = button(place.theme, _("Print"), self.print, icon="printer", role="primary", key="Ctrl+P")
        self.head = PageHead(place, _("Who opened this file"), prints, back=back)
        self.card = RowCard(
            place.theme, _("Opened, printed, given out"), _("Nobody has opened this file yet."), self._row
        )
        self.setLayout(page_body(place.theme, self.head, held(column(place.theme, self.card, None, gap=0))))
        QShortcut(QKeySequence("Escape"), self, self.left.emit, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def refresh(self) -> None:
        """Read the list anew."""
        journal, case_id = self.office.journal, self.case_id
        Task(self, lambda: journal.access(case_id)).then(self._show).failed(self.place.tell_failure).start()

    def print(self) -> None:
        """The same on paper."""
        from familydesk.ui.special.print_preview import Paper, open_preview

        open_preview(self.place, Paper(PAPER, self.case_id))

    def _show(self, entries: list[Access]) -> None:
        told = ngettext("{count} entry in all.", "{count} entries in all.", len(entries))
        self.head.say(_("Who opened this file"), told.format(count=show_number(len(entries))))
        self.card.show_all(entries[::-1])

    def _row(self, one: Access) -> QWidget:
        said = (one.done, one.what, one.reason, one.recipient)
        title = " · ".join(filter(None, (show_moment(one.at), one.who)))
        return ListRow(self.theme, title, " · ".join(filter(None, said)))
