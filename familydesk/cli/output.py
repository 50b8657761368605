"""What a command prints: JSON for programs, lines for people."""

from __future__ import annotations

import enum
import json
import sys
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from familydesk.core.fields import Kind
from familydesk.core.record import Record


def as_json(value: Any) -> Any:
    """`value` in JSON's words: choices by NAME, days and moments in ISO 8601, sums as decimal text."""
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, dict):
        return {str(key): as_json(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_json(part) for part in value]
    return value


def record_json(record: Record) -> dict[str, Any]:
    """One record as one object, with its `id`. What the reader may not see is absent, and named under `hidden`."""
    values = record.values()
    # A record that was just written holds None where one that was read holds an empty set.
    values.update({known.name: values[known.name] or () for known in record.fields() if known.kind is Kind.MANY})
    shown = {name: value for name, value in values.items() if name not in record.covered}
    hidden = {"hidden": sorted(record.covered)} if record.covered else {}
    return {"id": str(record.id), "archived": bool(record.archived), **as_json(shown), **hidden}


def tell(value: Any) -> None:
    """Print `value` as one JSON document."""
    say(json.dumps(as_json(value), ensure_ascii=False))


def say(text: str) -> None:
    """Print a line, in UTF-8 even where the terminal claims less."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure:
        reconfigure(encoding="utf-8", errors="replace")
    print(text)


def warn(text: str) -> None:
    """Tell what should be looked at, beside what was asked for: one line on standard error."""
    print(" ".join(text.split()), file=sys.stderr)


def say_record(record: Record) -> None:
    """Print one record for a person: label and value, a line each."""
    from familydesk.core.i18n import translate

    say(str(record.id))
    for known in record.fields():
        if text := record.shown(known.name):
            say(f"  {translate(known.label)}: {text}")
