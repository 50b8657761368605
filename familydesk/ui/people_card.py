"""Who opens this store: for the head, who adds, disables and readmits."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from familydesk.core.i18n import _, translate
from familydesk.ui.front_page import labelled
from familydesk.ui.list_rows import ListRow
from familydesk.ui.parts import Card, button, column, emptied, held, row, text
from familydesk.ui.put_out import PutOut
from familydesk.ui.tasks import Lane, Task
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.members import Added, Person


class PeopleCard(Card):
    """A line each, a form to add somebody, and the passphrase that is shown once."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.theme, _("Who opens this store"))
        self.place = place
        self.rows = column(place.theme, gap=0)
        self.problem = text("", "problem", wrap=True)
        self.problem.hide()
        self.opener = button(self.theme, _("Add a person"), self.open, icon="plus")
        self.person, self.login, self.role = QLineEdit(), QLineEdit(), QComboBox()
        self.form = held(self._lines())
        self.given = text("", "card", wrap=True)
        self.once = held(self._once())
        self.sure = PutOut(place.theme)
        self.sure.wanted.connect(self._disable)
        self.sure.readmission_wanted.connect(self._readmit)
        under = (self.problem, row(self.theme, self.opener, None), self.form, self.sure, self.once)
        for part in (held(self.rows), *under):
            self.add(part)
        for part in (self.form, self.sure, self.once):
            part.hide()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the list once somebody looks."""
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Read the list anew."""
        office = self.place.office
        task = Task(self, lambda: (office.members.people(), office.members.broken), Lane.POOL)
        task.then(lambda found: self._show(*found)).failed(self.place.tell_failure).start()

    def open(self) -> None:
        """Show the lines for somebody new."""
        from familydesk.services.members import Role

        if not self.role.count():
            self.role.addItems([translate(role.value) for role in Role])
            self.role.setCurrentIndex(list(Role).index(Role.SOCIAL_WORKER))
        self.opener.hide()
        self.form.show()
        self.person.setFocus()

    def close_form(self) -> None:
        """Nobody is added after all."""
        self._complain("")
        self.form.hide()
        self.opener.show()

    def save(self) -> None:
        """Add whoever is written down."""
        from familydesk.services.members import Role

        members = self.place.office.members
        person, login, role = self.person.text(), self.login.text(), list(Role)[self.role.currentIndex()]
        self._do(lambda: members.add(login, person, role))

    def put_away(self) -> None:
        """The passphrase was passed on: it is shown no longer."""
        self.given.clear()
        self.once.hide()
        self.opener.show()

    def _disable(self, login: str) -> None:
        members = self.place.office.members

        def work() -> None:
            members.disable(login)

        self._do(work)

    def _readmit(self, login: str, recovery: str) -> None:
        members = self.place.office.members
        self._do(lambda: members.readmit(login, recovery))

    def _confirm(self, login: str) -> None:
        members = self.place.office.members

        def work() -> None:
            members.confirm(login)

        self._do(work)

    def _do(self, work: Callable[[], Added | None]) -> None:
        """Each step derives a key, and that takes a second."""
        self.setEnabled(False)
        self._complain("")
        Task(self, work, Lane.POOL).then(self._on_done).failed(self._on_failed).start()

    def _on_done(self, added: Added | None) -> None:
        self.setEnabled(True)
        self.sure.close_again()
        if added:
            for line in (self.person, self.login):
                line.clear()
            self.form.hide()
            self.opener.hide()
            self.given.setText(added.temporary_passphrase)
            self.once.show()
        self.refresh()

    def _on_failed(self, error: Exception) -> None:
        self.setEnabled(True)
        self._complain(str(error))

    def _complain(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def _show(self, people: tuple[Person, ...], broken: int) -> None:
        emptied(self.rows)
        for person in people:
            self.rows.addWidget(self._row(person))
        if broken:
            self._complain(_("The list of people was changed by another hand: {count}.").format(count=broken))

    def _row(self, person: Person) -> QWidget:
        state, tone = _standing(person)
        made = ListRow(
            self.theme, person.name or person.login, f"{person.login} · {translate(person.role.value)}", state, tone
        )
        if person.account != self.place.office.me:
            made.words.addWidget(held(row(self.theme, *self._verbs(person), None)))
        return made

    def _verbs(self, person: Person) -> list[QWidget]:
        login = person.login
        if person.waiting:
            return [self._verb(_("Confirm"), partial(self._confirm, login), person)]
        active = person.state.name == "ACTIVE"
        words = _("New passphrase…") if active else _("Readmit")
        verbs = [self._verb(words, partial(self.sure.ask_readmission, login), person)]
        if active:
            verbs.append(self._verb(_("Disable"), partial(self.sure.ask, login), person))
        return verbs

    def _verb(self, words: str, do: Callable[[], None], person: Person) -> QWidget:
        made = button(self.theme, words, do, role="link")
        made.setAccessibleName(f"{words}: {person.login}")
        return made

    def _lines(self) -> QVBoxLayout:
        hint = _("Surname, given name, patronymic. If she is among the staff already, her record is used.")
        name = labelled(self.theme, _("Her name"), self.person, hint)
        login = labelled(self.theme, _("Login"), self.login)
        role = labelled(self.theme, _("Role"), self.role)
        go = button(self.theme, _("Add"), self.save, role="primary")
        ways = row(self.theme, go, None, button(self.theme, _("Cancel"), self.close_form, role="link"))
        return column(self.theme, name, login, role, ways, gap=12)

    def _once(self) -> QVBoxLayout:
        words = _("Her temporary passphrase. It is shown only now; at its first use she chooses her own.")
        self.given.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        done = button(self.theme, _("I have passed it on"), self.put_away)
        return column(self.theme, text(words, wrap=True), self.given, row(self.theme, done, None), gap=8)


def _standing(person: Person) -> tuple[str, str]:
    """How she stands, in words and as a colour."""
    if not person.sound and not person.waiting:
        return _("Not signed by a head"), "overdue"
    if person.waiting:
        return _("Waits for a second head"), "quiet"
    return translate(person.state.value), "good" if person.state.name == "ACTIVE" else "quiet"
