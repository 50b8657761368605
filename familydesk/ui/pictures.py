"""Every main screen as a picture, offscreen, from real records: for whoever wants to see them all without a display."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEventLoop, QRect, QTimer
from PySide6.QtWidgets import QWidget

from familydesk.core import i18n
from familydesk.ui import pages, tasks
from familydesk.ui.desktop import application
from familydesk.ui.settings_screen import SettingsScreen
from familydesk.ui.theme import Theme
from familydesk.ui.window import Window

if TYPE_CHECKING:
    from familydesk.services.office import Office

SIZE = (1440, 900)
OWN_PAGES = ("family", "case", "person", "protective_order", "referral", "consultation", "application", "incident")
"""Sheets of which one record's own page is pictured."""


def walk(
    office: Office,
    folder: Path,
    languages: Sequence[str] = i18n.LANGUAGES,
    themes: Sequence[str] = ("light",),
    scales: Sequence[int] = (100,),
    size: tuple[int, int] = SIZE,
) -> list[Path]:
    """A picture of every main screen in each language, theme and text size; gives back the files."""
    application()
    folder.mkdir(parents=True, exist_ok=True)
    before = i18n.spoken()
    taken: list[Path] = []
    try:
        for language in languages:
            i18n.use(language)
            for theme in themes:
                for scale in scales:
                    variant = "".join([f"-{language}", f"-{theme}" * (theme != "light"), f"-{scale}" * (scale != 100)])
                    taken += _pictured(office, folder, variant, Theme(theme, scale), size)
    finally:
        i18n.use(before)
    return taken


def _pictured(office: Office, folder: Path, variant: str, theme: Theme, size: tuple[int, int]) -> Iterator[Path]:
    theme.apply()
    with tasks.inline():
        for name, widget in screens(office, theme, size):
            settle(widget)
            path = folder / f"{name}{variant}.png"
            widget.grab().save(str(path))
            yield path


def screens(office: Office, theme: Theme, size: tuple[int, int] = SIZE) -> Iterator[tuple[str, QWidget]]:
    """Each main screen by its lasting name, as a window that shows it. To be looked at one after another."""
    from familydesk.ui.first_run import FirstRun
    from familydesk.ui.unlock import UnlockPage

    window = Window(office.settings, theme)
    window.resize(*size)
    window.show()

    def refuse(*_given: object) -> Any:
        raise AssertionError("a picture opens no store")

    window.put_in_front(UnlockPage(theme, refuse, refuse))
    yield "unlock", window
    window.put_in_front(FirstRun(theme, refuse))
    yield "first-run", window
    window.enter(office)
    view = window.view
    assert view is not None
    for page in pages.offered(office.account):
        view.open_page(page.name)
        yield page.name, window
    for sheet in OWN_PAGES if office.account.rights.casework else ():
        found = office.desk.find(sheet, limit=1)
        if found:
            view.open_record(sheet, found[0].id)
            yield f"{sheet}-page", window
    view.open_page("settings")
    settings = view.screens["settings"]
    if isinstance(settings, SettingsScreen):
        settings.open_table("legal_reference")
        yield "legal_reference-table", window
    window.hide_now()
    yield "hidden", window
    window.abandon()


def settle(window: QWidget, rounds: int = 20) -> None:
    """Let what is fetched on sight arrive and every layout come to rest."""
    before: list[QRect] = []
    for _round in range(rounds):
        loop = QEventLoop()
        QTimer.singleShot(40, loop.quit)
        loop.exec()
        now = [widget.geometry() for widget in window.findChildren(QWidget) if widget.isVisible()]
        if now == before:
            return
        before = now
