"""The laptops of the center, and when each was heard of last. A head shuts one out here: stolen, lost, given away."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from familydesk.core.i18n import _
from familydesk.services.deliveries import Laptop
from familydesk.services.rights import Verb
from familydesk.ui.list_rows import ListRow
from familydesk.ui.parts import button, column, held, row, text
from familydesk.ui.special.row_card import RowCard
from familydesk.ui.special.sync_words import long_ago
from familydesk.ui.tasks import Lane, Task
from familydesk.ui.theme import Theme
from familydesk.ui.workplace import Workplace


class Sure(QWidget):
    """The question before a laptop is shut out, and what that means."""

    wanted = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.laptop: Laptop | None = None
        self.words = text("", "strong", wrap=True)
        meaning = _(
            "Whatever it sends from now on counts nowhere, and the others get another key. What was read on it is "
            "read: that nobody takes back."
        )
        self.go = button(theme, _("Shut it out"), lambda: self.wanted.emit(self.laptop), role="danger")
        cancel = button(theme, _("Cancel"), self.hide, role="link")
        foot = row(theme, self.go, None, cancel)
        self.setLayout(column(theme, self.words, text(meaning, "small", wrap=True), foot, gap=8))
        self.hide()

    def ask(self, laptop: Laptop) -> None:
        """Shall this one be shut out?"""
        self.laptop = laptop
        self.words.setText(_("Shut out {laptop}?").format(laptop=laptop.who))
        self.go.setAccessibleName(self.words.text())
        self.show()
        self.go.setFocus()


class LaptopsCard(RowCard):
    """`changed` tells that one was shut out."""

    changed = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.theme, _("Laptops of the center"), _("Only this one so far."), self._laptop_row)
        self.place = place
        self.sure = Sure(place.theme)
        self.sure.wanted.connect(self._shut_out)
        self.add(self.sure)

    def _laptop_row(self, laptop: Laptop) -> QWidget:
        if laptop.own:
            return ListRow(self.theme, laptop.who, "", _("this laptop"), "good")
        heard = _("last heard of {when}").format(when=long_ago(laptop.heard)) if laptop.heard else _("not heard of yet")
        made = ListRow(self.theme, laptop.who, heard, _("shut out") if laptop.shut_out else "", "due")
        if self.place.office.account.may(Verb.ACCOUNTS) and not laptop.shut_out:
            ask = button(self.theme, _("Shut out…"), partial(self.sure.ask, laptop), role="link")
            ask.setAccessibleName(_("Shut out {laptop}?").format(laptop=laptop.who))
            made.words.addWidget(held(row(self.theme, ask, None)))
        return made

    def _shut_out(self, laptop: Laptop) -> None:
        """At once, with or without a road to the others: they hear of it at the next meeting."""
        admissions = self.place.office.admissions
        self.sure.hide()
        task = Task(self, lambda: admissions.revoke(laptop.id), Lane.POOL)
        task.then(lambda _none: self._on_shut_out(laptop)).failed(self.place.tell_failure).start()

    def _on_shut_out(self, laptop: Laptop) -> None:
        words = _("{laptop} is shut out. The others hear of it at their next sync.").format(laptop=laptop.who)
        self.place.say(words, "due", stays=True)
        self.changed.emit()
