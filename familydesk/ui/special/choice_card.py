"""A field written twice, as a card: before, both values, and the ways to decide, each with its key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QPushButton, QWidget

from familydesk.core.fields import Kind, Merge
from familydesk.core.i18n import _, translate
from familydesk.services.written_twice import SAFER, Choice, Version
from familydesk.ui.flow import FieldGrid, Flow
from familydesk.ui.parts import Card, chip, restyled, text
from familydesk.ui.special.compared import marked
from familydesk.ui.special.side import Side
from familydesk.ui.tasks import Task
from familydesk.ui.theme import CHIP, Theme
from familydesk.ui.verb_panel import VerbPanel
from familydesk.ui.workplace import Workplace

NARROWEST = 220
SAYABLE = 24
"""Letters of a value that still fit on a button."""


class Way(QPushButton):
    """A button of a card. `came` tells that the keyboard has come to it."""

    came = Signal()

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words
        self.setAutoDefault(False)
        self.setAccessibleName(words)

    def say_key(self, key: int) -> None:
        """Say which key presses it; 0 is none at present."""
        self.setText(f"{self.words}   {key}" if key else self.words)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard is here."""
        super().focusInEvent(event)
        self.came.emit()


class Value(Side):
    """One value in a grid, which asks how high it is at the width it gets."""

    def minimumSizeHint(self) -> QSize:
        """As narrow as its words allow; without the height that they would have at that width."""
        return QSize(super().minimumSizeHint().width(), 0)


class Values(FieldGrid):
    """What was, and the values beside each other. Where not all fit into a line, what was stands over them."""

    def __init__(self, theme: Theme, before: Value, values: Sequence[Value], long: bool) -> None:
        """`long` texts stand two in a line."""
        super().__init__(theme.px(16), theme.px(NARROWEST), most=2 if long else 3)
        self.before = before
        for one in (before, *values):
            self.add(one)

    def _arranged(self, width: int, place: bool) -> int:
        self._wide = {self.before} if self.columns(width) < len(self.parts()) else set()
        return super()._arranged(width, place)


class ChoiceCard(Card):
    """One field. `came` tells that the keyboard is on it, `let_be` that no value is written anew after all."""

    came = Signal()
    let_be = Signal()

    def __init__(self, place: Workplace, choice: Choice) -> None:
        super().__init__(place.theme)
        self.place, self.choice = place, choice
        self.panel: VerbPanel | None = None
        self.setAccessibleName(choice.title)
        self.ways: list[Way] = []
        """The ways to decide, in the order of their keys."""
        self.add(self._head())
        self.add(self._sides())
        if choice.why:
            self.add(text(choice.why, "small", wrap=True))
        self.add(self._foot())

    @property
    def main(self) -> Way:
        """The button that is likely to be meant: all texts where all may stay, else what holds until now."""
        return self.ways[-1 if self.choice.all_may_stay else self.choice.versions.index(self.choice.standing)]

    def mark(self, current: bool) -> None:
        """Say on the buttons which keys press them, or no more."""
        for key, way in enumerate(self.ways, 1):
            way.say_key(key if current else 0)
            restyled(way, "role", "primary" if current and way is self.main else "")

    def let_hold(self, version: Version) -> None:
        """This value holds from now on."""
        desk = self.place.office.merge_desk
        self.setEnabled(False)
        task = Task(self, lambda: desk.settle(version.conflict, version.verdict))
        task.then(lambda _none: self._on_decided()).failed(self._on_failed).start()

    def write(self) -> None:
        """A third value, typed under the two."""
        if self.panel:
            return
        field, desk, conflict = self.choice.field, self.place.office.merge_desk, self.choice.conflict

        def verb(values: dict[str, Any]) -> None:
            desk.settle(conflict, "write", values[field.name])

        title = self.ways[-1].words
        self.panel = VerbPanel(self.place, title, [field], {field.name: self.choice.joined}, verb)
        self.panel.done.connect(lambda _none: self._on_decided())
        self.panel.left.connect(self._on_let_be)
        self.add(self.panel)
        self.panel.show()
        self.panel.begin()

    def _head(self) -> QWidget:
        line = Flow(self.theme.px(8))
        for words, tone in ((translate(self.choice.field.label), "card"), (self.choice.record, "muted")):
            said = text(words, tone)
            said.setMinimumHeight(self.theme.px(CHIP))
            line.add(said)
        if self.choice.field.merge is Merge.SAFEST:
            line.add(chip(translate(SAFER), "overdue"))
        return line

    def _sides(self) -> QWidget:
        choice, long = self.choice, self.choice.field.kind is Kind.NOTE
        shown = text(choice.before, wrap=True) if long else None
        before = Value(self.theme, _("Before"), choice.before, choice.before_line, shown=shown)
        first, *others = choice.versions
        values = [self._side(first, others[0], "tint"), *(self._side(one, first, "due_tint") for one in others)]
        return Values(self.theme, before, values, long)

    def _side(self, version: Version, other: Version, tint: str) -> Value:
        value = marked(self.theme, version.text, other.text, tint) if self.choice.field.kind is Kind.NOTE else None
        side = Value(self.theme, version.over, version.text, version.line, shown=value)
        side.choose(version.stands)
        return side

    def _foot(self) -> QWidget:
        line = Flow(self.theme.px(8))
        for version, words in zip(self.choice.versions, self._offered(), strict=True):
            self.ways.append(self._way(words, partial(self.let_hold, version)))
        if not self.choice.of_archived:
            self.ways.append(self._way(self._anew(), self.write))
        for way in self.ways:
            line.add(way)
        opens = self._way(_("Open the record"), self._open)
        opens.setProperty("role", "flat")
        opens.setIcon(self.theme.icon("external-link"))
        opens.setIconSize(self.theme.icon_size())
        line.add(opens)
        return line

    def _way(self, words: str, do: Callable[[], None]) -> Way:
        made = Way(words)
        made.clicked.connect(lambda: do())
        made.came.connect(self.came)
        return made

    def _offered(self) -> list[str]:
        """What the buttons of the values say."""
        versions, between = self.choice.versions, self.choice.conflict.between
        if self.choice.of_archived:
            return [one.text for one in versions]
        if all(len(one.text) <= SAYABLE and "\n" not in one.text for one in versions):
            keep, take = _("Keep “{value}”"), _("Take “{value}”")
            return [(keep if one is versions[0] else take).format(value=one.text) for one in versions]
        if len(versions) > 2:
            return [_("Take value {number}").format(number=at) for at in range(1, len(versions) + 1)]
        return (
            [_("Keep what is here"), _("Take what is there")]
            if between
            else [_("Keep what stands"), _("Take the other")]
        )

    def _anew(self) -> str:
        if not self.choice.all_may_stay:
            return _("Write it anew")
        return _("Join both") if len(self.choice.versions) == 2 else _("Join all of them")

    def _put_away(self) -> None:
        panel, self.panel = self.panel, None
        if panel:
            panel.hide()
            panel.deleteLater()

    def _on_let_be(self) -> None:
        self._put_away()
        self.main.setFocus()
        self.let_be.emit()

    def _on_decided(self) -> None:
        self._put_away()
        self.setEnabled(False)
        # A verdict that changes no record touches no sheet: the pages are told by hand.
        self.place.touched.emit(frozenset((self.choice.conflict.sheet,)))

    def _on_failed(self, error: Exception) -> None:
        self.setEnabled(True)
        self.place.tell_failure(error)

    def _open(self) -> None:
        self.place.open_record(self.choice.conflict.sheet, self.choice.conflict.record)
