"""One row a setting: its label, and its choices as buttons, or a folder to choose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtWidgets import QButtonGroup, QFileDialog, QWidget

from familydesk.core import settings as known
from familydesk.core.i18n import N_, _, translate
from familydesk.core.settings import Setting
from familydesk.ui.flow import Flow
from familydesk.ui.parts import button, column, held, row, text
from familydesk.ui.top_bar import OWN_NAMES
from familydesk.ui.workplace import Workplace

SPOKEN: dict[Any, str] = {
    "system": N_("As the system"),
    "light": N_("Light"),
    "dark": N_("Dark"),
    False: N_("No"),
    True: N_("Yes"),
}
"""How the values of settings are said; numbers say themselves, but for none; languages their own names."""

Chosen = Callable[[Setting[Any], Any], Any]


def shown_settings() -> Iterator[Setting[Any]]:
    """The settings that a person chooses; the others the program keeps for itself."""
    yield from (setting for setting in known.ALL if setting.choices or setting is known.BACKUP_FOLDER)


def setting_row(place: Workplace, setting: Setting[Any], chosen: Chosen) -> QWidget:
    """A labelled control for `setting`; `chosen` hears of another value."""
    control = _choices(place, setting, chosen) if setting.choices else _folder(place, setting, chosen)
    return held(column(place.theme, text(translate(setting.label), "label", wrap=True), control, gap=4))


def _choices(place: Workplace, setting: Setting[Any], chosen: Chosen) -> QWidget:
    flow = Flow(place.theme.px(8))
    group = QButtonGroup(flow)
    for value in setting.choices:
        words = translate(SPOKEN[value]) if value in SPOKEN else OWN_NAMES.get(value, str(value))
        one = button(place.theme, words, role="choice")
        one.setAccessibleName(f"{translate(setting.label)}: {words}")
        one.setCheckable(True)
        one.setChecked(place.settings.get(setting) == value)
        one.clicked.connect(lambda _on, value=value: chosen(setting, value))
        group.addButton(one)
        flow.add(one)
    return flow


def _folder(place: Workplace, setting: Setting[Any], chosen: Chosen) -> QWidget:
    shown = text(place.settings.get(setting) or _("Beside the store"), wrap=True)

    def choose() -> None:
        path = QFileDialog.getExistingDirectory(shown.window(), translate(setting.label))
        if path:
            chosen(setting, path)
            shown.setText(path)

    pick = button(place.theme, _("Choose…"), choose, icon="folder")
    pick.setAccessibleName(_("Choose: {what}").format(what=translate(setting.label)))
    line = row(place.theme, shown, pick)
    line.setStretch(0, 1)
    return held(line)
