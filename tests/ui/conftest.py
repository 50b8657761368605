"""A workplace on the small center's store, for every window test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from one_family import Ids, furnish, opened
from PySide6.QtWidgets import QApplication

from familydesk.core import i18n
from familydesk.records.person import IinAbsence, Sex
from familydesk.services.office import Office
from familydesk.ui import tasks
from familydesk.ui.desktop import application
from familydesk.ui.theme import Theme
from familydesk.ui.window import Window
from familydesk.ui.workplace import Workplace


@pytest.fixture(scope="session")
def qapp_cls() -> Callable[[list[str]], QApplication]:
    """The program's own application, style and all."""
    return lambda _arguments: application()


@pytest.fixture
def inline() -> Iterator[None]:
    """Background work done at once and in place."""
    with tasks.inline():
        yield


@pytest.fixture(autouse=True)
def _swept(swept: None) -> None:
    """See `swept`."""


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("en")


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    """The day colours, applied."""
    theme = Theme("light")
    theme.apply()
    return theme


@pytest.fixture
def place(office: Office, theme: Theme, qtbot: Any) -> Iterator[Workplace]:
    """The workplace of the small center's head."""
    place = Workplace(office, office.settings, theme)
    yield place
    tasks.finish()
    place.close()


@pytest.fixture
def person(office: Office) -> Callable[..., UUID]:
    """Adds an invented person and gives back her id."""

    def add(surname: str = "Жұмабаева", given: str = "Мөлдір", **values: Any) -> UUID:
        usual = {"born_on": date(1890, 2, 1), "sex": Sex.FEMALE, "iin_absence": IinAbsence.NO_DOCUMENT}
        return office.desk.save("person", {"surname": surname, "given": given, **usual, **values}).id

    return add


@pytest.fixture(scope="session")
def family_store(small_store: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ids]:
    """The small center's store with one family in it, made once; tests work on copies."""
    path = tmp_path_factory.mktemp("family") / "desk.db"
    shutil.copy(small_store, path)
    office = opened(path)
    ids = furnish(office)
    office.close()
    return path, ids


@pytest.fixture
def family_office(family_store: tuple[Path, Ids], tmp_path: Path) -> Iterator[Office]:
    """The head at the desk of a center that knows one family."""
    path = tmp_path / "family.db"
    shutil.copy(family_store[0], path)
    office = opened(path)
    yield office
    office.close()


@pytest.fixture
def ids(family_store: tuple[Path, Ids]) -> Ids:
    """Where the family's records are."""
    return family_store[1]


@pytest.fixture
def window(office: Office, qtbot: Any, inline: None) -> Iterator[Window]:
    """The desk of the small center's head, on screen."""
    theme = Theme("light")
    theme.apply()
    window = Window(office.settings, theme)
    qtbot.addWidget(window)
    window.show()
    window.enter(office)
    with qtbot.waitActive(window):
        window.activateWindow()
    yield window
    tasks.finish()
