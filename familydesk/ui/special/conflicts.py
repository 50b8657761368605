"""Fields that were written twice, neither writer knowing of the other: what was, what stands, what was meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from familydesk.core.fields import Kind, Merge
from familydesk.core.i18n import _, ngettext, translate
from familydesk.core.show import show, show_moment
from familydesk.records import SHEETS, sheet_of
from familydesk.ui.parts import Card, button, chip, column, emptied, held, row, text
from familydesk.ui.screen import PageHead, Screen
from familydesk.ui.special.side import Side
from familydesk.ui.special.two_columns import page_body
from familydesk.ui.tasks import Task
from familydesk.ui.verb_panel import VerbPanel
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.conflicts import Conflict
    from familydesk.services.office import Office

LIMIT = 50
"""So many conflicts stand on the page at once; the rest follow as these are settled."""


@dataclass(frozen=True, slots=True)
class Told:
    """A conflict with its texts: what its record is called, each value shown, who wrote what stands and when."""

    conflict: Conflict
    record: str
    before: str
    mine: str
    theirs: str
    their_line: str
    my_line: str


class ConflictsScreen(Screen):
    """One card a field. Whatever is not chosen stays in the record's history."""

    follows = frozenset(sheet.sheet() for sheet in SHEETS)

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.head = PageHead(place, _("Written twice"))
        self.list = column(place.theme, gap=16)
        self.cards: list[ConflictCard] = []
        self.setLayout(page_body(place.theme, self.head, held(column(place.theme, self.list, None, gap=0))))

    def refresh(self) -> None:
        """Bring what waits, unless a value is being written anew."""
        if any(card.panel for card in self.cards):
            self.stale = True
            return
        office = self.office

        def work() -> tuple[int, list[Told]]:
            waiting = office.conflicts.open()
            return len(waiting), [told(office, one) for one in waiting[:LIMIT]]

        Task(self, work).then(lambda found: self._show(*found)).failed(self.place.tell_failure).start()

    def _show(self, count: int, conflicts: list[Told]) -> None:
        words = _("Nothing is lost. Choose what is right; the other value stays in the history.")
        left = ngettext("{count} field is left.", "{count} fields are left.", count).format(count=count)
        self.head.say(_("Written twice"), f"{words} {left}" if count else "")
        emptied(self.list)
        self.cards = [ConflictCard(self.place, one) for one in conflicts]
        for card in self.cards:
            self.list.addWidget(card)
        if not conflicts:
            self.list.addWidget(text(_("Nothing was written twice."), "muted", wrap=True))
        elif self.focusWidget() is None:
            self.cards[0].keep.setFocus()


class ConflictCard(Card):
    """One field: before, what stands, what was meant; keep, take, or write anew."""

    def __init__(self, place: Workplace, one: Told) -> None:
        super().__init__(place.theme)
        self.place, self.told = place, one
        self.panel: VerbPanel | None = None
        theme, field = place.theme, one.conflict.field
        title = row(theme, text(f"{translate(field.label)} · {one.record}", "card"), gap=8)
        if field.merge is Merge.SAFEST:
            title.addWidget(chip(_("for safety, the more careful value holds until you decide"), "overdue"))
        title.addStretch(1)
        self.add(title)
        self.stands = Side(theme, _("Stands now"), one.theirs, one.their_line)
        self.meant = Side(theme, _("Was meant instead"), one.mine, one.my_line)
        self.stands.choose(True)
        sides = row(theme, Side(theme, _("Before"), one.before), self.stands, self.meant, gap=16)
        for at in range(3):
            sides.setStretch(at, 1)
        self.add(held(sides))
        self.keep = button(theme, _("Keep what stands"), lambda: self.settle("keep"), role="primary")
        take = button(theme, _("Take the other"), lambda: self.settle("take"))
        write = button(theme, _("Write it anew"), self.write, icon="pencil")
        opens = button(theme, _("Open the record"), self._open, icon="external-link", role="flat")
        self.add(row(theme, self.keep, take, write, None, opens, gap=8))

    def settle(self, verdict: Literal["keep", "take"]) -> None:
        """Decide."""
        office, conflict = self.place.office, self.told.conflict.id
        task = Task(self, lambda: office.conflicts.settle(conflict, verdict))
        task.then(self._on_settled).failed(self.place.tell_failure).start()

    def write(self) -> None:
        """A third value, typed under the two."""
        if self.panel:
            return
        field, office, conflict = self.told.conflict.field, self.place.office, self.told.conflict

        def verb(values: dict[str, Any]) -> None:
            office.conflicts.settle(conflict.id, "write", values[field.name])

        self.panel = VerbPanel(self.place, _("Write it anew"), [field], {field.name: self._joined()}, verb)
        self.panel.done.connect(self._on_settled)
        self.panel.left.connect(self._put_away)
        self.add(self.panel)
        self.panel.show()
        self.panel.begin()

    def _joined(self) -> Any:
        """Both texts, where both may be kept; else what stands."""
        conflict = self.told.conflict
        if conflict.field.merge is Merge.KEEP_BOTH and conflict.theirs and conflict.mine:
            return f"{conflict.theirs}\n\n{conflict.mine}"
        return conflict.theirs

    def _put_away(self) -> None:
        panel, self.panel = self.panel, None
        if panel:
            panel.hide()
            panel.deleteLater()

    def _on_settled(self, _none: object) -> None:
        self._put_away()
        self.setEnabled(False)
        # A verdict that changes no record touches no sheet: the page is told by hand.
        self.place.touched.emit(frozenset((self.told.conflict.sheet,)))

    def _open(self) -> None:
        self.place.open_record(self.told.conflict.sheet, self.told.conflict.record)


def told(office: Office, conflict: Conflict) -> Told:
    """The texts of one conflict. For the store's thread."""
    sheet = sheet_of(conflict.sheet)
    name = f"{translate(sheet.title)} {office.desk.name_of(conflict.sheet, conflict.record)}".strip()
    entries = office.history.of(conflict.sheet, conflict.record)
    entry = next((one for one in entries if one.field == conflict.field.name), None)
    their_line = f"{show_moment(entry.at)} · {entry.who}" if entry else ""
    mine = office.desk.name_of("staff_member", conflict.actor)
    before, meant, stands = (_text(office, conflict, one) for one in (conflict.before, conflict.mine, conflict.theirs))
    return Told(conflict, name, before, meant, stands, their_line, mine)


def _text(office: Office, conflict: Conflict, value: Any) -> str:
    if conflict.field.kind is Kind.REFERENCE and isinstance(value, UUID):
        return office.desk.name_of(conflict.field.target or "", value)
    return show(conflict.field, value) or _("nothing")
