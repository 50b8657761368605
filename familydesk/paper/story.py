"""A story: the blocks of one paper from top to bottom; the same words make a filled paper or one to fill by hand."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Spacer

from familydesk.core.i18n import _, spoken, translate
from familydesk.core.record import Record
from familydesk.paper.blocks import SECOND_TITLE, SECTION, TITLE, AtFoot, CutLine, Lines, Signatures, Ticks
from familydesk.paper.dossier import Dossier, joined
from familydesk.paper.strips import COLUMNS, Cell, Fields
from familydesk.paper.table import Table
from familydesk.paper.text import SMALL, VALUE, Type
from familydesk.paper.wording import SEAL, Pair

HAND_LINE = 25.0
"""Height in points of a line to write on."""
HAND_FIELD = 32.0
"""The same with a label above it."""
TYPED_FIELD = 24.0
SECTION_ROOM = 90.0
"""What a section needs at the foot of a page to begin there: its heading and a few lines."""


class Story:
    """The blocks of one paper, in the order in which they are told."""

    def __init__(self, file: Dossier) -> None:
        self.file = file
        self.blocks: list[Flowable] = []

    @property
    def by_hand(self) -> bool:
        """To be filled with a pen: empty, with room to write."""
        return self.file.blank

    def title(self, pair: Pair, *below: str) -> None:
        """The heading in both languages, Kazakh above; that of the paper's language is the large one."""
        for language, text in zip(("kk", "ru"), pair, strict=True):
            large = language == spoken() or (language == "kk" and spoken() == "en")
            self.blocks.append(
                Lines(text, TITLE if large else SECOND_TITLE, above=12 if language == "kk" else 0, below=0)
            )
        for line in below:
            if line:
                self.blocks.append(Lines(line, VALUE, above=4, below=2))
        self.space(4)

    def section(self, text: str) -> None:
        """A heading; never at the foot of a page without what it speaks of."""
        self.blocks += [CondPageBreak(SECTION_ROOM), Lines(text, SECTION, above=7)]

    def text(self, text: str, kind: Type = VALUE, *, above: float = 2, below: float = 3, frame: float = 0) -> None:
        """Running text; nothing for nothing."""
        if text:
            self.blocks.append(Lines(text, kind, above=above, below=below, frame=frame))

    def fine(self, text: str) -> None:
        """A remark in small type: the law that applies, what a mark means."""
        self.text(text, SMALL, above=5)

    def law(self, on: date | None, *codes: str) -> None:
        """The norms in force on a day, in small type."""
        cited = joined((self.file.cite(code, on) for code in codes), "; ")
        if cited:
            self.fine(_("Ground: {law}").format(law=cited))

    def space(self, points: float) -> None:
        """Air."""
        self.blocks.append(Spacer(1, points))

    def cell(self, record: Record, name: str, span: int = 4, label: str = "") -> Cell:
        """A field of a record under its own label, or under another one."""
        return Cell(label or translate(record.field(name).label), self.file.text(record, name), span)

    def fields(self, *rows: Sequence[Cell]) -> None:
        """Rows of labelled values on twelve columns."""
        self.blocks.append(Fields(rows, HAND_FIELD if self.by_hand else TYPED_FIELD))

    def note(self, label: str, text: str, hand_lines: int = 3) -> None:
        """A long text under its label; to be filled by hand, so many lines."""
        self.fields([Cell(label, text, COLUMNS)])
        if self.by_hand and hand_lines > 1:
            more = [[Cell("", "", COLUMNS)] for _line in range(hand_lines - 1)]
            self.blocks.append(Fields(more, HAND_LINE))

    def table(
        self, columns: Sequence[tuple[str, float]], rows: Sequence[Sequence[str]], *, hand_rows: int = 5, none: str = ""
    ) -> None:
        """A table; without rows the sentence `none`; to be filled by hand, empty rows."""
        if self.by_hand:
            rows = [[""] * len(columns)] * hand_rows
        if rows:
            self.blocks.append(Table(columns, rows, least=HAND_LINE if self.by_hand else 0.0, gridded=self.by_hand))
        else:
            self.text(none or _("None so far."), SMALL)

    def listed(self, columns: Sequence[tuple[str, float]], rows: Sequence[Sequence[str]]) -> None:
        """A table in a grid, to be carried on by hand whether it is filled or not."""
        self.blocks.append(Table(columns, rows, least=HAND_LINE - 5, gridded=True))

    def ticks(self, label: str, vocabulary: type[enum.Enum], chosen: Collection[object] = (), columns: int = 3) -> None:
        """Every member of a vocabulary with a box before it; nothing is crossed on a paper to fill by hand."""
        options = [(translate(member.value), member in chosen) for member in vocabulary]
        self.blocks.append(Ticks(label, options, columns))

    def boxes(self, label: str, options: Sequence[tuple[str, bool]], columns: int = 3) -> None:
        """Options of the form's own wording."""
        self.blocks.append(Ticks(label, options, columns))

    def signatures(self, *rows: tuple[str, str, str], seal: bool = False) -> None:
        """Signature rows of (position, name, day), kept on one page."""
        captions = (_("position"), _("signature"), _("initials and surname"), _("date"))
        self.blocks.append(Signatures(rows, captions, " / ".join(SEAL) if seal else ""))

    def cut(self) -> None:
        """A line to cut along."""
        self.blocks.append(CutLine())

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is told inside stays on one page, if a page can hold it."""
        before, self.blocks = self.blocks, []
        try:
            yield
        finally:
            before.append(KeepTogether(self.blocks))
            self.blocks = before

    @contextmanager
    def at_foot(self) -> Iterator[None]:
        """What is told inside stands at the foot of the page, whole."""
        before, self.blocks = self.blocks, []
        try:
            yield
        finally:
            before.append(AtFoot([block for block in self.blocks if not isinstance(block, CondPageBreak)]))
            self.blocks = before
