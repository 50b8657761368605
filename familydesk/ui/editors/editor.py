"""What every editor is: a value goes in, the same value comes out unless a person changed it."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from familydesk.core.fields import Field
from familydesk.core.i18n import translate
from familydesk.ui.workplace import Workplace


class Editor(QWidget):
    """Edits one field. Untouched, it gives back the very value it was given, however that value is shown."""

    changed = Signal()
    """A person changed it (never sent by `set_value`)."""
    hinted = Signal(str)
    """Something worth knowing about what is being typed; an empty text takes it back."""
    wide = False
    """Whether it wants a form's whole width."""

    def __init__(self, field: Field, place: Workplace) -> None:
        super().__init__()
        self.field, self.place, self.theme = field, place, place.theme
        self._given: Any = None
        self._touched = False

    def value(self) -> Any:
        """What it holds. Raises `Refused` if what was typed cannot be read."""
        return self.read() if self._touched else self._given

    def set_value(self, value: Any) -> None:
        """Show `value`."""
        self._given, self._touched = value, False
        self.show_value(value)
        self.hinted.emit("")

    def put(self, value: Any) -> None:
        """Show `value` as if a person had written it: a draft brought back, a suggestion taken."""
        self.show_value(value)
        self._note_change()

    @property
    def given(self) -> Any:
        """What it was last given."""
        return self._given

    @property
    def touched(self) -> bool:
        """Whether a person changed it since `set_value`."""
        return self._touched

    @abstractmethod
    def main(self) -> QWidget:
        """The widget that takes the keyboard and bears the field's name."""

    @abstractmethod
    def read(self) -> Any:
        """The value on screen. Raises `Refused`."""

    @abstractmethod
    def show_value(self, value: Any) -> None:
        """Put `value` on screen."""

    def mark_wrong(self, wrong: bool) -> None:
        """Draw the edge of what holds a problem."""
        from familydesk.ui.parts import restyled

        restyled(self.main(), "wrong", wrong)

    def set_read_only(self, read_only: bool) -> None:
        """Let it be read and not written."""
        self.setDisabled(read_only)

    def _note_change(self) -> None:
        self._touched = True
        self.changed.emit()

    def _name(self, widget: QWidget) -> None:
        """Give `widget` the field's name, for a screen reader."""
        widget.setAccessibleName(translate(self.field.label))
        if self.field.help:
            widget.setAccessibleDescription(translate(self.field.help))
        self.setFocusProxy(widget)
