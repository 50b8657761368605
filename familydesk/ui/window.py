"""The main window: what stands in front of the store, the desk once it is open, and the calm page over both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut, QWindow
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from familydesk.core import settings as known
from familydesk.core.i18n import _, use
from familydesk.core.settings import Settings
from familydesk.ui import tasks
from familydesk.ui.bookmark import BookmarkKeeper
from familydesk.ui.calm import CalmPage
from familydesk.ui.theme import Theme
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.office import Office
    from familydesk.ui.desk_view import DeskView, Whereabouts

ACTIVE = {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel}
PATIENCE = 4
"""Seconds that a lock waits for work under way: the system waits five before it goes to sleep all the same."""


class Window(QMainWindow):
    """One window. Its title and its icon say nothing of what it is for."""

    entered = Signal()
    """A store is open."""
    locked = Signal()
    """The store was closed; whoever made the window replaces the process."""

    def __init__(self, settings: Settings, theme: Theme) -> None:
        super().__init__()
        self.settings, self.theme = settings, theme
        self.place: Workplace | None = None
        self.view: DeskView | None = None
        self.front: QWidget | None = None
        self.was_at: Whereabouts | None = None
        self.mark: BookmarkKeeper | None = None
        self.stack = QStackedWidget()
        self.calm = CalmPage(theme)
        self.stack.addWidget(self.calm)
        self.setCentralWidget(self.stack)
        self.setProperty("ground", "page")
        self.setWindowTitle(_("Workspace"))
        self.setMinimumSize(720, 480)
        self.resize(1440, 900)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self.lock)
        self.calm.woken.connect(self.come_back)
        theme.changed.connect(self.rebuild)
        for key in ("F12", "Ctrl+Shift+H"):
            QShortcut(QKeySequence(key), self, self.hide_now)
        # On the window itself, so that it locks from the calm page as well.
        QShortcut(QKeySequence("Shift+F12"), self, self.lock)

    def put_in_front(self, widget: QWidget) -> None:
        """Show a screen that needs no open store: unlock, first run."""
        old, self.front = self.front, widget
        self.stack.addWidget(widget)
        self.stack.setCurrentWidget(widget)
        if old:
            self.stack.removeWidget(old)
            old.deleteLater()
        widget.setFocus()

    def enter(self, office: Office, at: Whereabouts | None = None) -> None:
        """Open the desk on a store, and there where she stood before a lock."""
        self.was_at = at
        self.place = Workplace(office, self.settings, self.theme)
        self.place.lock_wanted.connect(self.lock)
        self.place.language_wanted.connect(self.speak)
        self.place.meeting.keep_watch()
        self._build()
        self.mark = BookmarkKeeper(self.place, self._where)
        self._on_active()
        self._native().installEventFilter(self)
        if self.front:
            self.stack.removeWidget(self.front)
            self.front.deleteLater()
            self.front = None
        self.entered.emit()

    def speak(self, language: str) -> None:
        """Change the language, at once and for the next start."""
        self.settings.put(known.LANGUAGE, language)
        use(language)
        from familydesk.ui.qt_words import translate_qt

        translate_qt(language)
        self.rebuild()

    def rebuild(self) -> None:
        """Build every page anew, in the words and the look in force, and stand where she stood."""
        self.setWindowTitle(_("Workspace"))
        if self.view and self.place:
            self.was_at = self.view.whereabouts()
            self.view.leave()
            self._build()

    def hide_now(self) -> None:
        """The calm page, at once, over everything."""
        for other in QApplication.topLevelWidgets():
            if other is not self and other.isVisible():
                other.close()
        self.stack.setCurrentWidget(self.calm)
        self.calm.begin()

    def come_back(self) -> None:
        """From the calm page to where she was."""
        self.stack.setCurrentWidget(self.view or self.front or self.calm)

    def lock(self) -> None:
        """Keep what is not kept yet, close the store, take every page down."""
        if not self.place or not self.view:
            return
        # At once: keeping and closing may take a moment, and nobody reads the screen meanwhile.
        self.hide_now()
        self.repaint()
        try:
            self.view.leave()
            if self.mark:
                self.mark.flush()
            self._close_store(PATIENCE)
        finally:
            # Nothing that goes wrong on the way keeps the process from being replaced.
            self.locked.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the drafts and close the store; nothing is asked."""
        if self.view:
            self.view.leave()
        self._close_store()
        super().closeEvent(event)

    def abandon(self) -> None:
        """Take the desk down and leave the store open: the office belongs to somebody else."""
        self._take_down()
        self.close()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Every key and click begins the time of rest anew, except on the calm page."""
        if event.type() in ACTIVE and self.stack.currentWidget() is not self.calm:
            self._on_active()
        return super().eventFilter(watched, event)

    def _native(self) -> QWindow:
        """The system's window, through which every key and click comes.

        A filter on the whole application would also be called for widgets that are only being made, which the
        binding does not survive.
        """
        self.winId()
        return self.windowHandle()

    def _on_active(self) -> None:
        if self.mark:
            self.mark.note()
        self._restart_idle()

    def _where(self) -> Whereabouts:
        assert self.view
        return self.view.lasting_place()

    def _restart_idle(self) -> None:
        self._idle.start(self.settings.get(known.LOCK_AFTER) * 60_000)

    def _build(self) -> None:
        # The pages bring the sheets and the store's machinery with them: loaded once there is a store to show.
        from familydesk.ui.desk_view import DeskView

        assert self.place
        old = self.view
        hidden = self.stack.currentWidget() is self.calm and old is not None
        if old:
            old.release()
            self.stack.removeWidget(old)
            old.deleteLater()
        self.view = DeskView(self.place)
        if old:
            self.view.makers.update(old.makers)
        self.view.top.hide_wanted.connect(self.hide_now)
        self.stack.addWidget(self.view)
        if not hidden:
            self.stack.setCurrentWidget(self.view)
        self.view.go_back_to(self.was_at)

    def _close_store(self, patience: float = 10) -> None:
        place = self.place
        self._take_down()
        tasks.finish(patience)
        if place:
            place.office.close()

    def _take_down(self) -> None:
        self._idle.stop()
        self._native().removeEventFilter(self)
        if self.mark:
            self.mark.stop()
        place, view = self.place, self.view
        self.place = self.view = self.mark = None
        if view:
            self.stack.removeWidget(view)
            view.deleteLater()
        if place:
            place.close()
