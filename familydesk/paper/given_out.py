"""What is given out of a file: a person's own copy, or the fields that were asked for; why and to whom on its first
page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from familydesk.core.fields import Kind
from familydesk.paper.dossier import Dossier
from familydesk.paper.drawing import head
from familydesk.paper.forms.record import BOX, side_by_side
from familydesk.paper.page import Dress, press, stamp
from familydesk.paper.story import Story
from familydesk.paper.strips import COLUMNS, Cell
from familydesk.paper.wording import CONFIDENTIAL, Pair

OWN_COPY: Pair = ("Өзі туралы деректердің көшірмесі", "Копия сведений о себе")
ON_REQUEST: Pair = ("Сұрау салу бойынша мәліметтер", "Сведения по запросу")


@dataclass(frozen=True, slots=True)
class Value:
    """One value ready to print, under its label; `kind` decides how much room it has."""

    label: str
    text: str
    kind: Kind = Kind.NOTE


@dataclass(frozen=True, slots=True)
class Part:
    """One record as it is given out."""

    title: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything that one paper says: who gives it to whom and why, the parts, and what was left out of them."""

    title: Pair
    facts: tuple[Value, ...]
    parts: tuple[Part, ...]
    remarks: tuple[str, ...] = ()
    proof: str = ""
    """The foot of every page: by whom, when, and the end of the journal."""


def draw_bundle(file: Dossier, bundle: Bundle, language: str) -> bytes:
    """The bundle as a PDF in `language`, which is also the language spoken; `file` knows the center."""
    sheet = Story(file)
    sheet.title(bundle.title)
    sheet.fields(*side_by_side(_cells(bundle.facts)))
    for remark in bundle.remarks:
        sheet.fine(remark)
    for part in bundle.parts:
        sheet.section(part.title)
        sheet.fields(*side_by_side(_cells(part.values)))
    return press(sheet.blocks, _dress(file, bundle, language))


def _cells(values: Sequence[Value]) -> list[Cell]:
    return list(_sized(values))


def _sized(values: Sequence[Value]) -> Iterator[Cell]:
    for value in values:
        # A line can be long; a strip of half a page would break it letter by letter.
        span = BOX[value.kind] if len(value.text) < 60 else COLUMNS
        yield Cell(value.label, value.text, span)


def _dress(file: Dossier, bundle: Bundle, language: str) -> Dress:
    return Dress(
        title=bundle.title[language == "ru"],
        language=language,
        stamp=stamp(file.drawn_at),
        head=head(file),
        mark=" / ".join(CONFIDENTIAL),
        proof=bundle.proof,
    )
