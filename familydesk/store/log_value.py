"""Values as the change log holds them, and back: the column's own form, so that the log and the row never disagree."""

from __future__ import annotations

from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.dialects.sqlite import dialect

from familydesk.core.fields import Field, Secrecy
from familydesk.core.record import Record

_DIALECT = dialect()


class Opener(Protocol):
    """Whoever holds the keys to PRIVILEGED texts."""

    def open(self, sheet: str, record: UUID, field: str, token: str) -> str | None:
        """The text, or None if it is not for this reader."""


def to_log(sheet: type[Record], name: str, value: Any) -> Any:
    """`value` of the field `name` in its column's form: text, a number, or None."""
    processor = _type(sheet, name).bind_processor(_DIALECT)
    return processor(value) if processor else value


def from_log(opener: Opener, sheet: type[Record], record: UUID, field: Field, value: Any) -> Any:
    """The Python value of what the log holds; a PRIVILEGED text opened, or None where it is somebody else's."""
    if value is None:
        return None
    if field.secrecy is Secrecy.PRIVILEGED:
        return opener.open(sheet.sheet(), record, field.name, value)
    processor = _type(sheet, field.name).result_processor(_DIALECT, None)
    return processor(value) if processor else value


def _type(sheet: type[Record], name: str) -> Any:
    return sheet.__table__.columns[name].type.dialect_impl(_DIALECT)
