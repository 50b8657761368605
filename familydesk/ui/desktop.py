"""The desktop: the application, the window, and the way from a locked store to the desk."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from familydesk.core import settings as known
from familydesk.core.i18n import _, spoken, use
from familydesk.core.settings import Settings
from familydesk.ui.clipboard import ClipboardKeeper
from familydesk.ui.crash import CrashHandler
from familydesk.ui.lock import WayBack, begin_anew, geometry_of, stance_of
from familydesk.ui.qt_words import translate_qt
from familydesk.ui.sweeper import Sweeper
from familydesk.ui.tasks import Lane, Task
from familydesk.ui.temporary import keep_in_memory
from familydesk.ui.theme import Theme
from familydesk.ui.unlock import UnlockPage
from familydesk.ui.window import Window

if TYPE_CHECKING:
    from familydesk.services.joining import Asked
    from familydesk.services.office import Office
    from familydesk.ui.first_run import Answers, FirstRun
    from familydesk.ui.join_page import Wish
    from familydesk.ui.workplace import Workplace

BACKUP_AFTER = 60_000
"""Milliseconds after unlocking: by then she has what she came for, and the disk is hers no longer."""


def run(settings: Settings, folder: Path | None = None, back: WayBack | None = None) -> int:
    """Show the window on the store in `folder`, or on the one opened last; gives back the exit code.

    `back` is the way back after a lock. The next lock replaces this process: it then does not return.
    """
    # A page being laid out asks for the interpreter some hundred times and may wait that long for a busy thread.
    sys.setswitchinterval(0.001)
    keep_in_memory()
    app = application()
    sweeper = Sweeper(app)
    desktop = Desktop(settings, folder, back, leave=lambda: app.exit(0))
    desktop.window.entered.connect(desktop.watch)
    desktop.show()
    # The first picture is on the screen before anything heavier is loaded.
    QTimer.singleShot(0, desktop.begin)
    try:
        code = app.exec()
    finally:
        sweeper.stop()
        desktop.clipboard.empty()
    if desktop.way_back:
        desktop.theme.let_go()
        begin_anew(desktop.way_back)
    return code


def application() -> QApplication:
    """The one application, under a name that says nothing."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    # The task bar and the list of windows show this name.
    app = QApplication(["workspace"])
    app.setApplicationName("workspace")
    app.setDesktopFileName("workspace")
    app.setStyle("Fusion")
    return app


def usual_folder(settings: Settings) -> Path:
    """Where the store lies if nobody says: the one opened last, or the user's own data folder."""
    if last := settings.get(known.LAST_STORE):
        return Path(last)
    from platformdirs import user_data_path

    return user_data_path("familydesk", appauthor=False) / "store"


def likely_there(folder: Path) -> bool:
    """Whether `folder` looks like a store, without loading what could tell."""
    try:
        return any(folder.iterdir())
    except FileNotFoundError:
        return False
    except OSError:
        return True


def load_desk() -> None:
    """Fetch what the desk and its first screen are made of."""
    import PySide6.QtSvg  # noqa: F401

    import familydesk.ui.desk_view
    import familydesk.ui.special.today  # noqa: F401
    from familydesk.services import ahead

    ahead.load_first_screen()


class Desktop:
    """Brings the window from the front door to the desk and back."""

    def __init__(
        self,
        settings: Settings,
        folder: Path | None = None,
        back: WayBack | None = None,
        leave: Callable[[], None] | None = None,
    ) -> None:
        """`back` is the way back after a lock. `leave` ends the program's loop, so that a lock can replace the process;
        without it, in a program that has other work as well, the keys stay in memory until it ends.
        """
        self.settings = settings
        self.folder = folder or usual_folder(settings)
        self.came_by, self.leave = back, leave
        self.way_back: WayBack | None = None
        """Set by a lock."""
        self.speak(back.language if back else settings.get(known.LANGUAGE))
        self.theme = Theme(settings.get(known.THEME), settings.get(known.TEXT_SIZE))
        self.theme.apply()
        self.window = Window(settings, self.theme)
        self.window.locked.connect(self._on_locked)
        self.clipboard = ClipboardKeeper(self.window)
        # A child of the window, so that it goes with it: a window may be closed before the minute is over.
        self._backup_due = QTimer(self.window, singleShot=True, interval=BACKUP_AFTER)
        self._backup_due.timeout.connect(self._back_up)
        self.crash = CrashHandler(self.theme, self._tell)
        self.crash.install()
        # Whether the store is whole is looked at later; what is painted first only has to be likely.
        self._put_in_front(likely_there(self.folder))

    def show(self) -> None:
        """Show the window; after a lock where it stood."""
        if self.came_by:
            self.came_by.show(self.window)
        else:
            self.window.show()

    def watch(self) -> None:
        """Lock at the system's own events: sleep, the lid, the locked screen."""
        from familydesk.ui import watchers

        watcher = watchers.of_this_system(self.window)
        watcher.alarmed.connect(self.window.lock)
        watcher.begin()

    @cached_property
    def door(self) -> ModuleType:
        """The front door; half a second of imports stand behind it."""
        from familydesk.services import front_door

        return front_door

    def begin(self) -> None:
        """Once the first picture is on the screen: load the rest, and open by itself if this computer may."""
        page, folder = self.window.front, self.folder

        def work() -> tuple[bool, bool]:
            there, remembered = self._has_store(), self.door.is_remembered(folder)
            # She is typing her passphrase now: what the desk needs is loaded meanwhile.
            load_desk()
            return there, remembered

        if page:
            Task(page, work, Lane.POOL).then(lambda found: self._on_begun(page, *found)).start()

    def _on_begun(self, page: QWidget, there: bool, remembered: bool) -> None:
        if self.window.front is not page:
            return
        if isinstance(page, UnlockPage) is not there:
            self._put_in_front(there)
        elif isinstance(page, UnlockPage) and remembered and not self.came_by:
            # What was locked on purpose is not opened again by the computer itself.
            page.open_remembered(self._recall)

    def _on_locked(self) -> None:
        self.clipboard.empty()
        store, settings, window = self.folder.absolute(), self.settings.path.absolute(), self.window
        self.came_by = WayBack(str(store), str(settings), spoken(), geometry_of(window), stance_of(window))
        if self.leave:
            self.way_back = self.came_by
            self.leave()
        else:
            self.show_front()

    def show_front(self) -> None:
        """Unlock where there is a store, the first run where there is none."""
        self._put_in_front(self._has_store())

    def first_run(self) -> FirstRun:
        """The wizard."""
        from familydesk.ui.first_run import FirstRun

        page = FirstRun(self.theme, self._create, back=likely_there(self.folder))
        page.done.connect(self._on_opened)
        page.left.connect(self.show_front)
        page.language_wanted.connect(self._on_language)
        page.restore_wanted.connect(self.choose_backup)
        page.join_wanted.connect(lambda: self.join_center())
        page.other_wanted.connect(self.choose_folder)
        return page

    def choose_folder(self) -> None:
        """Open a store that lies elsewhere."""
        from PySide6.QtWidgets import QFileDialog

        path = QFileDialog.getExistingDirectory(self.window, "")
        if path:
            self.folder = Path(path)
            self.show_front()

    def join_center(self, told: Asked | None = None) -> None:
        """Ask a center that is there already to admit this laptop; `told` is what was asked and is being read aloud."""
        from familydesk.ui.join_page import JoinPage

        page = JoinPage(self.theme, self._ask_center)
        if told:
            page.show_print(told)

        def again(language: str) -> None:
            self.settings.put(known.LANGUAGE, language)
            self.speak(language)
            self.join_center(page.told)

        page.language_wanted.connect(again)
        page.left.connect(self.show_front)
        page.asked.connect(self.show_front)
        self.window.put_in_front(page)

    def choose_backup(self) -> None:
        """Bring a backup back as the store."""
        from familydesk.ui.restore_page import RestorePage

        page = RestorePage(self.theme, self.folder, standing=self._has_store())
        page.language_wanted.connect(self._on_language)
        page.left.connect(self.show_front)
        self.window.put_in_front(page)

    def speak(self, language: str) -> None:
        """Use a language from now on."""
        use(language)
        translate_qt(language)

    def _has_store(self) -> bool:
        return self.door.state_of(self.folder) is not self.door.State.NONE

    def _put_in_front(self, there: bool) -> None:
        self.window.put_in_front(self._unlock_page() if there else self.first_run())

    def _unlock_page(self) -> UnlockPage:
        logins: list[str] = self.settings.get(known.LOGINS)
        several = self.settings.get(known.SEVERAL)
        page = UnlockPage(self.theme, self._unlock, self._recover, several, logins)
        page.opened.connect(self._on_opened)
        page.elsewhere.connect(lambda: self.window.put_in_front(self.first_run()))
        page.language_wanted.connect(self._on_language)
        return page

    def _unlock(self, passphrase: str, login: str = "") -> Office:
        return self.door.unlock(self.folder, passphrase, login=login, settings=self.settings)

    def _recover(self, recovery: str, login: str = "") -> Office:
        return self.door.unlock(self.folder, recovery=recovery, login=login, settings=self.settings)

    def _recall(self) -> Office:
        return self.door.unlock(self.folder, remembered_here=True, settings=self.settings)

    def _ask_own(self, office: Office) -> None:
        """A passphrase that was made up for her opens nothing but the choice of her own."""
        from familydesk.ui.own_passphrase import OwnPassphrase

        page = OwnPassphrase(self.theme, office)
        page.chosen.connect(self._on_opened)
        page.left.connect(self.show_front)

        def again(language: str) -> None:
            self.settings.put(known.LANGUAGE, language)
            self.speak(language)
            self._ask_own(office)

        page.language_wanted.connect(again)
        self.window.put_in_front(page)

    def _create(self, answers: Answers) -> tuple[Office, str]:
        folder = self._free_folder()
        made = self.door.create_store(
            folder, answers.center, answers.person, answers.login, answers.passphrase, settings=self.settings
        )
        self.folder = folder
        return made.office, made.recovery_key

    def _ask_center(self, wish: Wish) -> Asked:
        """The next start finds the folder again, and the desk that opens there knows whom to meet."""
        from familydesk.services import joining

        folder = self._free_folder()
        asked = joining.ask(folder, wish.road, wish.person, wish.passphrase, login=wish.login)
        self.folder = folder
        self.settings.put(known.LAST_STORE, str(folder.absolute()))
        self.settings.put(known.SYNC_WITH, wish.road)
        return asked

    def _free_folder(self) -> Path:
        """The folder itself, or one beside it: a new center never goes where a store stands."""
        beside = (self.folder.with_name(f"{self.folder.name}-{number}") for number in range(2, 1000))
        empty = (path for path in (self.folder, *beside) if self.door.state_of(path) is self.door.State.NONE)
        return next(empty)

    def _on_opened(self, office: Office) -> None:
        if office.account.temporary:
            self._ask_own(office)
            return
        self.window.enter(office, office.bookmark.get() if self.came_by else None)
        if office.account.by_paper and self.window.place:
            place = self.window.place
            words = _("The store was opened with the recovery key. Choose a new passphrase now.")
            place.say(words, "due", _("Choose a passphrase"), lambda: place.open_page("settings"), stays=True)
        if self.window.place and office.deliveries.new_here():
            self._offer_first_sync(self.window.place)
        if self.window.place and (found := office.journal.arrival.told()):
            self.window.place.say(found, "overdue", stays=True)
        self._backup_due.start()

    def _offer_first_sync(self, place: Workplace) -> None:
        words = _("This laptop belongs to the center now, and holds nothing of the others yet.")
        place.say(words, "due", _("Sync now"), lambda: place.open_page("sync"), stays=True)

    def _back_up(self) -> None:
        """The backup of the day, if it is not made yet."""
        place = self.window.place
        if place:
            Task(place, place.office.backups.daily, Lane.POOL).failed(place.tell_failure).start()

    def _on_language(self, language: str) -> None:
        self.settings.put(known.LANGUAGE, language)
        self.speak(language)
        self.show_front()

    def _tell(self, error: Exception) -> None:
        if self.window.place:
            self.window.place.tell_failure(error)
