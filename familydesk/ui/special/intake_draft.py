"""The draft of an intake: four sheets' worth of what was typed, sealed in the store at each pause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from PySide6.QtCore import QObject

from familydesk.core import clock
from familydesk.core.i18n import _
from familydesk.core.show import show_moment
from familydesk.ui.keeper import Keeper
from familydesk.ui.messages import Message
from familydesk.ui.tasks import Task

if TYPE_CHECKING:
    from familydesk.services.drafts import Draft
    from familydesk.services.duplicates import Candidate
    from familydesk.services.office import Office
    from familydesk.ui.messages import MessageBoard
    from familydesk.ui.special.intake_fields import IntakeFields
    from familydesk.ui.workplace import Workplace

INTAKE = UUID("00000000-0000-7000-8000-00000000000a")
"""Under which its parts are kept, so that no other form takes them for a draft of its own."""
SHEETS = ("person", "person_phone", "application", "errand", "case")


class Drafted(Protocol):
    """What is asked of the page that is drafted."""

    place: Workplace
    office: Office
    fields: IntakeFields
    board: MessageBoard
    her: Candidate | None
    saving: bool

    @property
    def saved(self) -> bool:
        """Whether it was saved, so that there is nothing to keep."""

    def take(self, her: Candidate | None) -> None:
        """It is somebody in the directory."""

    def begin(self) -> None:
        """A new one."""


class IntakeDraft(Keeper):
    """Keeps and brings back what is typed into an intake."""

    def __init__(self, screen: Drafted, owner: QObject) -> None:
        super().__init__(owner)
        self.screen, self.owner = screen, owner
        self.showing = False

    def note(self) -> None:
        """Something was typed, unless it is a draft that is being shown."""
        if not self.showing:
            super().note()

    def keep(self) -> None:
        """Seal and keep what is typed so far."""
        screen = self.screen
        if screen.saving or screen.saved:
            return
        office, parts = screen.office, self._parts()

        def work() -> None:
            for sheet, values in parts.items():
                if values:
                    office.drafts.save(sheet, INTAKE, values)
                else:
                    office.drafts.drop(sheet, INTAKE)

        Task(screen.place, work).failed(screen.place.tell_failure).start()

    def load(self) -> None:
        """Bring it back, unless something is being typed already."""
        screen = self.screen
        office = screen.office
        if screen.fields.typed():
            return

        def work() -> tuple[list[Draft], Candidate | None]:
            drafts = [draft for draft in office.drafts.all() if draft.record == INTAKE]
            chosen = next((draft.values.get("person_id") for draft in drafts if draft.sheet == "application"), None)
            return drafts, _again(office, chosen) if chosen else None

        Task(self.owner, work).then(lambda found: self._show(*found)).failed(screen.place.tell_failure).start()

    def forget_in_store(self) -> None:
        """Drop every part. For the store's thread."""
        for sheet in SHEETS:
            self.screen.office.drafts.drop(sheet, INTAKE)

    def throw_away(self) -> None:
        """Begin anew; what was typed is gone."""
        screen = self.screen
        Task(screen.place, self.forget_in_store).failed(screen.place.tell_failure).start()
        self.showing = True
        screen.begin()
        self.showing = False
        self.stop()

    def _parts(self) -> dict[str, dict[str, Any]]:
        screen = self.screen
        parts = {sheet: screen.fields.values(sheet) for sheet in SHEETS if sheet != "case"}
        if not screen.fields.typed():
            parts = {sheet: {} for sheet in parts}
        if screen.her:
            parts["application"]["person_id"] = screen.her.person.id
        # A case draft stands for the wish to open one; it needs a value to be kept by.
        opened = {"opened_on": clock.today()} if screen.fields.case.isChecked() else {}
        return parts | {"case": opened}

    def _show(self, drafts: list[Draft], her: Candidate | None) -> None:
        screen = self.screen
        if not drafts or screen.fields.typed():
            return
        self.showing = True
        for draft in drafts:
            screen.fields.put(draft.sheet, draft.values.items())
        screen.fields.case.setChecked(any(draft.sheet == "case" for draft in drafts))
        if her:
            screen.take(her)
        self.showing = False
        words = _("What you typed on {moment} and did not save is here again.")
        at = show_moment(max(draft.at for draft in drafts))
        message = Message(words.format(moment=at), "due", _("Throw it away"), self.throw_away, stays=True)
        screen.board.say(message)


def _again(office: Office, person_id: UUID) -> Candidate | None:
    """Whoever had been taken as the applicant, found anew: her case may have changed since."""
    person = office.desk.get("person", person_id)
    return next((one for one in office.people.duplicates(person.values()) if one.person.id == person_id), None)
