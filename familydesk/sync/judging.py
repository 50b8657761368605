"""From what the log knows to what stands: the rows of sheets and the fronts of fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from familydesk.core.record import Record
from familydesk.store.case_keys import CaseKeys
from familydesk.store.front import ARCHIVED, CONFLICT, SAME, STANDS
from familydesk.sync.histories import History
from familydesk.sync.merge import Judged, Rule, Written, front, judge, judge_archived
from familydesk.sync.rows import Rows
from familydesk.sync.wire.change import Version

Place = tuple[str, str]
"""A record's id (hex) and a field."""


@dataclass(slots=True)
class Verdicts:
    """What was judged of some fields, and still has to be written down."""

    fronts: dict[Place, list[tuple[int, int]]] = field(default_factory=dict)
    """The rows of FRONT: a change's number and what it is there."""
    losers: dict[Place, dict[int, Version]] = field(default_factory=dict)
    """The changes that are open conflicts, by number."""
    standing: dict[Place, Version] = field(default_factory=dict)
    """What stands."""


class Judging:
    """Judges fields of records whose histories are at hand."""

    def __init__(self, histories: Mapping[str, History], keys: CaseKeys, rows: Rows) -> None:
        self._histories = histories
        self._keys = keys
        self._rows = rows
        self.verdicts = Verdicts()

    def judge(self, sheet: type[Record], record: str, names: Iterable[str]) -> None:
        """Judge these fields of a record. Where one of them was edited, its being put away is judged with it."""
        history = self._histories[record]
        wanted = set(names) | ({ARCHIVED} if ARCHIVED in history.edited() else set())
        for name in sorted(wanted):
            self._note(sheet, record, name, self._judged(sheet, history, name))

    def _judged(self, sheet: type[Record], history: History, name: str) -> Judged:
        if name != ARCHIVED:
            versions = history.edits(name, self._keys) or history.versions(name, self._keys)
            return judge(Rule.of(sheet.field(name)), versions)
        return judge_archived(history.versions(name, self._keys), list(self._edits(history)))

    def _edits(self, history: History) -> Iterator[Written]:
        for name in sorted(history.edited() - {ARCHIVED}):
            yield from front(history.edits(name, self._keys))

    def _note(self, sheet: type[Record], record: str, name: str, judged: Judged) -> None:
        history, place = self._histories[record], (record, name)
        stands = history.seq(judged.stands.version)
        self._rows.put(sheet.sheet(), record, name, judged.stands.value)
        beside = [(history.seq(one.version), SAME) for one in judged.same]
        beside += [(history.seq(one.version), CONFLICT) for one in judged.conflicts]
        plain = not beside and stands == history.newest(name)
        self.verdicts.fronts[place] = [] if plain else [(stands, STANDS), *beside]
        self.verdicts.losers[place] = {history.seq(one.version): one.version for one in judged.conflicts}
        self.verdicts.standing[place] = judged.stands.version


def write_fronts(connection: Connection, verdicts: Verdicts) -> None:
    """Write down the fronts that were judged, in place of what was known of them."""
    cursor = connection.connection.cursor()
    cursor.executemany("DELETE FROM front WHERE record = ? AND field = ?", list(verdicts.fronts))
    rows = [(*place, *one) for place, found in verdicts.fronts.items() for one in found]
    cursor.executemany("INSERT INTO front(record, field, seq, stands) VALUES(?, ?, ?, ?)", rows)
