from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QFontMetrics, QRawFont

from familydesk.core.places import resources
from familydesk.ui.colors import DARK, LIGHT, READABLE, Colors, contrast
from familydesk.ui.theme import FAMILY, Theme

KAZAKH = "ӘәҒғҚқҢңӨөҰұҮүҺһІі№₸"


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), READABLE)
def test_every_ink_stands_four_and_a_half_to_one_on_its_ground(colors: Colors, ink: str, ground: str) -> None:
    assert contrast(getattr(colors, ink), getattr(colors, ground)) >= 4.5


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_the_edge_of_a_control_can_be_told_from_what_it_lies_on(colors: Colors) -> None:
    assert contrast(colors.edge, colors.surface) >= 3
    assert contrast(colors.edge, colors.ground) >= 3


def test_contrast_is_that_of_black_and_white() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)


@pytest.mark.parametrize("appearance", ["light", "dark"])
@pytest.mark.parametrize("percent", [100, 150, 200])
def test_the_style_sheet_leaves_no_blank_to_fill(theme: Theme, appearance: str, percent: int) -> None:
    sheet = Theme(appearance, percent).style_sheet()
    assert "$" not in sheet
    assert re.search(r"font-size: \d+px", sheet)


def test_everything_grows_with_the_text(theme: Theme) -> None:
    small, large = Theme("light", 100), Theme("light", 200)
    assert large.px(36) == 2 * small.px(36)
    assert large.icon_size() == QSize(36, 36)


def test_the_window_s_letters_are_the_shipped_ones_and_kazakh_is_among_them(theme: Theme) -> None:
    font = QRawFont.fromFont(QFont(FAMILY))
    assert font.familyName() == FAMILY
    assert [letter for letter in KAZAKH if not font.supportsCharacter(ord(letter))] == []
    assert QFontMetrics(QFont(FAMILY)).horizontalAdvance(KAZAKH) > 0


def test_an_icon_is_drawn_in_the_theme_s_color(theme: Theme) -> None:
    image = Theme("light").icon("lock", "primary").pixmap(QSize(18, 18)).toImage()
    solid = [
        image.pixelColor(x, y).name().upper()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    ]
    assert solid
    assert set(solid) == {LIGHT.primary}


def test_every_icon_that_the_code_names_is_shipped() -> None:
    shipped = {path.stem for path in (resources() / "icons").glob("*.svg")}
    here = resources().parent / "familydesk" / "ui"
    named = {
        name for path in here.rglob("*.py") for name in re.findall(r'icon(?:=|\()"([a-z-]+)"', path.read_text("utf-8"))
    }
    assert named
    assert named <= shipped
