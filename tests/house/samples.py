"""A valid record of any sheet, made from its fields alone: one sample value a kind, parents made on the way.

The few values that a sheet's own rules ask for stand in ASKED; a new sheet without unusual rules needs no line here.
"""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from familydesk.core import clock
from familydesk.core.fields import Field, Kind
from familydesk.records import sheet_of

LONG_WORD = "Қанағаттандырылмағандықтарыңыздан"

SAMPLES = {
    Kind.LINE: lambda field: f"Әйгерім {LONG_WORD}",
    Kind.NOTE: lambda field: "Бірінші жол.\nЕкінші жол: № 5, 1 000 ₸.",
    Kind.DAY: lambda field: date(2026, 3, 2),
    Kind.MOMENT: lambda field: clock.local(2026, 3, 2, 10, 30),
    Kind.CHOICE: lambda field: list(field.choices)[-1],
    Kind.MANY: lambda field: tuple(field.choices)[:2],
    Kind.YES_NO: lambda field: True,
    Kind.NUMBER: lambda field: 3,
    Kind.AMOUNT: lambda field: Decimal("123456.78"),
    Kind.PHONE: lambda field: "+77010000001",
    Kind.IIN: lambda field: "500101100000",
}

ASKED = {
    "person": {"born_on": date(1850, 1, 1), "sex": "MALE", "iin_absence": None, "iin_differs": False},
    "case": {"stage": "SUPPORT", "closed_on": date(2026, 4, 1)},
    "incident": {"learned_at": clock.local(2026, 3, 2, 12)},
    "protective_order": {
        "valid_to": clock.local(2026, 4, 1, 10, 30),
        "cancelled_at": None,
        "served_at": clock.local(2026, 3, 2, 10, 30),
    },
    "mandatory_notice": {"not_sent_reason": None},
    "consent": {"exception": None, "representative_offender": False},
}


def sample(field: Field):
    """A value for a field, references aside."""
    return SAMPLES[field.kind](field)


def values(office, sheet: str, depth: int = 0) -> dict:
    """Values for every field of `sheet`; what its references point to is saved first."""
    kind = sheet_of(sheet)
    made = {}
    for field in kind.fields():
        if field.name in kind.programs_own:
            continue
        if field.kind is Kind.REFERENCE:
            if depth < 3 and (field.required or depth == 0):
                made[field.name] = save(office, field.target, depth + 1)
        else:
            made[field.name] = sample(field)
    for name, value in ASKED.get(sheet, {}).items():
        field = kind.field(name)
        made[name] = field.choices[value] if field.choices and isinstance(value, str) else value
    return made


def save(office, sheet: str, depth: int = 0) -> UUID:
    """A saved record of `sheet`."""
    return office.desk.save(sheet, values(office, sheet, depth)).id


def later(field: Field, value):
    """Another value of the same kind, for an edit."""
    if field.kind is Kind.CHOICE:
        return list(field.choices)[0]
    if field.kind in (Kind.LINE, Kind.NOTE):
        return value + " және тағы"
    if field.kind in (Kind.DAY, Kind.MOMENT):
        return value + timedelta(days=1)
    return value
