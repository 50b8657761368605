"""Where to meet the others, how things stand there, and how far a meeting is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QLabel, QLineEdit, QProgressBar

from familydesk.core import settings as known
from familydesk.core.i18n import _
from familydesk.ui.parts import Card, button, column, held, restyled, row, text
from familydesk.ui.special.sync_words import Said, how_far
from familydesk.ui.theme import Theme
from familydesk.ui.workplace import Workplace

if TYPE_CHECKING:
    from familydesk.services.syncing import Progress

SIGNS = {"good": ("check", "primary_strong"), "due": ("alert-triangle", "due"), "quiet": ("refresh", "muted")}


class StateStrip(QFrame):
    """How things stand, in one sentence with its sign. The tick is that of `good` alone."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.tone = "quiet"
        self.sign = QLabel()
        self.words = text("", wrap=True)
        line = row(theme, self.sign, self.words, gap=12)
        line.setContentsMargins(*(theme.px(edge) for edge in (16, 10, 16, 10)))
        line.setStretch(1, 1)
        self.setLayout(line)

    def say(self, said: Said) -> None:
        """Another state."""
        self.tone, words = said
        # The words' colour goes by the strip they stand in: both have to look again.
        for part in (self, self.words):
            restyled(part, "strip", self.tone)
        icon, color = SIGNS[self.tone]
        self.sign.setPixmap(self.theme.icon(icon, color).pixmap(self.theme.icon_size()))
        self.words.setText(words)
        self.setAccessibleName(words)


class MeetCard(Card):
    """`aimed` brings the address whenever it is another one."""

    aimed = Signal(str)

    def __init__(self, place: Workplace) -> None:
        theme = place.theme
        super().__init__(theme, _("Meet the others"))
        self.place, self.meeting = place, place.meeting
        self.line = QLineEdit(place.settings.get(known.SYNC_WITH))
        self.line.textChanged.connect(lambda _words: self._on_aimed())
        self.line.returnPressed.connect(self.begin)
        label = text(_("A folder on a stick or in the network, or the address of a hub"), "label", wrap=True)
        self.line.setAccessibleName(label.text())
        pick = button(theme, _("Choose a folder…"), self.choose, icon="folder")
        where = row(theme, self.line, pick, gap=8)
        where.setStretch(0, 1)
        self.add(column(theme, label, held(where), gap=4))
        self.state = StateStrip(theme)
        self.add(self.state)
        self.go = button(theme, _("Sync now"), self.begin, icon="refresh", role="primary")
        self.stop = button(theme, _("Stop"), self.meeting.stop, icon="x")
        self.add(row(theme, self.go, self.stop, None, gap=8))
        self.far = text("", "small", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("How far it is"))
        self.moving = held(column(theme, self.bar, self.far, gap=8))
        self.add(self.moving)
        self.meeting.began.connect(self._on_began)
        self.meeting.moved.connect(self._on_moved)
        self.meeting.ended.connect(self._fit)
        self._fit()

    @property
    def address(self) -> str:
        """Where to meet, as it is written."""
        return self.line.text().strip()

    def aim(self, address: str) -> None:
        """Meet there."""
        self.line.setText(address)

    def choose(self) -> None:
        """Ask for a folder."""
        path = QFileDialog.getExistingDirectory(self.window(), _("Choose a folder…"), self.address)
        if path:
            self.aim(path)

    def begin(self) -> None:
        """Meet now."""
        if self.address:
            self.meeting.begin(self.address)

    def _on_aimed(self) -> None:
        self._fit()
        self.aimed.emit(self.address)

    def _on_began(self) -> None:
        self.bar.setRange(0, 0)
        self.far.setText(_("Looking what is there…"))
        self._fit()

    def _on_moved(self, progress: Progress) -> None:
        self.bar.setRange(0, progress.of)
        self.bar.setValue(progress.done)
        self.far.setText(how_far(progress))

    def _fit(self) -> None:
        busy = self.meeting.under_way
        self.go.setEnabled(bool(self.address) and not busy)
        self.line.setEnabled(not busy)
        for part in (self.stop, self.moving):
            part.setVisible(busy)
        self.state.setVisible(bool(self.address) and not busy)
