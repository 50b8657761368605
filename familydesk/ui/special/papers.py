"""The papers that a family's case can have, each shown before it is printed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from familydesk.core.i18n import _, translate
from familydesk.services.rights import Verb
from familydesk.ui.list_rows import ListRow
from familydesk.ui.parts import Card, button, column, emptied, offer, rule, text
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.paper.forms import FormInfo
    from familydesk.services.family_page import FamilyPage


class PapersCard(Card):
    """Forms with a record to start from; the blank ones stand in the preview."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.theme, _("To print"))
        self.place = place
        self.list = column(place.theme, gap=0)
        self.add(self.list)
        self.page: FamilyPage | None = None
        self.may_print = place.office.account.may(Verb.PRINT)
        if not self.may_print:
            self.hide()

    def show_page(self, page: FamilyPage) -> None:
        """Offer what fits this page."""
        self.page = page
        emptied(self.list)
        for form in self.offered():
            if self.list.count():
                self.list.addWidget(rule())
            line = ListRow(self.theme, translate(form.title), "")
            see = button(self.theme, _("View"), self.list_accesses if form.accesses else partial(self.preview, form))
            see.setAccessibleName(_("View: {paper}").format(paper=translate(form.title)))
            line.add(see)
            self.list.addWidget(line)
        if not self.list.count():
            self.list.addWidget(text(_("Open a case first: papers belong to a case."), "muted", wrap=True))

    def fill(self, menu: QMenu) -> None:
        """The same offers in a menu."""
        for form in self.offered():
            offer(menu, translate(form.title)).triggered.connect(lambda _on, form=form: self.preview(form))
        if self.page and self.place.office.account.may(Verb.EXPORT):
            menu.addSeparator()
            offer(menu, _("Give out…")).triggered.connect(lambda: self.give_out())

        if self.page and self.page.case and self.place.office.account.may(Verb.ACCESS_LIST):
            menu.addSeparator()
            offer(menu, _("Who opened this file…")).triggered.connect(lambda: self.list_accesses())

    def list_accesses(self) -> None:
        """Who opened it; from there on paper."""
        if self.page and self.page.case:
            from familydesk.ui.special.access_list import open_access_list

            open_access_list(self.place, self.page.case.id)

    def give_out(self) -> None:
        """Her own copy, or what was asked for."""
        if self.page:
            from familydesk.ui.special.give_out import open_giving_out

            open_giving_out(self.place, self.page)

    def offered(self) -> list[FormInfo]:
        """Forms of the case, and those whose record the case has."""
        page = self.page
        if page is None or page.case is None or not self.may_print:
            return []
        there = {"case", *(event.sheet for event in page.events)}
        there |= {"consent"} if page.consents else set()
        return [form for form in self.place.office.prints.forms() if form.sheet in there]

    def preview(self, form: FormInfo) -> None:
        """Show it."""
        if self.page and self.page.case:
            from familydesk.ui.special.print_preview import Paper, open_preview

            open_preview(self.place, Paper(form.name, self.page.case.id))
