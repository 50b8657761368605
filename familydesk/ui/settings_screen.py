"""The settings: one control a declaration, the tables the center keeps up to date, backups, what this program is."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from familydesk.core.i18n import _, translate
from familydesk.records import sheet_of
from familydesk.services.rights import Verb
from familydesk.ui.account_card import AccountCard
from familydesk.ui.backup_card import BackupCard
from familydesk.ui.journal_card import JournalCard
from familydesk.ui.list_rows import ListRow
from familydesk.ui.parts import Card, Pair, button, column, held, row, scrolled, text
from familydesk.ui.people_card import PeopleCard
from familydesk.ui.record_screen import RecordScreen
from familydesk.ui.screen import PageHead, Screen
from familydesk.ui.setting_rows import setting_row, shown_settings
from familydesk.ui.workplace import Workplace

PEOPLE = ("person", "possible_duplicate", "staff_member", "center")
SIDE_BY_SIDE = 780
"""From this width on, in drawn pixels, cards stand in two columns."""
DATED = ("legal_reference", "response_term", "retention_term", "calendar_day", "calculation_index", "region")


class SettingsScreen(Screen):
    """Cards of settings; a table opens in their place and Back returns."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.stack = QStackedWidget()
        self.table: RecordScreen | None = None
        self.front = self._front()
        self.stack.addWidget(self.front)
        self.setLayout(column(place.theme, self.stack, gap=0))

    def open_table(self, sheet: str) -> None:
        """The list of `sheet`, to be read and edited."""
        self.close_table()
        self.table = RecordScreen(self.place, sheet)
        back = button(self.theme, _("Settings"), self.close_table, icon="chevron-left", role="link")
        line = row(self.theme, back, None)
        line.setContentsMargins(self.theme.px(24), self.theme.px(12), 0, 0)
        self.stack.addWidget(held(column(self.theme, line, self.table, gap=0), "page"))
        self.stack.setCurrentIndex(1)
        self.table.setFocus()

    def close_table(self) -> None:
        """Back to the cards."""
        if self.table is None:
            return
        self.table.leave()
        self.table = None
        self.stack.setCurrentWidget(self.front)
        if around := self.stack.widget(1):
            self.stack.removeWidget(around)
            around.deleteLater()

    def leave(self) -> None:
        """An open table keeps its draft."""
        if self.table:
            self.table.leave()

    def state(self) -> object:
        """Which table is open, and which record in it."""
        return (self.table.sheet, self.table.state()) if self.table else None

    def restore(self, state: object) -> None:
        """Open that table again."""
        if isinstance(state, tuple):
            sheet, record = state
            self.open_table(sheet)
            assert self.table
            self.table.restore(record)

    def _front(self) -> QWidget:
        theme = self.theme
        backups = [BackupCard(self.place)] if self.office.account.may(Verb.BACK_UP) else []
        left = column(theme, self._own(), AccountCard(self.place), *backups, self._about(), None, gap=16)
        people = [PeopleCard(self.place)] if self.office.account.may(Verb.ACCOUNTS) else []
        tables = (self._tables(_("People and center"), PEOPLE), self._tables(_("Dated tables"), DATED))
        proof = [JournalCard(self.place)] if self.office.account.may(Verb.ACCESS_LIST) else []
        keeping = [self._keeping()] if self.office.account.may(Verb.ERASE) else []
        right = column(theme, *people, *proof, *keeping, *tables, None, gap=16)
        cards = Pair(theme, left, right, SIDE_BY_SIDE, gap=16, shares=(3, 2))
        body = column(theme, PageHead(self.place, _("Settings")), cards, gap=16)
        body.setContentsMargins(*(theme.px(edge) for edge in (28, 20, 28, 20)))
        return scrolled(held(body))

    def _own(self) -> Card:
        card = Card(self.theme, _("This computer"))
        for setting in shown_settings():
            card.add(setting_row(self.place, setting, self._chosen))
        return card

    def _chosen(self, setting: Any, value: Any) -> None:
        from familydesk.core import settings as known

        if setting is known.LANGUAGE:
            self.place.language_wanted.emit(value)
            return
        self.place.settings.put(setting, value)
        if setting is known.NAMES_AT_DOOR:
            self.office.members.tell_door()
        if setting in (known.THEME, known.TEXT_SIZE):
            kept = self.place.settings
            self.theme.choose(kept.get(known.THEME), kept.get(known.TEXT_SIZE))

    def _keeping(self) -> Card:
        card = Card(self.theme, _("Keeping and erasing"))
        words = _("What is past its term, acts of destruction, and the erasure of one person's data.")
        card.add(text(words, "muted", wrap=True))
        card.add(ListRow(self.theme, _("Keeping and erasing"), do=partial(self.place.open_page, "keeping")))
        card.add(ListRow(self.theme, _("Restricted cases"), do=partial(self.place.open_page, "glass")))
        return card

    def _tables(self, title: str, sheets: tuple[str, ...]) -> Card:
        card = Card(self.theme, title)
        rows = column(self.theme, gap=0)
        for sheet in filter(self._is_for_her, sheets):
            words = translate(sheet_of(sheet).plural)
            rows.addWidget(ListRow(self.theme, words, do=partial(self.open_table, sheet)))
        card.add(rows)
        return card

    def _is_for_her(self, sheet: str) -> bool:
        account = self.office.account
        return account.may(Verb.MERGE) if sheet == "possible_duplicate" else account.may_read(sheet)

    def _about(self) -> Card:
        import familydesk

        card = Card(self.theme, _("About"))
        version = getattr(familydesk, "__version__", "")
        card.add(text(_("FamilyDesk {version}").format(version=version), "strong"))
        words = _("Free software under the Apache License 2.0. Fonts: Noto (OFL). Icons: Tabler (MIT).")
        card.add(text(words, "muted", wrap=True))
        where = _("The store lies in {folder}").format(folder=self.office.folder)
        card.add(text(where, "small", wrap=True))
        return card
