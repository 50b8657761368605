"""The seed of the working-day calendar: holidays of Kazakhstan in three languages, and the days that were moved.

Unlike the other seeds it is a function: its package is slow to load, and a year more is one more call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from familydesk.law.calendar import DayKind

YEARS = range(2024, 2029)
_CHECKED = date(2026, 11, 22)

Names = tuple[str, str, str]

NAMES: dict[str, Names] = {
    "New Year's Day": ("Жаңа жыл", "Новый год", "New Year"),
    "Orthodox Christmas": ("Православиелік Рождество", "Православное Рождество", "Orthodox Christmas"),
    "International Women's Day": (
        "Халықаралық әйелдер күні",
        "Международный женский день",
        "International Women's Day",
    ),
    "Nowruz Holiday": ("Наурыз мейрамы", "Наурыз мейрамы", "Nauryz"),
    "Kazakhstan's People Solidarity Holiday": (
        "Қазақстан халқының бірлігі мерекесі",
        "Праздник единства народа Казахстана",
        "Unity Day of the People of Kazakhstan",
    ),
    "Defender of the Fatherland Day": ("Отан қорғаушы күні", "День защитника Отечества", "Defender's Day"),
    "Victory Day": ("Жеңіс күні", "День Победы", "Victory Day"),
    "Capital Day": ("Астана күні", "День столицы", "Capital City Day"),
    "Constitution Day": ("Конституция күні", "День Конституции", "Constitution Day"),
    "Republic Day": ("Республика күні", "День Республики", "Republic Day"),
    "Independence Day": ("Тәуелсіздік күні", "День Независимости", "Independence Day"),
    "Eid al-Adha": ("Құрбан айт", "Курбан айт", "Kurban Ait"),
}
"""By the name that the package of holidays uses, its plain English."""

MOVED: Names = ("ауыстырылған демалыс күні", "перенесённый выходной день", "moved day off")
EXCHANGED: Names = ("Ауыстырылған демалыс күні", "Перенесённый выходной день", "Day off, exchanged for a weekend")
WORKED: Names = (
    "Ауыстырылған демалыс үшін жұмыс күні",
    "Рабочий день взамен перенесённого выходного",
    "Working day in exchange for a moved day off",
)

KURBAN_AIT_ANNOUNCED = {
    2024: "Ministry of Labour, statement of June 2024: 16 June, Sunday, no day moved",
    2025: "Spiritual Administration of Muslims of Kazakhstan: 6 June",
    2026: "Spiritual Administration of Muslims of Kazakhstan, calendar for 2026: 27 May",
}
"""The moon decides, so a later year is an estimate until its first day is announced."""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day that differs from its weekday."""

    day: date
    kind: DayKind
    name_kk: str
    name_ru: str
    name_en: str
    source: str
    checked_on: date


def seed(years: Iterable[int] = YEARS) -> tuple[CalendarDay, ...]:
    """The rows of `years` by day. Half a second: the package of holidays is loaded for the occasion."""
    # Loaded here because only a new store and a new year need it, and it would cost every start its time.
    from importlib.metadata import version

    import holidays

    wanted = set(years)
    known = holidays.country_holidays("KZ", years=wanted, language="en_US", islamic_show_estimated=False)
    source = f"Law No. 267-II of 13.12.2001 on holidays; package holidays {version('holidays')}"
    rows = [_day_off(day, name.split("; "), source) for day, name in known.items()]
    rows += _worked(known, wanted, source)
    return tuple(sorted(rows, key=lambda row: row.day))


def _day_off(day: date, english: list[str], source: str) -> CalendarDay:
    proper = [name for name in english if not name.endswith(")")]
    if proper:
        return CalendarDay(day, DayKind.OFF, *_names(proper), _source(day, proper, source), _CHECKED)
    whole = [name.removesuffix(" (observed)") for name in english if name.endswith(" (observed)")]
    if not whole:
        return CalendarDay(day, DayKind.MOVED_OFF, *EXCHANGED, source, _CHECKED)
    kazakh, russian, plain = (f"{name} ({moved})" for name, moved in zip(_names(whole), MOVED, strict=True))
    return CalendarDay(day, DayKind.MOVED_OFF, kazakh, russian, plain, source, _CHECKED)


def _source(day: date, proper: list[str], source: str) -> str:
    if "Eid al-Adha" in proper:
        told = KURBAN_AIT_ANNOUNCED.get(day.year, "estimated from the lunar calendar, correct it when announced")
        return f"Labour Code Art 84; {told}"
    return "Labour Code Art 84" if proper == ["Orthodox Christmas"] else source


def _worked(known: Any, years: set[int], source: str) -> Iterator[CalendarDay]:
    for day in known.weekend_workdays:
        if day.year in years:
            yield CalendarDay(day, DayKind.WORKING_SATURDAY, *WORKED, source, _CHECKED)


def _names(english: list[str]) -> Names:
    """The names of a day's holidays; one that is new to us stays English rather than get lost."""
    each = [NAMES.get(name, (name, name, name)) for name in english]
    kazakh, russian, plain = (", ".join(names) for names in zip(*each, strict=True))
    return kazakh, russian, plain
