"""The foot of a form: Save, and in a few words whether what is typed is kept."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QWidget

from familydesk.core.i18n import _
from familydesk.ui.form import RecordForm
from familydesk.ui.parts import button, row, text


class FormFoot(QFrame):
    """Always in sight under the form."""

    def __init__(self, form: RecordForm, host: QWidget) -> None:
        """`host` is the page within which Ctrl+S saves this form and no other."""
        super().__init__()
        self.setObjectName("form_foot")
        theme = form.place.theme
        self.state = text("", "muted", wrap=True)
        self.save = button(theme, _("Save"), form.save, icon="device-floppy", role="primary")
        self.save.setToolTip("Ctrl+S")
        line = row(theme, self.save, self.state, gap=16)
        line.setStretch(1, 1)
        line.setContentsMargins(*(theme.px(edge) for edge in (28, 10, 28, 10)))
        self.setLayout(line)
        form.state_changed.connect(self.state.setText)
        key = QShortcut(QKeySequence(QKeySequence.StandardKey.Save), host, form.save)
        key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
