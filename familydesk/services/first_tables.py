"""What a new store begins with: the dated tables of law, the center, and its head."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any
from uuid import UUID

from familydesk.core.errors import Problem, Refused
from familydesk.core.i18n import N_
from familydesk.core.record import Record
from familydesk.records import sheet_of
from familydesk.records.center import Center
from familydesk.records.staff_member import Role, StaffMember

USUAL_CODE = "ОҚО"


def law_tables() -> Iterator[Record]:
    """Rows of every dated table as far as the program knows them. Takes half a second: the calendar is reckoned."""
    from familydesk.law import indexes, public_holidays, references, regions, retention, terms

    for term in terms.SEED:
        yield _row("response_term", term, kind=term.kind.name)
    for kept in retention.SEED:
        yield _row("retention_term", kept)
    for reference in references.SEED:
        yield _row("legal_reference", reference)
    for index in indexes.SEED:
        yield _row("calculation_index", index)
    for region in regions.SEED:
        yield _row("region", region)
    for day in public_holidays.seed():
        yield _row("calendar_day", day)


def _row(sheet: str, seed: Any, **other: Any) -> Record:
    return sheet_of(sheet)(**asdict(seed) | other)


def center(name: str, code: str = "") -> Center:
    """The center. Without a code, case numbers bear the first letters of its name."""
    initials = "".join(word[0] for word in _words(name) if word[0].isalpha())[:4].upper()
    return Center(name_kk=name.strip(), name_ru=name.strip(), code=code.strip() or initials or USUAL_CODE)


def head(account: UUID, person: str, login: str) -> StaffMember:
    """The head of the center, from her name as it is written."""
    return StaffMember(id=account, **named(person), role=Role.HEAD, login=login or None)


def named(person: str) -> dict[str, str | None]:
    """A name as it is written (surname, given name, patronymic if any) by its fields. Refused without a given name."""
    surname, given, patronymic = (*person.split(maxsplit=2), "", "", "")[:3]
    if not surname or not given:
        raise Refused(Problem("person", N_("Write the surname and the given name.")))
    return {"surname": surname, "given": given, "patronymic": patronymic or None}


def _words(name: str) -> list[str]:
    return [word for word in (part.strip("«»“”\"'()№.,-") for part in name.split()) if word]
