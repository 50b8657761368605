"""Protective orders on a board: each with its clock, what is owed next, and the verbs that the law has for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from familydesk.core import clock
from familydesk.core.i18n import _, translate
from familydesk.core.show import show_moment, show_number
from familydesk.records import sheet_of
from familydesk.ui.list_rows import ListRow
from familydesk.ui.parts import Card, button, chip, column, emptied, held, row, rule, text
from familydesk.ui.screen import PageHead, Screen
from familydesk.ui.special.order_bar import TONES, order_clock
from familydesk.ui.special.two_columns import page_body
from familydesk.ui.tasks import Task
from familydesk.ui.verb_panel import VerbPanel
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.records.protective_order import OrderState
    from familydesk.services.orders import OrderStanding

SERVE = ("protective_order", ("served_at", "served_how"))
CHECK = ("order_check", ("checked_at", "checked_by", "finding", "remarks"))
BREACH = ("order_breach", ("happened_at", "learned_from", "reported_at", "police_number", "outcome"))


@dataclass(frozen=True, slots=True)
class Board:
    """What is loaded at once."""

    orders: list[OrderStanding]
    counts: dict[OrderState, int]
    me: str


class OrdersBoard(Screen):
    """Orders not served yet or in force, the first to end on top. The whole list is one press away."""

    follows = frozenset(("protective_order", "order_check", "order_breach", "case"))

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        theme = place.theme
        every = button(theme, _("All orders"), self.show_every, icon="list-check")
        new = button(theme, _("New"), self.add, icon="plus", role="primary")
        new.setAccessibleName(_("New: {kind}").format(kind=translate(sheet_of("protective_order").title)))
        self.head = PageHead(place, _("Protective orders"), every, new)
        self.card = Card(theme)
        self.list = column(theme, gap=4)
        self.card.add(self.list)
        self.rows: list[OrderRow] = []
        self.setLayout(page_body(theme, self.head, held(column(theme, self.card, None, gap=0))))

    def refresh(self) -> None:
        """Bring the orders, unless something is being written under one of them."""
        if any(one.panel for one in self.rows):
            self.stale = True
            return
        office = self.office

        def work() -> Board:
            return Board(office.orders.current(), office.orders.counts(), office.who().title_text())

        Task(self, work).then(self._show).failed(self.place.tell_failure).start()

    def add(self) -> None:
        """A new order beside the page."""
        self.place.write_aside("protective_order")

    def show_every(self) -> None:
        """The generated list of all orders, expired ones too."""
        from familydesk.ui.record_screen import RecordScreen

        self.place.open_screen("every-order", lambda: RecordScreen(self.place, "protective_order"))

    def _show(self, board: Board) -> None:
        counted = ((state, count) for state, count in board.counts.items() if count)
        told = [f"{translate(state.value)}: {show_number(count)}" for state, count in counted]
        self.head.say(_("Protective orders"), " · ".join(told))
        emptied(self.list)
        self.rows = [OrderRow(self.place, order, board.me) for order in board.orders]
        for one in self.rows:
            if self.list.count():
                self.list.addWidget(rule())
            self.list.addWidget(one)
            one.finished.connect(self.refresh)
        if not self.rows:
            self.list.addWidget(text(_("No order is in force, and none waits to be served."), "muted", wrap=True))


class OrderRow(QWidget):
    """One order. A verb opens its fields under the row."""

    finished = Signal()

    def __init__(self, place: Workplace, order: OrderStanding, me: str) -> None:
        super().__init__()
        self.place, self.order, self.me = place, order, me
        self.panel: VerbPanel | None = None
        theme = place.theme
        title = _("No {number}").format(number=order.number)
        title = f"{title} · {order.case_number}" if order.case_number else title
        self.head = ListRow(theme, title, standing_text(order), do=lambda: self._open())
        if order.state.name == "BREACHED":
            self.head.add(chip(translate(order.state.value), TONES["BREACHED"]))
        if order.next_check and order.next_check < clock.now():
            self.head.add(chip(_("check overdue"), "overdue"))
        self.head.add(order_clock(theme, order))
        self.verbs = row(theme, *self._verbs(), None, gap=8)
        self.verbs.setContentsMargins(theme.px(8), 0, theme.px(8), theme.px(8))
        self.under = column(theme, gap=0)
        self.setLayout(column(theme, self.head, self.verbs, self.under, gap=4))

    def serve(self) -> None:
        """It was handed over."""
        orders = self.place.office.orders
        given = {"served_at": clock.now()}
        self._write(
            _("Served"),
            SERVE,
            given,
            lambda values: orders.serve(self.order.id, values["served_at"] or clock.now(), values["served_how"]),
        )

    def check(self) -> None:
        """It was checked."""
        orders = self.place.office.orders
        given = {"checked_at": clock.now(), "checked_by": self.me}
        self._write(_("Record the check"), CHECK, given, lambda values: orders.check(self.order.id, **values))

    def breach(self) -> None:
        """It was breached."""
        orders = self.place.office.orders
        given = {"happened_at": clock.now()}
        self._write(_("Record the breach"), BREACH, given, lambda values: orders.breach(self.order.id, **values))

    def close_panel(self) -> None:
        """Put the fields away."""
        panel, self.panel = self.panel, None
        if panel:
            self.under.removeWidget(panel)
            panel.hide()
            panel.deleteLater()
        self.finished.emit()

    def _verbs(self) -> list[QWidget]:
        theme = self.place.theme
        if self.order.served_at is None:
            return [button(theme, _("It was served"), self.serve, icon="check", role="primary")]
        return [
            button(theme, _("Record a check"), self.check, icon="list-check"),
            button(theme, _("Record a breach"), self.breach, icon="alert-triangle", role="danger"),
        ]

    def _write(self, title: str, what: tuple[str, tuple[str, ...]], given: dict[str, Any], verb: Any) -> None:
        if self.panel:
            self.panel.begin()
            return
        sheet = sheet_of(what[0])
        self.panel = VerbPanel(self.place, title, [sheet.field(name) for name in what[1]], given, verb)
        self.panel.left.connect(self.close_panel)
        self.panel.done.connect(self._on_done)
        self.under.addWidget(self.panel)
        self.panel.show()
        self.panel.begin()

    def _on_done(self, saved: Any) -> None:
        self.place.say(_("Saved."))
        for warning in saved.warnings:
            self.place.say(str(warning), "due", stays=True)
        self.close_panel()

    def _open(self) -> None:
        self.place.open_record("protective_order", self.order.id)


def standing_text(order: OrderStanding) -> str:
    """Issued, served, in force until; the last check and the next."""
    parts = [_("issued {moment}").format(moment=show_moment(order.issued_at))]
    for words, moment in (
        (_("served {moment}"), order.served_at),
        (_("in force until {moment}"), order.valid_to),
        (_("last checked {moment}"), order.last_checked_at),
        (_("next check by {moment}"), order.next_check),
    ):
        if moment:
            parts.append(words.format(moment=show_moment(moment)))
    return ", ".join(parts)
