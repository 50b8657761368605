"""A working day by keyboard alone, in a window on a real display. Run as a program by the test that watches it.

`keyboard_day.py first FOLDER` sets a center up, takes a family in and prints; `again FOLDER` opens the store anew and
finds her. Only keys reach the window; what is on it is read as a person would read it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QWidget

from familydesk.core import clock
from familydesk.core import settings as known
from familydesk.core.settings import Settings
from familydesk.core.show import show_moment
from familydesk.ui.desktop import Desktop, application
from familydesk.ui.sweeper import Sweeper

Key, Modifier = Qt.Key, Qt.KeyboardModifier
PASSPHRASE = "қызыл алма жеті бұлт тау"


class Hands:
    """Ten fingers and two eyes."""

    def __init__(self, desktop: Desktop) -> None:
        self.desktop, self.window = desktop, desktop.window

    def target(self) -> QWidget:
        """What has the keyboard."""
        return QApplication.activePopupWidget() or QApplication.focusWidget() or self.window

    def press(self, key: Key, modifier: Modifier = Modifier.NoModifier) -> None:
        """One key."""
        QTest.keyClick(self.target(), key, modifier)
        QTest.qWait(15)

    def write(self, words: str) -> None:
        """A text, letter by letter, whatever its alphabet."""
        for letter in words:
            target = self.target()
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(target, QKeyEvent(kind, 0, Modifier.NoModifier, letter))
        QTest.qWait(15)

    def go_to(self, name: str) -> None:
        """Tab until the keyboard is on what is called `name`."""
        passed = []
        for _step in range(120):
            passed.append(called(self.target()))
            if passed[-1].startswith(name):
                return
            self.press(Key.Key_Tab)
        raise AssertionError(f"no Tab leads to {name!r}; it passes {list(dict.fromkeys(passed))}")

    def fill(self, name: str, words: str) -> None:
        """Go to a field and write into it."""
        self.go_to(name)
        self.write(words)

    def choose(self, name: str, downs: int = 1) -> None:
        """Go to a list of choices and step down in it."""
        self.go_to(name)
        for _step in range(downs):
            self.press(Key.Key_Down)

    def wait(self, condition: Callable[[], Any], what: str, seconds: float = 60) -> None:
        """Until something is to be seen."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition():
                return
            QTest.qWait(30)
        raise AssertionError(f"waited in vain for {what}; on screen: {self.read()[:1500]}")

    def read(self) -> str:
        """Every text on screen."""
        labels = self.window.findChildren(QLabel)
        return "\n".join(label.text() for label in labels if label.isVisible())

    def page(self) -> Any:
        """The screen in front."""
        view = self.window.view
        return view.screens[view.page] if view else None

    def add(self, downs: int) -> None:
        """Open the menu of additions and take one of them; wait for its form."""
        self.press(Key.Key_D, Modifier.ControlModifier)
        self.wait(QApplication.activePopupWidget, "the menu")
        for _step in range(downs):
            self.press(Key.Key_Down)
        self.press(Key.Key_Return)
        view = self.window.view
        assert view
        self.wait(lambda: view.aside and view.aside.form.isEnabled(), "the form beside the page")
        QTest.qWait(100)

    def save_aside(self) -> None:
        """Ctrl+S, and the form goes."""
        view = self.window.view
        assert view
        self.press(Key.Key_S, Modifier.ControlModifier)
        self.wait(lambda: view.aside is None, "the form to be saved", 20)


def called(widget: QWidget) -> str:
    """What a screen reader would say."""
    text = getattr(widget, "text", None)
    return widget.accessibleName() or (text() if callable(text) else "") or type(widget).__name__


def set_up(hands: Hands) -> None:
    """The five steps of the first run."""
    hands.go_to("Set up a new center")
    hands.press(Key.Key_Space)
    hands.fill("Name of the center", "Отбасын қолдау орталығы")
    hands.fill("Your name", "Оспанова Гүлнар Серікқызы")
    hands.press(Key.Key_Return)
    hands.fill("Passphrase", PASSPHRASE)
    hands.fill("The same once more", PASSPHRASE)
    hands.press(Key.Key_Return)
    wizard = hands.window.front
    hands.wait(lambda: getattr(wizard, "step", 0) == 3, "the recovery key")
    paper = [label.text() for label in wizard.findChildren(QLabel) if label.property("tone") == "card"]
    hands.go_to("I have it on paper")
    hands.press(Key.Key_Space)
    hands.wait(lambda: wizard.step == 4, "the last question")
    asked = next(int(word) for word in called(hands.target()).split() if word.isdigit())
    hands.write(paper[asked - 1])
    hands.press(Key.Key_Return)
    hands.wait(lambda: hands.window.view is not None, "the desk")


def take_in(hands: Hands) -> None:
    """A first conversation."""
    hands.press(Key.Key_N, Modifier.ControlModifier)
    hands.fill("Surname", "Жұмабаева")
    hands.fill("Given name", "Мөлдір")
    hands.choose("Why there is no IIN")
    hands.fill("Number", "8 701 555 42 42")
    hands.choose("Kind of application")
    hands.choose("Reason")
    hands.go_to("Threat to life or health")
    hands.press(Key.Key_Right)
    hands.go_to("Open a case at once")
    hands.press(Key.Key_Space)
    hands.press(Key.Key_S, Modifier.ControlModifier)
    hands.wait(lambda: hands.page().done, "the application's number")
    hands.press(Key.Key_O, Modifier.ControlModifier)
    hands.wait(lambda: getattr(hands.page(), "page", None), "the family's page")


def write_down(hands: Hands) -> None:
    """A consultation, an order and a referral."""
    hands.add(0)
    hands.choose("Kind")
    hands.choose("Form")
    hands.save_aside()
    hands.add(2)
    hands.fill("Order No", "412")
    hands.fill("Issued", show_moment(clock.now() - timedelta(hours=5)))
    hands.fill("Body that issued it", "Полиция басқармасы")
    hands.fill("Served on the offender", show_moment(clock.now() - timedelta(hours=3)))
    hands.save_aside()
    hands.add(3)
    hands.choose("Kind of body")
    hands.fill("What is asked", "Медициналық куәландыру")
    hands.choose("Legal exception")
    hands.save_aside()
    hands.wait(lambda: "Protective order No 412" in hands.read(), "the order on the page")


def print_out(hands: Hands, path: Path) -> None:
    """The first paper offered, saved under a name."""
    hands.press(Key.Key_P, Modifier.ControlModifier)
    hands.wait(QApplication.activePopupWidget, "the papers")
    hands.press(Key.Key_Return)
    hands.wait(lambda: getattr(hands.page(), "pages", None), "the pages")

    def name_it() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        line = dialog.findChild(QLineEdit)
        QTest.keyClick(line, Key.Key_A, Modifier.ControlModifier)
        for letter in str(path):
            QTest.keyClick(line, letter)
        QTest.keyClick(line, Key.Key_Return)

    QTimer.singleShot(600, name_it)
    hands.press(Key.Key_S, Modifier.ControlModifier)
    hands.wait(path.exists, "the file")


def find_again(hands: Hands) -> None:
    """The passphrase, then her name in another spelling."""
    hands.go_to("Passphrase")
    hands.write(PASSPHRASE)
    hands.press(Key.Key_Return)
    hands.wait(lambda: hands.window.view is not None, "the desk")
    hands.press(Key.Key_K, Modifier.ControlModifier)
    hands.write("Moldir Zhumabaeva")
    view = hands.window.view
    assert view
    hands.wait(lambda: view.finder and view.finder.found, "somebody found")
    hands.press(Key.Key_Return)
    hands.wait(lambda: "Жұмабаева Мөлдір" in hands.read(), "her page")


def live(part: str, folder: Path, hands: Hands) -> None:
    """What is done in one sitting; the window is closed at its end."""
    hands.window.activateWindow()
    QTest.qWaitForWindowActive(hands.window, 5000)
    QTest.qWait(300)
    if part == "first":
        set_up(hands)
        take_in(hands)
        write_down(hands)
        print_out(hands, folder / "paper.pdf")
    else:
        find_again(hands)


def main(part: str, folder: Path) -> int:
    """One sitting, in the program's own loop, which ends when the window closes."""
    settings = Settings(folder / "settings.json")
    settings.put(known.LANGUAGE, "en")
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    app = application()
    sweeper = Sweeper(app)
    desktop = Desktop(settings, folder / "store")
    failures: list[str] = []

    def sit() -> None:
        try:
            live(part, folder, Hands(desktop))
        except AssertionError as failure:
            # The program's own handler would keep the words to itself.
            failures.append(str(failure))
        desktop.window.close()

    desktop.window.show()
    QTimer.singleShot(0, desktop.begin)
    QTimer.singleShot(100, sit)
    app.exec()
    sweeper.stop()
    print(failures[0] if failures else "done", flush=True)
    return len(failures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
