"""The end of records: what is past its term, acts of destruction, copies that still hold what is gone, one erasure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from familydesk.core.fields import Field, Kind
from familydesk.core.i18n import N_, _, ngettext, translate
from familydesk.core.show import show_day, show_moment
from familydesk.records import sheet_of
from familydesk.ui.list_rows import ListRow
from familydesk.ui.parts import Card, button, column, emptied, held, row, text
from familydesk.ui.screen import PageHead, Screen
from familydesk.ui.special.print_preview import Paper, open_preview
from familydesk.ui.special.row_card import RowCard
from familydesk.ui.special.two_columns import TwoColumns, page_body
from familydesk.ui.tasks import Lane, Task
from familydesk.ui.verb_panel import VerbPanel
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.records.destruction_act import DestructionAct
    from familydesk.records.person import Person
    from familydesk.services.copies_left import CopyLeft
    from familydesk.services.keeping import Done, Outlook
    from familydesk.services.retention import Expired

MEMBERS = (
    Field(N_("First member of the commission"), Kind.LINE, "first", required=True),
    Field(N_("Second member of the commission"), Kind.LINE, "second", required=True),
)
ERASURE = (
    Field(N_("Whose data"), Kind.REFERENCE, "person", required=True, target="person"),
    Field(N_("On what ground"), Kind.LINE, "reason", required=True, help=N_("Never her name: the ground stays.")),
)
Loaded = tuple["list[Expired]", "list[DestructionAct]", "tuple[CopyLeft, ...]", "list[Person]"]


class KeepingScreen(Screen):
    """Nothing is destroyed before the head has seen what it is and pressed twice."""

    follows = frozenset(
        ("person", "case", "consent", "application", "consultation", "retention_term", "destruction_act")
    )

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        theme = place.theme
        self.items: list[Expired] = []
        self.left_out: set[UUID] = set()
        self.head = PageHead(place, _("Keeping and erasing"))
        self.due = RowCard(theme, _("Past the term of keeping"), _("Nothing is past its term."), self._due_row)
        self.drawing = held(column(theme, gap=0))
        self.due.add(self.drawing)
        self.acts = RowCard(theme, _("Acts of destruction"), _("There is no act yet."), self._act_row)
        self.sure = held(column(theme, gap=0))
        self.acts.add(self.sure)
        self.copies = RowCard(
            theme, _("Copies that still hold what is gone"), _("There are none here."), self._copy_row
        )
        words = _("Copies made by hand lie where they were put; whoever made them destroys them as well.")
        self.copies.add(text(words, "small", wrap=True))
        self.back = RowCard(theme, _("Erased before, and back with a backup"), "", self._back_row)
        self.back.hide()
        self.erasing = Card(theme, _("Erase one person"))
        self.form = held(column(theme, gap=0))
        self.erasing.add(self.form)
        columns = TwoColumns(theme)
        columns.left.addWidget(self.due)
        columns.left.addWidget(self.acts)
        columns.right.addWidget(self.back)
        columns.right.addWidget(self.erasing)
        columns.right.addWidget(self.copies)
        self.setLayout(page_body(theme, self.head, columns))
        self._ask_whom()

    def refresh(self) -> None:
        """Bring what is due, the acts and the copies."""
        office = self.office

        def work() -> Loaded:
            acts: list[Any] = office.desk.find("destruction_act", descending=True)
            return office.keeping.due(), acts, office.keeping.copies(), office.keeping.came_back()

        Task(self, work).then(self._show).failed(self.place.tell_failure).start()

    def _show(self, loaded: Loaded) -> None:
        self.items, acts, copies, back = loaded
        words = ngettext(
            "{count} file or entry may be destroyed", "{count} files and entries may be destroyed", len(self.items)
        )
        self.head.say(_("Keeping and erasing"), words.format(count=len(self.items)))
        self.due.show_all(self.items)
        self.acts.show_all(acts)
        self.copies.show_all(copies)
        self.back.show_all(back)
        self.back.setVisible(bool(back))
        self._fill(self.sure)
        # Names that are being typed there stay.
        if not self.items:
            self._fill(self.drawing)
        elif self.drawing.findChild(VerbPanel) is None:
            self._fill(self.drawing, self._panel())

    # By term

    def _panel(self) -> VerbPanel:
        keeping = self.office.keeping
        panel = VerbPanel(
            self.place,
            _("Draw up the act"),
            MEMBERS,
            {},
            lambda given: keeping.draw_up(self._chosen(), given["first"] or "", given["second"] or ""),
        )
        panel.done.connect(self._on_drawn)
        panel.left.connect(lambda: self._fill(self.drawing, self._panel()))
        return panel

    def _chosen(self) -> list[Expired]:
        return [item for item in self.items if item.id not in self.left_out]

    def _leave_out(self, id: UUID, out: bool) -> None:
        (self.left_out.add if out else self.left_out.discard)(id)

    def _on_drawn(self, _act: UUID) -> None:
        self._fill(self.drawing, self._panel())
        self.place.say(_("The act is drawn up. Print it, let the commission sign it, then destroy what it names."))

    def _due_row(self, item: Expired) -> ListRow:
        last = show_day(item.deciding.until)
        opened = partial(self.place.open_record, item.sheet, item.id)
        until = _("until {day}").format(day=last)
        made = ListRow(self.theme, item.name, item.arithmetic, until, "due", do=opened)
        out = button(self.theme, _("Leave out"), role="chip")
        out.setCheckable(True)
        out.setChecked(item.id in self.left_out)
        out.toggled.connect(partial(self._leave_out, item.id))
        made.add(out)
        return made

    def _act_row(self, act: DestructionAct) -> ListRow:
        done = act.done_at is not None
        state = _("destroyed") if done else _("to be signed")
        when = show_moment(act.done_at) if act.done_at else show_day(act.drawn_on) if act.drawn_on else ""
        made = ListRow(self.theme, act.number or "", when, state, "good" if done else "due")
        paper = Paper("DESTRUCTION_ACT", record_id=act.id, can_tell_where=False)
        made.add(button(self.theme, _("Print"), partial(open_preview, self.place, paper), icon="printer"))
        if not done:
            made.add(button(self.theme, _("Destroy"), partial(self._ask, act), icon="trash"))
        return made

    def _ask(self, act: DestructionAct) -> None:
        words = _("Is act {number} printed and signed? What it names is then erased for good.")
        sure = Card(self.theme)
        sure.add(text(words.format(number=act.number or ""), "strong", wrap=True))
        go = button(self.theme, _("Destroy for good"), partial(self._destroy, act.id), icon="trash", role="danger")
        sure.add(
            row(self.theme, go, button(self.theme, _("Cancel"), partial(self._fill, self.sure), role="flat"), None)
        )
        self._fill(self.sure, sure)

    def _destroy(self, act: UUID) -> None:
        keeping = self.office.keeping
        self._fill(self.sure)
        task = Task(self, lambda: keeping.destroy(act)).then(self._on_gone).failed(self.place.tell_failure)
        self.place.watch(_("Erasing…"), task)
        task.start()

    def _copy_row(self, copy: CopyLeft) -> ListRow:
        until = _("until {day}").format(day=show_day(copy.until)) if copy.until else _("until somebody removes it")
        return ListRow(self.theme, copy.name, until)

    # One person

    def _back_row(self, person: Person) -> ListRow:
        made = ListRow(self.theme, person.title_text())
        made.add(button(self.theme, _("Erase again"), partial(self._ask_whom, person.id), icon="trash"))
        return made

    def _ask_whom(self, person: UUID | None = None) -> None:
        keeping = self.office.keeping
        panel = VerbPanel(
            self.place,
            _("See what would go"),
            ERASURE,
            {"person": person},
            lambda given: (given["person"], given["reason"] or "", keeping.outlook(given["person"])),
        )
        panel.done.connect(self._show_outlook)
        panel.left.connect(lambda: self._ask_whom())
        self._fill(self.form, panel)

    def _show_outlook(self, told: tuple[UUID, str, Outlook]) -> None:
        person, reason, outlook = told
        theme = self.theme
        name = self.office.desk.name_of("person", person)
        lines = [text(words, tone, wrap=True) for words, tone in ((name, "strong"), *outlook_told(outlook))]
        back = button(theme, _("Cancel"), self._ask_whom, role="flat")
        self.leave_former = button(theme, _("Leave their former versions"), role="chip")
        self.leave_former.setCheckable(True)
        buttons = [self.leave_former, back] if outlook.former else [back]
        if not outlook.refusals:
            do = partial(self._erase, person, reason)
            buttons.insert(0, button(theme, _("Erase for good"), do, icon="trash", role="danger"))
        self._fill(self.form, held(column(theme, *lines, row(theme, *buttons, None), gap=8)))

    def _erase(self, person: UUID, reason: str) -> None:
        keeping, former = self.office.keeping, not self.leave_former.isChecked()
        self._ask_whom()
        task = Task(self, lambda: keeping.erase(person, reason, former=former))
        task.then(self._on_gone).failed(self.place.tell_failure)
        self.place.watch(_("Erasing…"), task)
        task.start()

    def _on_gone(self, done: Done) -> None:
        gone = ngettext("{count} record is erased.", "{count} records are erased.", done.count)
        act = _("The act of destruction has the number {number}.").format(number=done.number)
        told = [gone.format(count=done.count), act]
        if done.sealed_drafts:
            sealed = ngettext(
                "{count} unsaved form of a colleague is sealed and could not be looked into.",
                "{count} unsaved forms of colleagues are sealed and could not be looked into.",
                done.sealed_drafts,
            )
            told.append(sealed.format(count=done.sealed_drafts))
        self.place.say(" ".join(told), stays=True)
        self.refresh()
        if not done.clean:
            keeping = self.office.keeping
            task = Task(self.place, lambda: keeping.finish(), Lane.POOL).failed(self.place.tell_failure)
            self.place.watch(_("Writing the file anew, so that no page keeps a stale copy…"), task)
            task.start()

    def _fill(self, frame: Any, part: Any = None) -> None:
        layout = frame.layout()
        emptied(layout)
        if part is not None:
            layout.addWidget(part)


def outlook_told(outlook: Outlook) -> Sequence[tuple[str, str]]:
    """What an erasure would do, as sentences with their tone; what forbids it stands first."""
    told = [(str(problem), "problem") for problem in outlook.refusals]
    counts = ", ".join(f"{translate(sheet_of(sheet).plural)}: {count}" for sheet, count in outlook.rows.items())
    told.append((_("Erased would be: {counts}").format(counts=counts), ""))
    for number in outlook.bare:
        words = _("Case {number} stays with its number and days alone, for what it holds about somebody else.")
        told.append((words.format(number=number), "muted"))
    if outlook.mentions:
        words = ngettext(
            "{count} record about others still names her; change its text yourself.",
            "{count} records about others still name her; change their texts yourself.",
            len(outlook.mentions),
        )
        told.append((words.format(count=len(outlook.mentions)), "warning"))
    if outlook.former:
        words = ngettext(
            "{count} record about others named her once; that version is erased from its history.",
            "{count} records about others named her once; those versions are erased from their histories.",
            len(outlook.former),
        )
        told.append((words.format(count=len(outlook.former)), "warning"))
    return told
