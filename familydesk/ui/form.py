"""The form of any sheet: its fields in their sections, saved through the desk, drafted at each pause in typing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from familydesk.core.errors import Problem, Refused, Weather
from familydesk.core.i18n import _, translate
from familydesk.core.record import Record, is_empty
from familydesk.core.show import show_moment
from familydesk.records import sheet_of
from familydesk.ui.draft_keeper import DraftKeeper
from familydesk.ui.editors.reference import ReferenceEditor
from familydesk.ui.field_box import FieldBox
from familydesk.ui.flow import FieldGrid
from familydesk.ui.messages import Message, MessageBoard
from familydesk.ui.parts import Card, column
from familydesk.ui.tasks import Task
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.drafts import Draft
    from familydesk.services.saving import Saved, Seen

NARROWEST = 250
"""Below this width, in drawn pixels, a field is too narrow to write in."""


class RecordForm(QWidget):
    """The fields of one record. `record_id` None makes a new one, beginning with `values`."""

    loaded = Signal()
    saved = Signal(object)
    """The id, after everything was saved."""
    state_changed = Signal(str)
    """A short sentence for the foot of the form: saved, or kept as a draft."""

    def __init__(
        self, place: Workplace, sheet: str, record_id: UUID | None = None, values: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__()
        self.place, self.office, self.sheet, self.record_id = place, place.office, sheet, record_id
        self.given = dict(values or {})
        self.seen: Seen | None = None
        self.saving = False
        kind = sheet_of(sheet)
        self.boxes = {field.name: FieldBox(field, place) for field in kind.fields() if self._stands(kind, field.name)}
        self.board = MessageBoard(place.theme)
        self.drafts = DraftKeeper(self, self)
        self._checking = QTimer(self)
        self._checking.setSingleShot(True)
        self._checking.setInterval(600)
        self._checking.timeout.connect(self.check)
        self.setLayout(self._sections())
        for box in self.boxes.values():
            box.editor.changed.connect(self._on_changed)
            self._keep_apart(box)
        self.setEnabled(False)

    def load(self) -> None:
        """Bring the record and its draft."""
        office, sheet, record_id = self.office, self.sheet, self.record_id

        def work() -> tuple[Seen | None, Mapping[str, Any], Draft | None]:
            seen = office.desk.seen(sheet, record_id) if record_id else None
            values = seen.values if seen else office.desk.blank(sheet).values()
            return seen, values, office.drafts.load(sheet, record_id)

        Task(self, work).then(lambda found: self._show(*found)).failed(self._on_load_failed).start()

    def changed_values(self) -> dict[str, Any]:
        """What a person changed, as far as it can be read, and what a new record was begun with."""
        values = dict(self.given) if self.record_id is None else {}
        for name, box in self.boxes.items():
            if box.editor.touched:
                try:
                    values[name] = box.editor.value()
                except Refused:
                    continue
        return values

    @property
    def dirty(self) -> bool:
        """Whether anything was changed and not saved."""
        return any(box.editor.touched for box in self.boxes.values())

    def save(self) -> None:
        """Save what was changed. Problems land under the fields that caused them, the first gets the keyboard."""
        if self.saving or not self.isEnabled():
            return
        faults = list(self._unreadable())
        if faults:
            self.complain(faults)
            return
        values = self._values_to_save()
        office, sheet, record_id, seen = self.office, self.sheet, self.record_id, self.seen

        def work() -> tuple[Saved, Seen]:
            saved = office.desk.save(sheet, values, record_id, seen)
            office.drafts.drop(sheet, record_id)
            return saved, office.desk.seen(sheet, saved.id)

        self.saving = True
        self.drafts.stop()
        self.state_changed.emit(_("Saving…"))
        Task(self, work).then(lambda done: self._on_saved(values, *done)).failed(self._on_refused).start()

    def complain(self, problems: list[Problem], focus: bool = True) -> None:
        """Show problems under their fields; those without a field stand on top."""
        self.clear_problems()
        for problem in reversed(problems):
            box = self.boxes.get(problem.field)
            if box is None:
                self.board.say(Message(str(problem), "overdue", stays=True))
            else:
                box.complain(str(problem), problem.warning)
        first = next((problem.field for problem in problems if problem.field in self.boxes and not problem.warning), "")
        if focus and first:
            self.boxes[first].editor.main().setFocus()

    def clear_problems(self) -> None:
        """Take all complaints back."""
        for box in self.boxes.values():
            box.complain("")

    def check(self) -> None:
        """Ask the rules about what is typed so far; only fields she has left again hear of it."""
        if not self.dirty or self.saving:
            return
        office, sheet, record_id, values = self.office, self.sheet, self.record_id, self.changed_values()
        Task(self, lambda: office.desk.problems(sheet, values, record_id)).then(self._on_checked).start()

    def set_read_only(self, read_only: bool) -> None:
        """Show without letting it be written; what is hidden cannot be written at all."""
        for box in self.boxes.values():
            box.editor.set_read_only(read_only or box.covered or self._is_programs_own(box))

    def first(self) -> QWidget:
        """Where typing begins."""
        typed = [box for box in self.boxes.values() if not self._is_programs_own(box)]
        empty = (box for box in typed if is_empty(box.editor.given) and not box.covered)
        return next(empty, typed[0]).editor.main()

    # Showing

    def _stands(self, kind: type[Record], name: str) -> bool:
        """Of what the program alone writes, only what a record has already, and what its sheet gives a place."""
        placed = any(name in names for _heading, names in kind.sections)
        return name not in kind.programs_own or (placed and self.record_id is not None)

    def _keep_apart(self, box: FieldBox) -> None:
        other = self.boxes.get(box.field.apart_from)
        if other and isinstance(box.editor, ReferenceEditor) and isinstance(other.editor, ReferenceEditor):
            box.editor.apart_from = other.editor

    def _is_programs_own(self, box: FieldBox) -> bool:
        return box.field.name in sheet_of(self.sheet).programs_own

    def _sections(self) -> QVBoxLayout:
        kind = sheet_of(self.sheet)
        whole = column(self.place.theme, self.board, gap=16)
        left = dict(self.boxes)
        for heading, names in kind.sections:
            if boxes := [left.pop(name) for name in names if name in left]:
                whole.addWidget(self._card(heading, boxes))
        if left:
            whole.addWidget(self._card("" if kind.sections else kind.title, list(left.values())))
        whole.addStretch(1)
        return whole

    def _card(self, heading: str, boxes: list[FieldBox]) -> Card:
        card = Card(self.place.theme, translate(heading))
        grid = FieldGrid(self.place.theme.px(16), self.place.theme.px(NARROWEST))
        for box in boxes:
            grid.add(box, box.wide)
        card.add(grid)
        return card

    def _show(self, seen: Seen | None, values: Mapping[str, Any], draft: Draft | None) -> None:
        self.seen = seen
        shown = {**values, **self.given} if self.record_id is None else values
        for name, box in self.boxes.items():
            box.editor.set_value(shown.get(name))
            box.cover(bool(seen and name in seen.covered))
        self.set_read_only(not self.office.account.may_write(self.sheet))
        if draft and self._is_mine(draft):
            self._bring_back(draft)
        self.setEnabled(True)
        self.loaded.emit()

    def _is_mine(self, draft: Draft) -> bool:
        return all(draft.values.get(name) == value for name, value in self.given.items())

    def _bring_back(self, draft: Draft) -> None:
        brought = False
        for name, value in draft.values.items():
            editor = self.boxes[name].editor if name in self.boxes else None
            if editor and editor.value() != value:
                editor.put(value)
                brought = True
        if brought:
            sentence = _("What you typed on {moment} and did not save is here again.")
            words = sentence.format(moment=show_moment(draft.at))
            self.board.say(Message(words, "due", _("Throw it away"), self.throw_away, stays=True))

    def throw_away(self) -> None:
        """Forget what was typed and show what is saved."""
        self.drafts.drop()
        self.clear_problems()
        self.load()

    # What came of it

    def _unreadable(self) -> Iterator[Problem]:
        for box in self.boxes.values():
            try:
                box.editor.value()
            except Refused as refused:
                yield from refused.problems

    def _values_to_save(self) -> dict[str, Any]:
        if self.record_id is not None:
            return self.changed_values()
        every = {name: box.editor.value() for name, box in self.boxes.items()}
        return {name: value for name, value in every.items() if not is_empty(value)}

    def _on_changed(self) -> None:
        self.drafts.note()
        self._checking.start()
        self.state_changed.emit(_("Not saved yet"))

    def _on_checked(self, problems: list[Problem]) -> None:
        for name, box in self.boxes.items():
            if box.editor.touched and not self._writing_in(box):
                found = next((problem for problem in problems if problem.field == name), None)
                box.complain(str(found) if found else "", bool(found and found.warning))

    def _writing_in(self, box: FieldBox) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and box.editor.isAncestorOf(focus)

    def _on_saved(self, sent: Mapping[str, Any], saved: Saved, seen: Seen) -> None:
        self.saving = False
        self.record_id, self.seen, self.given = saved.id, seen, {}
        for name, box in self.boxes.items():
            if not box.editor.touched or _still(box, sent.get(name)):
                box.editor.set_value(seen.values.get(name))
            box.cover(name in seen.covered)
        self.complain(list(saved.warnings), focus=False)
        self.state_changed.emit(_("Saved"))
        if saved.conflicts:
            self._show_conflicts()
        self.saved.emit(saved.id)

    def _show_conflicts(self) -> None:
        from familydesk.ui.conflict_strip import ConflictStrip

        strip = ConflictStrip(self.place, self.record_id)
        strip.settled.connect(self.load)
        self.board.put(strip)

    def _on_refused(self, error: Exception) -> None:
        self.saving = False
        self.state_changed.emit(_("Not saved yet"))
        self.drafts.note()
        if isinstance(error, Refused):
            self.complain(list(error.problems))
        elif isinstance(error, Weather):
            self.board.say(Message(str(error), "overdue", stays=True))

    def _on_load_failed(self, error: Exception) -> None:
        self.board.say(Message(str(error), "overdue", stays=True))


def _still(box: FieldBox, sent: Any) -> bool:
    """Whether nothing was typed into a field since its value was sent."""
    try:
        return box.editor.value() == sent
    except Refused:
        return False
