"""Restricting a case: why, and who is named. On the same page the list is changed and the case opened up again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton

from familydesk.core.fields import Field, Kind
from familydesk.core.i18n import N_, _, ngettext
from familydesk.core.show import show_choice, show_moment
from familydesk.services.restriction import Why
from familydesk.ui.flow import Flow
from familydesk.ui.parts import Card, button, column, emptied, held, text
from familydesk.ui.screen import PageHead, Screen
from familydesk.ui.special.two_columns import page_body
from familydesk.ui.tasks import Task
from familydesk.ui.verb_panel import VerbPanel
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.restriction import Restriction

WHY = Field(N_("Why the case is restricted"), Kind.CHOICE, "why", required=True, choices=Why)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the page shows: the restriction, if there is one; who can be named; and who must be."""

    found: Restriction | None
    names: dict[UUID, str]
    named: frozenset[UUID]


def open_restricting(place: Workplace, case_id: UUID) -> None:
    """Go there; Back returns."""
    place.open_screen("restricting", lambda: RestrictingScreen(place, case_id))


def _told(found: Restriction) -> list[str]:
    told = [show_moment(found.since), show_choice(found.why)]
    if found.damaged:
        words = ngettext(
            "{count} record is damaged and does not open", "{count} records are damaged and do not open", found.damaged
        )
        told.append(words.format(count=found.damaged))
    return told


class RestrictingScreen(Screen):
    """The people as buttons that stay down, and under them the verb."""

    left = Signal()

    def __init__(self, place: Workplace, case_id: UUID) -> None:
        super().__init__(place)
        theme = place.theme
        self.case_id = case_id
        self.people: dict[UUID, QPushButton] = {}
        back = button(theme, _("Back"), self.left.emit, icon="chevron-left", role="flat")
        self.open_button = button(theme, _("Open up again"), self.open_up, role="flat")
        self.open_button.hide()
        self.head = PageHead(place, _("Restricted case"), self.open_button, back=back)
        self.card = Card(theme, _("Who is named"))
        promise = _(
            "To everybody else the case and its records are not there: not in lists, not in search, not in figures. "
            "A head can open it in need, with a written reason that those who are named will read."
        )
        self.card.add(text(promise, "muted", wrap=True))
        self.names = column(theme, gap=0)
        self.card.add(held(self.names))
        self.foot = column(theme, gap=0)
        body = column(theme, self.card, held(self.foot), None, gap=16)
        self.setLayout(page_body(theme, self.head, held(body)))
        QShortcut(QKeySequence("Escape"), self, self.left.emit, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def refresh(self) -> None:
        """Bring who can be named and who is."""
        office, case_id = self.office, self.case_id

        def work() -> Loaded:
            found = office.restricted.of(case_id)
            names = office.desk.names("staff_member", office.restricted.candidates())
            responsible = office.desk.get("case", case_id).values()["responsible_id"]
            named = found.readers if found else tuple(one for one in (office.me, responsible) if one)
            return Loaded(found, names, frozenset(named))

        Task(self, work).then(self.show_people).failed(self.place.tell_failure).start()

    def show_people(self, loaded: Loaded) -> None:
        """The people, those who are named pressed, and the verb."""
        found = loaded.found
        line = " · ".join(_told(found)) if found else ""
        self.head.say(_("Restricted case") if found else _("Restrict the case"), line)
        self.open_button.setVisible(found is not None)
        emptied(self.names)
        flow = Flow(self.theme.px(8))
        self.people = {}
        for account, name in sorted(loaded.names.items(), key=lambda one: one[1]):
            self.people[account] = made = button(self.theme, name, role="chip")
            made.setCheckable(True)
            made.setChecked(account in loaded.named)
            flow.add(made)
        self.names.addWidget(flow)
        emptied(self.foot)
        self.foot.addWidget(self._panel(found))

    def chosen(self) -> list[UUID]:
        """Who is named now."""
        return [account for account, made in self.people.items() if made.isChecked()]

    def open_up(self) -> None:
        """Give the case back to everybody."""
        restricted, case_id = self.office.restricted, self.case_id
        Task(self, lambda: restricted.open_up(case_id)).then(lambda _none: self._done()).failed(
            self.place.tell_failure
        ).start()

    def _panel(self, found: Restriction | None) -> VerbPanel:
        fields: Iterable[Field] = () if found else (WHY,)
        title = _("Change who is named") if found else _("Restrict the case")
        self.panel = VerbPanel(self.place, title, tuple(fields), {}, self._change if found else self._restrict)
        self.panel.done.connect(self._done)
        self.panel.left.connect(self.left)
        return self.panel

    def _restrict(self, values: dict[str, Any]) -> None:
        self.office.restricted.restrict(self.case_id, values["why"], self.chosen())

    def _change(self, values: dict[str, Any]) -> None:
        self.office.restricted.set_readers(self.case_id, self.chosen())

    def _done(self) -> None:
        self.left.emit()
