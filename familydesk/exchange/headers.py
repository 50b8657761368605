"""Finding the columns of a register by the words of their headers, in Russian, Kazakh or English, in any order."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from familydesk.exchange.cells import Cell, text
from familydesk.exchange.letters import repaired
from familydesk.exchange.problems import own_words


class Column(enum.Enum):
    """A column that a journal of applications has."""

    NUMBER = "number"
    SERIAL = "serial"
    DATE = "date"
    NAME = "name"
    SURNAME = "surname"
    GIVEN = "given"
    PATRONYMIC = "patronymic"
    IIN = "iin"
    BORN = "born"
    ADDRESS = "address"
    PHONE = "phone"
    CHANNEL = "channel"
    REASON = "reason"
    SENDER = "sender"
    TAKEN_BY = "taken_by"
    RESULT = "result"


_OTHER_PEOPLE = (
    "ребен ребён дети детей бала супруг жұбай мужа родител атаана обидчик агрессор нарушител правонарушител "
    "представител матери отца опекун свидетел член+сем child offender spouse зәбір"
)
_OTHER_DATES = (
    "ответ исполн закрыт жауап орындау жабыл birth выдач направ контрол срок мерзім завершен результат нәтиже"
)

# In order: the first line that fits names the column. All the beginnings in one set must be there.
_WORDS: tuple[tuple[Column | None, str], ...] = (
    (Column.BORN, "дата+рожд год+рожд число+рожд гр туған birth др"),
    (None, _OTHER_PEOPLE),
    (Column.IIN, "иин жсн iin идентификац сәйкестендіру"),
    (Column.PHONE, "телефон тел сотов байланыс phone мобильн+номер контактн контакты"),
    (None, " ".join(f"{word}+{other}" for word in ("дата", "күні", "срок", "date") for other in _OTHER_DATES.split())),
    (Column.DATE, "дата күні date күн"),
    (None, "email электрон пошта почта время уақыты возраст жасы пол жынысы"),
    (Column.ADDRESS, "адрес мекен тұрғылықты местожит мест+жит мест+прож прожив address"),
    (
        Column.RESULT,
        "результат нәтиже итог итоги оказан+!фио сделано көрсетілген+көмек меры мер+принят шара result исход решени",
    ),
    (Column.TAKEN_BY, "принял принявш қабылда специалист исполнител ответствен сотрудник жауапты маман received taken"),
    (Column.CHANNEL, "откуда+поступ откуда+приш қайдан+кел қайдан+түс қайдан+біл"),
    (Column.SENDER, "организац organi отправител направивш кем+направл жіберуші жіберген ұйым sender откуда қайдан"),
    (Column.CHANNEL, "тип вид+обращ канал арнасы түрі форма+обращ способ источник channel kind"),
    (Column.REASON, "причин повод себе суть вопрос содержан мазмұн основан тема проблем reason негіз"),
    (Column.SERIAL, "пп рс"),
    (Column.NUMBER, "номер нөмір №+обращ №+өтініш №+рег №+тірк №+вх рег+№ вх+№ number входящ application+no"),
    (Column.GIVEN, "имя+!фамил+!отчеств аты+!тегі+!жөні+!әкес+!ұйым given first+name"),
    (Column.PATRONYMIC, "отчество+!фамил+!имя әкесінің+!тегі patronymic middle+name"),
    (Column.SURNAME, "фамилия+!имя+!отчеств+!и тегі+!аты surname last+name"),
    (Column.NAME, "фио таә таж фамил тегі атыжөні аты+жөні заявител обративш өтініш+беруш клиент гражданин name"),
    (Column.SERIAL, "№ n no"),
)
_PATTERNS = tuple((column, tuple(tuple(words.split("+")) for words in sets.split())) for column, sets in _WORDS)
_ABBREVIATED = re.compile(r"\b((?:[^\W\d_](?:\s?[./]\s?|\s)){1,3}[^\W\d_])\b\.?")
_BRACKETS = re.compile(r"\(.*?\)")
_TOKEN = re.compile(r"[^\W_]+|№")
_LONGEST = 120
_NOT_BEGINNINGS = (
    "и обр тел гр др пп рс № n no тип вид пол имя аты тегі date күн итог итоги меры name мер таә таж рег вх type"
)
_WHOLE_WORDS = frozenset(_NOT_BEGINNINGS.split())
_OWN_WORDS = (
    "обращ обр обратив заявит өтініш регистр рег тіркел тіркеу поступ подач отправ жіберуш принял принявш қабылда"
)
_OWN = tuple(_OWN_WORDS.split())
_SHARED = frozenset({Column.ADDRESS, Column.PHONE, Column.RESULT, Column.REASON})
"""Columns that a register may split in several: their texts are put together."""
_JOURNAL = frozenset({Column.CHANNEL, Column.REASON, Column.SENDER, Column.TAKEN_BY, Column.RESULT})
NAMED = frozenset({Column.NAME, Column.SURNAME})


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns stand. `labels` are all header texts in order, empty where a column has none."""

    columns: dict[Column, tuple[int, ...]]
    labels: tuple[str, ...]

    @property
    def unknown(self) -> tuple[int, ...]:
        """Columns that have a header and no meaning here."""
        known = {index for indexes in self.columns.values() for index in indexes}
        return tuple(index for index, label in enumerate(self.labels) if label and index not in known)

    def after(self, before: Layout) -> Layout:
        """This header further down the sheet: what only the cells told of a column still holds under the same label."""
        taken = {index for indexes in self.columns.values() for index in indexes}
        kept = {
            column: places
            for column, places in before.columns.items()
            if column not in self.columns
            and not any(at in taken or self._label(at) != before._label(at) for at in places)
        }
        return Layout({**kept, **self.columns}, self.labels)

    @property
    def tells_of_applications(self) -> int:
        """How many of its columns only a journal of applications has."""
        return len(_JOURNAL & self.columns.keys())

    @property
    def is_whole(self) -> bool:
        """A date and a name, and something of applications."""
        return Column.DATE in self.columns and bool(NAMED & self.columns.keys()) and self.tells_of_applications > 0

    def _label(self, at: int) -> str:
        return self.labels[at] if at < len(self.labels) else ""

    @property
    def is_register(self) -> bool:
        """Enough columns to be a journal of applications and not a list of something else."""
        return len(self.columns) >= 3 and bool(NAMED & self.columns.keys() or Column.IIN in self.columns)


@lru_cache(maxsize=512)
def column_of(header: str) -> Column | None:
    """The meaning of one header; None if it has none here."""
    if not header or len(header) > _LONGEST:
        return None
    words = _words(header)
    return next((column for column, sets in _PATTERNS if any(_fits(words, stems) for stems in sets)), None)


def read_header(labels: Sequence[str]) -> Layout:
    """The layout that a row of header texts gives. Of two columns with one meaning that which speaks of the application
    holds, else the first; the other is unknown.
    """
    columns: dict[Column, tuple[int, ...]] = {}
    labels = ["" if label in own_words() else label for label in labels]
    for index, label in enumerate(labels):
        column = column_of(label)
        if column in _SHARED:
            columns[column] = (*columns.get(column, ()), index)
        elif column and (column not in columns or _nearness(label) > _nearness(labels[columns[column][0]])):
            columns[column] = (index,)
    for missing, instead in ((Column.NUMBER, Column.SERIAL), (Column.NAME, Column.SURNAME)):
        if (
            missing not in columns
            and instead in columns
            and not (instead is Column.SURNAME and Column.GIVEN in columns)
        ):
            columns[missing] = columns.pop(instead)
    return Layout(columns, tuple(labels))


def find_header(rows: Sequence[Sequence[Cell]]) -> tuple[int, int, Layout] | None:
    """The first and last of the rows that make the header, and the layout; None if these rows hold none.

    A header may stand on up to three rows; the fewest rows that give the most columns are taken.
    """
    best: tuple[int, int, Layout] | None = None
    for first in range(len(rows)):
        if best and first > best[1] + 2:
            break
        for last in range(first, min(first + 3, len(rows))):
            if not may_be_header(rows[last]):
                break
            layout = read_header(_labels(rows[first : last + 1]))
            if layout.is_register and (best is None or _worth(first, last, layout) > _worth(*best)):
                best = (first, last, layout)
    return best


def _worth(first: int, last: int, layout: Layout) -> tuple[int, int]:
    return len(layout.columns), first - last


def may_be_header(row: Iterable[Cell]) -> bool:
    """Header cells are words: no dates and no numbers but those that words explain."""
    return all(isinstance(cell, str) and _is_worded(cell) for cell in row)


def _is_worded(cell: str) -> bool:
    digits = sum(map(str.isdigit, cell))
    return digits < 5 or sum(map(str.isalpha, cell)) > 2 * digits


def _labels(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """One text a column, from the top row down; a text spread over merged cells counts once."""
    width = max(map(len, rows))
    stacks = [[text(row[index]) for row in rows if index < len(row)] for index in range(width)]
    return [" ".join(dict.fromkeys(part for part in stack if part)) for stack in stacks]


def _words(header: str) -> tuple[str, ...]:
    joined = _ABBREVIATED.sub(
        lambda match: re.sub(r"[\s./]", "", match[1]), header.lower().replace("-", "").replace("ё", "е")
    )
    spelled = " ".join(repaired(word) for word in joined.split())
    return tuple(_TOKEN.findall(spelled.replace("ф и о", "фио").replace("т а ә", "таә")))


def _nearness(header: str) -> int:
    """How surely a header speaks of the application itself: `Дата обращения`, then `Дата`, then `Дата визита`."""
    words = _words(_BRACKETS.sub(" ", header))
    return 2 if any(_stands(words, stem) for stem in _OWN) else int(len(words) == 1)


def _fits(words: tuple[str, ...], stems: tuple[str, ...]) -> bool:
    return all(_stands(words, stem) for stem in stems)


def _stands(words: tuple[str, ...], stem: str) -> bool:
    if stem.startswith("!"):
        return not _stands(words, stem[1:])
    if stem in _WHOLE_WORDS:
        return stem in words
    return any(word.startswith(stem) for word in words)
