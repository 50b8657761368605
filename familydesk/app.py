"""The composition root: the only module that knows every room.

Opens the window; runs the demo; says what is installed.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from familydesk.core.i18n import LANGUAGES, N_, speaking, spoken, translate
from familydesk.core.settings import LANGUAGE, Settings, usual_settings

if TYPE_CHECKING:
    from familydesk.services.office import Office


def open_window(folder: Path | None = None, settings: Settings | None = None) -> int:
    """Open the desk: unlock, or the first-run wizard where there is no store yet. Gives back the exit code.

    After a lock the way back says which store and which settings.
    """
    from familydesk.ui.desktop import run
    from familydesk.ui.lock import WayBack

    if back := WayBack.taken():
        return run(Settings(Path(back.settings)), Path(back.store), back)
    return run(settings or usual_settings(), folder)


# The demo


def demo(folder: Path, families: int, window: bool) -> int:
    """Make a synthetic center, print its papers, and open the window or, without a display, picture every screen."""
    from familydesk.services.demo import clear_earlier, make_demo

    folder.mkdir(parents=True, exist_ok=True)
    # Settings of its own: the store that this user works with stays the one that opens next time.
    settings = Settings(folder / "settings.json")
    settings.put(LANGUAGE, spoken())
    clear_earlier(folder / "store", settings)
    made = make_demo(folder / "store", families=families, settings=settings)
    print(
        translate(N_("The demo store is in {folder}; its passphrase is: {passphrase}")).format(
            folder=folder / "store", passphrase=made.passphrase
        )
    )
    try:
        papers = list(_draw_papers(made.office, folder / "papers"))
        print(translate(N_("{count} papers are in {folder}.")).format(count=len(papers), folder=folder / "papers"))
        if window and has_display():
            made.office.close()
            return open_window(folder / "store", settings)
        _take_pictures(made.office, folder / "screens")
    finally:
        made.office.close()
    return 0


def _draw_papers(office: Office, folder: Path) -> Iterator[Path]:
    from familydesk.services.prints import draw_all

    yield from draw_all(office, folder, LANGUAGES[:2])


def _take_pictures(office: Office, folder: Path) -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from familydesk.ui.pictures import walk

    taken = walk(office, folder, languages=LANGUAGES)
    taken += walk(office, folder, languages=LANGUAGES[:1], themes=("dark",))
    taken += walk(office, folder, languages=LANGUAGES[1:2], scales=(150,))
    print(
        translate(N_("There is no display, so pictures of {count} screens are in {folder}.")).format(
            count=len(taken), folder=folder
        )
    )


def has_display() -> bool:
    """Whether a window can be shown here."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


# What is installed


@dataclass(frozen=True)
class Found:
    """One part of the program's surroundings: its version or place, empty if missing."""

    name: str
    found: str
    needed: bool = True


def inspection() -> list[Found]:
    """Every library and resource the program needs, looked for and, where it matters, tried."""
    with speaking("en"):
        return [
            *_libraries(),
            _cipher(),
            _fonts(),
            *_catalogues(),
            Found("display", "yes" if has_display() else "", False),
        ]


LIBRARY_NAME = re.compile(r"[\w.-]+")


def _libraries() -> Iterator[Found]:
    from importlib.metadata import PackageNotFoundError, requires, version

    for requirement in requires("familydesk") or ():
        name = LIBRARY_NAME.match(requirement)[0]  # type: ignore[index]
        try:
            yield Found(name, version(name))
        except PackageNotFoundError:
            yield Found(name, "")


def _cipher() -> Found:
    try:
        import sqlcipher3.dbapi2 as binding

        with binding.connect(":memory:") as connection:
            version = connection.execute("PRAGMA cipher_version").fetchone()
        return Found("SQLCipher", version[0] if version else "")
    except ImportError:
        return Found("SQLCipher", "")


def _fonts() -> Found:
    from familydesk.core.places import resources

    fonts = sorted(path.stem for path in (resources() / "fonts").rglob("*.ttf"))
    return Found("fonts", ", ".join(fonts))


def _catalogues() -> Iterator[Found]:
    from familydesk.core.places import translations

    for language in LANGUAGES[:2]:
        path = translations() / language / "familydesk.po"
        yield Found(f"catalogue {language}", "yes" if path.exists() else "")
