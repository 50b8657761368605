"""Giving out from a family's file: a person's own copy, or what a court or another body asked for. What is on the left,
why and to whom on the right; nothing leaves before both are said.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QTreeWidget, QTreeWidgetItem

from familydesk.core.i18n import _, translate
from familydesk.services.copies import OWN_FIELDS, REQUEST_FIELDS, PaperLanguage
from familydesk.ui.flow import Flow
from familydesk.ui.handing import HandingPanel
from familydesk.ui.parts import Card, button, text
from familydesk.ui.screen import PageHead, Screen
from familydesk.ui.special.two_columns import TwoColumns, page_body
from familydesk.ui.tasks import Task
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.copies import Offer
    from familydesk.services.family_page import FamilyPage
    from familydesk.services.giving_out import Handing, Parcel

FIELD = Qt.ItemDataRole.UserRole


def open_giving_out(place: Workplace, page: FamilyPage) -> None:
    """Go there; Back returns."""
    place.open_screen("give-out", lambda: GiveOutScreen(place, page))


class GiveOutScreen(Screen):
    """Two ways out of one file."""

    left = Signal()

    def __init__(self, place: Workplace, page: FamilyPage) -> None:
        super().__init__(place)
        theme = place.theme
        self.page = page
        self.lines: list[tuple[QTreeWidgetItem, list[QTreeWidgetItem]]] = []
        self.ticked: dict[tuple[str, UUID], list[str]] = {}
        self.person: UUID | None = page.members[0].person_id if page.members else None
        back = button(theme, _("Back"), self.left.emit, icon="chevron-left", role="flat")
        self.head = PageHead(place, _("Give out"), back=back)
        self.ways = {
            "own": self._chip(_("A person's own copy"), lambda: self.choose_way("own")),
            "request": self._chip(_("For a court or another body"), lambda: self.choose_way("request")),
        }
        self.people = {one.person_id: self._chip(one.name, self._choosing(one.person_id)) for one in page.members}
        self.whose, self.what = self._whose(), self._what()
        # The two sides differ in what they ask; the one that is not wanted is out of sight.
        first = {"language": PaperLanguage.kk}
        self.own = HandingPanel(place, _("Give out her own copy"), self._own, OWN_FIELDS, first)
        self.request = HandingPanel(place, _("Give out what was chosen"), self._on_request, REQUEST_FIELDS, first)
        columns = TwoColumns(theme, (1, 1))
        for card in (self.whose, self.what):
            columns.left.addWidget(card)
        for panel in (self.own, self.request):
            panel.left.connect(self.left)
            columns.right.addWidget(panel)
        self.setLayout(page_body(theme, self.head, self._line(), columns))
        QShortcut(QKeySequence("Escape"), self, self.left.emit, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.choose_way("own")

    def refresh(self) -> None:
        """Bring what could be asked for."""
        copies, case = self.office.copies, self.page.case
        self.ways["request"].setEnabled(case is not None)
        if case is not None:
            Task(self, lambda: copies.offered(case.id)).then(self.show_offers).failed(self.place.tell_failure).start()

    def choose_way(self, way: str) -> None:
        """Her own copy, or what was asked for."""
        for name, chip in self.ways.items():
            chip.setChecked(name == way)
        for part, its in ((self.whose, "own"), (self.own, "own"), (self.what, "request"), (self.request, "request")):
            part.setVisible(its == way)

    def choose_person(self, person_id: UUID) -> None:
        """Whose copy."""
        self.person = person_id
        for one, chip in self.people.items():
            chip.setChecked(one == person_id)

    def show_offers(self, offers: list[Offer]) -> None:
        """Records with their fields, none of them chosen."""
        self.tree.clear()
        self.lines = []
        for offer in offers:
            record = _line([offer.name], (offer.sheet, offer.id))
            fields = [_line([translate(field.label)], field.name) for field in offer.fields]
            record.addChildren(fields)
            self.tree.addTopLevelItem(record)
            self.lines.append((record, fields))

    def chosen(self) -> dict[tuple[str, UUID], list[str]]:
        """The fields that were ticked, by record."""
        found: dict[tuple[str, UUID], list[str]] = {}
        for record, fields in self.lines:
            names = [one.data(0, FIELD) for one in fields if one.checkState(0) is Qt.CheckState.Checked]
            if names:
                found[record.data(0, FIELD)] = names
        return found

    def _own(self, handing: Handing, values: dict[str, Any]) -> Parcel:
        assert self.person is not None, "a page without people offers no copy"
        return self.office.copies.own(
            self.person, values["language"].name, handing, values.get("location_reason") or ""
        )

    def _on_request(self, handing: Handing, values: dict[str, Any]) -> Parcel:
        assert self.page.case is not None, "without a case this way is closed"
        return self.office.copies.on_request(
            self.page.case.id,
            self.ticked,
            values["language"].name,
            handing,
            values.get("ground"),
            values.get("ground_text") or "",
            values.get("location_reason") or "",
        )

    def _line(self) -> Flow:
        line = Flow(self.theme.px(8))
        for chip in self.ways.values():
            line.add(chip)
        return line

    def _whose(self) -> Card:
        card = Card(self.theme, _("Whose copy"))
        line = Flow(self.theme.px(8))
        for chip in self.people.values():
            line.add(chip)
        card.add(line)
        words = _("Everything about this person in one document. Other people are named by what they are to her.")
        card.add(text(words, "small", wrap=True))
        card.add(
            text(_("Read it before you give it: a nickname cannot be struck out by comparing."), "small", wrap=True)
        )
        if self.person:
            self.choose_person(self.person)
        return card

    def _what(self) -> Card:
        card = Card(self.theme, _("What is given out"))
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName(_("What is given out"))
        # Read here and not in the store's thread, which must touch no widget.
        self.tree.itemChanged.connect(lambda: setattr(self, "ticked", self.chosen()))
        self.tree.setMinimumHeight(self.theme.px(320))
        card.add(self.tree)
        card.add(text(_("Exactly the ticked fields, and nothing beside them."), "small", wrap=True))
        return card

    def _chip(self, words: str, do: Callable[[], None]) -> QPushButton:
        made = button(self.theme, words, do, role="chip")
        made.setCheckable(True)
        return made

    def _choosing(self, person_id: UUID) -> Callable[[], None]:
        return lambda: self.choose_person(person_id)


def _line(words: list[str], data: object) -> QTreeWidgetItem:
    made = QTreeWidgetItem(words)
    made.setData(0, FIELD, data)
    made.setCheckState(0, Qt.CheckState.Unchecked)
    made.setFlags(made.flags() | Qt.ItemFlag.ItemIsAutoTristate | Qt.ItemFlag.ItemIsUserCheckable)
    return made
