"""Restricted cases in need: what a head can open with a written reason, and what those who are named must know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from familydesk.core.fields import Field, Kind, Secrecy
from familydesk.core.i18n import N_, _, translate
from familydesk.core.show import show_day, show_moment
from familydesk.services.rights import Verb
from familydesk.ui.list_rows import ListRow
from familydesk.ui.parts import button, column, emptied, held
from familydesk.ui.screen import PageHead, Screen
from familydesk.ui.special.row_card import RowCard
from familydesk.ui.special.two_columns import page_body
from familydesk.ui.tasks import Task
from familydesk.ui.verb_panel import VerbPanel
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.glass import BehindGlass
    from familydesk.services.told_of import Breaking

REASON = Field(
    N_("Why you must open this case"),
    Kind.NOTE,
    "reason",
    required=True,
    secrecy=Secrecy.PLAIN,
    help=N_("Those who are named in the case will read this. Tell nothing of the case itself."),
)
Shown = tuple["list[BehindGlass]", "list[Breaking]", dict[UUID, str], dict[UUID, str]]


class GlassScreen(Screen):
    """Two lists: what others did, to be acknowledged; and what is behind the glass, for who may break it."""

    follows = frozenset({"case"})

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        theme = place.theme
        self.people: dict[UUID, str] = {}
        self.cases: dict[UUID, str] = {}
        self.head = PageHead(place, _("Restricted cases"))
        self.told = RowCard(
            theme, _("Done by others"), _("Nobody opened one in need, took you off or lifted one."), self._told_row
        )
        self.behind = RowCard(theme, _("Behind the glass"), _("You are named in every restricted case."), self._row)
        self.behind.setVisible(place.office.account.may(Verb.BREAK_GLASS))
        self.foot = column(theme, gap=0)
        body = column(theme, self.told, self.behind, held(self.foot), None, gap=16)
        self.setLayout(page_body(theme, self.head, held(body)))

    def refresh(self) -> None:
        """Bring both lists."""
        office = self.office

        def work() -> Shown:
            behind, told = office.glass.behind(), office.glass.broken()
            people = {one for case in behind for one in case.readers} | {one.who for one in told}
            cases = office.desk.names("case", {one.case for one in told})
            return behind, told, office.desk.names("staff_member", people), cases

        Task(self, work).then(lambda found: self._show(*found)).failed(self.place.tell_failure).start()

    def acknowledge(self, breaking: UUID) -> None:
        """It was read; it is not told again."""
        glass = self.office.glass
        task = Task(self, lambda: glass.acknowledge(breaking))
        task.then(lambda _none: self.refresh()).failed(self.place.tell_failure).start()

    def ask(self, case: UUID) -> None:
        """Ask why, under the list."""
        emptied(self.foot)
        self.panel = VerbPanel(
            self.place, _("Open the case"), (REASON,), {}, lambda values: self._break(case, values["reason"])
        )
        self.panel.done.connect(lambda _none: self.place.open_record("case", case))
        self.panel.left.connect(lambda: emptied(self.foot))
        self.foot.addWidget(self.panel)
        self.panel.begin()

    def _break(self, case: UUID, reason: str) -> Any:
        return self.office.glass.break_open(case, reason)

    def _show(
        self, behind: list[BehindGlass], told: list[Breaking], people: dict[UUID, str], cases: dict[UUID, str]
    ) -> None:
        self.people, self.cases = people, cases
        self.told.show_all(told)
        self.behind.show_all(behind)

    def _told_row(self, one: Breaking) -> QWidget:
        # The name of a case in which she is named no more is not hers to read.
        parts = self.cases.get(one.case, ""), show_moment(one.at), self.people.get(one.who, "")
        made = ListRow(self.theme, " · ".join(filter(None, parts)), one.reason or translate(one.what.value))
        made.add(button(self.theme, _("I have read this"), lambda: self.acknowledge(one.id), icon="check"))
        return made

    def _row(self, one: BehindGlass) -> QWidget:
        title = _("Restricted on {day}").format(day=show_day(one.since.date()))
        names = ", ".join(filter(None, map(self.people.get, one.readers)))
        return ListRow(self.theme, title, _("Named: {names}").format(names=names), do=lambda: self.ask(one.case))
