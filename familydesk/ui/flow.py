"""Layouts that follow the width they are given, so that no label is ever cut: flowing chips, and fields in columns."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QPushButton


class BreakingButton(QPushButton):
    """A button that says its words on two lines where one is too long for the room there is."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words

    def fit(self, width: int) -> None:
        """One line within `width` if it fits, otherwise two."""
        beside = self.sizeHint().width() - self._widest(self.text())
        wanted = self.words if self._widest(self.words) + beside <= width else _halved(self.words)
        if wanted != self.text():
            self.setText(wanted)

    def _widest(self, words: str) -> int:
        return max(self.fontMetrics().horizontalAdvance(line) for line in words.split("\n"))


def _halved(words: str) -> str:
    """`words` broken at the space nearest their middle."""
    spaces = [at for at, letter in enumerate(words) if letter == " "]
    if not spaces:
        return words
    at = min(spaces, key=lambda place: abs(place - len(words) / 2))
    return f"{words[:at]}\n{words[at + 1 :]}"


class FlowLayout(QLayout):
    """Widgets one after another, on as many lines as it takes."""

    def __init__(self, gap: int) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setSpacing(gap)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Qt's own way of adding."""
        self._items.append(item)

    def count(self) -> int:
        """How many stand here."""
        return len(self._items)

    def itemAt(self, at: int) -> QLayoutItem | None:
        """One of them."""
        return self._items[at] if 0 <= at < len(self._items) else None

    def takeAt(self, at: int) -> QLayoutItem | None:
        """Take one out."""
        return self._items.pop(at) if 0 <= at < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Takes what it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as the lines at that width."""
        return self._arranged(QRect(0, 0, width, 0), place=False)

    def setGeometry(self, area: QRect) -> None:
        """Put everything in its place."""
        super().setGeometry(area)
        self._arranged(area, place=True)

    def sizeHint(self) -> QSize:
        """At least the widest of them."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """At least the widest of them."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _arranged(self, area: QRect, place: bool) -> int:
        x, y, line = area.x(), area.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            widget = item.widget()
            if isinstance(widget, BreakingButton):
                widget.fit(area.width())
            hint = item.sizeHint()
            if x + hint.width() > area.right() + 1 and line:
                x, y, line = area.x(), y + line + self.spacing(), 0
            if place:
                item.setGeometry(QRect(QPoint(x, y), hint.boundedTo(QSize(area.width(), hint.height()))))
            x += hint.width() + self.spacing()
            line = max(line, hint.height())
        return y + line - area.y()


class FieldGrid(FlowLayout):
    """Fields in as many equal columns as fit; a wide one takes a line of its own."""

    def __init__(self, gap: int, narrowest: int, most: int = 3) -> None:
        super().__init__(gap)
        self.narrowest, self.most = narrowest, most
        self._wide: list[bool] = []

    def add(self, widget: object, wide: bool = False) -> None:
        """Put a field at the end."""
        self._wide.append(wide)
        self.addWidget(widget)  # type: ignore[arg-type]

    def minimumSize(self) -> QSize:
        """One column."""
        return QSize(min(self.narrowest, super().minimumSize().width()), 0)

    def columns(self, width: int) -> int:
        """How many columns fit into `width`."""
        return max(1, min(self.most, (width + self.spacing()) // (self.narrowest + self.spacing())))

    def _arranged(self, area: QRect, place: bool) -> int:
        columns = self.columns(area.width())
        each = (area.width() - self.spacing() * (columns - 1)) // columns
        y = area.y()
        line: list[QLayoutItem] = []
        for item, wide in zip(self._items, self._wide, strict=True):
            if item.isEmpty():
                continue
            if line and (wide or len(line) == columns):
                y, line = self._laid(line, area.x(), y, each, place), []
            if wide:
                y = self._laid([item], area.x(), y, area.width(), place)
            else:
                line.append(item)
        if line:
            y = self._laid(line, area.x(), y, each, place)
        return max(0, y - self.spacing() - area.y())

    def _laid(self, line: list[QLayoutItem], x: int, y: int, width: int, place: bool) -> int:
        height = max(_height(item, width) for item in line)
        if place:
            for at, item in enumerate(line):
                item.setGeometry(QRect(x + at * (width + self.spacing()), y, width, height))
        return y + height + self.spacing()


def _height(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
