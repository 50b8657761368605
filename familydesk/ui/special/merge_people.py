"""Two people who may be one: the pairs to look at, both sides field by field, joined, and taken apart again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from familydesk.core.i18n import _, translate
from familydesk.core.show import show, show_day
from familydesk.ui.list_rows import ListRow
from familydesk.ui.parts import Card, button, column, emptied, held, row, text
from familydesk.ui.screen import PageHead, Screen
from familydesk.ui.special.row_card import RowCard
from familydesk.ui.special.side import Side
from familydesk.ui.special.two_columns import TwoColumns, page_body
from familydesk.ui.tasks import Task
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.records.person import Person
    from familydesk.services.merging import Difference
    from familydesk.services.people import Pair
    from familydesk.services.reversal import TakenBack


class MergeScreen(Screen):
    """Left the pairs, right the two people of the one chosen."""

    follows = frozenset(("person", "possible_duplicate"))

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        theme = place.theme
        self.head = PageHead(place, _("Possible duplicates"))
        self.pairs = RowCard(
            theme, _("Pairs to look at"), _("Nobody seems to be here twice."), lambda pair: self._row(pair)
        )
        self.wanted = ""
        """The pair to go to, from outside."""
        self.both = BothSides(place)
        self.both.settled.connect(self._on_settled)
        columns = TwoColumns(theme, (2, 5))
        columns.left.addWidget(self.pairs)
        columns.right.addWidget(self.both)
        self.setLayout(page_body(theme, self.head, columns))

    def refresh(self) -> None:
        """Bring the pairs."""
        office = self.office
        Task(self, lambda: office.people.possible()).then(self._show).failed(self.place.tell_failure).start()

    def state(self) -> object:
        """Which pair is being looked at."""
        return str(self.both.pair.id) if self.both.pair else None

    def restore(self, state: object) -> None:
        """Look at that pair, if it still waits."""
        self.wanted = str(state)
        self.refresh()

    def _show(self, pairs: Sequence[Pair]) -> None:
        words = _("Look at both. Nothing is lost: whatever is joined can be taken apart again.")
        self.head.say(_("Possible duplicates"), words if pairs else "")
        self.pairs.show_all(pairs)
        self.both.setVisible(bool(pairs))
        wanted, self.wanted = next((pair for pair in pairs if str(pair.id) == self.wanted), None), ""
        if wanted:
            self.both.show_pair(wanted)
        elif pairs and (self.both.pair is None or self.both.pair.id not in {pair.id for pair in pairs}):
            self.both.show_pair(pairs[0])

    def _row(self, pair: Pair) -> QWidget:
        title = f"{pair.one.title_text()} · {pair.other.title_text()}"
        return ListRow(self.theme, title, pair.why, do=lambda: self.both.show_pair(pair))

    def _on_settled(self) -> None:
        self.both.pair = None
        self.refresh()


class BothSides(Card):
    """Two people side by side. Where both hold something different, a press says which shall stand."""

    settled = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.theme)
        self.place = place
        self.pair: Pair | None = None
        self.keep, self.drop = UUID(int=0), UUID(int=0)
        self.choices: dict[str, Any] = {}
        self.lines = column(place.theme, gap=12)
        self.add(self.lines)

    def show_pair(self, pair: Pair) -> None:
        """Compare these two; the one known longer stands at the left and stays."""
        self.pair = pair
        first, second = sorted((pair.one, pair.other), key=lambda person: person.id)
        self.compare(first, second)

    def compare(self, kept: Person, dropped: Person) -> None:
        """Bring both, field by field."""
        self.keep, self.drop, self.choices = kept.id, dropped.id, {}
        office, keep, drop = self.place.office, kept.id, dropped.id
        task = Task(self, lambda: office.people.compare(keep, drop))
        task.then(lambda found: self._show(kept, dropped, found)).failed(self.place.tell_failure).start()

    def choose(self, name: str, value: Any, mine: Side, other: Side) -> None:
        """This value shall stand."""
        self.choices[name] = value
        mine.choose(True)
        other.choose(False)

    def join(self) -> None:
        """Make them one; the strip that says so can take it back."""
        office, place, keep, drop, choices = self.place.office, self.place, self.keep, self.drop, dict(self.choices)

        def undo(merge: UUID) -> None:
            task = Task(place, lambda: office.people.undo(merge))
            task.then(lambda done: _tell_taken_back(place, done)).failed(place.tell_failure).start()

        def done(merge: UUID) -> None:
            words = _("They are one person now. Everything of both moved along.")
            place.say(words, offer=_("Take apart again"), do=lambda: undo(merge), stays=True)
            self.settled.emit()

        Task(self, lambda: office.people.merge(keep, drop, choices)).then(done).failed(place.tell_failure).start()

    def leave_apart(self) -> None:
        """They are two people."""
        if self.pair is None:
            return
        office, place, pair = self.place.office, self.place, self.pair.id
        task = Task(self, lambda: office.people.different(pair))
        task.then(lambda _none: self._on_apart()).failed(place.tell_failure).start()

    def _on_apart(self) -> None:
        self.place.say(_("Written down: they are two people."))
        self.settled.emit()

    def _show(self, kept: Person, dropped: Person, found: list[Difference]) -> None:
        emptied(self.lines)
        self.lines.addWidget(self._names(kept, dropped))
        differing = [one for one in found if one.differs]
        if differing:
            self.lines.addWidget(text(_("They differ in this. Press what is right."), "muted", wrap=True))
        for one in differing:
            self.lines.addWidget(self._choice(one))
        self._show_same([one for one in found if not one.differs and one.chosen not in (None, "", ())])
        self.lines.addWidget(
            text(_("Cases, applications, telephones and all other records of both will be hers."), "small", wrap=True)
        )
        join = button(self.theme, _("Make them one person"), self.join, icon="users", role="primary")
        apart = button(self.theme, _("They are two people"), self.leave_apart, icon="x")
        self.lines.addWidget(held(row(self.theme, join, apart, None, gap=8)))

    def _names(self, kept: Person, dropped: Person) -> QWidget:
        sides = []
        for person, over in ((kept, _("Known longer; this record stays")), (dropped, _("This record goes into it"))):
            born = show_day(person.born_on) if person.born_on else ""
            opened = lambda person=person: self.place.open_record("person", person.id)  # noqa: E731 - a press
            sides.append(Side(self.theme, over, person.title_text(), born, opened))
        return _pair_of(self.theme, *sides)

    def _choice(self, one: Difference) -> QWidget:
        name = one.field.name
        left = Side(self.theme, "", _shown(one, one.kept), do=lambda: self.choose(name, one.kept, left, right))
        right = Side(self.theme, "", _shown(one, one.dropped), do=lambda: self.choose(name, one.dropped, right, left))
        # Long texts are joined and an IIN must be chosen: nothing is marked there beforehand.
        left.choose(one.chosen == one.kept and name != "iin")
        label = text(translate(one.field.label), "label")
        return held(column(self.theme, label, _pair_of(self.theme, left, right), gap=4))

    def _show_same(self, same: list[Difference]) -> None:
        told = [f"{translate(one.field.label)}: {_shown(one, one.chosen)}" for one in same]
        if told:
            self.lines.addWidget(text(_("The rest will be as follows."), "muted", wrap=True))
            self.lines.addWidget(text("\n".join(told), wrap=True))


def _shown(one: Difference, value: Any) -> str:
    return show(one.field, value) or _("nothing")


def _pair_of(theme: Any, left: Side, right: Side) -> QWidget:
    both = row(theme, left, right, gap=16)
    both.setStretch(0, 1)
    both.setStretch(1, 1)
    return held(both)


def _tell_taken_back(place: Workplace, done: TakenBack) -> None:
    if done.left:
        place.say(
            _("They are two people again. What somebody has changed since stays with the first."), "due", stays=True
        )
    else:
        place.say(_("They are two people again."))
