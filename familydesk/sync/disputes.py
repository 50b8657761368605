"""The rows of CONFLICT that speak of two laptops: opened when a field is judged, closed when it is judged otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from nacl.bindings import crypto_generichash_blake2b_salt_personal
from sqlalchemy import Connection

from familydesk.core import clock
from familydesk.store.case_keys import CaseKeys
from familydesk.store.hybrid_clock import wall_time
from familydesk.sync.histories import History
from familydesk.sync.judging import Place, Verdicts
from familydesk.sync.wire.change import Version

_ID_BYTES = 16


class Disputes:
    """The conflicts of some records. `own` tells whether this laptop wrote a version; the clocks of `doubtful` ones are
    not trusted.
    """

    def __init__(
        self,
        connection: Connection,
        histories: Mapping[str, History],
        keys: CaseKeys,
        own: Callable[[Version], bool],
        doubtful: frozenset[bytes] = frozenset(),
    ) -> None:
        self._connection = connection
        self._histories = histories
        self._keys = keys
        self._own = own
        self._doubtful = doubtful

    def follow(self, verdicts: Verdicts) -> int:
        """Bring them in step with what was judged; gives back how many were opened."""
        known = self._open()
        opened = 0
        for place, losers in verdicts.losers.items():
            before = known.get(place, {})
            doubted = verdicts.standing[place].device in self._doubtful
            for seq in losers.keys() - before.keys():
                opened += self._note(place, seq, losers[seq], doubted)
            for seq in before.keys() - losers.keys():
                self._close(before[seq], place, seq)
        return opened

    def _open(self) -> dict[Place, dict[int, str]]:
        """By field: the ids of the open ones, by the change that does not stand."""
        found: dict[Place, dict[int, str]] = {}
        rows = self._connection.exec_driver_sql(
            "SELECT record, field, loser, id FROM conflict WHERE loser IS NOT NULL AND settled IS NULL "
            "AND record IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(self._histories)),),
        )
        for record, name, loser, id in rows:
            found.setdefault((record, name), {})[loser] = id
        return found

    def _note(self, place: Place, loser: int, version: Version, doubted: bool) -> int:
        record, name = place
        sheet = self._histories[record].by_seq[loser].sheet
        done = self._connection.exec_driver_sql(
            "INSERT OR IGNORE INTO conflict(id, sheet, record, field, actor, at, loser, by_clock) "
            "SELECT ?, ?, ?, ?, actor, ?, seq, ? FROM change WHERE seq = ?",
            (conflict_id(place, version), sheet, record, name, clock.now().isoformat(), int(doubted), loser),
        )
        return done.rowcount

    def _close(self, id: str, place: Place, loser: int) -> None:
        """It is none any more: somebody has settled it, here or elsewhere, or the value stands after all."""
        history = self._histories[place[0]]
        version = history.by_seq[loser].version
        settlement = next(
            (row for row in history.rows if row.field == place[1] and version in history.formers[row.seq]), None
        )
        if settlement is None:
            self._connection.exec_driver_sql("DELETE FROM conflict WHERE id = ?", (id,))
            return
        verdict = self._verdict(history, place[1], settlement.version, version)
        self._connection.exec_driver_sql(
            "UPDATE conflict SET settled = ?, settled_at = ?, settled_by = (SELECT actor FROM change WHERE seq = ?) "
            "WHERE id = ?",
            (verdict, wall_time(settlement.version.clock).isoformat(), settlement.seq, id),
        )

    def _verdict(self, history: History, name: str, settlement: Version, loser: Version) -> str:
        """What was chosen, in this laptop's words: its own value was kept, the other one taken, or one written anew."""
        values = {one.version: one.value for one in history.versions(name, self._keys)}
        chosen = values[settlement]
        others = {values[one] for one in history.formers[history.seq(settlement)] if one in values and one != loser}
        if chosen == values[loser]:
            return "keep" if self._own(loser) else "take"
        if chosen in others:
            return "take" if self._own(loser) else "keep"
        return "write"


def call_anew(connection: Connection, number: int, stamp: int, device: bytes) -> None:
    """What this laptop wrote after `stamp` has the id of `device` now: conflicts are called by it on every laptop."""
    query = (
        "SELECT conflict.id, conflict.record, conflict.field, change.clock FROM conflict "
        "JOIN change ON change.seq = conflict.loser WHERE change.device = ? AND change.clock > ?"
    )
    for id, record, field, at in connection.exec_driver_sql(query, (number, stamp)).all():
        named = conflict_id((record, field), Version(at, device))
        connection.exec_driver_sql("UPDATE conflict SET id = ? WHERE id = ?", (named, id))


def conflict_id(place: Place, loser: Version) -> str:
    """A conflict's id: the same on every laptop, since the version that loses is."""
    content = f"{place[0]}|{place[1]}|{loser.clock}|".encode() + loser.device
    return bytes(crypto_generichash_blake2b_salt_personal(content, _ID_BYTES, person=b"fd-conflict")).hex()
