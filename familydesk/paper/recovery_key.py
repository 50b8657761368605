"""The recovery sheet: the printed key that opens the store when a passphrase is forgotten; drawn in memory only."""

from __future__ import annotations

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.platypus import Flowable

from familydesk.core import clock
from familydesk.core.i18n import _, speaking
from familydesk.core.show import show_day
from familydesk.paper.dossier import Dossier
from familydesk.paper.fonts import STRONG
from familydesk.paper.page import Dress, press, stamp
from familydesk.paper.story import Story
from familydesk.paper.strips import Cell
from familydesk.paper.text import LABEL, LETTER, Type, measure
from familydesk.paper.wording import CONFIDENTIAL, TITLES
from familydesk.paper.writing import Writing
from familydesk.records.center import Center

KEY = Type(STRONG, 14.5, 27.0)
GROUPS_A_LINE = 3
QR_SIDE = 150.0
QUIET = 2
"""Empty squares around the picture, without which a camera does not find it."""


def draw_recovery_key(key: str, code: str, language: str) -> bytes:
    """The sheet as a PDF: `key` in its groups, `code` as a QR picture. The sheet does not say whose store it opens."""
    with speaking(language):
        sheet = Story(Dossier(Center(), clock.now(), lambda code, on: ""))
        _tell(sheet, key, code)
        return press(sheet.blocks, _dress(language))


def _tell(sheet: Story, key: str, code: str) -> None:
    sheet.title(TITLES["RECOVERY_KEY"])
    for sentence in (
        _("This key opens the center's store when the passphrase is forgotten or the person who knew it is gone."),
        _("Whoever holds this sheet can read everything. Keep it in the safe, in a sealed envelope, and nowhere else."),
        _("It cannot be printed again. Do not photograph it and do not send it."),
    ):
        sheet.text(sentence, LETTER)
    sheet.space(14)
    sheet.blocks.append(Key(key, code))
    sheet.space(18)
    sheet.fields([Cell(_("Sealed and put in the safe on"), "", 4), Cell(_("Envelope No"), "", 8)])
    sheet.signatures((_("Head of the center"), "", ""), ("", "", ""))


def _dress(language: str) -> Dress:
    now = clock.now()
    title = TITLES["RECOVERY_KEY"][1 if language == "ru" else 0]
    printed = _("Printed {day}").format(day=show_day(now.date()))
    return Dress(title, language, stamp(now), mark=" / ".join(CONFIDENTIAL), printed=printed)


class Key(Flowable):
    """The QR code and the groups, each with the number by which a mistake in typing it is told."""

    def __init__(self, key: str, code: str) -> None:
        super().__init__()
        self.code = code
        self.groups = key.replace("-", " ").split()
        self.lines = -(-len(self.groups) // GROUPS_A_LINE)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """As high as the taller of the two."""
        self.width = width
        self.height = max(QR_SIDE, self.lines * KEY.leading)
        return width, self.height

    def draw(self) -> None:
        """Code on the left, groups on the right."""
        self._picture()
        column = max(measure(group, KEY) for group in self.groups) + 24
        with Writing(self.canv) as writing:
            for place, group in enumerate(self.groups):
                x = QR_SIDE + 16 + place % GROUPS_A_LINE * column
                base = self.height - 18 - place // GROUPS_A_LINE * KEY.leading
                writing.line(x, base, str(place + 1), LABEL)
                writing.line(x + 11, base, group, KEY)

    def _picture(self) -> None:
        # Squares put down one by one: reportlab's own drawing of a widget would name Helvetica, which is not embedded.
        code = QrCodeWidget(self.code, barLevel="M").qr
        code.make()
        size = QR_SIDE / (code.getModuleCount() + 2 * QUIET)
        self.canv.setFillGray(0)
        for row in range(code.getModuleCount()):
            y = self.height - (row + 1 + QUIET) * size
            for column in range(code.getModuleCount()):
                if code.isDark(row, column):
                    self.canv.rect((column + QUIET) * size, y, size, size, stroke=0, fill=1)
