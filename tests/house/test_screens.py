"""Every main screen in three languages and a stretched one: nothing cut, nothing without its name, no stray word."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget

from familydesk.core import i18n
from familydesk.core.settings import Settings
from familydesk.services.demo import make_demo
from familydesk.services.office import Office
from familydesk.store.derivation import Cost
from familydesk.ui import tasks
from familydesk.ui.desktop import application
from familydesk.ui.pictures import scenes, screens, settle, walk
from familydesk.ui.theme import Theme

pytestmark = pytest.mark.usefixtures("swept")

LAPTOP = (1366, 768)
TOLERANCE = 1
FRAME = ("unlock", "first-run")
"""Screens that hold no record: every word on them is the program's own."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A small invented center."""
    folder = tmp_path_factory.mktemp("demo")
    settings = Settings(folder / "settings.json")
    demo = make_demo(folder / "store", families=8, settings=settings, cost=Cost(3, 8 * 1024))
    yield demo.office
    demo.office.close()


@pytest.fixture(scope="session")
def qapp_cls() -> Any:
    """The program's own application."""
    return lambda _arguments: application()


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    yield
    i18n.use("en")


def cut(window: QWidget) -> Iterator[str]:
    """Texts in sight that have less room than they need."""
    for label in window.findChildren(QLabel):
        if label.isVisible() and label.text() and not _fits(label):
            yield f"label {label.text()!r}: {label.size().toTuple()}"
    for button in window.findChildren(QAbstractButton):
        if button.isVisible() and button.text() and button.sizeHint().width() > button.width() + TOLERANCE:
            yield f"button {button.text()!r}: {button.width()} of {button.sizeHint().width()}"


def _fits(label: QLabel) -> bool:
    room = label.contentsRect().size()
    if label.wordWrap():
        flags = Qt.TextFlag.TextWordWrap.value
        needed = label.fontMetrics().boundingRect(QRect(0, 0, room.width(), 10_000), flags, label.text()).size()
    else:
        needed = QSize(label.fontMetrics().horizontalAdvance(label.text()), label.fontMetrics().height())
    return needed.width() <= room.width() + TOLERANCE and needed.height() <= room.height() + TOLERANCE + 2


def outside(window: QWidget) -> Iterator[str]:
    """Parts that reach beyond the width of what holds them."""
    for widget in window.findChildren(QWidget):
        parent = widget.parentWidget()
        if parent and widget.isVisible() and type(widget).__name__ in ("Card", "FieldBox", "ListRow", "FormFoot"):
            right = widget.geometry().right()
            if right > parent.rect().right() + TOLERANCE:
                yield f"{type(widget).__name__} ends {right - parent.rect().right()} too far right"


def nameless(window: QWidget) -> Iterator[str]:
    """Controls in sight that a screen reader could not name."""
    for kind in (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit):
        for widget in window.findChildren(kind):
            said = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
            if widget.isVisible() and not said:
                yield f"{type(widget).__name__} has no name"


def unmarked(window: QWidget) -> Iterator[str]:
    """Words in sight that were never marked for translation; paths and keys are no words."""
    for label in window.findChildren(QLabel):
        words = label.text()
        known = words.startswith("[") or words == "Ctrl K" or "/" in words
        if label.isVisible() and not known and any(letter.isalpha() for letter in words):
            yield f"{words!r} is not translated"


@pytest.mark.parametrize(("language", "percent"), [("kk", 100), ("ru", 150), (i18n.PSEUDO, 200), ("en", 125)])
def test_nothing_is_cut_or_nameless_on_any_screen(
    office: Office, qapp: QApplication, language: str, percent: int
) -> None:
    i18n.use(language)
    theme = Theme("light", percent)
    theme.apply()
    found: list[str] = []
    with tasks.inline():
        for name, window in chain(screens(office, theme, LAPTOP), scenes(office, theme, LAPTOP)):
            settle(window)
            found += [f"{name}: {fault}" for fault in (*cut(window), *outside(window), *nameless(window))]
            if language == i18n.PSEUDO and name in FRAME:
                found += [f"{name}: {fault}" for fault in unmarked(window)]
    Theme("light").apply()
    assert found == []


def test_every_screen_becomes_a_picture(office: Office, qapp: QApplication, tmp_path: Path) -> None:
    taken = walk(office, tmp_path, languages=("kk",), themes=("dark",), size=(1024, 640))
    assert len(taken) == len({path.name for path in taken}) >= 15
    assert all(path.stat().st_size > 3_000 for path in taken)
