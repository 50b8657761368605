"""The plain page of any record: every field's label and value, section by section, as the sheet arranges them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from familydesk.core.fields import Field, Kind, Secrecy
from familydesk.core.i18n import _, translate
from familydesk.core.record import Record
from familydesk.paper.blocks import TITLE, Lines
from familydesk.paper.dossier import Dossier
from familydesk.paper.redaction import withheld
from familydesk.paper.story import Story
from familydesk.paper.strips import COLUMNS, Cell

BOX: dict[Kind, int] = {
    Kind.LINE: 6,
    Kind.NOTE: COLUMNS,
    Kind.DAY: 3,
    Kind.MOMENT: 3,
    Kind.CHOICE: 6,
    Kind.MANY: COLUMNS,
    Kind.YES_NO: 3,
    Kind.NUMBER: 3,
    Kind.AMOUNT: 3,
    Kind.PHONE: 6,
    Kind.IIN: 6,
    Kind.REFERENCE: 6,
}
"""How wide a value of each kind stands, in columns of twelve."""


def layout(file: Dossier) -> list[Any]:
    """The sheet's name, the record's name, its sections."""
    sheet = Story(file)
    sheet.blocks.append(Lines(translate(file.subject.title), TITLE, above=6, below=2))
    sheet.text(file.subject.title_text())
    for heading, fields in _sections(file.subject):
        if heading:
            sheet.section(translate(heading))
        sheet.fields(*side_by_side([_cell(file, field) for field in fields]))
    return sheet.blocks


def _sections(record: Record) -> Iterator[tuple[str, list[Field]]]:
    printed = {field.name: field for field in record.fields() if field.secrecy is not Secrecy.PRIVILEGED}
    for heading, names in record.sections:
        fields = [printed.pop(name) for name in names if name in printed]
        if fields:
            yield heading, fields
    if printed:
        yield "", list(printed.values())


def _cell(file: Dossier, field: Field) -> Cell:
    hidden = field.name in withheld(file.subject, location=bool(file.permission))
    text = _("Kept at the center; it is not printed.") if hidden else file.text(file.subject, field.name)
    return Cell(translate(field.label), text, BOX[field.kind])


def side_by_side(cells: list[Cell]) -> Iterator[list[Cell]]:
    """Cells side by side as far as twelve columns go."""
    row: list[Cell] = []
    for cell in cells:
        if row and sum(it.span for it in row) + cell.span > COLUMNS:
            yield row
            row = []
        row.append(cell)
    if row:
        yield row
