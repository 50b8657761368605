"""What hangs on a record, one card a sheet: the newest few, and a button that adds one."""

from __future__ import annotations

from uuid import UUID

from familydesk.core.i18n import _, ngettext, translate
from familydesk.core.record import Record
from familydesk.ui.list_rows import ListRow
from familydesk.ui.parts import Card, button, column, emptied, row, rule, text
from familydesk.ui.row_source import Row, rows_of
from familydesk.ui.screen import Screen
from familydesk.ui.tasks import Task
from familydesk.ui.workplace import Workplace

SHOWN = 5


class ChildrenCard(Screen):
    """The children of one sheet of one record."""

    def __init__(self, place: Workplace, child: type[Record], field: str, parent_id: UUID) -> None:
        super().__init__(place)
        self.setProperty("ground", "")
        self.child, self.field, self.parent_id = child, field, parent_id
        self.all = False
        card = Card(place.theme)
        self.head = text(translate(child.plural), "card", wrap=True)
        add = button(place.theme, _("Add"), self.add, icon="plus", role="flat")
        add.setAccessibleName(_("Add: {kind}").format(kind=translate(child.title)))
        if not place.office.account.may_write(child.sheet()):
            add.hide()
        head = row(place.theme, self.head, add, gap=8)
        head.setStretch(0, 1)
        card.add(head)
        self.list = column(place.theme, gap=0)
        card.add(self.list)
        self.setLayout(column(place.theme, card, gap=0))

    def followed(self) -> frozenset[str]:
        """The children's sheet."""
        return frozenset((self.child.sheet(),))

    def refresh(self) -> None:
        """Bring the children, newest first."""
        office, sheet, where = self.office, self.child.sheet(), {self.field: self.parent_id}

        def work() -> tuple[list[UUID], dict[UUID, Row]]:
            ids = office.desk.ids(sheet, where, descending=True)
            return ids, rows_of(office, sheet, ids if self.all else ids[:SHOWN])

        Task(self, work).then(lambda found: self._show(*found)).failed(self.place.tell_failure).start()

    def add(self) -> None:
        """A new one beside the page."""
        self.place.write_aside(self.child.sheet(), values={self.field: self.parent_id})

    def _show(self, ids: list[UUID], rows: dict[UUID, Row]) -> None:
        emptied(self.list)
        for record_id in ids:
            if record_id in rows:
                if self.list.count():
                    self.list.addWidget(rule())
                self.list.addWidget(self._row(record_id, rows[record_id]))
        if not ids:
            self.list.addWidget(text(_("Nothing here yet."), "muted"))
        if len(ids) > len(rows):
            more = len(ids) - len(rows)
            words = ngettext("Show {count} more", "Show {count} more", more).format(count=more)
            self.list.addWidget(button(self.theme, words, self._show_all, role="link"))

    def _row(self, record_id: UUID, found: Row) -> ListRow:
        texts = [words.partition("\n")[0] for name, words in found.texts.items() if name != self.field and words]
        title, rest = (texts[0], texts[1:]) if texts else (translate(self.child.title), [])
        sheet = self.child.sheet()
        return ListRow(self.theme, title, " · ".join(rest), do=lambda: self.place.write_aside(sheet, record_id))

    def _show_all(self) -> None:
        self.all = True
        self.refresh()
