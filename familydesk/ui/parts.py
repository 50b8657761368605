"""Small parts that every screen is put together from: texts, buttons, cards, chips, columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from familydesk.ui.theme import Theme


def text(words: str, tone: str = "", wrap: bool = False) -> QLabel:
    """A plain text; `tone` is one of the style sheet's: title, card, label, muted, small, strong, problem, warning."""
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if tone:
        label.setProperty("tone", tone)
    if wrap:
        label.setWordWrap(True)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return label


def chip(words: str, tone: str = "quiet") -> QLabel:
    """A short state in a rounded field: quiet, good, due or overdue. The word carries the meaning."""
    label = text(words)
    label.setProperty("chip", tone)
    label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return label


def button(
    theme: Theme,
    words: str,
    do: Callable[[], Any] | None = None,
    *,
    icon: str = "",
    role: str = "",
    key: str = "",
    tip: str = "",
) -> QPushButton:
    """A button with its word. `role` is primary, flat, link, chip, choice, page or danger; `key` is its shortcut."""
    made = QPushButton(words)
    made.setAutoDefault(False)
    if role:
        made.setProperty("role", role)
    if icon:
        color = {"primary": "on_primary", "danger": "overdue", "link": "primary"}.get(role, "muted")
        made.setIcon(theme.icon(icon, color))
        made.setIconSize(theme.icon_size())
    if key:
        made.setShortcut(QKeySequence(key))
        tip = f"{tip or words}  ({QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)})"
    if tip:
        made.setToolTip(tip)
    made.setAccessibleName(words)
    if do:
        made.clicked.connect(lambda: do())
    return made


def offer(menu: QMenu, words: str) -> QAction:
    """One more line of a menu. Made here and not by the menu, so that the binding knows what it is."""
    made = QAction(words, menu)
    menu.addAction(made)
    return made


def column(theme: Theme, *parts: QWidget | QLayout | None, gap: int = 8, edge: int = 0) -> QVBoxLayout:
    """Parts below each other; None is room that stretches."""
    return _filled(QVBoxLayout(), theme, parts, gap, edge)  # type: ignore[return-value]


def row(theme: Theme, *parts: QWidget | QLayout | None, gap: int = 8, edge: int = 0) -> QHBoxLayout:
    """Parts beside each other; None is room that stretches."""
    return _filled(QHBoxLayout(), theme, parts, gap, edge)  # type: ignore[return-value]


def _filled(
    layout: QBoxLayout, theme: Theme, parts: Iterable[QWidget | QLayout | None], gap: int, edge: int
) -> QBoxLayout:
    layout.setSpacing(theme.px(gap) if gap else 0)
    margin = theme.px(edge) if edge else 0
    layout.setContentsMargins(margin, margin, margin, margin)
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, QLayout):
            layout.addLayout(part)
        else:
            layout.addWidget(part)
    return layout


class Pair(QWidget):
    """Two parts beside each other where there is room for it, below each other where there is not."""

    def __init__(
        self,
        theme: Theme,
        first: QWidget | QLayout,
        second: QWidget | QLayout,
        room: int,
        gap: int = 12,
        shares: tuple[int, int] = (1, 0),
    ) -> None:
        """From the drawn width `room` on they stand beside each other, sharing what is left over."""
        super().__init__()
        self.room = theme.px(room)
        self.box = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.box.setSpacing(theme.px(gap))
        self.box.setContentsMargins(0, 0, 0, 0)
        self.parts = (first, second)
        for part, share in zip(self.parts, shares, strict=True):
            if isinstance(part, QLayout):
                self.box.addLayout(part, share)
            else:
                self.box.addWidget(part, share)
        self.setLayout(self.box)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the wider part: the two can always stand below each other."""
        return QSize(max(self._least()), super().minimumSizeHint().height())

    def _least(self) -> list[int]:
        return [_least_width(part) for part in self.parts]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Turn."""
        super().resizeEvent(event)
        roomy = event.size().width() >= max(self.room, sum(self._least()) + self.box.spacing())
        direction = QBoxLayout.Direction.LeftToRight if roomy else QBoxLayout.Direction.TopToBottom
        if self.box.direction() != direction:
            self.box.setDirection(direction)


def _least_width(part: QWidget | QLayout) -> int:
    if isinstance(part, QLayout):
        return part.minimumSize().width()
    return max(part.minimumSizeHint().width(), part.minimumWidth())


class Card(QFrame):
    """A card says one thing: a title, and what follows under it."""

    def __init__(self, theme: Theme, title: str = "") -> None:
        super().__init__()
        self.setProperty("card", True)
        self.theme = theme
        self.body = column(theme, gap=12, edge=18)
        if title:
            self.body.addWidget(text(title, "card"))
        self.setLayout(self.body)

    def add(self, part: QWidget | QLayout) -> None:
        """Put `part` at the end."""
        # In a widget of its own: the binding takes the items out of a layout that joins one in use; see `Flow`.
        self.body.addWidget(held(part) if isinstance(part, QLayout) else part)

    def rule(self) -> None:
        """A thin line between two rows."""
        self.add(rule())


def rule() -> QFrame:
    """A thin line."""
    line = QFrame()
    line.setProperty("rule", True)
    return line


def held(layout: QLayout, ground: str = "") -> QWidget:
    """A plain widget around `layout`."""
    widget = QWidget()
    if ground:
        widget.setProperty("ground", ground)
    widget.setLayout(layout)
    return widget


def scrolled(inner: QWidget, ground: str = "page") -> QScrollArea:
    """`inner` in a frame that scrolls down, never sideways."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setProperty("ground", ground)
    inner.setProperty("ground", ground if ground == "page" else "")
    area.setWidget(inner)
    return area


def emptied(layout: QLayout) -> None:
    """Take everything out of `layout` and let it go."""
    # Asked through widgets and layouts alone, never through the layout's items: see `Flow`.
    for inner in layout.children():
        if isinstance(inner, QLayout):
            emptied(inner)
            layout.removeItem(inner)
            inner.deleteLater()
    for widget in standing(layout):
        layout.removeWidget(widget)
        widget.hide()
        widget.deleteLater()


def standing(layout: QLayout) -> list[QWidget]:
    """The widgets that `layout`, which is in use, places, in its order."""
    holder = layout.parentWidget()
    assert holder is not None, "a layout in use has a widget"
    placed = ((layout.indexOf(child), child) for child in holder.children() if isinstance(child, QWidget))
    return [child for at, child in sorted(placed, key=itemgetter(0)) if at >= 0]


def restyled(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet looks at, and let it look again."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
