"""A second laptop of one's own: the keys go over to it, compared by the fingerprint that it shows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit

from familydesk.core.i18n import _
from familydesk.ui.front_page import labelled
from familydesk.ui.parts import Card, button, column, held, row, text
from familydesk.ui.tasks import Lane, Task
from familydesk.ui.workplace import Workplace


class OwnLaptopCard(Card):
    """Closed until she has one. The keys travel sealed under her passphrase, to that laptop alone."""

    def __init__(self, place: Workplace, address: Callable[[], str]) -> None:
        super().__init__(place.theme, _("Another laptop of mine"))
        self.place, self.address = place, address
        words = _(
            "Your own notes open on another laptop only with your keys. Ask there to be admitted under your login; "
            "then type here the fingerprint that it shows. The head admits it as well."
        )
        self.add(text(words, "muted", wrap=True))
        self.opener = button(place.theme, _("Hand over my keys…"), self.open, icon="key")
        self.add(row(place.theme, self.opener, None))
        self.heard = QLineEdit()
        self.heard.returnPressed.connect(self.hand_over)
        self.problem = text("", "problem", wrap=True)
        self.go = button(place.theme, _("Hand them over"), self.hand_over, icon="check", role="primary")
        cancel = button(place.theme, _("Cancel"), self.close_again, role="link")
        line = held(labelled(place.theme, _("Fingerprint"), self.heard))
        self.form = held(column(place.theme, line, self.problem, row(place.theme, self.go, None, cancel), gap=8))
        self.add(self.form)
        self.close_again()

    def open(self) -> None:
        """She has one."""
        self.opener.hide()
        self.form.show()
        self.heard.setFocus()

    def close_again(self) -> None:
        """Done, or not wanted."""
        self.heard.clear()
        self._complain("")
        self.form.hide()
        self.opener.show()

    def hand_over(self) -> None:
        """To the laptop that shows this fingerprint."""
        admissions, address, typed = self.place.office.admissions, self.address(), self.heard.text()

        def work() -> None:
            admissions.hand_over_keys(address, admissions.request_of(address, typed), typed)

        self._complain("")
        self.setEnabled(False)
        Task(self, work, Lane.POOL).then(lambda _none: self._on_done()).failed(self._on_failed).start()

    def _on_done(self) -> None:
        self.setEnabled(True)
        self.close_again()
        self.place.say(_("Your keys lie there for your other laptop, sealed under your passphrase."))

    def _on_failed(self, error: Exception) -> None:
        self.setEnabled(True)
        self._complain(str(error))
        self.heard.setFocus()

    def _complain(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
