"""Erasures that reach every laptop: a head's order is stated in the membership log, and carried out where it is heard.

Nothing is asked there that the head was asked: it is ordered, not merged. Whoever sits at that laptop signs in its
journal that it was done, and by which order; without anybody who can sign it waits.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Connection, delete
from sqlalchemy.orm import Session

from familydesk.records import BY_NAME, sheet_of
from familydesk.services import erasable
from familydesk.services.journal import Deed
from familydesk.services.telltale import Telltale
from familydesk.store import erasure, former_texts
from familydesk.store.capture import GONE
from familydesk.store.database import QUICKLY_REWRITTEN
from familydesk.store.journal import EMPTIED, ORDERS
from familydesk.store.reach import Ids, Reach
from familydesk.store.tables import DRAFT
from familydesk.sync import key_bundles, letter_box, parking
from familydesk.sync.erasure_order import Order, read, together
from familydesk.sync.laptops import Laptops
from familydesk.sync.opening import stream_aside
from familydesk.sync.parking import Reason
from familydesk.sync.streams import begun_by
from familydesk.sync.wire.change import Version
from familydesk.sync.wire.statement import Erasure

if TYPE_CHECKING:
    from familydesk.services.office import Office

DONE = "erasures_done"
"""The fact of the file that names the orders (statements, hex) that were carried out here, as a JSON list."""

LOOKED = "erasures_looked"
"""The fact of the file that says up to which change it was looked whether something came late."""

_SET = "INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)"
_MARK = (
    "INSERT INTO change(sheet, record, field, clock, txn, actor, device, salt) "
    f"SELECT ?1, ?2, '{GONE}', fd_clock(), fd_transaction(), fd_actor(), fd_device(), randomblob(16) "
    f"WHERE NOT EXISTS (SELECT 1 FROM change WHERE record = ?2 AND field = '{GONE}')"
)
_FOUND = (
    "SELECT seq, clock, device FROM change WHERE clock IN (SELECT value FROM json_each(?)) "
    f"AND field NOT IN ('{EMPTIED}', '{GONE}')"
)


class Erasures:
    """Orders of this center's heads, given and carried out."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._database = office.database

    # Giving

    def order(self, session: Session, reach: Reach, erased: erasure.Erased) -> None:
        """State, in the open write in which a head has erased something, that every laptop does. Nothing where the
        store belongs to no center yet.
        """
        center, key = self._office.center, self._office.account.signing_key()
        if key is None or not center.epoch_keys or not center.vouched:
            return
        versions = _versions(session.connection(), (*erased.staying, *erased.dropped))
        order = Order(
            {sheet: frozenset(ids) for sheet, ids in reach.going.items() if ids},
            frozenset(reach.bare),
            {place: frozenset(names) for place, names in reach.emptied.items()},
            frozenset(versions[seq] for seq in erased.staying if seq in versions),
            {versions[seq]: frozenset(names) for seq, names in erased.dropped.items() if seq in versions},
        )
        epoch = max(center.epoch_keys)
        known = self._known()
        for said in order.said(center.id, epoch, center.epoch_keys[epoch]):
            center.say(session, said, key)
        _note_done(session.connection(), self._known() - known)

    def count(self) -> int:
        """How many orders were carried out here."""
        with self._database.connection() as connection:
            return len(_done(connection))

    # Carrying out

    def carry_out(self) -> bool:
        """Do what was ordered and not done here yet; whether there was anything."""
        orders = self._orders()
        with self._database.connection() as connection:
            pending = orders.keys() - _done(connection)
        if not pending or self._office.account.signing_key() is None:
            return False
        chosen = {id: orders[id] for id in pending}
        self._erase(chosen, whole=True)
        return True

    def follow(self) -> bool:
        """Do it once more to what came afterwards, from who had not heard of it; whether there was anything."""
        orders = self._orders()
        if not orders or self._office.account.signing_key() is None:
            return False
        with self._database.connection() as connection:
            newest = connection.exec_driver_sql("SELECT coalesce(max(seq), 0) FROM change").scalar_one()
            looked = connection.exec_driver_sql("SELECT value FROM meta WHERE key = ?", (LOOKED,)).scalar()
        if str(newest) == looked:
            return False
        with self._database.read(whole=True) as session:
            late = self._is_late(session.connection(), together([*orders.values()]))
        if late:
            self._erase(orders, whole=False)
        with self._database.connection(write=True) as connection:
            connection.exec_driver_sql(_SET, (LOOKED, str(newest)))
        return late

    def _is_late(self, connection: Connection, order: Order) -> bool:
        reach = _reach(connection, order, whole=False)
        texts = _texts(connection, order)
        there = any(_is_there(connection, sheet, ids) for sheet, ids in reach.going.items())
        return there or bool(reach.emptied or texts.changes or texts.beginnings)

    def _erase(self, orders: Mapping[str, Order], *, whole: bool) -> None:
        order = together([*orders.values()])
        with self._database.write(whole=True) as session:
            connection = session.connection()
            reach = _reach(connection, order, whole=whole)
            known = Telltale(session, reach)
            drafts, _sealed = erasable.drafts_naming(self._office, reach, known)
            session.expunge_all()
            beside = reach.beside()
            erased = erasure.erase(connection, reach, self._database.device, known.likely, _texts(connection, order))
            letter_box.forget_erased(connection)
            self._end(session, reach, drafts)
            for sheet, ids in beside.items():
                self._office.search.index_ids(connection, sheet_of(sheet), map(UUID, ids))
            detail = {**erased.detail(), ORDERS: sorted(orders)}
            self._office.journal.note_in(session, Deed.ERASED, detail=detail)
            _note_done(connection, orders)
            self._database.touch(sheet for sheet, ids in reach.going.items() if ids)
        self._database.rewrite(at_most=QUICKLY_REWRITTEN)

    def _end(self, session: Session, reach: Reach, drafts: Iterable[Mapping[str, str]]) -> None:
        """What no row leads to: marks of what has not come yet, keys, what waits for a key, unsaved forms."""
        connection = session.connection()
        for sheet, ids in reach.going.items():
            for id in sorted(ids):
                connection.exec_driver_sql(_MARK, (sheet, id))
        streams = begun_by(reach.going)
        key_bundles.destroy(connection, streams)
        _forget_sections(connection, streams)
        for draft in drafts:
            session.execute(delete(DRAFT).where(*(DRAFT.c[key] == value for key, value in draft.items())))

    def _orders(self) -> dict[str, Order]:
        center = self._office.center
        found: dict[str, Order] = {}
        for one in center.log.erasures():
            if isinstance(one.said, Erasure) and (order := read(center.id, one.said, center.epoch_keys)):
                found[one.id.hex()] = order
        return found

    def _known(self) -> frozenset[str]:
        return frozenset(one.id.hex() for one in self._office.center.log.erasures())


def _reach(connection: Connection, order: Order, *, whole: bool) -> Reach:
    """How far an order reaches here. Fields of what stays are emptied once; afterwards people may write into them."""
    reach = Reach(connection)
    going = {sheet: set(ids) for sheet, ids in order.going.items() if sheet in BY_NAME}
    emptied = {place: set(names) for place, names in order.emptied.items() if whole and _has(place[0], names)}
    reach.take_ordered(going, set(order.bare), emptied)
    return reach


def _has(sheet: str, names: Iterable[str]) -> bool:
    """Whether this program knows these fields."""
    return sheet in BY_NAME and set(names) <= set(sheet_of(sheet).__table__.columns.keys())


def _is_there(connection: Connection, sheet: str, ids: Ids) -> bool:
    query = f'SELECT 1 FROM main."{sheet}" WHERE id IN (SELECT value FROM json_each(?1)) UNION ALL SELECT 1 '
    query += "FROM sealed_record WHERE record IN (SELECT value FROM json_each(?1)) LIMIT 1"
    return connection.exec_driver_sql(query, (json.dumps(sorted(ids)),)).first() is not None


def _texts(connection: Connection, order: Order) -> former_texts.Former:
    """The versions that an order names, as far as they are here and hold anything."""
    wanted = {*order.versions, *order.beginnings}
    clocks = json.dumps(sorted({one.clock for one in wanted}))
    found = former_texts.Former()
    laptops = Laptops(connection)
    for seq, clock, number in connection.exec_driver_sql(_FOUND, (clocks,)).all() if wanted else ():
        version = Version(clock, laptops.writer(number, clock))
        if version in order.versions:
            found.changes.add(seq)
        elif version in order.beginnings and (names := _left_of(connection, seq, order.beginnings[version])):
            found.beginnings[seq] = names
    return found


def _left_of(connection: Connection, seq: int, names: Iterable[str]) -> set[str]:
    """Those of the fields that the beginning of a record still holds."""
    value = connection.exec_driver_sql("SELECT value FROM change WHERE seq = ?", (seq,)).scalar()
    held: Any = json.loads(value or "{}")
    return set(names) & set(held) if isinstance(held, dict) else set()


def _versions(connection: Connection, seqs: Iterable[int]) -> dict[int, Version]:
    laptops = Laptops(connection)
    query = "SELECT seq, clock, device FROM change WHERE seq IN (SELECT value FROM json_each(?))"
    rows = connection.exec_driver_sql(query, (json.dumps(sorted(seqs)),))
    return {seq: Version(clock, id) for seq, clock, number in rows if (id := laptops.writer(number, clock))}


def _forget_sections(connection: Connection, streams: Iterable[bytes]) -> None:
    """What was laid aside until the key of one of these streams comes: it never will."""
    gone = set(streams)
    for parked in parking.lying(connection, Reason.SECTION):
        if stream_aside(parked.sealed()) in gone:
            parking.forget(connection, parked)


def _done(connection: Connection) -> frozenset[str]:
    found = connection.exec_driver_sql("SELECT value FROM meta WHERE key = ?", (DONE,)).scalar()
    return frozenset(json.loads(found)) if found else frozenset()


def _note_done(connection: Connection, orders: Iterable[str]) -> None:
    told = json.dumps(sorted({*_done(connection), *orders}))
    connection.exec_driver_sql(_SET, (DONE, told))
