"""Two values for one field, side by side: what stands, what I wrote, and two buttons. Nothing is lost either way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from familydesk.core.fields import Field, Kind
from familydesk.core.i18n import _, translate
from familydesk.core.show import show
from familydesk.ui.parts import button, column, emptied, held, row, text
from familydesk.ui.tasks import Task
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.conflict import Conflict

Shown = tuple[UUID, str, str, str]


class ConflictStrip(QFrame):
    """The open conflicts of one record."""

    settled = Signal()

    def __init__(self, place: Workplace, record_id: UUID | None) -> None:
        super().__init__()
        self.place, self.office, self.record_id = place, place.office, record_id
        self.setProperty("strip", "due")
        self.body = column(place.theme, gap=8, edge=16)
        self.setLayout(self.body)
        self.load()

    def load(self) -> None:
        """Bring what waits."""
        office, record_id = self.office, self.record_id

        def work() -> list[Shown]:
            # What two laptops wrote is settled at the merge desk, where there is room for who and when.
            return [self._shown(one) for one in office.conflicts.open(record_id) if not one.between]

        Task(self, work).then(self._show).failed(self.place.tell_failure).start()

    def settle(self, conflict: UUID, verdict: Literal["keep", "take"]) -> None:
        """`keep` what stands, or `take` mine."""
        office = self.office
        task = Task(self, lambda: office.conflicts.settle(conflict, verdict))
        task.then(lambda _none: self._on_settled()).failed(self.place.tell_failure).start()

    def _shown(self, conflict: Conflict) -> Shown:
        values = (self._text(conflict.field, value) for value in (conflict.kept, conflict.taken))
        return (conflict.id, translate(conflict.field.label), *values)  # type: ignore[return-value]

    def _text(self, field: Field, value: Any) -> str:
        if field.kind is Kind.REFERENCE and value:
            return self.office.desk.name_of(field.target or "", value)
        return show(field, value) or _("nothing")

    def _show(self, conflicts: list[Shown]) -> None:
        emptied(self.body)
        if not conflicts:
            self.hide()
            return
        self.body.addWidget(
            text(_("Someone else changed this record while you wrote. Nothing is lost."), "strong", True)
        )
        for conflict in conflicts:
            self.body.addWidget(self._line(*conflict))

    def _line(self, conflict: UUID, label: str, theirs: str, mine: str) -> QWidget:
        theme = self.place.theme
        words = text(_("{field}: stands “{theirs}”, you wrote “{mine}”").format(field=label, theirs=theirs, mine=mine))
        words.setWordWrap(True)
        keep = button(theme, _("Keep what stands"), lambda: self.settle(conflict, "keep"))
        take = button(theme, _("Take mine"), lambda: self.settle(conflict, "take"))
        return held(column(theme, words, row(theme, keep, take, None), gap=4))

    def _on_settled(self) -> None:
        self.load()
        self.settled.emit()
