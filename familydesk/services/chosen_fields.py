"""What of a person, her case and a referral travels to another center: what was chosen, and never more than may.

Sealed notes never travel; what tells where she is only if it is named one by one, with the reason. A telephone that is
not safe to call goes nowhere without its conditions (`paper/redaction`).
"""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from familydesk.core.errors import Problem, Refused
from familydesk.core.fields import Field, Kind, Secrecy
from familydesk.core.i18n import N_, translate
from familydesk.core.record import Record, is_empty
from familydesk.core.show import show
from familydesk.paper.redaction import redacted
from familydesk.records import sheet_of
from familydesk.records.case import Case
from familydesk.records.referral import Referral
from familydesk.services.saving import UNSEEN
from familydesk.store.log_value import from_log, to_log
from familydesk.sync.letter import Fields

if TYPE_CHECKING:
    from familydesk.services.office import Office

ALWAYS = ("person.surname", "person.given", "referral.request")
"""Without them nobody could be helped."""
USUAL = (
    *ALWAYS,
    "person.patronymic",
    "person.born_on",
    "referral.number",
    "referral.urgency",
    "referral.sent_on",
    "referral.due_on",
)
"""What goes unless something else is chosen."""

NUMBER = "person_phone.number"
_OFFERED = {
    "person": ("iin_absence", "iin_differs"),
    "person_phone": (),
    "case": ("number", "stage", "opened_on", "closed_on", "closing_reason", "closing_note"),
    "referral": (
        *("destination_kind", "exception", "exception_text", "delivery"),
        *("answered_on", "answer", "answer_text", "outcome"),
    ),
}
"""The sheets that a referral speaks of, each with what of it is the sender's own matter."""
_WITH_NUMBER = ("number", "safe_to_call", "safe_to_write")
_CONDITIONS = ("safe_hours", "introduce_as", "who_may_answer")

NO_SUCH = N_("One of these fields is none that may be passed on; “referral fields” lists them.")
NEEDS_REASON = N_("This tells where she is or how to reach her. Say why the other center has to know it: {name}.")
NOT_HER_CASE = N_("The referral is about somebody else than the client of the case: leave out what the case tells.")
_TYPES: Mapping[Kind, type | tuple[type, ...]] = {
    Kind.LINE: str,
    Kind.NOTE: str,
    Kind.PHONE: str,
    Kind.IIN: str,
    Kind.DAY: date,
    Kind.MOMENT: datetime,
    Kind.CHOICE: enum.Enum,
    Kind.MANY: tuple,
    Kind.YES_NO: bool,
    Kind.NUMBER: int,
    Kind.AMOUNT: Decimal,
}


@cache
def offered() -> dict[str, Field]:
    """What may be chosen, by name (`person.iin`)."""
    found = {}
    for sheet, own in _OFFERED.items():
        for known in sheet_of(sheet).fields():
            may = known.kind is not Kind.REFERENCE and known.secrecy < Secrecy.PRIVILEGED and known.name not in own
            if may and (sheet != "person_phone" or known.name == "number"):
                found[f"{sheet}.{known.name}"] = known
    return found


def chosen(names: Iterable[str], location_reason: str = "") -> tuple[str, ...]:
    """The fields of a referral: the usual ones, or those named and what always goes. Refused for one that may not."""
    wanted = tuple(names)
    for name in wanted:
        known = offered().get(name)
        if known is None:
            raise Refused(Problem("fields", NO_SUCH))
        if known.secrecy is Secrecy.LOCATION and not location_reason.strip():
            raise Refused(Problem("fields", NEEDS_REASON, {"name": name}))
    taken = {*wanted, *ALWAYS} if wanted else set(USUAL)
    return tuple(name for name in offered() if name in taken)


@dataclass(frozen=True, slots=True)
class Passage:
    """Values that travel, by sheet."""

    records: tuple[tuple[str, Fields], ...] = field(repr=False)

    @property
    def names(self) -> list[str]:
        """The fields that hold something: what the journal keeps of it."""
        return sorted({f"{sheet}.{name}" for sheet, fields in self.records for name, _text in fields})


def gathered(office: Office, referral: Referral, names: Sequence[str], location_reason: str = "") -> Passage:
    """What these fields hold, as far as whoever is at the desk sees it. Refused if she chose what she does not see."""
    location = bool(location_reason.strip())
    found = []
    for record in _records(office, referral, names):
        own = _names_of(record.sheet(), names, location)
        if record.covered & set(own):
            raise Refused(Problem("fields", UNSEEN))
        fields = _written(redacted(record, location=location), own)
        if record.sheet() != "person_phone" or "number" in dict(fields):
            found.append((record.sheet(), fields))
    return Passage(tuple(one for one in found if one[1]))


def _records(office: Office, referral: Referral, names: Sequence[str]) -> Iterator[Record]:
    sheets = {name.partition(".")[0] for name in names}
    assert referral.person_id is not None
    assert referral.case_id is not None
    yield referral
    yield office.desk.get("person", referral.person_id)
    if "person_phone" in sheets:
        yield from office.desk.find("person_phone", {"person_id": referral.person_id})
    if "case" in sheets:
        case = office.desk.get("case", referral.case_id)
        if not isinstance(case, Case) or case.client_id != referral.person_id:
            raise Refused(Problem("fields", NOT_HER_CASE))
        yield case


def _names_of(sheet: str, names: Sequence[str], location: bool) -> tuple[str, ...]:
    if sheet == "person_phone":
        return _WITH_NUMBER + (_CONDITIONS if location else ())
    return tuple(name.partition(".")[2] for name in names if name.startswith(f"{sheet}."))


def _written(record: Record, names: Iterable[str]) -> Fields:
    values = ((name, getattr(record, name)) for name in names)
    kept = ((name, to_log(type(record), name, value)) for name, value in values if not is_empty(value))
    return tuple((name, json.dumps(value, ensure_ascii=False)) for name, value in kept)


# At the other end


@dataclass(frozen=True, slots=True)
class Read:
    """One record that came. `unknown`: what this version cannot read as a value of the field, as it was written."""

    sheet: str
    values: Mapping[str, Any] = field(repr=False)
    unknown: Fields = field(repr=False)

    def shown(self) -> Iterator[tuple[str, str]]:
        """Label and value of each, in the language in force."""
        if self.sheet in _OFFERED:
            kind = sheet_of(self.sheet)
            yield from (
                (translate(kind.field(name).label), show(kind.field(name), self.values[name])) for name in self.values
            )
        yield from self.unknown


class _NoOpener:
    """Nothing sealed travels, so nothing is opened."""

    def open(self, sheet: str, record: UUID, field: str, token: str) -> str | None:
        return None


def read(records: Iterable[tuple[str, Fields]]) -> tuple[Read, ...]:
    """Values from a letter. Another center's program wrote them: what is no value of its field is kept as text."""
    return tuple(_read(sheet, fields) for sheet, fields in records)


def _read(sheet: str, fields: Fields) -> Read:
    values: dict[str, Any] = {}
    unknown = []
    for name, text in fields:
        known = _known(sheet, name)
        value = _value(sheet, known, text) if known else None
        if known is None or value is None:
            unknown.append((name, text))
        else:
            values[name] = value
    return Read(sheet, values, tuple(unknown))


def _known(sheet: str, name: str) -> Field | None:
    number = sheet == "person_phone" and name in _WITH_NUMBER + _CONDITIONS
    return sheet_of(sheet).field(name) if number or f"{sheet}.{name}" in offered() else None


def _value(sheet: str, known: Field, text: str) -> Any:
    """The value that `text` spells; None if it is none of this field, or spelled in another way than the log does."""
    kind = sheet_of(sheet)
    try:
        written = json.loads(text)
        value = from_log(_NoOpener(), kind, UUID(int=0), known, written)
        if not isinstance(value, _TYPES[known.kind]) or to_log(kind, known.name, value) != written:
            return None
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError):
        return None
    members = value if isinstance(value, tuple) else ()
    return None if any(not isinstance(one, enum.Enum) for one in members) else value
