"""A register such as centers keep, made up row by row with the mess that years of typing leave in it.

Deterministic for a seed. The people are invented; their IINs belong to births of the nineteenth century.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from people import Person, people

HEADER = (
    "№ обращения",
    "Дата",
    "ФИО (при его наличии)",
    "ИИН",
    "Адрес проживания, телефон",
    "Тип обращения",
    "Причина обращения",
    "Наименование организации отправителя",
    "Принял обращение: ФИО",
    "Результат",
)
STREETS = ("ул. Абая", "ул. Мира", "Тәуелсіздік к-сі", "Қанай би к-сі", "пр. Назарбаева", "Жастар ш/а")
PLACES = ("г. Кокшетау", "Көкшетау қ.", "с. Зеренда", "Щучинск қ.", "Аршалы а.", "п. Бурабай")
CHANNELS = ("личное обращение", "контакт-центр 111", "полиция", "школа", "поликлиника", "акимат", "мобильная группа")
REASONS = (
    "бытовое насилие",
    "угроза жизни",
    "нет жилья",
    "взыскание алиментов",
    "конфликт с детьми",
    "нужна консультация психолога",
    "трудная жизненная ситуация",
)
SENDERS = ("", "СШ № 4", "Контакт-центр 111", 'ГКП на ПХВ "Городская поликлиника"', "Аппарат акима с. Зеренда")
WORKERS = ("Ким А. В.", "Оспанова Г.К.", "Төлегенов Б.С.", "Рахымжанова Ж.")
RESULTS = ("", "в работе", "проведена консультация", "составлен ИПР", "направлена в кризисный центр", "=1+1")
_MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
MONTHS = _MONTHS.split()
LOOKALIKES = str.maketrans("АВСЕНКМОРТХаеорсух", "ABCEHKMOPTXaeopcyx")


def written(path: Path, rows: int, seed: int = 5) -> Path:
    """The register with so many rows, as a workbook at `path`; a date is a date's cell or a text, as they come."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("2025")
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.merge_range(0, 0, 0, len(HEADER) - 1, "Журнал регистрации обращений")
        sheet.write_row(2, 0, HEADER)
        for line, cells in enumerate(_lines(rows, Random(seed)), 3):
            for place, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(line, place, cell, day)
                elif isinstance(cell, str):
                    sheet.write_string(line, place, cell)
                else:
                    sheet.write(line, place, cell)
    return path


def _lines(rows: int, random: Random) -> Iterator[list[Any]]:
    clients = [
        (one, _iin(number, random), _address(random)) for number, one in enumerate(people(rows * 3 // 5, seed=9))
    ]
    day, before = date(2025, 1, 8), None
    for number in range(1, rows + 1):
        if random.random() < 0.25:
            day += timedelta(days=1)
        client = random.choice(clients)
        if random.random() < 0.01:
            yield [None] * len(HEADER)
        if before and random.random() < 0.01:
            yield before
        else:
            before = _row(number, day, *client, random)
            yield before
    yield ["", "", "Итого обращений", rows]


def _row(number: int, day: date, person: Person, iin: str, address: str, random: Random) -> list[Any]:
    return [
        f"2025/{number:05}",
        _day(day, random),
        _name(person, random),
        _typed(iin, random),
        address,
        random.choice(CHANNELS),
        random.choice(REASONS),
        random.choice(SENDERS),
        random.choice(WORKERS),
        random.choice(RESULTS),
    ]


def _day(day: date, random: Random) -> Any:
    spellings = (
        day,
        f"{day:%d.%m.%Y}",
        f"{day:%d.%m.%y}",
        f"{day:%Y-%m-%d}",
        f"{day.day} {MONTHS[day.month - 1]} {day.year} г.",
        f"{day:%d/%m/%Y}",
        (day - date(1899, 12, 30)).days,
    )
    return "" if random.random() < 0.01 else random.choice(spellings)


def _name(person: Person, random: Random) -> str:
    chance = random.random()
    if chance < 0.02:
        return ""
    if chance < 0.05:
        return str(person).translate(LOOKALIKES)
    if chance < 0.10:
        return f"{person.surname} {person.given[0]}.{person.patronymic[:1]}."
    if chance < 0.14:
        return str(person).upper()
    return f"  {person}" if chance < 0.17 else str(person)


def _typed(iin: str, random: Random) -> Any:
    chance = random.random()
    if chance < 0.08:
        return ""
    if chance < 0.12:
        return iin[:-1] + str((int(iin[-1]) + 1) % 10)
    if chance < 0.20:
        return f"{iin[:6]} {iin[6:]}"
    return int(iin) if chance < 0.35 else iin


def _address(random: Random) -> str:
    told = f"{random.choice(PLACES)}, {random.choice(STREETS)}, {random.randrange(1, 150)}"
    if random.random() < 0.4:
        told += f", кв. {random.randrange(1, 90)}"
    return f"{told}\n+7 701 {random.randrange(10**7):07}" if random.random() < 0.5 else told


def _iin(serial: int, random: Random) -> str:
    """A valid IIN; where the serial number has no check digit the next is taken."""
    born = f"{random.randrange(40, 99)}{random.randrange(1, 13):02}{random.randrange(1, 29):02}"
    while True:
        digits = [int(sign) for sign in f"{born}{random.randrange(1, 3)}{serial % 10_000:04}"]
        for shift in (0, 2):
            weights = [(place + shift) % 11 + 1 for place in range(11)]
            check = sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 11
            if check < 10:
                return "".join(map(str, digits)) + str(check)
        serial += 1
