"""Sync: what waits to go, what came, how far it is, and which laptop was heard of when."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from familydesk.core import settings as known
from familydesk.core.i18n import _
from familydesk.core.settings import Setting
from familydesk.records import SHEETS
from familydesk.services.deliveries import Met, Standing
from familydesk.services.rights import Verb
from familydesk.ui.list_rows import ListRow
from familydesk.ui.parts import Card, button, column, emptied, row, text
from familydesk.ui.screen import PageHead, Screen
from familydesk.ui.setting_rows import setting_row
from familydesk.ui.special.asking_card import AskingCard
from familydesk.ui.special.laptops_card import LaptopsCard
from familydesk.ui.special.meet_card import MeetCard, StateStrip
from familydesk.ui.special.own_laptop_card import OwnLaptopCard
from familydesk.ui.special.row_card import RowCard
from familydesk.ui.special.sync_words import how_it_stands, long_ago, waits, what_came
from familydesk.ui.special.two_columns import TwoColumns, page_body
from familydesk.ui.tasks import Task
from familydesk.ui.workplace import Workplace


class SyncScreen(Screen):
    """Left the meeting itself, right who was heard of when. Loaded again after every save: each one waits to go."""

    follows = frozenset(sheet.sheet() for sheet in SHEETS)

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        theme = place.theme
        self.standing = Standing((), (), 0)
        self.head = PageHead(place, _("Sync"))
        self.head.say(
            _("Sync"), _("Everything travels sealed: whoever finds the stick or keeps the hub reads nothing.")
        )
        self.meet = MeetCard(place)
        self.meet.aimed.connect(lambda _address: self._tell())
        self.last = LastCard(place)
        self.laptops = LaptopsCard(place)
        self.laptops.changed.connect(self.refresh)
        self.places = RowCard(theme, _("Where it was met"), _("Nowhere yet."), self._place_row)
        columns = TwoColumns(theme)
        for card in (self.meet, self.last, self._by_itself()):
            columns.left.addWidget(card)
        for card in (self.laptops, self.places):
            columns.right.addWidget(card)
        if place.office.account.may(Verb.ACCOUNTS):
            columns.left.addWidget(self._asking())
        columns.right.addWidget(OwnLaptopCard(place, lambda: self.meet.address))
        self.setLayout(page_body(theme, self.head, columns))
        self._tell()
        place.meeting.ended.connect(self.refresh)

    def refresh(self) -> None:
        """Bring how things stand."""
        deliveries = self.office.deliveries
        Task(self, deliveries.standing).then(self._show).failed(self.place.tell_failure).start()

    def _show(self, standing: Standing) -> None:
        self.standing = standing
        self.laptops.show_all(standing.laptops)
        self.places.show_all(standing.places)
        self._tell()

    def _tell(self) -> None:
        """Say how it stands there where she would meet."""
        address, meeting = self.meet.address, self.place.meeting
        outcome = meeting.outcome if meeting.address == address else None
        self.meet.state.say(how_it_stands(self.standing, address, outcome))
        self.last.tell()

    def _asking(self) -> AskingCard:
        card = AskingCard(self.place, lambda: self.meet.address)
        card.changed.connect(self.refresh)
        self.meet.aimed.connect(lambda _address: card.aim())
        card.aim()
        return card

    def _place_row(self, place: Met) -> QWidget:
        lacks = waits(place.lacking) if place.lacking.records else ""
        line = " · ".join(filter(None, (_("met {when}").format(when=long_ago(place.at)), lacks)))
        return ListRow(self.theme, place.name, line, do=partial(self.meet.aim, place.name))

    def _by_itself(self) -> Card:
        card = Card(self.theme, _("By itself"))
        words = _("With a hub that is always reachable, or a folder in the network, nobody has to think of it.")
        card.add(text(words, "muted", wrap=True))
        card.add(setting_row(self.place, known.SYNC_EVERY, self._choose))
        return card

    def _choose(self, setting: Setting[Any], value: Any) -> None:
        self.place.settings.put(setting, value)


class LastCard(Card):
    """What the last meeting brought, and whatever was not as it should be."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.theme, _("The last sync"))
        self.place = place
        self.lines = column(place.theme, gap=8)
        self.add(self.lines)
        self.decide = button(
            place.theme, _("Decide what was written twice"), partial(place.open_page, "conflicts"), icon="arrows-join"
        )
        self.add(row(place.theme, self.decide, None))

    def tell(self) -> None:
        """Say it anew."""
        meeting = self.place.meeting
        outcome = meeting.outcome
        self.setVisible(bool(outcome or meeting.failure))
        self.decide.setVisible(bool(outcome and outcome.conflicts))
        emptied(self.lines)
        if meeting.at:
            self.lines.addWidget(text(f"{long_ago(meeting.at)} · {meeting.address}", "small", wrap=True))
        said = what_came(outcome) if outcome else [("due", meeting.failure)] if meeting.failure else []
        for tone, words in said:
            self.lines.addWidget(self._line(tone, words))

    def _line(self, tone: str, words: str) -> QWidget:
        if tone == "quiet":
            return text(words, wrap=True)
        strip = StateStrip(self.theme)
        strip.say((tone, words))
        return strip
