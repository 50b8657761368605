"""What may stand on paper at all. A form sees redacted records only: it cannot print what it never had."""

from __future__ import annotations

from familydesk.core.fields import Secrecy
from familydesk.core.record import Record
from familydesk.records.person_phone import PersonPhone, SafeToCall


def redacted(record: Record, *, location: bool = False) -> Record:
    """A copy of `record` for the printer: nothing PRIVILEGED, nothing LOCATION unless a permission names why.

    The copy belongs to no session and keeps the id, so that references to it still find it.
    """
    hidden = withheld(record, location=location)
    values = {field.name: getattr(record, field.name) for field in record.fields() if field.name not in hidden}
    return type(record)(id=record.id, archived=record.archived, **values)


def withheld(record: Record, *, location: bool = False) -> frozenset[str]:
    """The fields that do not stand on paper; the same for a record and for its redacted copy."""
    highest = Secrecy.LOCATION if location else Secrecy.SPECIAL
    names = {field.name for field in record.fields() if field.secrecy > highest}
    if isinstance(record, PersonPhone) and not _may_be_dialled(record, location=location):
        names.add("number")
    return frozenset(names)


def _may_be_dialled(phone: PersonPhone, *, location: bool) -> bool:
    """A number stands on paper if it is safe; with a permission also one whose conditions stand beside it."""
    if phone.safe_to_call is SafeToCall.YES:
        return True
    agreed = phone.safe_hours or phone.introduce_as or phone.who_may_answer
    return location and phone.safe_to_call is SafeToCall.WITH_CARE and bool(agreed)
