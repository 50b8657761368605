"""After an intake was saved: its number, and what is usually done next, each one key away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from familydesk.core.i18n import _
from familydesk.ui.parts import Card, button, column, row, text
from familydesk.ui.special.print_preview import Paper, open_preview
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.intake import TakenIn


class IntakeDone(QWidget):
    """The number in large letters: it is read out and written on the slip."""

    again = Signal()

    def __init__(self, place: Workplace, done: TakenIn) -> None:
        super().__init__()
        self.place, self.done = place, done
        theme = place.theme
        card = Card(theme)
        card.add(text(_("The application is saved."), "card"))
        card.add(text(_("No {number}").format(number=done.application_number), "title"))
        for warning in done.warnings:
            card.add(text(str(warning), "warning", wrap=True))
        self.first = button(
            theme, _("Print the receipt slip"), self.print_receipt, icon="printer", role="primary", key="Ctrl+P"
        )
        buttons = [self.first]
        if done.case_id:
            buttons.append(button(theme, _("Open the case"), self.open_case, icon="folder", key="Ctrl+O"))
            buttons.append(button(theme, _("Write down the incident"), self.write_incident, icon="alert-triangle"))
        buttons.append(button(theme, _("Next application"), self.again.emit, icon="plus"))
        card.add(row(theme, *buttons, None, gap=8))
        self.setLayout(column(theme, card, None, gap=0))
        self.setFocusProxy(self.first)

    def print_receipt(self) -> None:
        """The slip that the law has her given."""
        open_preview(self.place, Paper("RECEIPT", record_id=self.done.application_id, can_tell_where=False))

    def open_case(self) -> None:
        """Her family's page."""
        if self.done.case_id:
            self.place.open_record("case", self.done.case_id)

    def write_incident(self) -> None:
        """The facts of violence, beside this page."""
        if self.done.case_id:
            values = {"case_id": self.done.case_id, "victim_id": self.done.person_id}
            self.place.write_aside("incident", values=values)
