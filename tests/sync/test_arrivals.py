"""What came is believed, shelved and applied in order; one that is bad stops nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

import pytest
from envelopes import CENTER, Chain
from nacl.signing import SigningKey
from sqlalchemy.orm import Session

from familydesk.core.errors import Weather
from familydesk.store.database import Database
from familydesk.sync import arrivals, identity, shelf
from familydesk.sync.arrivals import Arrivals, Read
from familydesk.sync.identity import Device, Identity
from familydesk.sync.opening import Waiting
from familydesk.sync.shelf import Standing
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.envelope import Envelope

OWN = SigningKey(bytes([99]) * 32)


class Vouched:
    """Statements by which some laptops are known, and some cut off after a number."""

    def __init__(self, *chains: Chain, cut: dict[bytes, int] | None = None) -> None:
        self.devices = {one.device: Device(one.device, bytes(one.key.verify_key), UUID(int=1), 0) for one in chains}
        self.cut = cut or {}

    def device(self, device: bytes) -> Device | None:
        return self.devices.get(device)

    def signing_publics(self, account: UUID) -> frozenset[bytes]:
        return frozenset()

    def standing(self, device: bytes, seq: int, hash: bytes) -> identity.Standing:
        if device not in self.devices:
            return identity.Standing.UNKNOWN
        beyond = seq > self.cut.get(device, seq)
        return identity.Standing.QUARANTINED if beyond else identity.Standing.ACCEPTED


class Notebook:
    """A reader that writes down what it was given, in the transaction in which it was given."""

    def __init__(self) -> None:
        self.bad: set[bytes] = set()
        self.early: set[bytes] = set()
        self.failing: dict[bytes, Exception] = {}
        self.finished: list[int] = []

    def take_in(self, session: Session, envelope: Envelope) -> Read:
        if envelope.content in self.failing:
            raise self.failing[envelope.content]
        if envelope.content in self.early:
            raise Waiting("no key")
        if envelope.content in self.bad:
            raise Defect("nothing in it")
        session.connection().exec_driver_sql(
            "INSERT INTO parked(reason, device, envelope, waits_for, content) VALUES('NOTED', ?, ?, '', '')",
            (envelope.header.device.hex(), envelope.header.seq),
        )
        return Read(changes=2, received=2)

    def finish(self, session: Session, device: bytes, read: Sequence[Read]) -> None:
        self.finished.append(len(read))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database.create(tmp_path / "desk.db", bytes(32))
    yield made
    made.close()


def coming(database: Database, trust: Vouched, reader: Notebook) -> Arrivals:
    own = identity.Identity(CENTER, OWN.verify_key.encode()[:16], OWN, UUID(int=2), None)
    return Arrivals(database, own, trust, reader)


def take(database: Database, trust: Vouched, contents: Sequence[bytes], reader: Notebook | None = None) -> Arrivals:
    taken = coming(database, trust, reader or Notebook())
    taken.shelve(contents)
    taken.apply()
    return taken


def noted(database: Database) -> list[tuple[bytes, int]]:
    with database.connection() as connection:
        rows = connection.exec_driver_sql("SELECT device, envelope FROM parked WHERE reason = 'NOTED' ORDER BY id")
        return [(bytes.fromhex(device), seq) for device, seq in rows]


def standing(database: Database, chain: Chain, seq: int) -> Standing | None:
    with database.connection() as connection:
        found = shelf.find(connection, chain.device, seq)
        return found.standing if found else None


def test_what_comes_shuffled_and_twice_is_applied_once_and_in_order(database: Database) -> None:
    chain = Chain(1)
    sent = chain.grow(20)
    taken = take(database, Vouched(chain), [*sent[10:], *sent[5:15], *reversed(sent[:10])])
    assert noted(database) == [(chain.device, seq) for seq in range(1, 21)]
    assert (taken.tally.changes, taken.tally.received) == (40, 40)
    again = take(database, Vouched(chain), sent)
    assert (again.tally.changes, again.tally.received) == (0, 0)


def test_a_gap_waits_and_what_fills_it_sets_all_free(database: Database) -> None:
    chain = Chain(1)
    sent = chain.grow(5)
    take(database, Vouched(chain), [sent[0], *sent[2:]])
    assert noted(database) == [(chain.device, 1)]
    with database.connection() as connection:
        assert shelf.have(connection) == {chain.device: 1}
    take(database, Vouched(chain), [sent[1]])
    assert [seq for _, seq in noted(database)] == [1, 2, 3, 4, 5]


def test_a_stranger_waits_until_somebody_vouches(database: Database) -> None:
    chain = Chain(1)
    take(database, Vouched(), chain.grow(2))
    assert noted(database) == []
    coming(database, Vouched(chain), reader := Notebook()).apply()
    assert reader.finished == [2]


def test_of_strangers_no_more_is_kept_than_a_disk_can_bear(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "STRANGERS", 5)
    chain = Chain(1)
    assert take(database, Vouched(), chain.grow(4)).tally.turned_away == 0
    assert take(database, Vouched(), Chain(2).grow(4)).tally.turned_away == 3


def test_of_strangers_few_large_ones_are_as_much_as_many_small_ones(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "STRANGERS_BYTES", 100_000)
    assert take(database, Vouched(), Chain(1).grow(1, bytes(60_000))).tally.turned_away == 0
    assert take(database, Vouched(), Chain(2).grow(1, bytes(60_000))).tally.turned_away == 1
    known = Chain(3)
    assert take(database, Vouched(known), known.grow(3, bytes(60_000))).tally.turned_away == 0


def test_what_somebody_else_signed_under_a_laptops_name_makes_room_for_its_own(database: Database) -> None:
    chain, thief = Chain(1), Chain(2)
    thief.device = chain.device
    forged, sent = thief.grow(1), chain.grow(1)
    take(database, Vouched(), forged)
    taken = take(database, Vouched(chain), sent)
    assert noted(database) == [(chain.device, 1)]
    assert not taken.tally.forked


def test_a_forgery_that_waited_goes_when_its_laptop_is_known(database: Database) -> None:
    chain, thief = Chain(1), Chain(2)
    thief.device = chain.device
    take(database, Vouched(), thief.grow(1))
    coming(database, Vouched(chain), Notebook()).apply()
    assert standing(database, chain, 1) is None
    assert noted(database) == []


def test_bytes_that_are_no_envelope_of_this_center_stop_nothing(database: Database) -> None:
    chain, other = Chain(1), Chain(3, bytes(16))
    sent = chain.grow(2)
    torn, turned = sent[0][:80], bytearray(sent[1])
    turned[-1] ^= 1
    taken = take(database, Vouched(chain, other), [torn, b"", bytes(turned), *other.grow(1), *sent])
    assert taken.tally.damaged == 4
    assert [seq for _, seq in noted(database)] == [1, 2]


def test_one_that_holds_nothing_readable_is_kept_and_passed(database: Database) -> None:
    chain, reader = Chain(1), Notebook()
    sent = chain.grow(3)
    reader.bad = {sent[1]}
    taken = take(database, Vouched(chain), sent, reader)
    assert [seq for _, seq in noted(database)] == [1, 3]
    assert standing(database, chain, 2) is Standing.BAD
    assert taken.tally.bad == 1


def test_one_whose_key_has_not_come_waits_with_what_is_behind_it(database: Database) -> None:
    chain, other, reader = Chain(1), Chain(2), Notebook()
    sent = chain.grow(3)
    reader.early = {sent[1]}
    take(database, Vouched(chain, other), [*sent, *other.grow(1)], reader)
    assert sorted(noted(database)) == sorted([(chain.device, 1), (other.device, 1)])
    reader.early = set()
    coming(database, Vouched(chain, other), reader).apply()
    assert (chain.device, 3) in noted(database)


def test_a_defect_of_the_program_takes_nothing_else_back_and_nothing_waits_for_it(database: Database) -> None:
    chain, other, reader = Chain(1), Chain(2), Notebook()
    sent = chain.grow(4)
    reader.failing = {sent[2]: ZeroDivisionError()}
    taken = take(database, Vouched(chain, other), [*sent, *other.grow(2)], reader)
    assert [seq for device, seq in noted(database) if device == chain.device] == [1, 2, 4]
    assert [seq for device, seq in noted(database) if device == other.device] == [1, 2]
    assert taken.tally.failed == {chain.device}
    assert standing(database, chain, 3) is Standing.FAILED
    again = coming(database, Vouched(chain, other), reader)
    again.apply()
    assert (again.tally.failed, again.tally.received) == ({chain.device}, 0)
    reader.failing = {}
    coming(database, Vouched(chain, other), reader).apply()
    assert [seq for device, seq in noted(database) if device == chain.device] == [1, 2, 4, 3]
    assert standing(database, chain, 3) is Standing.APPLIED


def test_a_full_disk_is_no_defect_and_leaves_what_waits(database: Database) -> None:
    chain, reader = Chain(1), Notebook()
    sent = chain.grow(2)
    reader.failing = {sent[1]: Weather("The disk is full.")}
    with pytest.raises(Weather):
        take(database, Vouched(chain), sent, reader)
    assert noted(database) == []
    assert standing(database, chain, 1) is Standing.WAITING


def test_what_a_laptop_goes_on_writing_after_its_cut_fills_no_disk(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "BEYOND", 3)
    chain = Chain(1)
    sent = chain.grow(10)
    cut = Vouched(chain, cut={chain.device: 2})
    taken = take(database, cut, sent[:4])
    assert (taken.tally.quarantined, taken.tally.turned_away) == (2, 0)
    taken = take(database, cut, sent)
    assert taken.tally.turned_away == 5
    assert [standing(database, chain, seq) for seq in (2, 5, 6)] == [Standing.APPLIED, Standing.QUARANTINED, None]
    extended = Vouched(chain, cut={chain.device: 10})
    with database.connection(write=True) as connection:
        shelf.reconsider(connection, extended)
    take(database, extended, sent)
    assert [seq for _, seq in noted(database)] == list(range(1, 11))


def test_of_what_another_laptop_wrote_twice_some_is_kept_and_all_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "FORKS", 2)
    chain = Chain(1)
    take(database, Vouched(chain), chain.grow(5))
    chain.written.clear()
    taken = take(database, Vouched(chain), chain.grow(5, b"another"))
    assert taken.tally.forked == {chain.device}
    with database.connection() as connection:
        assert shelf.forks(connection, chain.device) == 2


def test_what_was_written_after_a_cut_is_kept_aside_and_handed_to_nobody(database: Database) -> None:
    chain = Chain(1)
    taken = take(database, Vouched(chain, cut={chain.device: 2}), chain.grow(4))
    assert [seq for _, seq in noted(database)] == [1, 2]
    assert standing(database, chain, 4) is Standing.QUARANTINED
    assert taken.tally.quarantined == 2
    with database.connection() as connection:
        assert [seq for _, seq, _ in shelf.beyond(connection, {})] == [1, 2]


def test_a_cut_that_comes_before_what_waits_is_applied_holds_for_it(database: Database) -> None:
    chain = Chain(1)
    sent = chain.grow(3)
    coming(database, Vouched(chain), Notebook()).shelve(sent)
    coming(database, Vouched(chain, cut={chain.device: 1}), Notebook()).apply()
    assert [seq for _, seq in noted(database)] == [1]
    assert standing(database, chain, 3) is Standing.QUARANTINED


def test_two_envelopes_of_one_number_are_both_kept_and_told(database: Database) -> None:
    chain, clone = Chain(1), Chain(1)
    first, other = chain.grow(2), clone.grow(2, b"another body")
    take(database, Vouched(chain), first)
    for _ in range(2):
        taken = take(database, Vouched(chain), other)
        assert taken.tally.forked == {chain.device}
    with database.connection() as connection:
        kept = connection.exec_driver_sql("SELECT content FROM parked WHERE reason = 'FORK'").scalars().all()
        assert sorted(kept) == sorted(other)
        assert shelf.parked(connection) == len(noted(database))


def test_what_follows_the_other_branch_of_a_fork_waits(database: Database) -> None:
    chain, clone = Chain(1), Chain(1)
    first, other = chain.grow(1), clone.grow(2, b"another body")
    take(database, Vouched(chain), first)
    taken = take(database, Vouched(chain), [other[1]])
    assert taken.tally.forked == {chain.device}
    assert [seq for _, seq in noted(database)] == [1]


def test_what_this_laptop_wrote_and_has_not_is_told_and_not_mixed_in(database: Database) -> None:
    chain = Chain(1)
    own = Identity(CENTER, chain.device, chain.key, UUID(int=2), None)
    taken = Arrivals(database, own, Vouched(chain), Notebook())
    taken.shelve(chain.grow(2))
    assert taken.tally.own == 2
    with database.connection() as connection:
        assert shelf.have(connection) == {}


def test_stopping_leaves_whole_runs(database: Database) -> None:
    chain = Chain(1)
    answers = iter([False, True])
    taken = coming(database, Vouched(chain), reader := Notebook())
    taken.shelve(chain.grow(40))
    taken.apply(lambda: next(answers))
    assert reader.finished == [16]
    taken.apply()
    assert [seq for _, seq in noted(database)] == list(range(1, 41))
