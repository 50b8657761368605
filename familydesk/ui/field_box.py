"""One field on a form: its label above, its editor, and under it what is wrong or worth knowing."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from familydesk.core.fields import Field, Secrecy
from familydesk.core.i18n import _, translate
from familydesk.core.show import HIDDEN
from familydesk.ui.editors import editor_for
from familydesk.ui.parts import column, row, text
from familydesk.ui.workplace import Workplace


class FieldBox(QWidget):
    """A labelled editor that can be told what is wrong with it."""

    def __init__(self, field: Field, place: Workplace) -> None:
        super().__init__()
        self.field, self.place = field, place
        self.editor = editor_for(field, place)
        self.label = text(translate(field.label), "label", wrap=True)
        self.label.setBuddy(self.editor.main())
        self.wrong = _under("problem")
        self.hint = _under("muted")
        self.covered = False
        self.instead = text("", "muted", wrap=True)
        self.instead.hide()
        self.help = _under("small") if not field.help else text(translate(field.help), "small", wrap=True)
        parts = (self._head(), self.instead, self.editor, self.wrong, self.hint, self.help)
        layout = column(place.theme, *parts, None, gap=4)
        self.setLayout(layout)
        self.editor.hinted.connect(self.tell)

    @property
    def wide(self) -> bool:
        """Whether it wants a line of its own."""
        return self.editor.wide

    def complain(self, sentence: str, warning: bool = False) -> None:
        """Say what is wrong; an empty sentence takes it back."""
        self.wrong.setProperty("tone", "warning" if warning else "problem")
        self.wrong.setText(sentence)
        self.wrong.setVisible(bool(sentence))
        self.wrong.style().polish(self.wrong)
        self.editor.mark_wrong(bool(sentence) and not warning)
        self.editor.main().setAccessibleDescription(sentence or translate(self.field.help))

    def cover(self, covered: bool) -> None:
        """Say in place of the editor that there may be a value which is not for her; or take that back."""
        if covered == self.covered:
            return
        self.covered = covered
        sealed = self.field.secrecy is Secrecy.PRIVILEGED
        self.instead.setText(_("Sealed for a colleague alone") if sealed else translate(HIDDEN))
        self.instead.setVisible(covered)
        self.editor.setVisible(not covered)

    def tell(self, sentence: str) -> None:
        """Say something worth knowing; an empty sentence takes it back."""
        self.hint.setText(sentence)
        self.hint.setVisible(bool(sentence))

    def _head(self) -> QHBoxLayout:
        head = row(self.place.theme, self.label, gap=4)
        head.setStretch(0, 1)
        if self.field.required:
            head.addWidget(text(_("required"), "small"))
        if self.field.secrecy is Secrecy.PRIVILEGED:
            lock = QLabel()
            lock.setPixmap(self.place.theme.icon("lock").pixmap(self.place.theme.icon_size(14)))
            head.addWidget(lock)
            head.addWidget(text(_("for you alone"), "small"))
        return head


def _under(tone: str) -> QLabel:
    label = text("", tone, wrap=True)
    label.hide()
    return label
