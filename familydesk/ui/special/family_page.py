"""A family on one page: who they are, what happened, what is open, how to reach them, what to print."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QPushButton

from familydesk.core.i18n import _
from familydesk.core.show import show_choice, show_day
from familydesk.records import SHEETS
from familydesk.services.rights import Verb
from familydesk.ui.parts import Card, button, chip
from familydesk.ui.screen import PageHead, Screen
from familydesk.ui.special.additions import fill_adding, fill_editing
from familydesk.ui.special.attachments import AttachmentsCard
from familydesk.ui.special.contacts import ContactsCard
from familydesk.ui.special.open_matters import matters
from familydesk.ui.special.papers import PapersCard
from familydesk.ui.special.restricting import open_restricting
from familydesk.ui.special.row_card import RowCard
from familydesk.ui.special.timeline import TimeLine
from familydesk.ui.special.tree import FamilyTree
from familydesk.ui.special.two_columns import TwoColumns, page_body
from familydesk.ui.tasks import Task
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.records.case import Case
    from familydesk.services.family_page import FamilyPage

DANGER_TONES = {"UNKNOWN": "quiet", "LOW": "good", "MEDIUM": "due", "HIGH": "overdue", "EXTREME": "overdue"}
LEVEL_TONES = {"A": "good", "B": "good", "C": "due", "D": "due", "E": "overdue"}


class FamilyScreen(Screen):
    """The page of a family, or of a case, whose family it then shows; a case may stand without one."""

    left = Signal()
    follows = frozenset(sheet.sheet() for sheet in SHEETS)

    def __init__(self, place: Workplace, record_id: UUID) -> None:
        super().__init__(place)
        theme = place.theme
        self.record_id = record_id
        self.page: FamilyPage | None = None
        self.case_id: UUID | None = None
        self.head = self._head()
        self.happened, self.line = Card(theme, _("What happened")), TimeLine(place)
        self.happened.add(self.line)
        self.open = RowCard(
            theme, _("Open matters and deadlines"), _("Nothing is open."), lambda one: one.row_for(place)
        )
        self.household, self.tree = Card(theme, _("Family")), FamilyTree(place)
        self.household.add(self.tree)
        self.contacts = ContactsCard(place)
        self.papers = PapersCard(place)
        self.files = AttachmentsCard(place)
        columns = TwoColumns(theme)
        for card in (self.happened, self.open, self.files):
            columns.left.addWidget(card)
        for card in (self.household, self.contacts, self.papers):
            columns.right.addWidget(card)
        self.setLayout(page_body(theme, self.head, columns))
        QShortcut(QKeySequence("Escape"), self, self.left.emit, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def refresh(self) -> None:
        """Bring the page."""
        office, record_id, case_id = self.office, self.record_id, self.case_id

        def work() -> FamilyPage:
            return office.families.family_page(record_id, case_id)

        Task(self, work).then(self.show_page).failed(self.place.tell_failure).start()

    def show_page(self, page: FamilyPage) -> None:
        """Show it."""
        self.page = page
        self.case_id = page.case.id if page.case else None
        self.head.say(page.title or _("Family"), headline(page))
        self._show_chips(page)
        self.line.show_events(page.events)
        self.open.show_all(matters(page))
        self.tree.show_family(page.members, page.unions)
        self.contacts.show_contacts(page)
        self.papers.show_page(page)
        self.files.show_page(page)
        self.print_button.setEnabled(page.case is not None or self.office.account.may(Verb.EXPORT))
        self.print_button.setVisible(self.papers.may_print)

    def leave(self) -> None:
        """Numbers that were shown are masked again."""
        self.contacts.cover_all()

    def state(self) -> object:
        """Which record."""
        return self.record_id

    def show_case(self, case: Case) -> None:
        """Put another of the family's cases into the foreground."""
        self.case_id = case.id
        self.refresh()

    def _head(self) -> PageHead:
        theme = self.theme
        back = button(theme, _("Back"), self.left.emit, icon="chevron-left", role="flat")
        self.edit_button = button(theme, _("Edit"), self._edit, icon="pencil", key="Ctrl+E")
        self.print_button = button(theme, _("Print"), self._print, icon="printer", key="Ctrl+P")
        self.add_button = button(theme, _("Add"), self._add, icon="plus", role="primary", key="Ctrl+D")
        return PageHead(self.place, _("Family"), self.edit_button, self.print_button, self.add_button, back=back)

    def _show_chips(self, page: FamilyPage) -> None:
        chips = self.head.chips
        chips.empty()
        case = page.case
        if page.processing_stopped:
            chips.add(chip(_("Consent withdrawn: nothing new is written"), "overdue"))
        if case and page.restricted:
            chips.add(self._padlock(case.id))
        if case and case.danger:
            name = getattr(case.danger, "name", "")
            chips.add(chip(show_choice(case.danger), DANGER_TONES.get(name, "quiet")))
        if case and case.map_level:
            name = getattr(case.map_level, "name", "")
            on = f" · {show_day(case.map_level_on)}" if case.map_level_on else ""
            chips.add(chip(show_choice(case.map_level) + on, LEVEL_TONES.get(name, "quiet")))
        if len(page.cases) > 1:
            for one in page.cases:
                chips.add(self._case_button(one))

    def _padlock(self, case_id: UUID) -> QPushButton:
        tip = _("Only those who are named see this case. Press to see who they are.")
        see = partial(open_restricting, self.place, case_id)
        return button(self.theme, _("Restricted"), see, icon="lock", role="chip", tip=tip)

    def _case_button(self, case: Case) -> QPushButton:
        made = button(self.theme, case.number or _("Case"), lambda: self.show_case(case), role="chip")
        made.setCheckable(True)
        made.setChecked(case.id == self.case_id)
        return made

    def _add(self) -> None:
        if self.page:
            self._drop(self.add_button, lambda menu, page: fill_adding(menu, self.place, page))

    def _edit(self) -> None:
        if self.page:
            self._drop(self.edit_button, lambda menu, page: fill_editing(menu, self.place, page))

    def _print(self) -> None:
        if self.page:
            self._drop(self.print_button, lambda menu, page: self.papers.fill(menu))

    def _drop(self, under: QPushButton, fill: object) -> None:
        menu = QMenu(self)
        fill(menu, self.page)  # type: ignore[operator]
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(under.mapToGlobal(QPoint(0, under.height() + 2)))
        if menu.actions():
            menu.setActiveAction(menu.actions()[0])


def headline(page: FamilyPage) -> str:
    """Case number, who is responsible, since when, and whether the place where they live is hidden."""
    case = page.case
    parts = []
    if case:
        parts = [
            case.number or "",
            _("responsible: {name}").format(name=page.responsible) if page.responsible else _("nobody is responsible"),
            _("opened on {day}").format(day=show_day(case.opened_on)) if case.opened_on else "",
            _("closed on {day}").format(day=show_day(case.closed_on)) if case.closed_on else "",
        ]
    else:
        parts = [_("no case is open")]
    if page.address_hidden:
        parts.append(_("where they live is hidden"))
    return " · ".join(part for part in parts if part)
