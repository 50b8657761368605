"""Taking a family in, by keyboard alone: who, how to reach her, what happened, what next; on one calm page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QStackedWidget

from familydesk.core import clock
from familydesk.core.errors import Problem, Refused
from familydesk.core.i18n import _
from familydesk.core.show import show_day
from familydesk.ui.messages import Message, MessageBoard
from familydesk.ui.parts import Card, button, column, row, text
from familydesk.ui.screen import PageHead, Screen
from familydesk.ui.special.intake_alike import AlikeCard, told
from familydesk.ui.special.intake_done import IntakeDone
from familydesk.ui.special.intake_draft import IntakeDraft
from familydesk.ui.special.intake_fields import IntakeFields
from familydesk.ui.special.two_columns import TwoColumns, page_body
from familydesk.ui.tasks import Task
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.duplicates import Candidate
    from familydesk.services.intake import Conversation, TakenIn
    from familydesk.services.office import Office

PAUSE = 250
"""Milliseconds after a letter until the directory is searched for people like her."""


class IntakeScreen(Screen):
    """The wizard that is one page. Ctrl+S saves; whatever is typed is drafted at each pause."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        theme = place.theme
        self.fields = IntakeFields(place)
        self.alike = AlikeCard(place, self)
        self.board = MessageBoard(theme)
        self.head = PageHead(place, _("New application"))
        self.her: Candidate | None = None
        self.known = self._known_card()
        self.saving = False
        self.draft = IntakeDraft(self, self)
        self.done: IntakeDone | None = None
        self.stack = QStackedWidget()
        self.stack.addWidget(self._writing())
        self.setLayout(column(theme, self.stack, gap=0))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.look)
        self.fields.changed.connect(self._on_changed)
        self.alike.taken.connect(self.take)
        for key in ("Ctrl+S", "Ctrl+Return"):
            QShortcut(QKeySequence(key), self, self.save, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.setFocusProxy(self.fields.boxes["person.surname"].editor.main())

    @property
    def saved(self) -> bool:
        """Whether its number is on screen."""
        return self.done is not None

    def refresh(self) -> None:
        """Bring back what was typed and not saved."""
        self.draft.load()

    def leave(self) -> None:
        """Keep what is typed."""
        self.draft.flush()

    def look(self) -> None:
        """Who is like her?"""
        phone = self.fields.values("person_phone").get("number")
        self.alike.look({**self.fields.values("person"), "phones": [phone] if phone else []})

    def take(self, her: Candidate | None) -> None:
        """It is somebody in the directory; None: it is somebody new after all."""
        self.her = her
        self.fields.set_person_known(her.person.id if her else None)
        self.known.setVisible(her is not None)
        self.alike.setVisible(her is None)
        if her:
            self.known_name.setText(her.person.title_text())
            self.known_line.setText(told(her))
            self._show_case(None)
            if her.case_id:
                self._look_at_case(her.case_id)
            self.fields.boxes["person_phone.number"].editor.main().setFocus()
        else:
            self.fields.case.setVisible(True)
        self.draft.note()

    def save(self) -> None:
        """Save all of it, or say what is missing."""
        if self.saving or self.done:
            return
        sheets = ("person_phone", "application", "errand") if self.her else ("person", "person_phone", "application")
        faults = [*self.fields.unreadable((*sheets, "errand"))]
        if faults:
            self._complain(faults)
            return
        told, errand, office, draft = self.conversation(), self.fields.values("errand"), self.office, self.draft

        def work() -> TakenIn:
            taken = office.intake.take_in(into_open_case(office, told))
            if errand.get("what"):
                day = errand.get("due_on") or clock.today() + timedelta(days=1)
                values = {**errand, "due_on": day, "case_id": taken.case_id, "who_id": office.me}
                office.desk.save("errand", values)
            draft.forget_in_store()
            return taken

        self.saving = True
        self.draft.stop()
        self.foot_line.setText(_("Saving…"))
        Task(self, work).then(self._on_saved).failed(self._on_refused).start()

    def conversation(self) -> Conversation:
        """What was told, as the intake takes it."""
        from familydesk.services.intake import Conversation

        phone = self.fields.values("person_phone")
        return Conversation(
            application=self.fields.values("application"),
            person=None if self.her else self.fields.values("person"),
            person_id=self.her.person.id if self.her else None,
            phones=[phone] if "number" in phone else [],
            case={} if self.fields.case.isChecked() else None,
            case_id=self.her.case_id if self.her else None,
        )

    def begin(self) -> None:
        """A new one, from the first field."""
        if self.done:
            self.stack.removeWidget(self.done)
            self.done.deleteLater()
            self.done = None
        self.stack.setCurrentIndex(0)
        self.fields.show_blank()
        self.take(None)
        self.alike.look({})
        self.foot_line.setText("")
        self.fields.boxes["person.surname"].editor.main().setFocus()

    def _look_at_case(self, case_id: UUID) -> None:
        office = self.office
        task = Task(self, lambda: office.desk.get("case", case_id))
        task.then(self._show_case).failed(self.place.tell_failure).start()

    def _show_case(self, case: Any) -> None:
        """The case that the application goes into; a closed one takes none."""
        closed = case is not None and case.closed_on is not None
        if case is None:
            words = _("She has no case yet.")
        elif closed:
            words = f"{case.number}, " + _("closed on {day}").format(day=show_day(case.closed_on))
        else:
            words = _("It goes into case {number}.").format(number=case.number)
        self.known_case.setText(words)
        self.fields.case.setVisible(case is None or closed)

    # Putting together

    def _writing(self) -> QFrame:
        columns = TwoColumns(self.theme, (7, 3))
        for card in (self.known, self.fields.who, self.fields.reach, self.fields.what, self.fields.next):
            columns.left.addWidget(card)
        columns.right.addWidget(self.alike)
        page = QFrame()
        whole = column(self.theme, gap=0)
        whole.addLayout(page_body(self.theme, self.head, self.board, columns), 1)
        whole.addWidget(self._foot())
        page.setLayout(whole)
        page.setProperty("ground", "page")
        return page

    def _known_card(self) -> Card:
        card = Card(self.theme, _("Who"))
        self.known_name = text("", "strong", wrap=True)
        self.known_line = text("", "small", wrap=True)
        self.known_case = text("", "muted", wrap=True)
        other = button(self.theme, _("It is somebody else"), lambda: self.take(None), icon="x", role="flat")
        for part in (self.known_name, self.known_line, self.known_case):
            card.add(part)
        card.add(row(self.theme, other, None))
        card.hide()
        return card

    def _foot(self) -> QFrame:
        foot = QFrame()
        foot.setObjectName("form_foot")
        self.save_button = button(
            self.theme, _("Save the application"), self.save, icon="device-floppy", role="primary"
        )
        self.save_button.setToolTip("Ctrl+S")
        self.foot_line = text("", "muted", wrap=True)
        line = row(self.theme, self.save_button, self.foot_line, gap=16)
        line.setStretch(1, 1)
        line.setContentsMargins(*(self.theme.px(edge) for edge in (28, 10, 28, 10)))
        foot.setLayout(line)
        return foot

    # What comes of it

    def _on_changed(self) -> None:
        self._pause.start()
        self.draft.note()
        self.foot_line.setText(_("Not saved yet; what you typed is kept as a draft."))

    def _on_saved(self, done: TakenIn) -> None:
        self.saving = False
        self.done = IntakeDone(self.place, done)
        self.done.again.connect(self.begin)
        self.done.setContentsMargins(*(self.theme.px(edge) for edge in (28, 28, 28, 28)))
        self.stack.addWidget(self.done)
        self.stack.setCurrentWidget(self.done)
        self.done.first.setFocus()

    def _on_refused(self, error: Exception) -> None:
        self.saving = False
        self.draft.note()
        self.foot_line.setText(_("Not saved yet; what you typed is kept as a draft."))
        if isinstance(error, Refused):
            self._complain(list(error.problems))
        else:
            self.place.tell_failure(error)

    def _complain(self, problems: list[Problem]) -> None:
        for problem in self.fields.complain(problems):
            self.board.say(Message(str(problem), "overdue", stays=True))


def into_open_case(office: Office, told: Conversation) -> Conversation:
    """The conversation goes into her case as long as that is open; otherwise into a new one, if one is wished for."""
    if told.case_id is None:
        return told
    case: Any = office.desk.get("case", told.case_id)
    return replace(told, case_id=None) if case.closed_on else replace(told, case=None)
