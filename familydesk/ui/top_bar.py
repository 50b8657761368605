"""The top bar: the neutral name of the desk, one search box, the language, and who is at the desk."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QSizePolicy

from familydesk.core.i18n import LANGUAGES, _, ngettext, spoken
from familydesk.ui.parts import button, row, text
from familydesk.ui.theme import Theme

HEIGHT = 56
NOTED = 1240
"""From this width on, in drawn pixels, there is room for a note of what waits."""
SHORT = {"kk": "ҚАЗ", "ru": "РУС", "en": "ENG"}
OWN_NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}


class SearchBox(QPushButton):
    """Looks like a line to write in; a press opens the search. It says as much as it has room for."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setProperty("role", "search")
        self.setIcon(theme.icon("search"))
        self.setIconSize(theme.icon_size())
        self.setAccessibleName(_("Find a person, case, order or phone"))
        self.setToolTip(_("Find a person, case, order or phone"))
        self.setMinimumWidth(theme.px(150))
        self.setMaximumWidth(theme.px(560))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.key = text("Ctrl K", "small")
        inside = row(theme, None, self.key)
        inside.setContentsMargins(0, 0, theme.px(12), 0)
        self.setLayout(inside)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The whole sentence where it fits, one word where it does not."""
        super().resizeEvent(event)
        around = self.theme.px(18 + 8 + 24 + 12) + self.key.sizeHint().width()
        choices = (_("Find a person, case, order or phone"), _("Find"))
        fitting = (words for words in choices if self.fontMetrics().horizontalAdvance(words) + around <= self.width())
        self.setText(next(fitting, ""))


class TopBar(QFrame):
    """What is always at hand."""

    search_wanted = Signal()
    language_wanted = Signal(str)
    lock_wanted = Signal()
    hide_wanted = Signal()
    page_wanted = Signal(str)
    pages_wanted = Signal()

    def __init__(self, theme: Theme, side: int) -> None:
        """`side` is the side bar's width, over which the name stands."""
        super().__init__()
        self.setObjectName("top_bar")
        self.theme = theme
        self._name, self._narrow, self._noted = "", False, ""
        self.name = text(_("Workspace"), "brand")
        self.name.setMinimumWidth(side - theme.px(36))
        self.search = self._search_box()
        self.language = button(theme, SHORT.get(spoken(), "ENG"), self._choose_language, icon="language", role="chip")
        self.language.setAccessibleName(_("Language"))
        self.hiding = button(
            theme, _("Hide"), self.hide_wanted.emit, icon="eye-off", role="chip", tip=_("Hide") + "  (F12)"
        )
        self.who = button(
            theme, _("Lock"), self.lock_wanted.emit, icon="lock", role="chip", tip=_("Lock") + "  (Ctrl+L, Shift+F12)"
        )
        self.note = button(theme, "", lambda: self.page_wanted.emit(self._noted), role="chip")
        self.note.setProperty("tone", "due")
        self.note.hide()
        self.menu = button(theme, _("Pages"), self.pages_wanted.emit, icon="list-check", role="chip")
        self.menu.hide()
        own = (self.note, self.language, self.hiding, self.who)
        line = row(theme, self.menu, self.name, self.search, None, *own, gap=12)
        line.setStretch(2, 2)
        line.setStretch(3, 1)
        line.setContentsMargins(theme.px(20), 0, theme.px(20), 0)
        self.setLayout(line)
        self.setFixedHeight(theme.px(HEIGHT))

    def greet(self, name: str) -> None:
        """Say who is at the desk."""
        self._name = name
        self._say_who()

    def wait(self, conflicts: int, unsent: int) -> None:
        """Say what stands between this laptop and the others, and where it is seen to: decisions before deliveries."""
        told = ngettext("{count} written twice", "{count} written twice", conflicts).format(count=conflicts)
        if not conflicts:
            told = ngettext("{count} change not sent", "{count} changes not sent", unsent).format(count=unsent)
        self._noted = "conflicts" if conflicts else "sync" if unsent else ""
        self.note.setText(told)
        self.note.setAccessibleName(told)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The note stands where there is room for it; the side bar says the same."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        roomy = not self._narrow and self.width() >= self.theme.px(NOTED)
        self.note.setVisible(bool(self._noted) and roomy)

    def squeeze(self, narrow: bool) -> None:
        """In a narrow window the pages stand behind a button, and names make room."""
        self._narrow = narrow
        self.menu.setVisible(narrow)
        self.name.setVisible(not narrow)
        self.hiding.setVisible(not narrow)
        self._say_who()
        self._fit()

    def _say_who(self) -> None:
        whole = self._name and not self._narrow
        self.who.setText(f"{self._name} · " + _("Lock") if whole else _("Lock"))

    def _search_box(self) -> SearchBox:
        box = SearchBox(self.theme)
        box.clicked.connect(lambda: self.search_wanted.emit())
        return box

    def _choose_language(self) -> None:
        menu = QMenu(self)
        for language in LANGUAGES:
            action = menu.addAction(OWN_NAMES[language])
            action.setCheckable(True)
            action.setChecked(language == spoken())
            action.triggered.connect(lambda _on, language=language: self.language_wanted.emit(language))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.language.mapToGlobal(QPoint(0, self.language.height() + 2)))
