"""The fields of an intake: those that a first conversation brings, in the order in which it brings them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPushButton

from familydesk.core.errors import Problem, Refused
from familydesk.core.i18n import _
from familydesk.core.record import is_empty
from familydesk.records import sheet_of
from familydesk.records.application import Channel
from familydesk.records.person import Sex
from familydesk.records.person_phone import SafeToCall
from familydesk.ui.editors.typed import IinEditor
from familydesk.ui.field_box import FieldBox
from familydesk.ui.flow import FieldGrid
from familydesk.ui.parts import Card, button
from familydesk.ui.workplace import Workplace

WHO = (
    "person.surname",
    "person.given",
    "person.patronymic",
    "person.iin",
    "person.iin_absence",
    "person.born_on",
    "person.sex",
)
REACH = (
    "person_phone.number",
    "person_phone.safe_to_call",
    "person_phone.safe_hours",
    "person_phone.introduce_as",
)
WHAT = (
    "application.channel",
    "application.sender",
    "application.reason",
    "application.threat_to_life",
    "application.reason_text",
)
NEXT = ("errand.what", "errand.due_on")
HERSELF = (None, Channel.SELF, Channel.PHONE, Channel.ONLINE)
"""Channels that no organisation stands behind."""
NARROWEST = 210


class IntakeFields(QObject):
    """The boxes by `sheet.field`, in four cards, and what becomes of each when another one is filled."""

    changed = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.place = place
        self.boxes = {name: self._box(name) for name in (*WHO, *REACH, *WHAT, *NEXT)}
        self.who = self._card(_("Who"), WHO)
        self.reach = self._card(_("How to reach her"), REACH)
        self.what = self._card(_("What happened"), WHAT)
        self.next = self._card(_("What next"), NEXT)
        self.case = self._case_button()
        self.next.body.insertWidget(1, self.case)
        self.show_blank()

    def show_blank(self) -> None:
        """Everything empty, defaults in place."""
        for name, box in self.boxes.items():
            sheet, _dot, field = name.partition(".")
            box.editor.set_value(getattr(self.place.office.desk.blank(sheet), field))
            box.complain("")
        self.case.setChecked(False)
        self.follow()

    def values(self, sheet: str) -> dict[str, Any]:
        """What is filled in for a sheet, as far as it can be read."""
        found = {}
        for name, box in self._of(sheet):
            try:
                value = box.editor.value()
            except Refused:
                continue
            if not is_empty(value):
                found[name] = value
        return found

    def unreadable(self, sheets: Iterable[str]) -> Iterator[Problem]:
        """What was typed into these sheets' fields and cannot be read."""
        for sheet in sheets:
            for _name, box in self._of(sheet):
                try:
                    box.editor.value()
                except Refused as refused:
                    yield from (Problem(f"{sheet}.{one.field}", one.text, one.values) for one in refused.problems)

    def complain(self, problems: Iterable[Problem]) -> list[Problem]:
        """Put problems under their fields, the first one takes the keyboard; gives back those without a field here."""
        left: list[Problem] = []
        first: FieldBox | None = None
        for box in self.boxes.values():
            box.complain("")
        for problem in problems:
            found = self.boxes.get(problem.field.replace("phones.0.", "person_phone."))
            if found is None:
                left.append(problem)
                continue
            found.complain(str(problem), problem.warning)
            first = first or (None if problem.warning else found)
        if first:
            first.editor.main().setFocus()
        return left

    def put(self, sheet: str, values: Iterable[tuple[str, Any]]) -> None:
        """Fill fields as if they had been typed: a draft brought back."""
        for name, value in values:
            box = self.boxes.get(f"{sheet}.{name}")
            if box:
                box.editor.put(value)
        self.follow()

    def typed(self) -> bool:
        """Whether anything was typed at all."""
        return self.case.isChecked() or any(box.editor.touched for box in self.boxes.values())

    def set_person_known(self, person_id: UUID | None) -> None:
        """Whoever is in the directory already needs no second description."""
        self.who.setVisible(person_id is None)

    def follow(self) -> None:
        """Show what has become needed, hide what has not."""
        person, phone = self.values("person"), self.values("person_phone")
        careful = phone.get("safe_to_call") is not SafeToCall.YES and "number" in phone
        self.boxes["person.iin_absence"].setVisible("iin" not in person)
        self.boxes["person_phone.safe_to_call"].setVisible("number" in phone)
        for name in ("person_phone.safe_hours", "person_phone.introduce_as"):
            self.boxes[name].setVisible(careful)
        self.boxes["application.sender"].setVisible(self.values("application").get("channel") not in HERSELF)
        self.boxes["errand.due_on"].setVisible("what" in self.values("errand"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes on to the next field, as Tab does."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(watched, QLineEdit):
                watched.focusNextChild()
                return True
        return super().eventFilter(watched, event)

    def _of(self, sheet: str) -> Iterator[tuple[str, FieldBox]]:
        return ((name.partition(".")[2], box) for name, box in self.boxes.items() if name.startswith(f"{sheet}."))

    def _box(self, name: str) -> FieldBox:
        sheet, _dot, field = name.partition(".")
        box = FieldBox(sheet_of(sheet).field(field), self.place)
        box.editor.changed.connect(self._on_changed)
        box.editor.main().installEventFilter(self)
        return box

    def _card(self, title: str, names: Iterable[str]) -> Card:
        theme = self.place.theme
        card, grid = Card(theme, title), FieldGrid(theme.px(16), theme.px(NARROWEST))
        for name in names:
            grid.add(self.boxes[name], self.boxes[name].wide)
        card.add(grid)
        return card

    def _case_button(self) -> QPushButton:
        made = button(self.place.theme, _("Open a case at once"), self.changed.emit, role="choice")
        made.setCheckable(True)
        return made

    def _on_changed(self) -> None:
        self._take_from_iin()
        self.follow()
        self.changed.emit()

    def _take_from_iin(self) -> None:
        """A whole IIN tells the day of birth and the sex: nobody types them twice."""
        editor = self.boxes["person.iin"].editor
        known = editor.told() if isinstance(editor, IinEditor) and editor.main().hasFocus() else None
        if known is None or known.born_on is None:
            return
        told = {"person.born_on": known.born_on, "person.sex": Sex[known.sex] if known.sex else None}
        for name, value in told.items():
            other = self.boxes[name].editor
            if is_empty(other.value()) and value:
                other.blockSignals(True)
                other.put(value)
                other.blockSignals(False)
