"""A few fields under the row they belong to, for one verb: no dialog stands between a worker and her page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame

from familydesk.core.errors import Problem, Refused
from familydesk.core.fields import Field
from familydesk.ui.field_box import FieldBox
from familydesk.ui.flow import FieldGrid
from familydesk.ui.messages import Message, MessageBoard
from familydesk.ui.parts import button, column, row, text
from familydesk.ui.tasks import Task
from familydesk.ui.workplace import Workplace

NARROWEST = 220


class VerbPanel(QFrame):
    """Fields by name, what they begin with, and the verb itself, which is given their values in the store's thread."""

    done = Signal(object)
    left = Signal()

    def __init__(
        self,
        place: Workplace,
        title: str,
        fields: Sequence[Field],
        given: Mapping[str, Any],
        verb: Callable[[dict[str, Any]], Any],
    ) -> None:
        super().__init__()
        self.setProperty("side", "plain")
        self.place, self.verb = place, verb
        self.boxes = {field.name: FieldBox(field, place) for field in fields}
        self.board = MessageBoard(place.theme)
        grid = FieldGrid(place.theme.px(16), place.theme.px(NARROWEST))
        for name, box in self.boxes.items():
            box.editor.set_value(given.get(name))
            grid.add(box, box.wide)
        theme = place.theme
        self.go = button(theme, title, self.run, icon="check", role="primary")
        cancel = _cancel(self)
        foot = row(theme, self.go, cancel, None, gap=8)
        self.setLayout(column(theme, text(title, "card"), self.board, grid, foot, gap=12, edge=16))
        for key, do in (("Escape", self.left.emit), ("Ctrl+S", self.run)):
            QShortcut(QKeySequence(key), self, do, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def begin(self) -> None:
        """Put the keyboard where the first empty field is."""
        empty = (box for box in self.boxes.values() if box.editor.given is None)
        next(empty, next(iter(self.boxes.values()))).editor.main().setFocus()

    def run(self) -> None:
        """Do it, or say under each field what is wrong."""
        values: dict[str, Any] = {}
        faults: list[Problem] = []
        for name, box in self.boxes.items():
            try:
                values[name] = box.editor.value()
            except Refused as refused:
                faults += refused.problems
        if faults:
            self._complain(faults)
            return
        self.go.setEnabled(False)
        Task(self, lambda: self.verb(values)).then(self.done.emit).failed(self._on_failed).start()

    def _on_failed(self, error: Exception) -> None:
        self.go.setEnabled(True)
        if isinstance(error, Refused):
            self._complain(list(error.problems))
        else:
            self.place.tell_failure(error)

    def _complain(self, problems: list[Problem]) -> None:
        for box in self.boxes.values():
            box.complain("")
        for problem in problems:
            box_of = self.boxes.get(problem.field)
            if box_of:
                box_of.complain(str(problem), problem.warning)
                box_of.editor.main().setFocus()
            else:
                self.board.say(Message(str(problem), "overdue", stays=True))


def _cancel(panel: VerbPanel) -> Any:
    from familydesk.core.i18n import _

    return button(panel.place.theme, _("Cancel"), panel.left.emit, role="flat")
