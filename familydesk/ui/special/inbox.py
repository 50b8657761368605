"""Between centers: referrals that came and wait for an answer; and those accepted, of which can be told later."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit

from familydesk.core import settings as known
from familydesk.core.i18n import _
from familydesk.ui.front_page import labelled
from familydesk.ui.parts import Card, button, column, emptied, held, row, text
from familydesk.ui.screen import PageHead, Screen
from familydesk.ui.special.letter_row import AcceptedRow, LetterRow
from familydesk.ui.special.row_card import RowCard
from familydesk.ui.special.two_columns import TwoColumns, page_body
from familydesk.ui.tasks import Lane, Task
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.arrived import Arrived
    from familydesk.services.letters import Met
    from familydesk.services.referring import Answered


class InboxScreen(Screen):
    """Left what waits for an answer, right the road, one's own fingerprint, and what was accepted."""

    follows = frozenset(("application", "referral"))

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        theme = place.theme
        self.head = PageHead(place, _("Between centers"))
        self.head.say(
            _("Between centers"),
            _("Referrals travel sealed from one center to the other. Yours are sent from their own page."),
        )
        self.rows: list[LetterRow] = []
        self.letters = column(theme, gap=16)
        self.road = RoadCard(place)
        self.road.fetched = self.refresh
        self.own = OwnPrint(place)
        self.accepted = RowCard(
            theme, _("Tell what came of it"), _("No referral was accepted here."), partial(AcceptedRow, place)
        )
        columns = TwoColumns(theme)
        columns.left.addWidget(held(self.letters))
        for card in (self.road, self.own, self.accepted):
            columns.right.addWidget(card)
        self.setLayout(page_body(theme, self.head, columns))

    def refresh(self) -> None:
        """Bring what waits, unless an answer is being written."""
        if any(one.begun for one in self.rows):
            return
        referring = self.office.referring
        Task(self, referring.arrived).then(self.show_all).failed(self.place.tell_failure).start()
        Task(self, referring.accepted).then(self.accepted.show_all).failed(self.place.tell_failure).start()

    def show_all(self, found: list[Arrived]) -> None:
        """Each with its answer under it."""
        emptied(self.letters)
        self.rows = [LetterRow(self.place, one, self._on_answered) for one in found]
        for made in self.rows:
            self.letters.addWidget(made)
        if not found:
            empty = Card(self.theme, _("Referrals that came"))
            empty.add(text(_("Nothing waits for an answer."), "muted", wrap=True))
            self.letters.addWidget(empty)

    def _on_answered(self, given: Answered) -> None:
        for one in self.rows:
            one.begun = False
        self.refresh()
        words = _("Answered. The answer waits here, sealed, for the next meeting.")
        case = given.taken.case_id if given.taken else None
        if case:
            self.place.say(words, offer=_("Open the case"), do=partial(self.place.open_record, "case", case))
        else:
            self.place.say(words)


class RoadCard(Card):
    """Where letters are fetched and left."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.theme, _("Fetch and leave letters"))
        self.place = place
        self.fetched = lambda: None
        self.line = QLineEdit(place.settings.get(known.SYNC_WITH))
        words = _("A folder on a stick or in the network, or the address of a hub")
        self.add(labelled(place.theme, words, self.line))
        self.go = button(place.theme, _("Fetch and leave"), self.begin, icon="refresh", role="primary")
        self.add(row(place.theme, self.go, None))
        self.told = text("", "small", wrap=True)
        self.told.hide()
        self.add(self.told)
        self.line.textChanged.connect(lambda _words: self._fit())
        self.line.returnPressed.connect(self.begin)
        self._fit()

    def begin(self) -> None:
        """Go there."""
        letters, address = self.place.office.referring.letters, self.line.text().strip()
        if not address:
            return
        self.go.setEnabled(False)
        task = Task(self, lambda: letters.meet(address), Lane.POOL)
        task.then(self._on_met).failed(self.place.tell_failure).ended(self._fit).start()

    def _on_met(self, met: Met) -> None:
        done = _("Referrals that came: {received}. Answers: {answers}. Handed over: {handed_over}.")
        counts = done.format(received=met.received, answers=met.answers, handed_over=met.handed_over)
        self.told.setText("\n".join((counts, *map(str, met.warnings))))
        self.told.show()
        self.fetched()

    def _fit(self) -> None:
        self.go.setEnabled(bool(self.line.text().strip()))


class OwnPrint(Card):
    """What another center compares with what it hears."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.theme, _("Your fingerprint"))
        words = _("Read it to the other center, by telephone or face to face, when it asks for it.")
        self.add(text(words, "muted", wrap=True))
        self.print = text("", "strong", wrap=True)
        self.add(self.print)
        Task(self, place.office.referring.letters.fingerprint).then(self.print.setText).failed(self._on_none).start()

    def _on_none(self, error: Exception) -> None:
        self.print.setText(str(error))
