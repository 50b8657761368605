"""The merge desk: what was written twice, case by case. Keep, take, write anew, next: one key each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from familydesk.core.i18n import _, ngettext
from familydesk.records import SHEETS
from familydesk.services.written_twice import CaseOfChoices, Choice, OnDesk
from familydesk.ui.list_rows import ListRow
from familydesk.ui.parts import button, chip, column, emptied, held, row, text
from familydesk.ui.screen import PageHead, Screen
from familydesk.ui.special.choice_card import ChoiceCard
from familydesk.ui.special.plain_ones import PlainOnes
from familydesk.ui.special.row_card import RowCard
from familydesk.ui.special.settled import open_settled
from familydesk.ui.special.two_columns import page_body
from familydesk.ui.tasks import Task
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.people import Pair

AT_ONCE = 12
"""So many fields stand on the page; the rest follow as these are settled."""
KEYS = ("0қ", '1"', "2ә", "3і", "4ң", "5ғ", "6,", "7.", "8ү", "9ұ")
"""What the keys of the digit row type: digits, or the Kazakh layout's signs in their place."""
NEXT = 0


class MergeDesk(Screen):
    """One card a field. Whatever is not chosen stays in the record's history."""

    follows = frozenset(sheet.sheet() for sheet in SHEETS)

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        theme = place.theme
        self.past = button(theme, _("Settled before"), self.look_back, icon="history")
        self.next = button(theme, _("Next"), self.go_on, icon="chevron-right")
        self.next.setText(_("Next") + f"   {NEXT}")
        self.head = PageHead(place, _("Written twice"), self.past, self.next)
        self.plain = PlainOnes(place)
        self.list = column(theme, gap=16)
        self.pairs = RowCard(theme, _("People who may be here twice"), "", self._pair_row)
        self.cards: list[ChoiceCard] = []
        self._spare: list[ChoiceCard] = []
        self.at = 0
        self.setLayout(
            page_body(theme, self.head, held(column(theme, self.plain, self.list, self.pairs, None, gap=16)))
        )
        for empty in (self.plain, self.pairs, self.next):
            empty.hide()

    def refresh(self) -> None:
        """Bring what waits, unless a value is being written anew."""
        if any(card.panel for card in self.cards):
            self.stale = True
            return
        office = self.office
        task = Task(self, lambda: office.merge_desk.lay_out(AT_ONCE))
        task.then(self._show).failed(self.place.tell_failure).start()

    def go_on(self) -> None:
        """To the next field, and from the last to the first; nothing is decided."""
        if self.cards:
            self._begin_at((self.at + 1) % len(self.cards))

    def look_back(self) -> None:
        """What was settled."""
        open_settled(self.place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """One key decides on the field at hand, or goes on. While a value is being written, keys are letters."""
        typed = event.text().casefold()
        key = next((at for at, letters in enumerate(KEYS) if typed and typed in letters), None)
        if key is None or not self.cards or any(card.panel for card in self.cards):
            super().keyPressEvent(event)
        elif key == NEXT:
            self.go_on()
        else:
            self._decide(key)

    def _decide(self, key: int) -> None:
        card = self.cards[self.at]
        if key <= len(card.ways) and card.isEnabled():
            card.ways[key - 1].click()

    def _show(self, found: OnDesk) -> None:
        self.head.say(*_told(found))
        self.next.setVisible(len(found.choices) > 1)
        self.plain.offer(found.plain)
        self.pairs.setVisible(bool(found.pairs))
        self.pairs.show_all(found.pairs)
        self._clear()
        for case in found.cases:
            self._add(case)
        self._drop_spare()
        if self.cards:
            self._stand_at(min(self.at, len(self.cards) - 1))
            if self._has_keyboard():
                self._begin_at(self.at)
        elif not found.pairs:
            self.list.addWidget(text(_("Nothing was written twice."), "muted", wrap=True))

    def _clear(self) -> None:
        """Take everything out; cards that may still hold wait beside, since making one takes longer than keeping it."""
        for card in self.cards:
            self.list.removeWidget(card)
        self._spare, self.cards = self.cards, []
        emptied(self.list)

    def _has_keyboard(self) -> bool:
        """Whether nobody types elsewhere: in the search, or in a form beside the page."""
        focused = QApplication.focusWidget()
        return focused is None or focused is self or self.isAncestorOf(focused)

    def _add(self, case: CaseOfChoices) -> None:
        self.list.addWidget(CaseHead(self.place, case))
        for choice in case.choices:
            self.cards.append(self._card(choice))
            self.list.addWidget(self.cards[-1])

    def _card(self, choice: Choice) -> ChoiceCard:
        """The one that shows this already, or a new one."""
        kept = next((card for card in self._spare if card.choice == choice and card.isEnabled()), None)
        if kept:
            self._spare.remove(kept)
            return kept
        card = ChoiceCard(self.place, choice)
        card.let_be.connect(self._refresh_if_stale)
        card.came.connect(partial(self._on_came, card))
        return card

    def _drop_spare(self) -> None:
        for card in self._spare:
            card.hide()
            card.deleteLater()
        self._spare = []

    def _on_came(self, card: ChoiceCard) -> None:
        # The keyboard leaves a card that is being decided on by itself; what comes up in its place is then the next.
        if card in self.cards and self.cards[self.at].isEnabled():
            self._stand_at(self.cards.index(card))

    def _begin_at(self, at: int) -> None:
        """Bring this card into sight and give it the keyboard."""
        self._stand_at(at)
        self.cards[at].main.setFocus()
        area = self.findChild(QScrollArea)
        assert isinstance(area, QScrollArea)
        area.ensureWidgetVisible(self.cards[at])

    def _stand_at(self, at: int) -> None:
        self.at = at
        for place, card in enumerate(self.cards):
            card.mark(place == at)

    def _pair_row(self, pair: Pair) -> QWidget:
        title = f"{pair.one.title_text()} · {pair.other.title_text()}"
        return ListRow(self.theme, title, pair.why, do=lambda: self.place.open_page("duplicates", str(pair.id)))


class CaseHead(QWidget):
    """Which case the following fields belong to, and how many of them there are."""

    def __init__(self, place: Workplace, case: CaseOfChoices) -> None:
        super().__init__()
        line = row(place.theme, text(case.title, "card", wrap=True), chip(case.left), gap=12)
        line.setStretch(0, 1)
        if case.case:
            opens = partial(place.open_record, "case", case.case)
            line.addWidget(button(place.theme, _("Open the case"), opens, icon="external-link", role="flat"))
        self.setLayout(line)


def _told(found: OnDesk) -> tuple[str, str]:
    """Title and line of the page."""
    title = _("Two laptops wrote different things") if found.between else _("Written twice")
    if not found.count:
        return title, ""
    words = _("Nothing is lost. Choose what is right; the other value stays in the history.")
    left = ngettext("{count} field is left.", "{count} fields are left.", found.count).format(count=found.count)
    return title, f"{words} {left}"
