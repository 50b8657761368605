"""Registers made up for tests. People are invented; their IINs are of births in the nineteenth century."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from familydesk.exchange.register import Register
from familydesk.exchange.row import Row

TODAY = date(2026, 11, 18)

HEADER = (
    "№ обращения",
    "Дата",
    "ФИО (при его наличии)",
    "ИИН",
    "Адрес проживания",
    "Тип обращения",
    "Причина обращения",
    "Наименование организации отправителя",
    "Принял обращение: ФИО",
    "Результат",
)
ABAI = "г. Кокшетау, ул. Абая, 112, кв. 15"


def iin(serial: int, born: str = "500101", seventh: str = "2") -> str:
    """A valid IIN of that serial number; serials that have no check digit move on to the next."""
    digits = [int(sign) for sign in f"{born}{seventh}{serial:04d}"]
    for shift in (1, 3):
        weights = [(place + shift - 1) % 11 + 1 for place in range(11)]
        check = sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 11
        if check < 10:
            return "".join(map(str, digits)) + str(check)
    return iin(serial + 5000, born, seventh)


def row(
    number: str = "2024/1", day: Any = "09.01.2024", name: Any = "Жұмабаева Мөлдір Серікқызы", **other: Any
) -> list[Any]:
    """A row in the order of `HEADER`."""
    told = {
        "iin": "",
        "address": ABAI,
        "channel": "лично",
        "reason": "нет жилья",
        "sender": "",
        "by": "Ким А.",
        "result": "",
    }
    told |= other
    return [
        number,
        day,
        name,
        *(told[key] for key in ("iin", "address", "channel", "reason", "sender", "by", "result")),
    ]


def save(path: Path, *sheets: Sequence[Sequence[Any]]) -> Path:
    """A workbook with these sheets of rows. A text that begins with = stays a text."""
    book = Workbook()
    book.remove(book.active)
    for at, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"Лист{at}")
        for line, cells in enumerate(rows, 1):
            for place, value in enumerate(cells, 1):
                if value not in (None, ""):
                    cell = sheet.cell(line, place, value)
                    if isinstance(value, str):
                        cell.data_type = "s"
    book.save(path)
    return path


def read(path: Path, *sheets: Sequence[Sequence[Any]]) -> list[Row]:
    """The rows that the program reads in a workbook with these sheets."""
    return list(Register(save(path, *sheets)).rows())
