"""Parts that follow the width they are given, so that no label is ever cut: flowing chips, and fields in columns."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget


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


class Flow(QWidget):
    """Widgets one after another, on as many lines as it takes.

    A widget that places its parts itself, and no `QLayout`: the binding keeps what it once handed out of a layout's
    items, Qt deletes those items with their widgets, and the next object at that address is taken for the old one.
    """

    def __init__(self, gap: int) -> None:
        super().__init__()
        self.gap = gap
        self._parts: list[QWidget] = []

    def add(self, widget: QWidget) -> None:
        """Put a widget at the end."""
        hidden = widget.isHidden() and widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
        self._parts.append(widget)
        widget.setParent(self)
        widget.setVisible(not hidden)
        self.updateGeometry()

    def empty(self) -> None:
        """Let every widget go."""
        gone, self._parts = self._parts, []
        for widget in gone:
            widget.hide()
            widget.deleteLater()
        self.updateGeometry()

    def parts(self) -> list[QWidget]:
        """What stands here and is not hidden, in order."""
        return [widget for widget in self._parts if not widget.isHidden()]

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as the lines at that width."""
        return self._arranged(width, place=False)

    def sizeHint(self) -> QSize:
        """At least the widest of them."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """At least the widest of them."""
        size = QSize()
        for widget in self.parts():
            size = size.expandedTo(_least(widget))
        return size

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, other lines."""
        super().resizeEvent(event)
        self._arranged(self.width(), place=True)

    def event(self, event: QEvent) -> bool:
        """A part that changed its size or went asks its parent, as it would ask a layout."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self._arranged(self.width(), place=True)
            self.updateGeometry()
        return super().event(event)

    def _arranged(self, width: int, place: bool) -> int:
        x, y, line = 0, 0, 0
        for widget in self.parts():
            if isinstance(widget, BreakingButton):
                widget.fit(width)
            hint = _wanted(widget)
            if x + hint.width() > width and line:
                x, y, line = 0, y + line + self.gap, 0
            if place:
                widget.setGeometry(QRect(QPoint(x, y), hint.boundedTo(QSize(width, hint.height()))))
            x += hint.width() + self.gap
            line = max(line, hint.height())
        return y + line


class FieldGrid(Flow):
    """Fields in as many equal columns as fit; a wide one takes a line of its own."""

    def __init__(self, gap: int, narrowest: int, most: int = 3) -> None:
        super().__init__(gap)
        self.narrowest, self.most = narrowest, most
        self._wide: set[QWidget] = set()

    def add(self, widget: QWidget, wide: bool = False) -> None:
        """Put a field at the end."""
        if wide:
            self._wide.add(widget)
        super().add(widget)

    def minimumSizeHint(self) -> QSize:
        """One column."""
        return QSize(min(self.narrowest, super().minimumSizeHint().width()), 0)

    def columns(self, width: int) -> int:
        """How many columns fit into `width`."""
        return max(1, min(self.most, (width + self.gap) // (self.narrowest + self.gap)))

    def _arranged(self, width: int, place: bool) -> int:
        columns = self.columns(width)
        each = (width - self.gap * (columns - 1)) // columns
        y = 0
        line: list[QWidget] = []
        for widget in self.parts():
            wide = widget in self._wide
            if line and (wide or len(line) == columns):
                y, line = self._laid(line, y, each, place), []
            if wide:
                y = self._laid([widget], y, width, place)
            else:
                line.append(widget)
        if line:
            y = self._laid(line, y, each, place)
        return max(0, y - self.gap)

    def _laid(self, line: list[QWidget], y: int, width: int, place: bool) -> int:
        height = max(_height(widget, width) for widget in line)
        if place:
            for at, widget in enumerate(line):
                widget.setGeometry(QRect(at * (width + self.gap), y, width, height))
        return y + height + self.gap


def _least(widget: QWidget) -> QSize:
    return widget.minimumSizeHint().expandedTo(widget.minimumSize())


def _wanted(widget: QWidget) -> QSize:
    return widget.sizeHint().expandedTo(_least(widget)).boundedTo(widget.maximumSize())


def _height(widget: QWidget, width: int) -> int:
    height = widget.heightForWidth(width) if widget.hasHeightForWidth() else widget.sizeHint().height()
    return max(height, _least(widget).height())
