"""The first screen: what is overdue, what falls due, who is coming, whose order ends, and what else waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtWidgets import QWidget

from familydesk.core.i18n import _, ngettext, spoken
from familydesk.core.show import MONTHS, show_choice, show_moment
from familydesk.records import SHEETS
from familydesk.records.possible_duplicate import DuplicateState
from familydesk.services.rights import Verb
from familydesk.ui.list_rows import ListRow
from familydesk.ui.parts import button
from familydesk.ui.screen import PageHead, Screen
from familydesk.ui.special.intake_draft import INTAKE
from familydesk.ui.special.order_bar import order_clock
from familydesk.ui.special.row_card import RowCard
from familydesk.ui.special.two_columns import TwoColumns, page_body
from familydesk.ui.tasks import Task
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from familydesk.services.due import Due
    from familydesk.services.orders import OrderStanding
    from familydesk.services.today import Day, Visit
    from familydesk.services.told_of import Breaking

TONES = {"OVERDUE": "overdue", "TODAY": "due", "SOON": "quiet", "LATER": "quiet"}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that nobody set a term for: a page to go to, and the sentence that says what waits there."""

    page: str
    sentence: str


class TodayScreen(Screen):
    """Loaded again whenever anything is saved: every sheet can bring or end a deadline."""

    follows = frozenset(sheet.sheet() for sheet in SHEETS)

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        theme = place.theme
        new = button(theme, _("New application"), self.take_in, icon="plus", role="primary", tip="Ctrl+N")
        self.head = PageHead(place, _("Today"), new)
        nothing = _("Nothing. Well done.")
        self.overdue = RowCard(theme, _("Overdue"), nothing, self._due_row)
        self.due = RowCard(theme, _("Today and tomorrow"), _("Nothing falls due today or tomorrow."), self._due_row)
        self.visits = RowCard(theme, _("Appointments"), _("Nobody is expected today."), self._visit_row)
        self.orders = RowCard(theme, _("Protective orders"), _("No order is in force."), self._order_row)
        self.waiting = RowCard(theme, _("Also waiting"), "", self._waiting_row)
        columns = TwoColumns(theme)
        for card in (self.overdue, self.due):
            columns.left.addWidget(card)
        for card in (self.visits, self.orders, self.waiting):
            columns.right.addWidget(card)
        self.setLayout(page_body(theme, self.head, columns))

    def refresh(self) -> None:
        """Bring the day."""
        office = self.office

        def work() -> tuple[Day, list[Waiting]]:
            drafted = any(one.record == INTAKE for one in office.drafts.all())
            may_join = office.account.may(Verb.MERGE)
            pairs = office.desk.count("possible_duplicate", {"state": DuplicateState.OPEN}) if may_join else 0
            waiting = waiting_lines(pairs, office.merge_desk.count(), drafted)
            return office.today.day(), [*done_to_restricted(office.glass.broken()), *waiting]

        Task(self, work).then(lambda found: self._show(*found)).failed(self.place.tell_failure).start()

    def take_in(self) -> None:
        """Begin a new application."""
        self.place.open_page("intake")

    def _show(self, day: Day, waiting: list[Waiting]) -> None:
        self.head.say(_("Today, {day}").format(day=day_and_month(day.at.date())), day.summary)
        if day.doubt:
            self.place.say(day.doubt, "due", stays=True)
        self.overdue.show_all(day.overdue)
        self.due.show_all(day.due)
        self.visits.show_all(day.visits)
        self.orders.show_all(day.orders)
        self.waiting.setVisible(bool(waiting))
        self.waiting.show_all(waiting)

    def _due_row(self, due: Due) -> QWidget:
        return due_row(self.place, due)

    def _visit_row(self, visit: Visit) -> QWidget:
        from familydesk.services.today import length_text

        title = f"{visit.starts_at:%H:%M}   {show_choice(visit.kind)}"
        line = " · ".join(part for part in (visit.case_number, visit.with_whom) if part)
        length = length_text(visit.minutes) if visit.minutes else ""
        return ListRow(self.theme, title, line, length, do=lambda: self._open_visit(visit))

    def _open_visit(self, visit: Visit) -> None:
        if visit.case_id:
            self.place.open_record("case", visit.case_id)
        else:
            self.place.write_aside("appointment", visit.id)

    def _order_row(self, order: OrderStanding) -> QWidget:
        made = ListRow(
            self.theme,
            _("No {number}").format(number=order.number),
            order.case_number,
            do=lambda: self._open_order(order.id),
        )
        made.add(order_clock(self.theme, order))
        return made

    def _open_order(self, order_id: UUID) -> None:
        self.place.open_record("protective_order", order_id)

    def _waiting_row(self, waiting: Waiting) -> QWidget:
        return ListRow(self.theme, waiting.sentence, do=lambda: self.place.open_page(waiting.page))


def due_row(place: Workplace, due: Due, numbered: bool = True) -> ListRow:
    """One deadline: what, in which case, on what ground, how late. Its arithmetic is told where the mouse rests."""
    number = due.case_number or due.number
    title = f"{due.title} · {number}" if numbered and number else due.title
    until = _("until {moment}").format(moment=show_moment(due.due))
    line = " · ".join(part for part in (due.person, until, due.legal_text) if part)
    made = ListRow(
        place.theme, title, line, due.late_text, TONES[due.state.name], lambda: place.open_record(due.sheet, due.id)
    )
    made.setToolTip(due.arithmetic_text)
    made.setAccessibleDescription(_("Ended by: {field}").format(field=due.ended_by_text))
    return made


def done_to_restricted(done: Sequence[Breaking]) -> list[Waiting]:
    """That somebody who is not named opened a restricted case, took her off or lifted the restriction: it stands there
    until it is acknowledged.
    """
    count = sum(one.reason != "" for one in done)
    told = ngettext(
        "A restricted case of yours was opened in need",
        "Restricted cases of yours were opened in need {count} times",
        count,
    )
    lines = [told.format(count=count)] if count else []
    if count < len(done):
        lines.append(_("Somebody changed who may read a restricted case of yours"))
    return [Waiting("glass", line) for line in lines]


def waiting_lines(duplicates: int, conflicts: int, drafted: bool) -> list[Waiting]:
    """What waits without a term, each with the page where it is settled."""
    lines = []
    if drafted:
        lines.append(Waiting("intake", _("An application was begun and not saved. Go on with it.")))
    if conflicts:
        told = ngettext("{count} field was written twice", "{count} fields were written twice", conflicts)
        lines.append(Waiting("conflicts", told.format(count=conflicts)))
    if duplicates:
        told = ngettext("{count} pair may be one person", "{count} pairs may be one person", duplicates)
        lines.append(Waiting("duplicates", told.format(count=duplicates)))
    return lines


def day_and_month(day: date) -> str:
    """22 қараша · 22 ноября · 22 November."""
    return f"{day.day} {MONTHS.get(spoken(), MONTHS['en'])[day.month - 1]}"
