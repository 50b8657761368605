"""The calm page: what stands on the screen after the hide-now key. It says nothing of what the desk is for."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from familydesk.core import clock
from familydesk.core.i18n import _
from familydesk.ui.parts import column, text
from familydesk.ui.theme import Theme

MODIFIERS = {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr}


class CalmPage(QWidget):
    """A date on an empty page. Any key or click brings the desk back."""

    woken = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("ground", "page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Workspace"))
        self.day = text("", "hidden")
        self.day.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setLayout(column(theme, None, self.day, None))

    def begin(self) -> None:
        """Show today's date and take the keyboard, so that nothing she types reaches a form."""
        # The words for days come with the store's machinery, which the first picture does not wait for.
        from familydesk.core.show import show_day_in_words

        self.day.setText(show_day_in_words(clock.today()))
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Any key that is more than a modifier."""
        if event.key() not in MODIFIERS:
            self.woken.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Any click."""
        self.woken.emit()
