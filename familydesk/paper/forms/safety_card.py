"""The pocket card for the woman: four on a sheet, to cut out and fold with the print inside. It names no one."""

from __future__ import annotations

from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from familydesk.core.i18n import N_, _
from familydesk.paper.blocks import cut
from familydesk.paper.dossier import Dossier
from familydesk.paper.fonts import STRONG, TEXT
from familydesk.paper.hotlines import Hotline, to_print
from familydesk.paper.story import Story
from familydesk.paper.text import SMALL, Type, break_lines, measure
from familydesk.paper.writing import Writing, rule

WIDTH, HALF = 85 * mm, 54 * mm
PAD = 5 * mm
NAME = Type(STRONG, 9.4, 13.0)
NUMBER = Type(STRONG, 15.0, 18.0)
ANSWERS = Type(TEXT, 7.8, 9.8, 0.1)
STEP = Type(TEXT, 7.6, 9.6)

STEPS = (
    N_("In danger, go where there are people and a way out. Take the children with you."),
    N_("Call 102. Say where you are and that you need help now."),
    N_("Agree with someone close on a word that means: call the police."),
    N_("Keep documents, keys, money and medicine where you can take them at once."),
    N_("Delete calls and messages that somebody else should not see."),
)


def layout(file: Dossier) -> list[Any]:
    """How to cut and fold, then the cards."""
    sheet = Story(file)
    sheet.text(_("Cut along the broken lines and fold with the print inside."), SMALL, below=6)
    sheet.blocks.append(Cards(to_print(file.drawn_at.date())))
    return sheet.blocks


class Cards(Flowable):
    """Two by two cards with the lines to cut along."""

    def __init__(self, lines: list[Hotline]) -> None:
        super().__init__()
        self.lines = lines

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Four unfolded cards."""
        return 2 * WIDTH, 4 * HALF

    def draw(self) -> None:
        """The cards, then the lines between them."""
        for column in range(2):
            for row in range(2):
                self._card(column * WIDTH, 2 * (row + 1) * HALF)
        for column in range(3):
            cut(self.canv, column * WIDTH, 0, column * WIDTH, 4 * HALF)
        for row in range(3):
            cut(self.canv, 0, 2 * row * HALF, 2 * WIDTH, 2 * row * HALF)

    def _card(self, x: float, top: float) -> None:
        self._numbers(x + PAD, top - PAD)
        rule(self.canv, x + PAD, top - HALF, WIDTH - 2 * PAD, 0.3, 0.75)
        self._steps(x + PAD, top - HALF - PAD)

    def _numbers(self, x: float, top: float) -> None:
        room = WIDTH - 2 * PAD
        column = max(measure(line.number, NUMBER) for line in self.lines) + 10
        with Writing(self.canv) as writing:
            top = writing.lines(x, top, break_lines(_("Important numbers"), NAME, room), NAME) - 3
            for line in self.lines:
                answers = break_lines(_(line.answers), ANSWERS, room - column)
                height = max(NUMBER.leading + 3, len(answers) * ANSWERS.leading + 5)
                writing.line(x, top - NUMBER.size, line.number, NUMBER)
                writing.lines(x + column, top - 2 - (NUMBER.size - 12) / 2, answers, ANSWERS)
                top -= height

    def _steps(self, x: float, top: float) -> None:
        room = WIDTH - 2 * PAD
        with Writing(self.canv) as writing:
            for step in STEPS:
                writing.line(x, top - STEP.size, "–", STEP)
                top = writing.lines(x + 8, top, break_lines(_(step), STEP, room - 8), STEP) - 1.6
            base = top - 17
            writing.line(x, base - 9, _("Whom I trust, telephone"), ANSWERS)
        rule(self.canv, x, base, room, 0.4, 0.4)
