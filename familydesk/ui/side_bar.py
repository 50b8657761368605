"""The side bar: the pages of the desk, each an icon, a word, and how much waits there."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QPushButton, QVBoxLayout

from familydesk.core.i18n import _, ngettext, translate
from familydesk.ui.pages import BELOW, Page
from familydesk.ui.parts import column, scrolled
from familydesk.ui.theme import Theme

WIDTH = 232


class PageButton(QPushButton):
    """One page's entry."""

    def __init__(self, theme: Theme, page: Page, number: int) -> None:
        super().__init__(translate(page.label))
        self.page, self.theme = page, theme
        self.setProperty("role", "page")
        self.setCheckable(True)
        self.setIcon(theme.icon(page.icon))
        self.setIconSize(theme.icon_size())
        if number <= 9:
            self.setShortcut(f"Alt+{number}")
            self.setToolTip(f"Alt+{number}")
        self.badge = QLabel(self)
        self.badge.setProperty("badge", True)
        self.badge.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.badge.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.toggled.connect(self._recolor)

    def wait(self, count: int) -> None:
        """Say how much waits there."""
        self.badge.setText(str(count) if count else "")
        words = ngettext("{count} thing waits", "{count} things wait", count).format(count=count)
        self.setAccessibleDescription(words if count else "")

    def resizeEvent(self, event: object) -> None:
        """The count stands at the right."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.badge.setGeometry(0, 0, self.width() - self.theme.px(12), self.height())

    def needed(self) -> int:
        """The width that shows word and count whole."""
        return self.fontMetrics().horizontalAdvance(self.text()) + self.theme.px(18 + 24 + 36 + 24)

    def _recolor(self, on: bool) -> None:
        self.setIcon(self.theme.icon(self.page.icon, "primary_strong" if on else "muted"))


class SideBar(QFrame):
    """All pages, the settings at the foot. As wide as its longest word."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, pages: list[Page]) -> None:
        super().__init__()
        self.setObjectName("side_bar")
        self.setAccessibleName(_("Pages"))
        self.group = QButtonGroup(self)
        self.buttons: dict[str, PageButton] = {}
        layout: QVBoxLayout = column(theme, gap=4)
        layout.setContentsMargins(*(theme.px(edge) for edge in (10, 12, 10, 12)))
        above = [page for page in pages if page.listed and page.name not in BELOW]
        for number, page in enumerate(above, 1):
            layout.addWidget(self._entry(theme, page, number))
        layout.addStretch(1)
        for page in pages:
            if page.name in BELOW:
                layout.addWidget(self._entry(theme, page, 10))
        inner = QFrame()
        inner.setLayout(layout)
        self.setLayout(column(theme, scrolled(inner, ground="clear"), gap=0))
        widest = max((entry.needed() for entry in self.buttons.values()), default=0) + theme.px(20)
        self.setFixedWidth(max(theme.px(WIDTH), widest))

    def show_page(self, name: str) -> None:
        """Mark the page in sight; a page that stands not here marks none."""
        self.group.setExclusive(name in self.buttons)
        for entry in self.buttons.values():
            entry.setChecked(entry.page.name == name)

    def wait(self, counts: Mapping[str, int]) -> None:
        """Say how much waits on each page; `counts` goes by page or by sheet."""
        for name, entry in self.buttons.items():
            entry.wait(counts.get(name) or counts.get(entry.page.sheet, 0))

    def _entry(self, theme: Theme, page: Page, number: int) -> PageButton:
        entry = PageButton(theme, page, number)
        entry.clicked.connect(lambda: self.chosen.emit(page.name))
        self.group.addButton(entry)
        self.buttons[page.name] = entry
        return entry
