"""What events may take out of the past, or give another form: the only ways in which a change may differ from what the
chain has vouched for.

Taking out is an erasure, for heads alone. Sealing and opening again is for whoever is responsible for a case, so what
it leaves is looked at: a sealed change is sealed, and an opened one is what it was before.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from familydesk.store.capture import WHOLE
from familydesk.store.case_keys import is_token
from familydesk.store.journal import ERASING, ORDERS, Deed, holding

_BEYOND = 1 << 63
"""Above every number that SQLite gives."""
_NUMBER, _FIELD, _VALUE = 0, 3, 4
"""Where these stand in a change."""


class Spans:
    """Numbers that events have named, as ranges that may overlap."""

    def __init__(self) -> None:
        self._given: list[tuple[int, int]] = []
        self._merged: list[tuple[int, int]] | None = None

    def add(self, first: int, last: int) -> None:
        """All from `first` to `last`."""
        self._given.append((first, last))
        self._merged = None

    def __contains__(self, seq: int) -> bool:
        if self._merged is None:
            self._merged = _merged(self._given)
        at = bisect_right(self._merged, (seq, _BEYOND)) - 1
        return at >= 0 and seq <= self._merged[at][1]


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What one event names: ranges of changes and of events that were emptied, and by the number of a change the digest
    that it has since it stands there in another form.
    """

    deed: str
    case: str
    changes: list[tuple[int, int]]
    events: list[tuple[int, int]]
    replaced: dict[int, str]
    orders: tuple[str, ...] = ()
    """Statements of heads that ordered it."""

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> Rewriting:
        """As the event tells it. ValueError, TypeError or AttributeError if it cannot be read."""
        detail = json.loads(event["detail"] or "{}")
        changes, events = ([(int(a), int(b)) for a, b in detail.get(name, ())] for name in ("changes", "events"))
        replaced = {int(seq): str(now) for seq, now in detail.get("replaced", {}).items()}
        orders = tuple(map(str, detail.get(ORDERS, ())))
        return cls(event["deed"], event["case_id"], changes, events, replaced, orders)

    @property
    def erases(self) -> bool:
        """Whether it takes something out, which is a head's to do."""
        return bool(self.changes or self.events) or (self.deed in ERASING and bool(self.replaced))

    @property
    def may_erase(self) -> bool:
        """Whether it is a deed that takes something out at all."""
        return self.deed in ERASING

    def __bool__(self) -> bool:
        return bool(self.changes or self.events or self.replaced)


class Rewritings:
    """All that the events of a chain name, in their order."""

    def __init__(self) -> None:
        self.changes = Spans()
        self.words = Spans()
        self._forms: dict[int, tuple[str, str]] = {}
        self._shortened: dict[int, str] = {}
        self._restricted: dict[str, int] = {}
        self._born_sealed = Spans()

    def take_down(self, said: Rewriting, seq: int, newest: int) -> None:
        """Of event `seq`, which with those before it vouches for the changes up to `newest`: nothing later counts."""
        for first, last in said.changes:
            self.changes.add(first, min(last, newest))
        for first, last in said.events:
            self.words.add(first, min(last, seq - 1))
        for change, now in said.replaced.items():
            if change <= newest:
                self._forms[change] = (now, said.deed)
                if said.deed in ERASING:
                    self._shortened[change] = now
        self._follow_case(said, newest)

    def _follow_case(self, said: Rewriting, newest: int) -> None:
        """What is written of a case while it is restricted never stood in the open."""
        if said.deed == Deed.RESTRICTED.name:
            self._restricted.setdefault(said.case, newest)
        elif said.deed == Deed.OPENED_UP.name and said.case in self._restricted:
            self._born_sealed.add(self._restricted.pop(said.case) + 1, newest)

    def allow(self, change: Sequence[Any]) -> bool:
        """Whether a change may hold what it holds now instead of what was vouched for; as read by CHANGE_COLUMNS."""
        now, deed = self._forms.get(change[_NUMBER], ("", ""))
        if holding(change).hex() != now:
            return False
        if deed == Deed.RESTRICTED.name:
            return is_token(change[_VALUE] or "")
        if deed == Deed.OPENED_UP.name:
            return self.opened_again(change) or self._shortened.get(change[_NUMBER]) == now
        return bool(change[_FIELD] == WHOLE)

    def opened_again(self, change: Sequence[Any]) -> bool:
        """Whether it was first written sealed and stands in the open now: only who opened it vouches for it."""
        return change[_NUMBER] in self._born_sealed and not is_token(change[_VALUE] or "")
