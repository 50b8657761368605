"""Every main screen as a picture, offscreen, from real records: for whoever wants to see them all without a display."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QEventLoop, QRect, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QWidget

from familydesk.core import i18n
from familydesk.core.settings import LANGUAGE, TEXT_SIZE, THEME, Setting
from familydesk.ui import pages, tasks
from familydesk.ui.desktop import application
from familydesk.ui.settings_screen import SettingsScreen
from familydesk.ui.theme import Theme
from familydesk.ui.window import Window

if TYPE_CHECKING:
    from familydesk.services.office import Office
    from familydesk.ui.desk_view import DeskView

SIZE = (1440, 900)
CHOSEN: tuple[Setting[Any], ...] = (LANGUAGE, THEME, TEXT_SIZE)
"""What the settings' own screen shows as chosen."""
INVENTED_KEY = "-".join(f"{sign}7K2{sign}" for sign in "0123456789ABC")
INVENTED_PRINT = "7K2AB-9QXRM-4HDTW-EZ3VN"
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
    qInstallMessageHandler(_told)
    folder.mkdir(parents=True, exist_ok=True)
    before = i18n.spoken()
    kept = [(setting, office.settings.get(setting)) for setting in CHOSEN]
    taken: list[Path] = []
    try:
        for language in languages:
            i18n.use(language)
            for theme in themes:
                for scale in scales:
                    for setting, value in zip(CHOSEN, (language, theme, scale), strict=True):
                        office.settings.put(setting, value)
                    variant = "".join([f"-{language}", f"-{theme}" * (theme != "light"), f"-{scale}" * (scale != 100)])
                    taken += _pictured(office, folder, variant, Theme(theme, scale), size)
    finally:
        i18n.use(before)
        for setting, value in kept:
            office.settings.put(setting, value)
    return taken


def _told(kind: QtMsgType, context: Any, message: str) -> None:
    """Qt's own words, but for what the platform without a screen says of each window: that it has no frame."""
    if "propagateSizeHints" not in message:
        print(message, file=sys.stderr)


def _pictured(office: Office, folder: Path, variant: str, theme: Theme, size: tuple[int, int]) -> Iterator[Path]:
    theme.apply()
    with tasks.inline():
        for name, widget in chain(screens(office, theme, size), scenes(office, theme, size)):
            settle(widget)
            path = folder / f"{name}{variant}.png"
            widget.grab().save(str(path))
            yield path


def screens(office: Office, theme: Theme, size: tuple[int, int] = SIZE) -> Iterator[tuple[str, QWidget]]:
    """Each main screen by its lasting name, as a window that shows it. To be looked at one after another."""
    from familydesk.ui.first_run import FirstRun
    from familydesk.ui.join_page import JoinPage
    from familydesk.ui.unlock import UnlockPage

    window = Window(office.settings, theme)
    window.resize(*size)
    window.show()

    window.put_in_front(UnlockPage(theme, _refuse, _refuse))
    yield "unlock", window
    window.put_in_front(FirstRun(theme, _refuse))
    yield "first-run", window
    window.put_in_front(JoinPage(theme, _refuse))
    yield "join", window
    window.enter(office)
    view = window.view
    assert view is not None
    for page in pages.offered(office.account):
        view.open_page(page.name)
        yield page.name, window
    for sheet in OWN_PAGES if office.account.rights.casework else ():
        found = _example(office, sheet)
        if found:
            view.open_record(sheet, found)
            yield f"{sheet}-page", window
    view.open_page("settings")
    settings = view.screens["settings"]
    if isinstance(settings, SettingsScreen):
        settings.open_table("legal_reference")
        yield "legal_reference-table", window
    window.hide_now()
    yield "hidden", window
    window.abandon()


def _example(office: Office, sheet: str) -> UUID | None:
    """A record with something to show: of families one with an incident, of others the first."""
    if sheet == "family":
        cases = [incident.values()["case_id"] for incident in office.desk.find("incident", descending=True, limit=20)]
        for case in office.desk.find("case", {"id": cases}):
            if family := case.values()["family_id"]:
                return UUID(str(family))
    found = office.desk.find(sheet, limit=1)
    return found[0].id if found else None


def scenes(office: Office, theme: Theme, size: tuple[int, int] = SIZE) -> Iterator[tuple[str, QWidget]]:
    """What a screen becomes while somebody works on it: an intake being typed, the search, a paper before it is
    printed, a pair of people side by side, and the steps of the first run.
    """
    window = Window(office.settings, theme)
    window.resize(*size)
    window.show()
    window.enter(office)
    view = window.view
    assert view is not None
    for name, begin in (
        ("intake-typed", _begin_intake),
        ("search", _search),
        ("print-preview", _preview),
        ("access-list", _who_opened),
        ("attachment", _look_at_attachment),
        ("give-out", _give_out),
        ("protective_order-form", _open_form),
        ("conflicts-anew", _write_anew),
        ("conflicts-settled", _look_back),
    ):
        if begin(office, view):
            yield name, window
    yield from _first_steps(window, theme)
    window.abandon()


def _begin_intake(office: Office, view: DeskView) -> bool:
    """An application half typed, of somebody who seems to be here already."""
    from familydesk.ui.special.intake import IntakeScreen

    known = office.desk.find("person", limit=1)
    view.open_page("intake")
    screen = view.screens["intake"]
    if not known or not isinstance(screen, IntakeScreen):
        return False
    values = known[0].values()
    for name in ("surname", "given"):
        screen.fields.boxes[f"person.{name}"].editor.put(values[name])
    screen.alike.look(screen.fields.values("person"))
    return True


def _search(office: Office, view: DeskView) -> bool:
    """The first letters of a surname, and what they find."""
    from familydesk.ui.special.search_palette import SearchPalette

    known = office.desk.find("person", limit=1)
    view.open_page("today")
    view.open_finder()
    if not known or not isinstance(view.finder, SearchPalette):
        return False
    view.finder.line.setText(str(known[0].values()["surname"])[:4])
    view.finder.look()
    return True


def _preview(office: Office, view: DeskView) -> bool:
    """The form of the newest case."""
    from familydesk.ui.special.print_preview import Paper, open_preview

    if view.finder:
        view.finder.hide()
    cases = office.desk.find("case", descending=True, limit=1)
    if cases:
        open_preview(view.place, Paper("CASE_FORM", cases[0].id))
    return bool(cases)


def _who_opened(office: Office, view: DeskView) -> bool:
    """Who opened the file of the newest case."""
    from familydesk.services.rights import Verb
    from familydesk.ui.special.access_list import open_access_list

    cases = office.desk.find("case", descending=True, limit=1) if office.account.may(Verb.ACCESS_LIST) else []
    if cases:
        office.desk.look("case", cases[0].id)
        open_access_list(view.place, cases[0].id)
    return bool(cases)


def _look_at_attachment(office: Office, view: DeskView) -> bool:
    """A file of a case, and what is asked before a copy of it leaves."""
    from familydesk.ui.special.attachment_view import AttachmentScreen

    files = office.desk.find("attachment", limit=1)
    if files:
        screen = AttachmentScreen(view.place, files[0].id)
        view.place.open_screen("attachment", lambda: screen)
        screen.give_out()
    return bool(files)


def _give_out(office: Office, view: DeskView) -> bool:
    """What a court could be given of the newest case."""
    from familydesk.ui.special.give_out import GiveOutScreen

    cases = office.desk.find("case", descending=True, limit=1)
    if cases:
        screen = GiveOutScreen(view.place, office.families.family_page(cases[0].id))
        view.place.open_screen("give-out", lambda: screen)
        screen.choose_way("request")
    return bool(cases)


def _open_form(office: Office, view: DeskView) -> bool:
    """A form beside the page."""
    view.open_page("orders")
    orders = office.desk.find("protective_order", descending=True, limit=1)
    if orders:
        view.place.write_aside("protective_order", orders[0].id)
    return bool(orders)


def _write_anew(_office: Office, view: DeskView) -> bool:
    """A field that was written twice, while a third value is being written."""
    from familydesk.ui.special.merge_desk import MergeDesk

    view.open_page("conflicts")
    screen = view.screens["conflicts"]
    if not isinstance(screen, MergeDesk) or not screen.cards:
        return False
    screen.cards[0].write()
    return True


def _look_back(_office: Office, view: DeskView) -> bool:
    """What was written twice and is settled."""
    from familydesk.ui.special.settled import open_settled

    open_settled(view.place)
    return True


def _first_steps(window: Window, theme: Theme) -> Iterator[tuple[str, QWidget]]:
    """The steps of the first run after its first, with an invented center and an invented key."""
    from familydesk.ui.first_run import Answers, FirstRun

    yield from _joining(window, theme)
    steps = FirstRun(theme, _refuse)
    window.put_in_front(steps)
    steps.answers = Answers("«Үміт» отбасын қолдау орталығы", "Оспанова Гүлнар Ерланқызы", "head")
    steps.recovery = INVENTED_KEY
    for step in range(1, len(steps.steps)):
        steps.show_step(step)
        yield f"first-run-{step + 1}", window


def _joining(window: Window, theme: Theme) -> Iterator[tuple[str, QWidget]]:
    """The invented fingerprint of a laptop that has asked to be admitted."""
    from familydesk.services.joining import Asked
    from familydesk.ui.join_page import JoinPage

    page = JoinPage(theme, _refuse)
    window.put_in_front(page)
    page.show_print(Asked("", INVENTED_PRINT, ""))
    yield "join-fingerprint", window


def _refuse(*_given: object) -> Any:
    raise AssertionError("a picture opens no store")


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
