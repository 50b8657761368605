"""Whether a value that came may lie in a column: one that cannot be read again would take its whole list with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import Boolean, Integer
from sqlalchemy.dialects.sqlite import dialect

from familydesk.core.columns import Amount
from familydesk.core.fields import Kind
from familydesk.core.record import Record
from familydesk.store.front import ARCHIVED
from familydesk.sync.merge import Value

_DIALECT = dialect()
_LARGEST = 2**63
_ID_DIGITS = 32
_HALF_A_SIGN = "\\ud"
"""How JSON begins to spell a surrogate: two are a sign, one alone is none."""

Check = Callable[[Any], bool]


@cache
def checks(sheet: type[Record]) -> dict[str, Check]:
    """Of each column of a sheet but the id: whether it can hold a value, given in the log's form."""
    return {column.name: _check(column) for column in sheet.__table__.columns if column.name != "id"}


@cache
def names(sheet: type[Record]) -> frozenset[str]:
    """These columns."""
    return frozenset(checks(sheet))


def parsed(text: str | None) -> Any:
    """The JSON of a log's value. ValueError if it is none, nests without end, or holds half a sign."""
    if text is None:
        return None
    try:
        value = json.loads(text)
        if _HALF_A_SIGN in text.lower():
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError("nested without end") from error
    return value


def fits(sheet: type[Record], name: str, value: Any) -> bool:
    """Whether the column `name`, which the sheet has, can hold `value`."""
    return checks(sheet)[name](value)


def _check(column: Any) -> Check:
    known = column.info.get("field")
    if column.name == ARCHIVED:
        return lambda value: value is not None and _yes_no(value)
    if isinstance(column.type, Boolean):
        return _yes_no
    if isinstance(column.type, Integer | Amount):
        return lambda value: value is None or (type(value) is int and -_LARGEST <= value < _LARGEST)
    if known.kind in _BY_KIND:
        return _BY_KIND[known.kind]
    processor = column.type.dialect_impl(_DIALECT).result_processor(_DIALECT, None)
    return _text if processor is None else lambda value: _text(value) and _reads(processor, value)


def _text(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _yes_no(value: Any) -> bool:
    return value is None or (isinstance(value, int) and value in (0, 1))


def _is_id(value: Any) -> bool:
    if value is None:
        return True
    if not isinstance(value, str) or len(value) != _ID_DIGITS:
        return False
    return not value.strip("0123456789abcdef")


def _names(value: Any) -> bool:
    """Whether it is a list of names, spelled as one text."""
    if value is None or not isinstance(value, str):
        return value is None
    try:
        found = parsed(value)
    except ValueError:
        return False
    return isinstance(found, list) and all(isinstance(one, str) for one in found)


def _reads(processor: Callable[[Any], Any], value: Any) -> bool:
    try:
        processor(value)
    except (ValueError, TypeError):
        return False
    return True


def part(whole: dict[str, Value], name: str) -> Value:
    """What a new row holds in a field: the log leaves empty ones out."""
    return whole.get(name, 0 if name == ARCHIVED else None)


_BY_KIND: dict[Kind, Check] = {Kind.REFERENCE: _is_id, Kind.MANY: _names, Kind.CHOICE: _text}
