"""The clock of a protective order: a bar that fills as its term runs out, with what is left of it in words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QWidget

from familydesk.ui.parts import chip, column, held, text
from familydesk.ui.theme import Theme

if TYPE_CHECKING:
    from familydesk.services.orders import OrderStanding

WIDTH = 150
NEAR = timedelta(days=3)
WHOLE = 1000
TONES = {"ISSUED": "due", "SERVED": "good", "EXPIRED": "quiet", "BREACHED": "overdue", "CANCELLED": "quiet"}


def order_clock(theme: Theme, order: OrderStanding) -> QWidget:
    """The bar and what is left; a word alone where no term runs."""
    if order.share_left is None or not order.left:
        return chip(order.left_text, TONES[order.state.name])
    bar = QProgressBar()
    bar.setTextVisible(False)
    bar.setRange(0, WHOLE)
    bar.setValue(round((1 - order.share_left) * WHOLE))
    bar.setProperty("tone", "due" if order.left < NEAR else "")
    bar.setAccessibleName(order.left_text)
    words = text(order.left_text, "small")
    words.setAlignment(Qt.AlignmentFlag.AlignRight)
    made = held(column(theme, bar, words, gap=4))
    made.setMinimumWidth(theme.px(WIDTH))
    made.setMaximumWidth(max(theme.px(WIDTH), words.sizeHint().width()))
    return made
