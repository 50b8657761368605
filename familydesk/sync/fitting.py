"""Whether a change can be applied now, and if not, what it waits for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from familydesk.core.record import Record
from familydesk.records import BY_NAME
from familydesk.store.capture import GONE, WHOLE
from familydesk.store.case_keys import CaseKeys
from familydesk.store.database import SCHEMA
from familydesk.sync.enclosures import Enclosures, case_of_token
from familydesk.sync.histories import History
from familydesk.sync.merge import Value
from familydesk.sync.parking import Reason
from familydesk.sync.values import checks, fits, names, parsed
from familydesk.sync.wire.change import Change

Waits = tuple[Reason, str]
"""Why a change is parked, and what would wake it."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A change that can be applied: the fields that it writes, and of a new record its row.

    `unknown` are parts of the row whose fields this program does not know, to be parked beside it.
    """

    names: frozenset[str]
    whole: dict[str, Value] = field(default_factory=dict, repr=False)
    unknown: tuple[tuple[Reason, str, Change], ...] = ()


UNFIT: Waits = (Reason.VALUE, str(SCHEMA))
ERASED = None
"""The answer about a change of a record that was erased here, or that hangs on one that was."""


_THERE = (
    'SELECT id FROM main."{target}" WHERE id IN (SELECT value FROM json_each(?1)) '
    "UNION SELECT record FROM sealed_record WHERE record IN (SELECT value FROM json_each(?1))"
)
_ERASED = f"SELECT record FROM change WHERE record IN (SELECT value FROM json_each(?)) AND field = '{GONE}'"


class Fitting:
    """Judges changes one after the other; `histories` grow meanwhile."""

    def __init__(
        self,
        connection: Connection,
        keys: CaseKeys,
        enclosures: Enclosures,
        histories: Mapping[str, History],
        changes: Iterable[Change],
    ) -> None:
        self._connection = connection
        self._keys = keys
        self._enclosures = enclosures
        self._histories = histories
        self._there, self._erased = self._parents(changes)

    def fit(self, change: Change) -> Fitted | Waits | None:
        """What it writes; or why it waits; ERASED if it is of no account any more."""
        sheet = BY_NAME.get(change.sheet)
        history = self._histories[change.record.hex()]
        if sheet is None:
            return Reason.SHEET, change.sheet
        if history.gone:
            return ERASED
        try:
            text = self._keys.text(change.sheet, change.record.hex(), change.field, change.value)
            if text is None and change.value is not None:
                return Reason.CASE, case_of_token(change.value) or ""
            value = parsed(text)
        except ValueError:
            return UNFIT
        if change.field == WHOLE:
            return self._fit_whole(sheet, change, value)
        return self._fit_field(sheet, change, value)

    def _fit_field(self, sheet: type[Record], change: Change, value: Any) -> Fitted | Waits:
        place = f"{change.sheet}.{change.field}"
        record = change.record.hex()
        if change.field not in checks(sheet):
            return Reason.FIELD, place
        if not fits(sheet, change.field, value) or self._elsewhere(change):
            return UNFIT
        if closed := self._enclosures.closed(record):
            return Reason.CASE, closed
        if not self._histories[record].begun:
            return Reason.RECORD, record
        return Fitted(frozenset({change.field}))

    def _fit_whole(self, sheet: type[Record], change: Change, value: Any) -> Fitted | Waits | None:
        known = checks(sheet)
        if not isinstance(value, dict) or self._elsewhere(change):
            return UNFIT
        whole = {}
        for name, held in value.items():
            if name in known:
                if not known[name](held):
                    return UNFIT
                whole[name] = held
        parent = _parent(sheet, whole)
        if parent in self._erased:
            return ERASED
        if not self._histories[change.record.hex()].begun:
            # Another beginning changes what a record says, not where it lies.
            self._enclosures.enclose(sheet, change.record.hex(), whole)
        if closed := self._enclosures.closed(change.record.hex()):
            return Reason.CASE, closed
        if parent and not self._stands(parent):
            return Reason.PARENT, parent
        unknown = _parts(change, value, known) if len(whole) < len(value) else ()
        return Fitted(names(sheet), whole, tuple(unknown))

    def _elsewhere(self, change: Change) -> bool:
        """Whether the record is on another sheet than the change says."""
        return self._histories[change.record.hex()].sheet not in ("", change.sheet)

    def _stands(self, parent: str) -> bool:
        history = self._histories.get(parent)
        return parent in self._there or (history is not None and history.begun)

    def _parents(self, changes: Iterable[Change]) -> tuple[set[str], set[str]]:
        """Of the records on which new ones hang: which are here, in the open or sealed, and which were erased."""
        asked: dict[str, set[str]] = {}
        for change in changes:
            for target, parent in self._named_parent(change):
                asked.setdefault(target, set()).add(parent)
        there: set[str] = set()
        erased: set[str] = set()
        for target, parents in asked.items():
            given = (json.dumps(sorted(parents)),)
            there.update(self._connection.exec_driver_sql(_THERE.format(target=target), given).scalars())
            erased.update(self._connection.exec_driver_sql(_ERASED, given).scalars())
        return there, erased

    def _named_parent(self, change: Change) -> Iterable[tuple[str, str]]:
        sheet = BY_NAME.get(change.sheet)
        if sheet is None or change.field != WHOLE or not _hangs_by(sheet):
            return
        text = self._keys.text(change.sheet, change.record.hex(), change.field, change.value)
        try:
            value = parsed(text)
        except ValueError:
            return
        parent = _parent(sheet, value) if isinstance(value, dict) else None
        if parent:
            yield sheet.field(_hangs_by(sheet)).target or "", parent


def _hangs_by(sheet: type[Record]) -> str:
    """The reference by which a record belongs to its case, or else to its parent; empty if it stands by itself."""
    first = sheet.stream.path.partition(".")[0]
    return first if first not in ("", "id") else sheet.parent


def _parent(sheet: type[Record], whole: Mapping[str, Value]) -> str | None:
    name = _hangs_by(sheet)
    held = whole.get(name) if name else None
    return held if isinstance(held, str) else None


def _parts(change: Change, value: dict[str, Any], known: Mapping[str, Any]) -> Iterable[tuple[Reason, str, Change]]:
    for name in value.keys() - known.keys():
        part = Change(
            change.sheet, change.record, name, json.dumps(value[name]), change.version, (), change.transaction
        )
        yield Reason.FIELD, f"{change.sheet}.{name}", part
