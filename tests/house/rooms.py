"""Every road by which a value can come before somebody's eyes: all that each of them tells, as one text."""

from __future__ import annotations

import dataclasses
import io
import sys
import zipfile
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pypdfium2
from planted import Garden, Place
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from familydesk.cli import parser, run
from familydesk.core.errors import Refused
from familydesk.core.record import Record
from familydesk.paper.forms import FORMS
from familydesk.records import SHEETS, sheet_of
from familydesk.services import front_door
from familydesk.services.office import Office
from familydesk.ui import tasks
from familydesk.ui.pictures import screens
from familydesk.ui.theme import Theme

Told = Iterator[tuple[str, str]]
"""By road, everything that was said on it."""


def said(thing: Any) -> str:
    """Every text inside a thing that a service gave."""
    if isinstance(thing, Record):
        return said(thing.values())
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        return said([getattr(thing, one.name) for one in dataclasses.fields(thing)])
    if isinstance(thing, Mapping):
        return " ".join(said(part) for pair in thing.items() for part in pair)
    if isinstance(thing, list | tuple | set | frozenset):
        return " ".join(map(said, thing))
    return str(thing)


def asked(*calls: Callable[[], Any]) -> str:
    """What these calls give; one that is refused gives its sentence."""
    told = []
    for call in calls:
        try:
            told.append(said(call()))
        except Refused as refused:
            told.append(str(refused))
    return " ".join(told)


def services(office: Office, garden: Garden, records: list[tuple[str, UUID]]) -> Told:
    """Lists, records as forms load them, histories, the pages, what is due, who is alike, who hands over."""
    desk = office.desk
    for sheet in (one.sheet() for one in SHEETS):
        yield f"list {sheet}", asked(partial(desk.find, sheet), partial(desk.find, sheet, archived=True))
    for sheet, id in records:
        yield f"form {sheet}", asked(partial(desk.seen, sheet, id), partial(desk.name_of, sheet, id))
        yield f"history {sheet}", asked(partial(office.history.of, sheet, id))
    for place in Place:
        yield f"family {place.value}", asked(partial(office.families.family_page, garden.case[place]))
    yield "today", asked(office.today.day, office.today.badges)
    yield "due", asked(office.deadlines.all, lambda: [due.title for due in office.deadlines.all()])
    yield "orders", asked(office.orders.current)
    yield "pairs", asked(office.people.possible)
    for keep, drop in ((Place.OWN, Place.OTHER), (Place.OTHER, Place.OPPOSITE)):
        yield "side by side", asked(partial(office.people.compare, garden.person[keep], garden.person[drop]))
    yield "conflicts", asked(office.conflicts.open)
    yield "merge desk", asked(partial(office.merge_desk.lay_out, 99), partial(office.merge_desk.settled, 99))
    yield "laptops", asked(office.deliveries.standing)
    yield "drafts", asked(office.drafts.all)
    yield "in hand", asked(lambda: office.handover.preview(garden.reader))


def papers(office: Office, garden: Garden, records: list[tuple[str, UUID]]) -> Told:
    """Every form of a colleague's case and of the one opposite, and a plain page of these records.

    With the places on it where she gets them, without where she does not.
    """
    for place in (Place.OTHER, Place.OPPOSITE):
        planted = dict(garden.records[place])
        for form in FORMS:
            if form.sheet in planted:
                yield f"paper {form.name}, {place.value}", _drawn(office, form.name, planted[form.sheet], None)
    for sheet, id in records:
        yield f"plain page {sheet}", _drawn(office, "RECORD", id, sheet)


def _drawn(office: Office, form: str, record: UUID, sheet: str | None) -> str:
    for reason in ("Сұрау", None):
        with suppress(Refused):
            drawn = office.prints.draw(form, record_id=record, sheet=sheet, language="ru", allow_location=reason)
            with pypdfium2.PdfDocument(drawn) as document:
                return " ".join(page.get_textpage().get_text_bounded() for page in document)
    return ""


def exports(office: Office, folder: Path, sheets: Iterable[str]) -> Told:
    """These lists as spreadsheets, all columns, with the reason that lets places out."""
    for sheet in map(sheet_of, sheets):
        path = folder / "list.xlsx"
        path.unlink(missing_ok=True)
        try:
            ids = office.desk.ids(sheet.sheet())
            office.lists.export(sheet.sheet(), ids, sheet.fields(), path, location_reason="Сұрау")
        except Refused:
            continue
        with zipfile.ZipFile(path) as packed:
            yield f"spreadsheet {sheet.sheet()}", " ".join(packed.read(name).decode() for name in packed.namelist())


def reports(office: Office) -> Told:
    """The month, both versions, as numbers and on paper."""
    month = date(2026, 3, 1), date(2026, 3, 31)
    for shared in (False, True):
        try:
            report = office.figures.month(*month, shared=shared)
        except Refused:
            continue
        yield f"report, shared: {shared}", said(report.as_json())


@contextmanager
def let_in(office: Office) -> Iterator[None]:
    """Commands find this office behind the front door, and leave it open; what may be typed is read once for all."""
    with (
        patch.object(front_door, "unlock", lambda *_a, **_k: office),
        patch.object(office, "close", lambda: None),
        patch.object(parser, "_commands", cache(parser._commands)),
    ):
        yield


def command(*words: str) -> tuple[int, str]:
    """The exit code of a command, and all that it printed."""
    out = io.StringIO()
    with (
        patch.object(sys, "stdin", io.StringIO("құпия сөз\n")),
        patch.object(sys, "stdout", out),
        patch.object(sys, "stderr", out),
    ):
        code = run([*words, "--store", "-", "--passphrase-stdin", "--lang", "en"])
    return code, out.getvalue()


def commands(office: Office, records: list[tuple[str, UUID]]) -> Told:
    """Every command that reads."""
    with let_in(office):
        for sheet in dict(records):
            yield f"record list {sheet}", command("record", "list", sheet, "--json")[1]
        for sheet, id in records:
            for words in (("show", "--json"), ("show",), ("history", "--json"), ("history",)):
                yield f"record {words} {sheet}", command("record", words[0], sheet, str(id), *words[1:])[1]
        for words in (("account", "list"), ("keeping", "due")):
            yield " ".join(words), command(*words, "--json")[1]


def window(office: Office, shown: Iterable[tuple[str, UUID]]) -> Told:
    """Every main screen, and a page for each of the records `shown`; all that stands on it, in sight or not."""
    with tasks.inline():
        view = here = None
        for name, here in screens(office, Theme("light")):
            yield f"screen {name}", _settled(here)
            view = getattr(here, "view", None) or view
            if name == "hidden" and view:
                # Each page was read when it was opened; this finds what came to one that was left already.
                yield "every screen", " ".join(_texts(here))
            if name == "settings" and view:
                for sheet, id in shown:
                    view.open_record(sheet, id)
                    yield f"page of {sheet}", _settled(here)
    if here:
        # A window that is left over makes the next one slower.
        here.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _settled(window: QWidget) -> str:
    """What stands on the page that is open, and around it."""
    left = _left(window)
    told = " ".join(_texts(window, left))
    # Rows are fetched a moment after they were asked for.
    QTest.qWait(25)
    return told + " ".join(_texts(window, left))


def _left(window: QWidget) -> set[QWidget]:
    view = getattr(window, "view", None)
    return {screen for name, screen in view.screens.items() if name != view.page} if view else set()


def _within(whole: QWidget, left_out: Container[QWidget]) -> Iterator[QWidget]:
    for part in whole.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if part not in left_out:
            yield part
            yield from _within(part, left_out)


def _texts(window: QWidget, left_out: Container[QWidget] = ()) -> Iterator[str]:
    for widget in _within(window, left_out):
        yield widget.toolTip()
        yield widget.accessibleName()
        yield widget.accessibleDescription()
        if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
            yield widget.text()
        elif isinstance(widget, QPlainTextEdit | QTextEdit):
            yield widget.toPlainText()
        elif isinstance(widget, QComboBox):
            yield widget.currentText()
        elif isinstance(widget, QAbstractItemView) and (model := widget.model()):
            for row in range(model.rowCount()):
                for column in range(model.columnCount()):
                    yield str(model.index(row, column).data() or "")
