"""The theme in force: colours, scale, fonts and icons, given to the application as one palette and one style sheet."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache, cached_property
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSize, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from familydesk.core.places import resources
from familydesk.ui.colors import DARK, LIGHT, Colors
from familydesk.ui.style import STYLE

FAMILY = "Noto Sans"
SIZES = {"small": 12.5, "body": 14, "card": 15, "title": 22}
CONTROL, CHIP, ROW = 36, 26, 44


class Theme(QObject):
    """What everything looks like. `changed` comes after another appearance or text size was chosen."""

    changed = Signal()

    def __init__(self, appearance: str = "system", percent: int = 100) -> None:
        super().__init__()
        self.appearance, self.percent = appearance, percent
        self.colors = self._chosen()
        self._icons: dict[tuple[str, str, int], QIcon] = {}

    def px(self, length: float) -> int:
        """A length of the drawings at the text size in force, in device-independent pixels."""
        return max(1, round(length * self.percent / 100))

    @property
    def dark(self) -> bool:
        """Whether the night colours are in force."""
        return self.colors is DARK

    def choose(self, appearance: str, percent: int) -> None:
        """Take another appearance (`system`, `light`, `dark`) or text size, at once and everywhere."""
        self.appearance, self.percent = appearance, percent
        self.colors = self._chosen()
        self._icons.clear()
        self.apply()
        self.changed.emit()

    def apply(self) -> None:
        """Give the application the colours, font and style sheet in force."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        load_fonts()
        font = QFont(FAMILY)
        font.setPixelSize(self.px(SIZES["body"]))
        app.setFont(font)
        app.setPalette(self._palette())
        app.setStyleSheet(self.style_sheet())

    def style_sheet(self) -> str:
        """The style sheet with every colour and length filled in."""
        lengths = {f"s{n}": self.px(n) for n in (4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 16, 18, 24, 28)}
        sizes = {name: self.px(size) for name, size in SIZES.items()}
        control, chip = self.px(CONTROL), self.px(CHIP)
        return STYLE.substitute(
            asdict(self.colors) | lengths | sizes,
            r8=self.px(8), r12=self.px(12), row=self.px(32),
            control=control, inner=control - 2, inner2=control - 4,
            chip=chip, half_chip=chip // 2, chip_inner=chip - 2, chip_inner2=chip - 4,
            chevron=self._drawn("chevron-down", self.colors.muted),
            check=self._drawn("check", self.colors.primary),
        )  # fmt: skip

    def let_go(self) -> None:
        """Remove what was drawn into the folder of temporary files: a replaced process tidies up nothing by itself."""
        self._folder.remove()

    def icon(self, name: str, color: str = "muted", size: int = 18) -> QIcon:
        """A picture of the set in one of the theme's colours."""
        key = (name, color, size)
        if key not in self._icons:
            self._icons[key] = QIcon(self._pixmap(name, getattr(self.colors, color), self.px(size)))
        return self._icons[key]

    def icon_size(self, size: int = 18) -> QSize:
        """The size an icon is drawn at."""
        return QSize(self.px(size), self.px(size))

    def _chosen(self) -> Colors:
        if self.appearance == "system":
            dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
            return DARK if dark else LIGHT
        return DARK if self.appearance == "dark" else LIGHT

    def _pixmap(self, name: str, color: str, size: int) -> QPixmap:
        # Qt's picture reader is loaded with the first icon, not with the program.
        from PySide6.QtSvg import QSvgRenderer

        drawing = (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", color)
        ratio = max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)
        pixmap = QPixmap(QSize(size, size) * ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        QSvgRenderer(QByteArray(drawing.encode())).render(painter)
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap

    @cached_property
    def _folder(self) -> QTemporaryDir:
        return QTemporaryDir()

    def _drawn(self, name: str, color: str) -> str:
        """A style sheet can only name a file: the path of the icon drawn in `color`, without spaces or backslashes."""
        path = Path(self._folder.path()) / f"{name}-{color[1:]}-{self.percent}.png"
        if not path.exists():
            self._pixmap(name, color, self.px(16)).save(str(path))
        return path.as_posix()

    def _palette(self) -> QPalette:
        palette, colors, role = QPalette(), self.colors, QPalette.ColorRole
        for roles, color in (
            ((role.Window,), colors.ground),
            ((role.Base, role.Button, role.AlternateBase), colors.surface),
            ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText), colors.text),
            ((role.PlaceholderText,), colors.muted),
            ((role.Highlight, role.Link, role.Accent), colors.primary),
            ((role.HighlightedText,), colors.on_primary),
            ((role.Mid, role.Dark), colors.line),
        ):
            for one in roles:
                palette.setColor(one, QColor(color))
        for one in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, one, QColor(colors.muted))
        return palette


@cache
def load_fonts() -> None:
    """Register the shipped faces, once: text, signs and arrows."""
    for face in ("NotoSans-Regular", "NotoSans-Bold", "NotoSansSymbols2-Regular", "NotoSansMath-Regular"):
        QFontDatabase.addApplicationFont(str(resources() / "fonts" / f"{face}.ttf"))
