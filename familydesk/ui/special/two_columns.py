"""Two columns of cards: beside each other where there is room, one under the other where there is none."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from familydesk.ui.parts import column, held, scrolled
from familydesk.ui.screen import PageHead
from familydesk.ui.theme import Theme

SIDE_BY_SIDE = 900
"""From this width on, in drawn pixels, two columns stand beside each other."""


class TwoColumns(QWidget):
    """`left` and `right` are filled by whoever made it; each ends with room that stretches."""

    def __init__(self, theme: Theme, shares: tuple[int, int] = (3, 2)) -> None:
        super().__init__()
        self.theme, self.shares = theme, shares
        self.left, self.right = column(theme, gap=16), column(theme, gap=16)
        self.pair = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.pair.setContentsMargins(0, 0, 0, 0)
        self.pair.setSpacing(theme.px(16))
        for layout, share in ((self.left, shares[0]), (self.right, shares[1])):
            outer = column(theme, layout, None, gap=0)
            self.pair.addWidget(held(outer), share)
        self.setLayout(self.pair)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Turn where the width asks for it."""
        super().resizeEvent(event)
        roomy = event.size().width() >= self.theme.px(SIDE_BY_SIDE)
        direction = QBoxLayout.Direction.LeftToRight if roomy else QBoxLayout.Direction.TopToBottom
        if self.pair.direction() != direction:
            self.pair.setDirection(direction)
            for at, share in enumerate(self.shares):
                # Under each other, the first is as high as its cards and no higher.
                self.pair.setStretch(at, share if roomy else at)


def page_body(theme: Theme, head: PageHead, *parts: QWidget) -> QVBoxLayout:
    """The usual page: its head, then its parts, scrolling down together."""
    body = column(theme, head, *parts, gap=16)
    body.setContentsMargins(*(theme.px(edge) for edge in (28, 20, 28, 28)))
    body.setStretch(body.count() - 1, 1)
    return column(theme, scrolled(held(body)), gap=0)
