"""One row of a register, read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import blake2b

from familydesk.core import clock
from familydesk.core.fold import words
from familydesk.exchange.cells import Cell, lines, text
from familydesk.exchange.dates import read_birthday, read_date, read_hour
from familydesk.exchange.headers import Column, Layout
from familydesk.exchange.iins import IinReading, figures, find_iin, read_iin
from familydesk.exchange.names import NameReading, PersonName, read_name
from familydesk.exchange.phones import take_phones
from familydesk.exchange.problems import Fault

_SHOWN = (
    Column.NUMBER,
    Column.ADDRESS,
    Column.PHONE,
    Column.CHANNEL,
    Column.REASON,
    Column.SENDER,
    Column.TAKEN_BY,
    Column.RESULT,
)


@dataclass(slots=True)
class Row:
    """What a row says. Texts are as written, cleaned of stray spaces; `faults` tell what a person should look at.

    `iin` is valid or empty; `iin_written` is what stood there, `absence` the NAME of the reason why there is none.
    `fingerprint` is the same for two rows that say the same however they are spelled.
    """

    cells: tuple[Cell, ...]
    labels: tuple[str, ...]
    number: str
    received_at: datetime | None
    name: PersonName | None
    iin: str
    iin_written: str
    absence: str
    born_on: date | None
    phones: tuple[str, ...]
    address: str
    channel: str
    reason: str
    sender: str
    taken_by: str
    result: str
    extras: tuple[tuple[str, str], ...]
    faults: tuple[Fault, ...]
    fingerprint: bytes
    sheet: int = 0
    line: int = 0
    position: int = 0
    repeat: bool = False

    @property
    def usable(self) -> bool:
        """Whether it can become an application."""
        return not any(fault.stops for fault in self.faults)

    def as_it_was(self) -> str:
        """Header and value of every filled cell, a line each."""
        labels = (*self.labels, *[""] * (len(self.cells) - len(self.labels)))
        pairs = zip(labels, map(text, self.cells), strict=False)
        return "\n".join(f"{label}: {shown}" if label else shown for label, shown in pairs if shown)


class _Cells:
    """The cells of a row by the meaning of their columns."""

    def __init__(self, cells: Sequence[Cell], layout: Layout) -> None:
        self._cells, self._columns = cells, layout.columns

    def all(self, column: Column) -> list[Cell]:
        return [self._cells[index] for index in self._columns.get(column, ()) if index < len(self._cells)]

    def one(self, column: Column) -> Cell:
        places = self._columns.get(column)
        return self._cells[places[0]] if places and places[0] < len(self._cells) else ""

    def lines(self, column: Column) -> list[str]:
        return [line for cell in self.all(column) for line in lines(cell)]

    def shown(self, column: Column) -> str:
        if len(self._columns.get(column, ())) <= 1:
            return text(self.one(column))
        return ", ".join(shown for cell in self.all(column) if (shown := text(cell)))


def read_row(cells: Sequence[Cell], layout: Layout, today: date) -> Row:
    """Read the cells of one row under a layout."""
    of = _Cells(cells, layout)
    name = _name(of)
    iin = _iin(of, today)
    day = read_date(of.one(Column.DATE), today)
    phones, address = _reached(of)
    shown = {column: of.shown(column) for column in _SHOWN}
    return Row(
        cells=tuple(cells),
        labels=layout.labels,
        number=shown[Column.NUMBER],
        received_at=_moment(of.one(Column.DATE), day) if isinstance(day, date) else None,
        name=name.name,
        iin=iin.iin,
        iin_written=iin.written,
        absence=iin.absence,
        born_on=read_birthday(of.one(Column.BORN), today),
        phones=phones,
        address=address,
        channel=shown[Column.CHANNEL],
        reason=shown[Column.REASON],
        sender=shown[Column.SENDER],
        taken_by=shown[Column.TAKEN_BY],
        result=shown[Column.RESULT],
        extras=tuple(
            (layout.labels[index], said)
            for index in layout.unknown
            if index < len(cells) and (said := text(cells[index]))
        ),
        faults=tuple(_faults(day, name, iin)),
        fingerprint=_fingerprint(of, shown, day, iin),
    )


def _name(of: _Cells) -> NameReading:
    """One cell with the whole name, or three with its parts."""
    surname = text(of.one(Column.SURNAME))
    if not surname:
        return read_name(of.one(Column.NAME))
    parts = [surname, text(of.one(Column.GIVEN)), text(of.one(Column.PATRONYMIC))]
    reading = read_name(" ".join(part for part in parts if part))
    given = reading.name.given if reading.name else ""
    if reading.name is None or given == "" or len(parts[1].split()) != 1 or len(surname.split()) != 1:
        return reading
    # The columns say which word is which; only their spelling is taken from the reading.
    spelled = {word.lower(): word for word in reading.name.whole.split()}
    return NameReading(PersonName(*(_spelled_as(part, spelled) for part in parts)), True, reading.several)


def _spelled_as(part: str, spelled: dict[str, str]) -> str:
    return " ".join(spelled.get(word.lower(), word) for word in part.split())


def _iin(of: _Cells, today: date) -> IinReading:
    """The number from its own cell; if that is empty, one that was written beside the name."""
    reading = read_iin(of.one(Column.IIN), today)
    if reading.fault is Fault.NO_IIN and not reading.written:
        beside = find_iin(text(of.one(Column.NAME)), today)
        return IinReading(beside, beside) if beside else reading
    return reading


def _moment(cell: Cell, day: date) -> datetime:
    """The day's beginning, or the hour of day that the cell gives."""
    hour = read_hour(cell)
    at = clock.local(day.year, day.month, day.day, *((hour.hour, hour.minute) if hour else ()))
    return at if at <= clock.now() else clock.local(day.year, day.month, day.day)


def _reached(of: _Cells) -> tuple[tuple[str, ...], str]:
    """Telephones and address, from their own columns and from each other's."""
    own, _left = take_phones(of.lines(Column.PHONE))
    beside_name, _left = take_phones(of.lines(Column.NAME))
    inside, address = take_phones(of.lines(Column.ADDRESS))
    return tuple(dict.fromkeys((*own, *inside, *beside_name))), address


def _faults(day: date | Fault, name: NameReading, iin: IinReading) -> list[Fault]:
    found = [] if isinstance(day, date) else [day]
    if name.name is None:
        found.append(Fault.SHORT_NAME if name.written else Fault.NO_NAME)
    elif name.name.initials:
        found.append(Fault.INITIALS)
    if iin.fault:
        found.append(iin.fault)
    if name.several or iin.several:
        found.append(Fault.SEVERAL_PEOPLE)
    return found


@lru_cache(maxsize=2048)
def _folded(names: str) -> str:
    return " ".join(words(names))


def _fingerprint(of: _Cells, shown: dict[Column, str], day: date | Fault, iin: IinReading) -> bytes:
    """A digest of everything the row says in known columns; a date with its hour, an IIN and a telephone count by
    their value, a name by its folded words.
    """
    names = " ".join(of.shown(column) for column in (Column.SURNAME, Column.GIVEN, Column.PATRONYMIC, Column.NAME))
    told = [
        f"{day} {read_hour(of.one(Column.DATE)) or ''}" if isinstance(day, date) else text(of.one(Column.DATE)),
        _folded(names),
        iin.iin or figures(iin.written),
        *(_said(of, column, part).casefold() for column, part in shown.items()),
    ]
    return blake2b("\x1f".join(told).encode(), digest_size=16).digest()


def _said(of: _Cells, column: Column, shown: str) -> str:
    """A column's text, its telephones in one spelling."""
    if column not in (Column.PHONE, Column.ADDRESS):
        return shown
    numbers, left = take_phones(of.lines(column))
    return " ".join((*numbers, left)) if numbers else shown
