"""Handing over the work of somebody who is away: from whom, to whom, what; at once, and undone if need be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtWidgets import QComboBox, QLineEdit

from familydesk.core import clock
from familydesk.core.i18n import _, ngettext
from familydesk.core.show import show_choice, show_day, show_moment
from familydesk.ui.list_rows import ListRow
from familydesk.ui.parts import Card, button, column, row, text
from familydesk.ui.screen import PageHead, Screen
from familydesk.ui.special.row_card import RowCard
from familydesk.ui.special.two_columns import TwoColumns, page_body
from familydesk.ui.tasks import Task
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.records.staff_member import StaffMember
    from familydesk.services.handover import Load


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the center, and whether she is away today."""

    id: UUID
    name: str
    away: bool
    until: date | None

    @property
    def words(self) -> str:
        """Her name, and until when she is away."""
        if not self.away:
            return self.name
        if self.until:
            return _("{name} (away until {day})").format(name=self.name, day=show_day(self.until))
        return _("{name} (away)").format(name=self.name)


class HandoverScreen(Screen):
    """Nothing is changed before the button is pressed."""

    follows = frozenset(("staff_member", "case", "errand", "appointment", "referral"))

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        theme = place.theme
        self.colleagues: list[Colleague] = []
        self.giver, self.taker = self._box(_("From whom")), self._box(_("To whom"))
        self.reason = QLineEdit()
        self.reason.setAccessibleName(_("Why"))
        self.head = PageHead(place, _("Handing over cases"))
        self.load = RowCard(theme, _("What would be handed over"), _("There is nothing to hand over."), self._row)
        self.go = button(theme, _("Hand over"), self.hand_over, icon="arrow-forward-up", role="primary")
        columns = TwoColumns(theme, (2, 3))
        columns.left.addWidget(self._card())
        columns.right.addWidget(self.load)
        self.setLayout(page_body(theme, self.head, columns))
        self.giver.activated.connect(lambda: self.preview())
        self.setFocusProxy(self.giver)

    def refresh(self) -> None:
        """Bring the colleagues, and the load of the one chosen."""
        office = self.office
        task = Task(self, lambda: office.desk.find("staff_member", order="surname"))
        task.then(self._show_colleagues).failed(self.place.tell_failure).start()

    def preview(self) -> None:
        """What the giver has in hand."""
        office, giver = self.office, self._chosen(self.giver)
        if giver is None:
            self.load.show_all([])
            return
        task = Task(self, lambda: office.handover.preview(giver))
        task.then(self._show_load).failed(self.place.tell_failure).start()

    def hand_over(self) -> None:
        """Give all of it to the taker; the strip that says so can take it back."""
        office, place = self.office, self.place
        giver, taker, reason = self._chosen(self.giver), self._chosen(self.taker), self.reason.text()
        if giver is None or taker is None:
            place.say(_("Choose from whom and to whom."), "due")
            return

        def undo(number: int) -> None:
            task = Task(place, lambda: office.handover.undo(number))
            task.then(lambda _done: place.say(_("The cases are back where they were.")))
            task.failed(place.tell_failure).start()

        def done(number: int) -> None:
            words = _("The work is handed over, with a note in every case.")
            place.say(words, offer=_("Take it back"), do=lambda: undo(number), stays=True)
            self.preview()

        task = Task(self, lambda: office.handover.hand_over(giver, taker, reason))
        task.then(done).failed(place.tell_failure).start()

    def _card(self) -> Card:
        card, theme = Card(self.theme, _("From whom to whom")), self.theme
        for label, widget in ((_("From whom"), self.giver), (_("To whom"), self.taker), (_("Why"), self.reason)):
            name = text(label, "label")
            name.setBuddy(widget)
            card.add(column(theme, name, widget, gap=4))
        card.add(row(theme, self.go, None))
        return card

    def _box(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        return box

    def _chosen(self, box: QComboBox) -> UUID | None:
        at = box.currentIndex() - 1
        return self.colleagues[at].id if 0 <= at < len(self.colleagues) else None

    def _show_colleagues(self, staff: Sequence[Any]) -> None:
        chosen = [self._chosen(box) for box in (self.giver, self.taker)]
        self.colleagues = [colleague(one) for one in staff if not (one.left_on and one.left_on <= clock.today())]
        away = next((one.id for one in self.colleagues if one.away), None)
        for box, wanted in zip((self.giver, self.taker), (chosen[0] or away, chosen[1]), strict=True):
            box.clear()
            box.addItems([_("Not chosen"), *(one.words for one in self.colleagues)])
            ids = [one.id for one in self.colleagues]
            box.setCurrentIndex(ids.index(wanted) + 1 if wanted in ids else 0)
        self.preview()

    def _show_load(self, load: Load) -> None:
        parts = (
            (ngettext("{count} case", "{count} cases", len(load.cases)), len(load.cases)),
            (ngettext("{count} errand", "{count} errands", len(load.errands)), len(load.errands)),
            (ngettext("{count} appointment", "{count} appointments", len(load.appointments)), len(load.appointments)),
            (ngettext("{count} referral", "{count} referrals", len(load.referrals)), len(load.referrals)),
        )
        self.head.say(_("Handing over cases"), ", ".join(words.format(count=count) for words, count in parts))
        self.load.show_all([*load.cases, *load.errands, *load.appointments, *load.referrals])
        self.go.setEnabled(bool(load.cases or load.errands or load.appointments))

    def _row(self, record: Any) -> ListRow:
        title, line = told(record)
        return ListRow(self.theme, title, line, do=lambda: self.place.open_record(record.sheet(), record.id))


def colleague(one: StaffMember) -> Colleague:
    """A staff member as the boxes show her."""
    today = clock.today()
    away = bool(one.absent_from and one.absent_from <= today and (not one.absent_until or today <= one.absent_until))
    return Colleague(one.id, one.title_text(), away, one.absent_until)


def told(record: Any) -> tuple[str, str]:
    """A case, errand, appointment or referral in two lines."""
    if record.sheet() == "case":
        opened = _("opened on {day}").format(day=show_day(record.opened_on)) if record.opened_on else ""
        return record.number or _("Case"), opened
    if record.sheet() == "errand":
        return record.what or _("Errand"), _("until {day}").format(day=show_day(record.due_on)) if record.due_on else ""
    if record.sheet() == "appointment":
        return _("Appointment: {kind}").format(kind=show_choice(record.kind or "")), show_moment(record.starts_at)
    sent = _("sent on {day}").format(day=show_day(record.sent_on)) if record.sent_on else ""
    return _("Referral: {destination}").format(destination=show_choice(record.destination_kind or "")), sent
