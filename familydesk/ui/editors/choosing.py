"""Editors of coded values: one of a list, several of a list, and yes, no or not known."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QPushButton, QSizePolicy, QWidget

from familydesk.core.fields import Field
from familydesk.core.i18n import N_, _, translate
from familydesk.core.show import show_choice
from familydesk.ui.editors.editor import Editor
from familydesk.ui.flow import BreakingButton, Flow
from familydesk.ui.parts import column, row
from familydesk.ui.workplace import Workplace

STEPS = {
    Qt.Key.Key_Right.value: 1,
    Qt.Key.Key_Down.value: 1,
    Qt.Key.Key_Left.value: -1,
    Qt.Key.Key_Up.value: -1,
}
"""How arrows walk between buttons."""


class ChoiceEditor(Editor):
    """One member of a vocabulary. The values stand in a list beside the box, so none is ever looked up by identity."""

    def __init__(self, field: Field, place: Workplace) -> None:
        super().__init__(field, place)
        assert field.choices is not None
        self.values: list[Any] = [None, *field.choices]
        self.box = QComboBox()
        self.box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.box.setMaxVisibleItems(14)
        self.box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.box.installEventFilter(self)
        self._name(self.box)
        self._fill()
        self.box.activated.connect(lambda: self._note_change())
        self.setLayout(column(self.theme, self.box, gap=0))

    def main(self) -> QComboBox:
        """The box."""
        return self.box

    def read(self) -> Any:
        """The chosen member."""
        return self.values[self.box.currentIndex()]

    def show_value(self, value: Any) -> None:
        """The member; a NAME that this version does not know is shown and kept as it is."""
        if value not in self.values:
            self.values.append(value)
            self.box.addItem(show_choice(value))
        self.box.setCurrentIndex(self.values.index(value))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A wheel turned over a closed box scrolls the page: it must not change an answer."""
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _fill(self) -> None:
        self.box.addItem(_("Not chosen"))
        for value in self.values[1:]:
            self.box.addItem(show_choice(value))


class ButtonsEditor(Editor):
    """Buttons that bear the answers. One Tab reaches them; arrows walk between them; Space presses."""

    def __init__(self, field: Field, place: Workplace, values: Sequence[Any], labels: Sequence[str], role: str) -> None:
        super().__init__(field, place)
        self.values = list(values)
        self.role = role
        self.buttons = [self._made(label) for label in labels]

    def main(self) -> QWidget:
        """The first button pressed, or the first of all."""
        return next((one for one in self.buttons if one.isChecked()), self.buttons[0])

    def _made(self, label: str) -> QPushButton:
        made = BreakingButton(label)
        made.setAutoDefault(False)
        made.setProperty("role", self.role)
        made.setCheckable(True)
        made.setAccessibleName(f"{translate(self.field.label)}: {label}")
        made.installEventFilter(self)
        made.clicked.connect(lambda: self._note_change())
        return made

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and watched in self.buttons:
            step = STEPS.get(event.key(), 0)
            if step:
                at = (self.buttons.index(watched) + step) % len(self.buttons)
                self._step_to(self.buttons[at])
                return True
        return super().eventFilter(watched, event)

    def _step_to(self, made: QPushButton) -> None:
        made.setFocus(Qt.FocusReason.TabFocusReason)
        self._only_stop(made)

    def _only_stop(self, stop: QWidget) -> None:
        for one in self.buttons:
            one.setFocusPolicy(Qt.FocusPolicy.StrongFocus if one is stop else Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(stop)

    def mark_wrong(self, wrong: bool) -> None:
        """The sentence under the buttons is enough."""


class ManyEditor(ButtonsEditor):
    """Any number of members, in the vocabulary's order; unknown NAMES stay at the end."""

    wide = True

    def __init__(self, field: Field, place: Workplace) -> None:
        assert field.choices is not None
        members = list(field.choices)
        super().__init__(field, place, members, [show_choice(member) for member in members], "chip")
        self._strangers: tuple[Any, ...] = ()
        flow = Flow(self.theme.px(8))
        for one in self.buttons:
            flow.add(one)
        self.setLayout(column(self.theme, flow, gap=0))
        self._only_stop(self.buttons[0])

    def read(self) -> tuple[Any, ...]:
        """The members pressed."""
        pressed = (value for value, one in zip(self.values, self.buttons, strict=True) if one.isChecked())
        return (*pressed, *self._strangers)

    def show_value(self, value: Any) -> None:
        """Press the buttons of `value`."""
        chosen = tuple(value or ())
        self._strangers = tuple(one for one in chosen if not isinstance(one, enum.Enum))
        for member, one in zip(self.values, self.buttons, strict=True):
            one.setChecked(member in chosen)
        self._only_stop(self.main())


class YesNoEditor(ButtonsEditor):
    """Yes, no, or not known."""

    ANSWERS = ((True, N_("Yes")), (False, N_("No")), (None, N_("Not known")))

    def __init__(self, field: Field, place: Workplace) -> None:
        labels = [translate(label) for _value, label in self.ANSWERS]
        super().__init__(field, place, [value for value, _label in self.ANSWERS], labels, "choice")
        self.group = QButtonGroup(self)
        for one in self.buttons:
            self.group.addButton(one)
        self.setLayout(row(self.theme, *self.buttons, None, gap=8))
        self._only_stop(self.buttons[0])

    def read(self) -> bool | None:
        """The answer pressed."""
        pressed = (value for value, one in zip(self.values, self.buttons, strict=True) if one.isChecked())
        return next(pressed, None)

    def show_value(self, value: Any) -> None:
        """Press the answer's button."""
        self.buttons[self.values.index(value)].setChecked(True)
        self._only_stop(self.main())

    def _step_to(self, made: QPushButton) -> None:
        super()._step_to(made)
        made.click()
