"""Keeps what is typed and not saved, sealed in the store, at each pause: no crash, lock or power cut takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from PySide6.QtCore import QObject

from familydesk.ui.keeper import Keeper
from familydesk.ui.tasks import Task

if TYPE_CHECKING:
    from familydesk.services.office import Office
    from familydesk.ui.workplace import Workplace


class Written(Protocol):
    """What is being written: of which record, and what of it is not saved yet."""

    place: Workplace
    office: Office
    sheet: str
    record_id: UUID | None
    saving: bool

    @property
    def dirty(self) -> bool:
        """Whether anything is not saved."""

    def changed_values(self) -> dict[str, Any]:
        """What is not saved, as far as it can be read."""


class DraftKeeper(Keeper):
    """The draft of one form; it lives as long as `parent`."""

    def __init__(self, form: Written, parent: QObject) -> None:
        super().__init__(parent)
        self.form = form

    def keep(self) -> None:
        """Seal and keep what is typed so far."""
        form = self.form
        if not form.dirty or form.saving:
            return
        office, sheet, record_id, values = form.office, form.sheet, form.record_id, form.changed_values()
        # Not owned by the form: the form may be gone before the draft is written, and it must be written all the same.
        Task(form.place, lambda: office.drafts.save(sheet, record_id, values)).failed(form.place.tell_failure).start()

    def drop(self) -> None:
        """Forget the draft."""
        self.stop()
        office, sheet, record_id = self.form.office, self.form.sheet, self.form.record_id
        Task(self.form.place, lambda: office.drafts.drop(sheet, record_id)).failed(self.form.place.tell_failure).start()
