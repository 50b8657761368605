"""The first run: a center, its first person, a passphrase, and the recovery key on paper. Five steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from secrets import randbelow
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QProgressBar

from familydesk.core.i18n import _
from familydesk.ui.front_page import FrontPage, eye, labelled, secret_line
from familydesk.ui.parts import button, column, emptied, held, row, text
from familydesk.ui.recovery_sheet import RecoverySheet
from familydesk.ui.strength import Strength, judge
from familydesk.ui.tasks import Lane, Task
from familydesk.ui.theme import Theme

if TYPE_CHECKING:
    from familydesk.services.office import Office

STEPS = 5


@dataclass
class Answers:
    """What the wizard asks for. The passphrase leaves it as soon as the store is made."""

    center: str = ""
    person: str = ""
    login: str = ""
    passphrase: str = ""


class FirstRun(FrontPage):
    """`create` makes the store out of the answers and gives back the office and the recovery key's text."""

    done = Signal(object)
    """The office."""
    restore_wanted = Signal()
    join_wanted = Signal()
    other_wanted = Signal()
    left = Signal()
    """Back to the store that was there before."""

    def __init__(self, theme: Theme, create: Callable[[Answers], tuple[Office, str]], back: bool = False) -> None:
        super().__init__(theme)
        self.back = back
        self.making = create
        self.answers = Answers()
        self.office: Office | None = None
        self.recovery = ""
        self.step = 0
        self.steps: tuple[Callable[[], None], ...] = (
            self._begin,
            self._ask_center,
            self._ask_passphrase,
            self._show_key,
            self._ask_group,
        )
        self.show_step(0)

    def show_step(self, step: int) -> None:
        """Show one step afresh."""
        self.step = step
        emptied(self.card.body)
        self.problem = text("", "problem", wrap=True)
        self.problem.hide()
        self.card.add(text(_("Step {number} of {count}").format(number=step + 1, count=STEPS), "muted"))
        self.steps[step]()

    # 1

    def _begin(self) -> None:
        theme = self.theme
        self.card.add(text(_("Welcome"), "title"))
        words = _(
            "Everything you write stays on this computer, encrypted. "
            "First a few questions; they take about three minutes."
        )
        self.card.add(text(words, wrap=True))
        start = button(theme, _("Set up a new center"), lambda: self.show_step(1), role="primary")
        self.card.add(start)
        self.card.add(button(theme, _("Join a center that has other laptops"), self.join_wanted.emit, icon="user-plus"))
        self.card.add(button(theme, _("Restore from a backup"), self.restore_wanted.emit, icon="history"))
        self.card.add(button(theme, _("Open a store that is here already"), self.other_wanted.emit, icon="folder"))
        if self.back:
            self.card.add(row(theme, button(theme, _("Back"), self.left.emit, role="link"), None))
        self.setFocusProxy(start)
        start.setFocus()

    # 2

    def _ask_center(self) -> None:
        self.card.add(text(_("The center and you"), "title", wrap=True))
        self.center, self.person = QLineEdit(self.answers.center), QLineEdit(self.answers.person)
        self.login = QLineEdit(self.answers.login or "head")
        self.card.add(labelled(self.theme, _("Name of the center"), self.center, _("As it stands in letters.")))
        hint = _("Surname, given name, patronymic. You will be the head of the center in this store.")
        self.card.add(labelled(self.theme, _("Your name"), self.person, hint))
        self.card.add(labelled(self.theme, _("Your login"), self.login))
        self._ways(self._take_center)
        self.center.setFocus()

    def _take_center(self) -> None:
        answers = self.answers
        answers.center = " ".join(self.center.text().split())
        answers.person = " ".join(self.person.text().split())
        answers.login = self.login.text().strip()
        if not answers.center:
            self._stop(_("Write the name of the center."), self.center)
        elif len(answers.person.split()) < 2:
            self._stop(_("Write your surname and your given name."), self.person)
        elif not answers.login:
            self._stop(_("Write a login: one short word."), self.login)
        else:
            self.show_step(2)

    # 3

    def _ask_passphrase(self) -> None:
        theme = self.theme
        self.card.add(text(_("Your passphrase"), "title", wrap=True))
        words = _("It opens the store. Nobody can look it up for you, not even the makers of this program.")
        self.card.add(text(words, "muted", wrap=True))
        self.first, self.second = secret_line(), secret_line()
        self.first.setText(self.answers.passphrase)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 4)
        self.bar.setValue(0)
        self.bar.setAccessibleName(_("Strength"))
        self.strength: Strength | None = None
        self.verdict = text(_("Four or five words that do not belong together are best."), "small", wrap=True)
        self.card.add(labelled(theme, _("Passphrase"), self.first))
        self.card.add(column(theme, self.bar, self.verdict, gap=4))
        self.card.add(labelled(theme, _("The same once more"), self.second))
        self.card.add(row(theme, eye(theme, self.first, self.second), None))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(250)
        self._pause.timeout.connect(self._judge)
        self.first.textEdited.connect(lambda: self._pause.start())
        self._ways(self._take_passphrase)
        self.first.setFocus()

    def _judge(self) -> None:
        typed, known = self.first.text(), (self.answers.center, self.answers.person, self.answers.login)
        Task(self, lambda: judge(typed, known), Lane.POOL).then(self._on_judged).start()

    def _on_judged(self, strength: Strength) -> None:
        if self.step != 2:
            return
        self.strength = strength
        self.bar.setValue(strength.score)
        self.bar.setProperty("tone", "" if strength.enough else "due")
        self.bar.style().polish(self.bar)
        self.verdict.setText(_(strength.sentence))

    def _take_passphrase(self) -> None:
        typed, known = self.first.text(), (self.answers.center, self.answers.person, self.answers.login)
        if typed != self.second.text():
            self._stop(_("The two lines differ."), self.second)
            return
        self._wait(_("Making the store…"))
        Task(self, lambda: self._made(typed, known), Lane.POOL).then(self._on_made).failed(self._on_failed).start()

    def _made(self, typed: str, known: tuple[str, ...]) -> tuple[Any, ...]:
        """In another thread: the office and the key, or why the passphrase will not do."""
        strength = judge(typed, known)
        if not strength.enough:
            return (None, strength.sentence)
        answers = Answers(self.answers.center, self.answers.person, self.answers.login, typed)
        return self.making(answers)

    def _on_made(self, made: tuple[Any, ...]) -> None:
        office, words = made
        if office is None:
            self._wait("")
            self._stop(_(words), self.first)
            return
        self.answers = Answers()
        self.office, self.recovery = office, words
        self.show_step(3)

    def _on_failed(self, error: Exception) -> None:
        self._wait("")
        self.complain(str(error))

    # 4

    def _show_key(self) -> None:
        theme = self.theme
        self.card.add(text(_("Your recovery key"), "title", wrap=True))
        words = _(
            "If the passphrase is forgotten, only this key opens the store. "
            "Print it and keep it where the center keeps its seal."
        )
        self.card.add(text(words, wrap=True))
        grid = QGridLayout()
        grid.setSpacing(theme.px(8))
        for at, group in enumerate(self.recovery.split("-")):
            grid.addWidget(text(f"{at + 1}", "small"), at // 3, at % 3 * 2)
            grid.addWidget(text(group, "card"), at // 3, at % 3 * 2 + 1)
        self.card.add(held(grid))
        sheet = RecoverySheet(self, self.recovery, self.complain)
        printed = button(theme, _("Print"), sheet.print, icon="printer")
        saved = button(theme, _("Save as PDF"), sheet.save, icon="download")
        self.card.add(row(theme, printed, saved, None))
        self.card.add(self.problem)
        following = button(theme, _("I have it on paper"), lambda: self.show_step(4), role="primary")
        self.card.add(row(theme, following, None))
        printed.setFocus()

    # 5

    def _ask_group(self) -> None:
        self.asked = 1 + randbelow(len(self.recovery.split("-")))
        self.card.add(text(_("Is it really on paper?"), "title", wrap=True))
        self.group = QLineEdit()
        words = _("Group {number} of the recovery key").format(number=self.asked)
        self.card.add(labelled(self.theme, words, self.group, _("Copy it from the paper.")))
        self._ways(self._take_group, back=3)
        self.group.setFocus()

    def _take_group(self) -> None:
        typed = "".join(self.group.text().split()).upper()
        if typed != self.recovery.split("-")[self.asked - 1]:
            self._stop(
                _("This is not what the paper says. Look at group {number}.").format(number=self.asked), self.group
            )
            return
        self.recovery = ""
        self.done.emit(self.office)

    # Every step

    def _ways(self, take: Callable[[], None], back: int | None = None) -> None:
        self.card.add(self.problem)
        self.go = button(self.theme, _("Next"), take, role="primary")
        earlier = self.step - 1 if back is None else back
        goes_back = button(self.theme, _("Back"), lambda: self.show_step(earlier), role="flat")
        self.card.add(row(self.theme, self.go, None, goes_back))
        for line in self.card.findChildren(QLineEdit):
            line.returnPressed.connect(take)

    def _stop(self, sentence: str, line: QLineEdit) -> None:
        self.complain(sentence)
        line.setFocus()

    def _wait(self, sentence: str) -> None:
        self.go.setEnabled(not sentence)
        self.go.setText(sentence or _("Next"))
