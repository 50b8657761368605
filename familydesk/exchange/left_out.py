"""Rows of a sheet that are no rows of the register: titles, headers on every page, totals, numbering, signatures."""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from familydesk.core.i18n import N_
from familydesk.exchange.cells import Cell, text
from familydesk.exchange.dates import read_date
from familydesk.exchange.headers import Column, Layout
from familydesk.exchange.iins import read_iin


class Kind(enum.Enum):
    """Why a row is not counted."""

    BLANK = N_("Blank row")
    TITLE = N_("Title")
    HEADER = N_("Header of the table")
    NUMBERING = N_("Numbers of the columns")
    TOTAL = N_("Total")
    SECTION = N_("Heading of a part")
    SIGNATURE = N_("Signature")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that was not counted: sheet and row as the spreadsheet program numbers them, from one."""

    sheet: int
    line: int
    kind: Kind


_TOTAL = re.compile(
    r"^\W*(?:итог|всего|из них|в том числе|в т\.\s?ч|барлығы|жиыны|қорытынды|оның ішінде|total)", re.IGNORECASE
)
_MONTH = (
    r"(?:январ|феврал|март|апрел|ма[йя]|июн|июл|август|сентябр|октябр|ноябр|декабр|қаңтар|ақпан|наурыз|сәуір|мамыр|маусым"
    r"|шілде|тамыз|қыркүйек|қазан|қараша|желтоқсан|квартал|тоқсан|полугод|жартыжыл)\w*"
)
_CAPTION_COLUMNS = 2
_RECORD_WORDS = 4
"""A total stands beside figures; so many cells of words are a record, whatever its first one begins with."""
_NOTE_WORDS = 3
_SECTION = re.compile(
    rf"^\W*(?:за\s+|на\s+)?(?:[IVХ\d]{{1,4}}[\s-]*)?(?:{_MONTH}\W*)?(?:(?:19|20)\d\d)?\W*(?:г(?:од)?|ж(?:ыл)?|жылы|жылғы)?\W*(?:{_MONTH})?\W*$",
    re.IGNORECASE,
)
_PAGE = re.compile(
    r"^\W*(?:стр(?:аница)?|лист|бет|продолжение|жалғасы|page)\b[^а-яәіңғүұқөһ]*\d*.{0,20}$", re.IGNORECASE
)
_CAPTION = re.compile(
    r"^\W*(?:журнал|реестр|книга|учет|учёт|кгу|кмм|гу\b|гккп|отдел|управлени|центр|утвержд|бекіт|приложени|қосымша|форма|нысан"
    r"|раздел|бөлім|район|аудан|примечани|ескерту|обращения\s|өтініштерді|тіркеу|отбасын)",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"^\W*(?:руководител|директор|заведующ|исполнител|исп\b|составил|ответственн|подпись|м\.?\s*п\.?\s*$"
    r"|басшы|орындаушы|орталық басшысы|қолы)",
    re.IGNORECASE,
)


def kind_of(
    cells: Sequence[Cell], layout: Layout, headings: frozenset[str], titles: frozenset[str], today: date
) -> Kind | None:
    """Why the row is none of the register's; None if it is one. In doubt it is one."""
    filled = [(index, words) for index, cell in enumerate(cells) if (words := text(cell))]
    serial = layout.columns.get(Column.SERIAL, ())
    if all(index in serial for index, _words in filled):
        return Kind.BLANK
    shown = [words for _index, words in filled]
    if _is_heading(shown, headings):
        return Kind.HEADER
    if len(shown) <= 2 and titles.issuperset(shown):
        return Kind.TITLE
    if _is_numbering(shown):
        return Kind.NUMBERING
    if _has_substance(cells, layout, today):
        return None
    return _remark(filled, layout)


def _remark(filled: list[tuple[int, str]], layout: Layout) -> Kind | None:
    named = {index for column in (Column.NUMBER, Column.NAME, Column.DATE) for index in layout.columns.get(column, ())}
    total = any(_TOTAL.match(words) for at, (index, words) in enumerate(filled) if at == 0 or index in named)
    wordy = sum(_is_wordy(words) for _index, words in filled)
    if total and wordy < _RECORD_WORDS:
        return Kind.TOTAL
    if not wordy and len(filled) > 1 and any(_TOTAL.match(words) for _index, words in filled):
        return Kind.TOTAL
    first = filled[0][1]
    if len(filled) == 1 and not first.isdigit() and (_is_caption(*filled[0]) or _is_sentence(*filled[0], layout)):
        return Kind.SECTION
    return Kind.SIGNATURE if len(filled) <= 3 and _SIGNATURE.match(first) else None


def _is_wordy(words: str) -> bool:
    return not any(map(str.isdigit, words)) and not _TOTAL.match(words)


def _is_caption(index: int, words: str) -> bool:
    """A month, a page number, the journal's title in other words: alone in its row."""
    return bool(
        _SECTION.match(words)
        or _PAGE.match(words)
        or words[0] == "*"
        or (index <= _CAPTION_COLUMNS and _CAPTION.match(words))
    )


def _is_sentence(index: int, words: str, layout: Layout) -> bool:
    """A note that stands alone where only a number can stand."""
    numbers = {*layout.columns.get(Column.NUMBER, ()), *layout.columns.get(Column.SERIAL, ())}
    return index in numbers and sum(word.isalpha() and len(word) > 1 for word in words.split()) >= _NOTE_WORDS


def _is_heading(shown: list[str], headings: frozenset[str]) -> bool:
    known = sum(words in headings for words in shown)
    return known >= 2 and known * 5 >= len(shown) * 3 or (len(shown) == 1 and known == 1)


def _is_numbering(shown: list[str]) -> bool:
    """The row of a form that numbers its columns: 1, 2, 3 and so on, in whatever order the columns stand by now."""
    return len(shown) >= 3 and set(shown) == {str(number) for number in range(1, len(shown) + 1)}


def _has_substance(cells: Sequence[Cell], layout: Layout, today: date) -> bool:
    """A date or an IIN: what no total and no signature has."""
    dates = (cells[index] for index in layout.columns.get(Column.DATE, ()) if index < len(cells))
    numbers = (cells[index] for index in layout.columns.get(Column.IIN, ()) if index < len(cells))
    return any(isinstance(read_date(cell, today), date) for cell in dates) or any(
        read_iin(cell, today).iin for cell in numbers
    )
