"""Who changed what, when, from what to what: opened by a press, because few look and it can be long."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from uuid import UUID

from familydesk.core.i18n import _
from familydesk.core.show import show_moment
from familydesk.ui.list_rows import ListRow
from familydesk.ui.parts import Card, button, column, emptied, row, rule, text
from familydesk.ui.screen import Screen
from familydesk.ui.tasks import Task
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.history import Entry

LONGEST = 160


class HistoryCard(Screen):
    """The history of one record."""

    def __init__(self, place: Workplace, sheet: str, record_id: UUID) -> None:
        super().__init__(place)
        self.setProperty("ground", "")
        self.sheet, self.record_id, self.opened = sheet, record_id, False
        card = Card(place.theme)
        self.toggle = button(place.theme, _("Show"), self.turn, icon="history", role="flat")
        self.toggle.setAccessibleName(_("History"))
        head = row(place.theme, text(_("History"), "card"), self.toggle, gap=8)
        head.setStretch(0, 1)
        card.add(head)
        self.list = column(place.theme, gap=0)
        card.add(self.list)
        self.setLayout(column(place.theme, card, gap=0))

    def followed(self) -> frozenset[str]:
        """The record's sheet."""
        return frozenset((self.sheet,))

    def turn(self) -> None:
        """Open or close it."""
        self.opened = not self.opened
        self.toggle.setText(_("Hide") if self.opened else _("Show"))
        self.refresh()

    def refresh(self) -> None:
        """Bring the changes, if anyone is looking."""
        if not self.opened:
            emptied(self.list)
            return
        office, sheet, record_id = self.office, self.sheet, self.record_id
        Task(self, lambda: office.history.of(sheet, record_id)).then(self._show).failed(self.place.tell_failure).start()

    def _show(self, entries: list[Entry]) -> None:
        emptied(self.list)
        for (at, who), changes in groupby(
            entries, key=lambda entry: (entry.at.replace(second=0, microsecond=0), entry.who)
        ):
            if self.list.count():
                self.list.addWidget(rule())
            title = " · ".join([show_moment(at), who or _("the program")])
            self.list.addWidget(ListRow(self.theme, title, "\n".join(_said(change) for change in changes)))


def _said(entry: Entry) -> str:
    before, after = (_short(words) for words in (entry.before_text, entry.after_text))
    if not before or entry.hidden:
        return f"{entry.label}: {after}"
    return _("{field}: {before} → {after}").format(field=entry.label, before=before, after=after or _("nothing"))


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else words[:LONGEST] + "…"
