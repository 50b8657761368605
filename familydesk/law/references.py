"""The norms that terms and papers name, each with the days on which it is the one to cite."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from familydesk.law.acts import (
    CENTER_RULES,
    DOMESTIC_VIOLENCE,
    FAMILY_CODE,
    OFFENCES_CODE,
    PERSONAL_DATA,
    PREVENTION,
    PROCEDURE_CODE,
    SOCIAL_CODE,
    Act,
    Place,
    cite,
)
from familydesk.law.dated import Dated, newest

_CHECKED = date(2026, 11, 22)

PREVENTION_BEGINS = date(2026, 3, 2)
OLD_LAW_ENDS = date(2026, 3, 1)
CENTERS_BEGIN = date(2024, 6, 16)

READ = "text of the act read in a copy of 2026"
QUOTED = "quoted second-hand; compare with the text of the act"
START_UNKNOWN = "; the day this wording entered into force is not established"


@dataclass(frozen=True, slots=True)
class LegalReference:
    """A norm under a lasting `code`; the `title` of each language is the whole citation, ready to print."""

    code: str
    act: str
    article: str
    title_kk: str
    title_ru: str
    title_en: str
    valid_from: date
    valid_to: date | None
    source: str
    checked_on: date
    confirmed: bool


class ReferenceRow(Dated, Protocol):
    """A row of the table of references, wherever it is kept."""

    @property
    def code(self) -> str: ...  # noqa: D102


Row = TypeVar("Row", bound=ReferenceRow)


def in_force(rows: Iterable[Row], code: str, on: date) -> Row | None:
    """The norm called `code` that is cited in a document of the day `on`; None if there was none."""
    return newest((row for row in rows if row.code == code), on)


def _norm(
    code: str,
    act: Act,
    place: Place,
    since: date,
    source: str = READ,
    *,
    until: date | None = None,
) -> LegalReference:
    confirmed = source.startswith(READ)
    return LegalReference(code, act.number, str(place), *cite(act, place), since, until, source, _CHECKED, confirmed)


SEED: tuple[LegalReference, ...] = (
    _norm(
        "PROTECTIVE_ORDER",
        DOMESTIC_VIOLENCE,
        Place("20"),
        date(2015, 1, 1),
        "known from practice; compare with the text of the act. Thirty days since the amendments of 2014",
        until=OLD_LAW_ENDS,
    ),
    _norm("PROTECTIVE_ORDER", PREVENTION, Place("60"), PREVENTION_BEGINS, QUOTED),
    _norm("PROTECTIVE_ORDER_BREACH", OFFENCES_CODE, Place("461"), date(2015, 1, 1)),
    _norm("SPECIAL_REQUIREMENTS", OFFENCES_CODE, Place("54"), date(2015, 1, 1)),
    _norm("OFFICIAL_WARNING", PREVENTION, Place("51"), PREVENTION_BEGINS, QUOTED),
    _norm("POLICE_NOTICE", PREVENTION, Place("72", "3"), PREVENTION_BEGINS, QUOTED),
    _norm("FAMILY_RECORD", PREVENTION, Place("54", "1"), PREVENTION_BEGINS, QUOTED),
    _norm("MOBILE_GROUP", PREVENTION, Place("11"), PREVENTION_BEGINS, QUOTED),
    _norm("PRIMARY_ASSESSMENT", CENTER_RULES, Place(point="13"), CENTERS_BEGIN, QUOTED + START_UNKNOWN),
    _norm("INDIVIDUAL_PLAN", CENTER_RULES, Place(point="17"), CENTERS_BEGIN, QUOTED + START_UNKNOWN),
    _norm("GUARDIANSHIP_NOTICE", CENTER_RULES, Place(point="26"), CENTERS_BEGIN, QUOTED + START_UNKNOWN),
    _norm("CENTERS", FAMILY_CODE, Place("5-1"), CENTERS_BEGIN, READ + START_UNKNOWN),
    _norm("TEMPORARY_RESIDENCE", FAMILY_CODE, Place("5-1", "2", "4"), CENTERS_BEGIN, READ + START_UNKNOWN),
    _norm("GUARDIANSHIP_AGES", FAMILY_CODE, Place("130"), date(2012, 1, 17), READ + START_UNKNOWN),
    _norm("MANDATORY_REPORT", OFFENCES_CODE, Place("127-1"), CENTERS_BEGIN, READ + START_UNKNOWN),
    _norm("SOCIAL_SERVICES", SOCIAL_CODE, Place("133"), date(2023, 7, 1)),
    _norm("FAMILY_MAP", SOCIAL_CODE, Place("24"), date(2023, 7, 1)),
    _norm("SERVICE_CONFIDENTIALITY", SOCIAL_CODE, Place("135", "2", "5"), date(2023, 7, 1)),
    _norm("CONSENT", PERSONAL_DATA, Place("8"), date(2013, 11, 26)),
    _norm("CONSENT_WITHDRAWAL", PERSONAL_DATA, Place("8", "7"), date(2024, 1, 1), READ + START_UNKNOWN),
    _norm("CONSENT_EXCEPTION", PERSONAL_DATA, Place("9"), date(2013, 11, 26)),
    _norm("CONFIDENTIALITY", PERSONAL_DATA, Place("11", "2"), date(2013, 11, 26), READ + START_UNKNOWN),
    _norm("DEPERSONALISED_STATISTICS", PERSONAL_DATA, Place("17", "1"), date(2013, 11, 26), READ + START_UNKNOWN),
    _norm("ID_COPIES", PERSONAL_DATA, Place("7", "10"), date(2026, 1, 1), READ + START_UNKNOWN),
    _norm(
        "REFERRAL_ANSWER",
        PROCEDURE_CODE,
        Place("76"),
        date(2021, 7, 1),
        "known from practice; compare with the text of the act",
    ),
)
