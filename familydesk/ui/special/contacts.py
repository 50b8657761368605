"""Telephones of a family, masked. A number that is not marked safe is told only after its conditions were read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from familydesk.core.i18n import N_, _, translate
from familydesk.core.show import HIDDEN, show_choice, show_phone
from familydesk.records.person_phone import SafeToCall
from familydesk.ui.list_rows import ListRow
from familydesk.ui.parts import Card, button, column, emptied, held, row, rule, text
from familydesk.ui.tasks import Task
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.family_page import Contact, FamilyPage

TONES = {
    SafeToCall.YES: "good",
    SafeToCall.WITH_CARE: "due",
    SafeToCall.UNKNOWN: "quiet",
    SafeToCall.NO: "overdue",
}
WARNINGS = {
    SafeToCall.WITH_CARE: N_("Call only as agreed."),
    SafeToCall.UNKNOWN: N_("Nobody has asked yet whether it is safe to call this number."),
    SafeToCall.NO: N_("Do not call this number: a call may put somebody in danger."),
}
SHOWN_FOR = 60_000
"""Milliseconds after which a number in full is masked again."""


class ContactsCard(Card):
    """The numbers of everybody on the page."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.theme, _("How to reach them"))
        self.place = place
        self.list = column(place.theme, gap=0)
        self.rows: list[ContactRow] = []
        self.add(self.list)

    def show_contacts(self, page: FamilyPage) -> None:
        """Show the numbers of these people."""
        emptied(self.list)
        names = {member.person_id: member.given for member in page.members}
        several = len({contact.person_id for contact in page.contacts}) > 1
        self.rows = []
        for contact in page.contacts:
            if self.rows:
                self.list.addWidget(rule())
            made = ContactRow(self.place, contact, names.get(contact.person_id, "") if several else "")
            self.rows.append(made)
            self.list.addWidget(made)
        if page.contacts_hidden:
            self.list.addWidget(text(translate(HIDDEN), "muted", wrap=True))
        elif not page.contacts:
            self.list.addWidget(text(_("No number is written down."), "muted", wrap=True))

    def cover_all(self) -> None:
        """No number in full any more."""
        for made in self.rows:
            made.cover()


class ContactRow(QWidget):
    """One number: masked; behind a press its conditions; behind a second one the number itself, for a minute."""

    def __init__(self, place: Workplace, contact: Contact, whose: str) -> None:
        super().__init__()
        self.place, self.contact = place, contact
        line = " · ".join(part for part in (whose, contact.conditions) if part)
        tone = TONES[contact.safe]
        self.head = ListRow(place.theme, contact.masked, line, show_choice(contact.safe), tone, self.ask)
        self.inside = column(place.theme, gap=8)
        self.inside.setContentsMargins(place.theme.px(10), 0, place.theme.px(10), place.theme.px(8))
        self.below = held(self.inside)
        self.below.hide()
        self.setLayout(column(place.theme, self.head, self.below, gap=0))
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(SHOWN_FOR)
        self._again.timeout.connect(self.cover)

    def ask(self) -> None:
        """A safe number at once; of any other one, first what must be known."""
        if not self.below.isHidden():
            self.cover()
        elif self.contact.safe is SafeToCall.YES:
            self.tell()
        else:
            self._warn()

    def tell(self) -> None:
        """The number in full."""
        office, phone_id = self.place.office, self.contact.phone_id
        task = Task(self, lambda: office.families.number_of(phone_id))
        task.then(self._show_number).failed(self.place.tell_failure).start()

    def cover(self) -> None:
        """Back to the masked number."""
        self._again.stop()
        self._clear()

    def edit(self) -> None:
        """Write down what was agreed."""
        self.place.write_aside("person_phone", self.contact.phone_id)

    def _warn(self) -> None:
        theme = self.place.theme
        self._clear()
        for sentence in conditions(self.contact):
            self.inside.addWidget(text(sentence, wrap=True))
        if self.contact.hidden:
            words = _("How to call this number safely is hidden from your role. Ask the one responsible for the case.")
            self.inside.addWidget(text(words, "warning", wrap=True))
            go_on = button(theme, _("Hide"), self.cover, role="flat")
        elif ready(self.contact):
            go_on = button(theme, _("I have read this. Show the number."), self.tell)
        else:
            words = _("First write down when and under which name to call.")
            self.inside.addWidget(text(words, "warning", wrap=True))
            go_on = button(theme, _("Write it down"), self.edit, icon="pencil")
        self.inside.addWidget(held(row(theme, go_on, None)))
        self.below.show()
        go_on.setFocus()

    def _show_number(self, number: str) -> None:
        theme = self.place.theme
        self._clear()
        shown = text(show_phone(number), "title")
        hide = button(theme, _("Hide the number"), self.cover, icon="eye-off", role="flat")
        self.inside.addWidget(held(row(theme, shown, None, hide)))
        for sentence in conditions(self.contact):
            self.inside.addWidget(text(sentence, "small", wrap=True))
        self.below.show()
        hide.setFocus()
        self._again.start()

    def _clear(self) -> None:
        # Filled while out of sight: what is shown with its parent can take the keyboard at once.
        self.below.hide()
        emptied(self.inside)


def conditions(contact: Contact) -> list[str]:
    """What must be read before the number is seen: whether to call, when, under which name, who else answers."""
    told = [translate(WARNINGS[contact.safe])] if contact.safe in WARNINGS else []
    for sentence, value in (
        (_("When to call: {value}."), contact.hours),
        (_("Introduce yourself as: {value}."), contact.introduce_as),
        (_("Who else may answer: {value}."), contact.who_may_answer),
    ):
        if value:
            told.append(sentence.format(value=value))
    return told


def ready(contact: Contact) -> bool:
    """Whether it is written down how, when and under which name to call; a number not to be called needs no hours."""
    return contact.safe is SafeToCall.NO or bool(contact.hours and contact.introduce_as)
