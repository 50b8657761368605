"""Column types: how a value lies in the file. Text and numbers only, so that a change can be written down as JSON."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Integer, String, Text
from sqlalchemy.types import TypeDecorator

from familydesk.core.clock import ZONE


class Moment(TypeDecorator[datetime]):
    """An aware moment as sortable UTC text to the second, `2026-11-22T15:04:05Z`."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:
        """Refuses a moment without a zone: it would name a different instant on another laptop."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        # Not by `strftime`: of a year below 1000 it drops the noughts, and the text would not be read again.
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"

    def process_result_value(self, value: str | None, dialect: Any) -> datetime | None:
        """The moment, in the desk's zone."""
        return None if value is None else datetime.fromisoformat(value).astimezone(ZONE)


class Choice(TypeDecorator[Any]):
    """A member of an Enum by NAME. A name that this version does not know comes back as plain text and is kept."""

    impl = String
    cache_ok = True

    def __init__(self, choices: type[enum.Enum]) -> None:
        super().__init__()
        self.choices = choices
        # An Enum builds this view anew each time it is asked, and a list asks for every row.
        self.members = dict(choices.__members__)

    def process_bind_param(self, value: enum.Enum | str | None, dialect: Any) -> str | None:
        """The NAME."""
        return value.name if isinstance(value, enum.Enum) else value

    def process_result_value(self, value: str | None, dialect: Any) -> Any:
        """The member, or the unknown NAME itself."""
        return self.members.get(value, value) if value is not None else None


class Many(TypeDecorator[Any]):
    """Members of an Enum as a JSON list of NAMES in the vocabulary's order; an empty set is NULL."""

    impl = Text
    cache_ok = True

    def __init__(self, choices: type[enum.Enum]) -> None:
        super().__init__()
        self.choices = choices
        # An Enum builds this view anew each time it is asked, and a list asks for every row.
        self.members = dict(choices.__members__)

    def process_bind_param(self, value: Iterable[Any] | None, dialect: Any) -> str | None:
        """One spelling for one set, so that an unchanged set never looks changed."""
        if not value:
            return None
        given = {item.name if isinstance(item, enum.Enum) else str(item) for item in value}
        known = [name for name in self.members if name in given]
        return json.dumps(known + sorted(given - set(known)))

    def process_result_value(self, value: str | None, dialect: Any) -> tuple[Any, ...]:
        """A tuple of members; unknown NAMES stay text."""
        return tuple(self.members.get(name, name) for name in json.loads(value)) if value else ()


class Amount(TypeDecorator[Decimal]):
    """A sum of money as whole hundredths."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> int | None:
        """Rounded to the hundredth."""
        return None if value is None else int((value * 100).to_integral_value())

    def process_result_value(self, value: int | None, dialect: Any) -> Decimal | None:
        """Exact."""
        return None if value is None else Decimal(value) / 100
