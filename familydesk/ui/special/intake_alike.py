"""Whoever may be in the directory already, found while a name is typed: one key opens her family, another takes her."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from familydesk.core.i18n import _, translate
from familydesk.core.show import mask, show_day
from familydesk.services.sides import KNOWN
from familydesk.ui.parts import Card, button, chip, column, emptied, held, row, rule, text
from familydesk.ui.tasks import Task
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from familydesk.services.duplicates import Candidate

SHOWN = 4


class AlikeCard(Card):
    """At most a few, the likeliest first. F2 opens the first one's family, F3 takes her as the applicant."""

    taken = Signal(object)
    """It is her: a `Candidate`."""

    def __init__(self, place: Workplace, host: QWidget) -> None:
        super().__init__(place.theme, _("Perhaps already here"))
        self.place = place
        self.list = column(place.theme, gap=8)
        self.add(self.list)
        self.candidates: list[Candidate] = []
        self._asked = 0
        QShortcut(QKeySequence("F2"), host, lambda: self.open(0))
        QShortcut(QKeySequence("F3"), host, lambda: self.take(0))
        self._show([])

    def look(self, values: Mapping[str, Any]) -> None:
        """Search for people like the one typed so far; only the latest answer counts."""
        self._asked += 1
        number, office = self._asked, self.place.office

        def arrived(found: list[Candidate]) -> None:
            if number == self._asked:
                self._show(found)

        Task(self, lambda: office.people.duplicates(values)).then(arrived).failed(self.place.tell_failure).start()

    def open(self, at: int) -> None:
        """Her family or case instead of a new one; what was typed stays as a draft."""
        if at >= len(self.candidates):
            return
        one = self.candidates[at]
        if one.family_id:
            self.place.open_record("family", one.family_id)
        elif one.case_id:
            self.place.open_record("case", one.case_id)
        else:
            self.place.open_record("person", one.person.id)

    def take(self, at: int) -> None:
        """It is her."""
        if at < len(self.candidates):
            self.taken.emit(self.candidates[at])

    def _show(self, candidates: list[Candidate]) -> None:
        emptied(self.list)
        self.candidates = candidates[:SHOWN]
        for at, one in enumerate(self.candidates):
            if at:
                self.list.addWidget(rule())
            self.list.addWidget(self._one(at, one))
        if not candidates:
            words = _("Nobody like this is in the directory yet. The search goes on while you type.")
            self.list.addWidget(text(words, "muted", wrap=True))

    def _one(self, at: int, one: Candidate) -> QWidget:
        theme = self.theme
        title = text(one.person.title_text(), "strong", wrap=True)
        why = chip(one.why, "due" if one.certain else "quiet")
        first = at == 0
        opens = button(theme, _("Open her family"), lambda: self.open(at), icon="users")
        takes = button(theme, _("It is her"), lambda: self.take(at), icon="check", role="primary" if first else "")
        for made, key in ((opens, "F2"), (takes, "F3")):
            if first:
                made.setText(f"{made.text()}  {key}")
            made.setAccessibleName(f"{made.text()}: {one.person.title_text()}")
        buttons = row(theme, takes, opens, None, gap=8)
        warned = [text(translate(KNOWN), "warning", wrap=True)] if one.other_side else []
        line = text(told(one), "small", wrap=True)
        return held(column(theme, title, line, *warned, row(theme, why, None), buttons, gap=6))


def told(one: Candidate) -> str:
    """What tells her from her namesakes; of an IIN only its end."""
    person = one.person
    parts = (
        show_day(person.born_on) if person.born_on else "",
        _("IIN {end}").format(end=mask(person.iin)) if person.iin else "",
        one.case_number,
    )
    return " · ".join(part for part in parts if part)
