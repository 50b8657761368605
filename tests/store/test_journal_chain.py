"""The chain of events: whatever is done to it by another hand is found, and what the program itself may take out is
not mistaken for that.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from familydesk.core.ids import new_id
from familydesk.records.person import Person
from familydesk.store import journal, proof, taking_out
from familydesk.store.database import Database
from familydesk.store.journal import Chain, Deed, Entry, Head, short
from familydesk.store.sealing import digest
from familydesk.store.verdict import Broken, Verdict

STORE = "5" * 32
ANA, BOTA = UUID(int=1).hex, UUID(int=2).hex
KEYS = {ANA: SigningKey(bytes([1]) * 32), BOTA: SigningKey(bytes([2]) * 32)}
AT = "2026-11-26T10:00:00+05:00"
EVENTS = 12
CASE = "c" * 32
SEALED = '"fdr1:cccc:1:AAAA"'


def keys_of(account: str) -> frozenset[bytes]:
    """What the list of members would say."""
    return frozenset({bytes(KEYS[account].verify_key)} if account in KEYS else ())


PEOPLE = proof.People(keys_of, led=lambda account, _seq: account == ANA, digest=lambda seq: f"{seq:064x}")
"""Ana leads; the list of members has the digest of its length."""


def check(connection: Connection) -> Verdict:
    """What a check finds."""
    return proof.verify(connection, STORE, 1, PEOPLE)


def broken(connection: Connection) -> int:
    """Which event a check names; 0 if none."""
    found = check(connection).broken
    return found.seq if found else 0


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A store in which two people took turns: every third event vouches for changes, some say why."""
    made = Database.create(tmp_path_factory.mktemp("journal") / "desk.db", bytes(32))
    for number in range(EVENTS):
        account = ANA if number // 3 % 2 == 0 else BOTA
        reason = "сот сұрады" if number % 4 == 1 else ""
        entry = Entry(Deed.VIEWED, AT, account, "case", f"{number:032x}", "c" * 32, reason)
        made.actor = UUID(hex=account)
        with made.write() as session:
            session.add(Person(id=new_id(), surname="Ахметова", given="Айгүл"))
            session.flush()
            Chain(session.connection(), STORE, 1).append(entry, KEYS[account], binding=number % 3 == 2)
    yield made
    made.close()


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """The store in a transaction that is taken back."""
    with database.engine.connect() as opened:
        yield opened
        opened.rollback()


def run(connection: Connection, statement: str, *words: object) -> None:
    """By another hand."""
    connection.exec_driver_sql(statement, words)


# Whole


def test_what_was_written_is_whole(connection: Connection) -> None:
    verdict = check(connection)
    assert (verdict.whole, verdict.events, verdict.unsigned, verdict.loose) == (True, EVENTS, 0, 0)
    assert verdict.head == Chain(connection, STORE, 1).head()


def test_an_empty_journal_is_whole_and_has_a_head(tmp_path: Path) -> None:
    made = Database.create(tmp_path / "desk.db", bytes(32))
    with made.connection() as connection:
        assert check(connection).whole
        assert check(connection).head.seq == 0
    made.close()


def test_the_journal_of_one_store_is_not_that_of_another(connection: Connection) -> None:
    assert not proof.verify(connection, "6" * 32, 1, PEOPLE).whole


# Another hand

COLUMNS = ("at", "account", "deed", "sheet", "record", "case_id", "reason", "recipient", "detail", "words", "first")
COLUMNS += ("last", "changes", "signed", "link", "signature", "seq", "salt")


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("seq", [1, 5, 6, EVENTS])
def test_no_column_of_any_event_can_be_changed(connection: Connection, column: str, seq: int) -> None:
    value = {"seq": 99, "first": 77, "last": 77, "signed": 0, "salt": b"x" * 16}.get(column, "0" * 64)
    run(connection, f"UPDATE journal SET {column} = ? WHERE seq = ?", value, seq)
    assert broken(connection)


WRONG = ["1", "1.5", "x'00ff'", "'x'", "CAST(x'ff' AS TEXT)"]
"""What SQLite takes in any column; the last is text that is none."""


@pytest.mark.parametrize("value", WRONG)
@pytest.mark.parametrize("column", [column for column in COLUMNS if column != "seq"])
@pytest.mark.parametrize("seq", [6, EVENTS])
def test_a_value_of_a_wrong_type_is_a_fault_of_its_event(
    connection: Connection, column: str, seq: int, value: str
) -> None:
    before = tuple(connection.exec_driver_sql("SELECT * FROM journal WHERE seq = ?", (seq,)).one())
    run(connection, f"UPDATE journal SET {column} = {value} WHERE seq = ?", seq)
    try:
        after = tuple(connection.exec_driver_sql("SELECT * FROM journal WHERE seq = ?", (seq,)).one())
    except OperationalError:
        after = ()
    # Another signature is missed first by the link of the event that comes next.
    found = broken(connection)
    assert found in ((seq, min(seq + 1, EVENTS)) if column == "signature" else (seq,)) or (
        not found and after == before
    )


@pytest.mark.parametrize("value", WRONG[1:])
@pytest.mark.parametrize("seq", [6, EVENTS - 1])
def test_a_number_of_a_wrong_type_is_none(connection: Connection, seq: int, value: str) -> None:
    run(connection, f"UPDATE journal SET seq = {value} WHERE seq = ?", seq)
    assert broken(connection) == (2 if value == "1.5" else seq)


@pytest.mark.parametrize("value", WRONG)
@pytest.mark.parametrize("column", ["sheet", "record", "field", "value", "clock", "txn", "actor", "salt", "proved"])
@pytest.mark.parametrize("seq", [4, EVENTS])
def test_a_value_of_a_wrong_type_in_the_history_is_a_fault_of_the_event_that_vouches(
    connection: Connection, column: str, seq: int, value: str
) -> None:
    if (column, value) in {("clock", "1"), ("txn", "1")}:
        value = "2"
    run(connection, f"UPDATE change SET {column} = {value} WHERE seq = ?", seq)
    assert broken(connection) == {4: 6, EVENTS: EVENTS}[seq]


@pytest.mark.parametrize("value", WRONG)
@pytest.mark.parametrize("column", ["link", "signature", "first", "last", "detail", "account", "at"])
def test_whatever_stands_in_the_last_event_the_next_one_can_be_written(
    connection: Connection, column: str, value: str
) -> None:
    run(connection, f"UPDATE journal SET {column} = {value} WHERE seq = ?", EVENTS)
    if value == WRONG[-1] and column in ("link", "signature"):
        return
    assert Chain(connection, STORE, 1).append(Entry(Deed.UNLOCKED, AT, ANA), KEYS[ANA]).seq == EVENTS + 1
    assert broken(connection) == EVENTS


def test_a_change_that_cannot_be_read_keeps_nobody_from_coming_in(connection: Connection) -> None:
    run(connection, "UPDATE change SET salt = 1 WHERE seq = ?", written(connection, '"сөз"'))
    Chain(connection, STORE, 1).append(Entry(Deed.UNLOCKED, AT, ANA), KEYS[ANA])
    assert check(connection).broken == Broken(EVENTS + 1, proof.RECORDS)


def test_an_opening_of_which_nobody_could_be_told_is_a_fault(connection: Connection) -> None:
    Chain(connection, STORE, 1).append(Entry(Deed.UNLOCKED, "кеше", ANA, detail={"by_paper": True}), None)
    assert check(connection).broken == Broken(EVENTS + 1, proof.UNREADABLE)


@given(seq=st.integers(1, EVENTS), place=st.integers(0, 63), sign=st.sampled_from("0123456789abcdef"))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_sign_of_a_link_or_signature_can_be_changed(database: Database, seq: int, place: int, sign: str) -> None:
    with database.engine.connect() as connection:
        for column in ("link", "signature"):
            old = connection.exec_driver_sql(f"SELECT {column} FROM journal WHERE seq = ?", (seq,)).scalar_one()
            new = old[:place] + sign + old[place + 1 :]
            run(connection, f"UPDATE journal SET {column} = ? WHERE seq = ?", new, seq)
            assert bool(broken(connection)) == (new != old)
            run(connection, f"UPDATE journal SET {column} = ? WHERE seq = ?", old, seq)


@pytest.mark.parametrize("seq", range(1, EVENTS))
def test_an_event_that_was_deleted_is_missed_by_its_number(connection: Connection, seq: int) -> None:
    run(connection, "DELETE FROM journal WHERE seq = ?", seq)
    assert broken(connection) == seq


@pytest.mark.parametrize("seq", range(1, EVENTS))
def test_events_that_were_moved_up_after_a_deletion_are_found(connection: Connection, seq: int) -> None:
    run(connection, "DELETE FROM journal WHERE seq = ?", seq)
    for later in range(seq + 1, EVENTS + 1):
        run(connection, "UPDATE journal SET seq = ? WHERE seq = ?", later - 1, later)
    assert broken(connection) == seq


@given(one=st.integers(1, EVENTS), other=st.integers(1, EVENTS))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_two_events_that_changed_places_are_found(database: Database, one: int, other: int) -> None:
    with database.engine.connect() as connection:
        for old, new in ((one, -1), (other, one), (-1, other)):
            run(connection, "UPDATE journal SET seq = ? WHERE seq = ?", new, old)
        assert bool(broken(connection)) == (one != other)


@pytest.mark.parametrize("seq", range(1, EVENTS + 2))
def test_an_event_put_in_between_is_found(connection: Connection, seq: int) -> None:
    for later in range(EVENTS, seq - 1, -1):
        run(connection, "UPDATE journal SET seq = ? WHERE seq = ?", later + 1, later)
    names = ", ".join(name for name in COLUMNS if name != "seq")
    source = seq - 1 or 2
    run(
        connection,
        f"INSERT INTO journal(device, seq, {names}) SELECT 1, ?, {names} FROM journal WHERE seq = ?",
        seq,
        source,
    )
    # A copy of the first event before itself is the first event still.
    assert broken(connection) == max(seq, 2)


def test_a_cut_end_leaves_another_head(connection: Connection) -> None:
    before = check(connection).head
    run(connection, "DELETE FROM journal WHERE seq = ?", EVENTS)
    after = check(connection).head
    assert (before.seq, after.seq) == (EVENTS, EVENTS - 1)
    assert before.short != after.short


@pytest.mark.parametrize("seq", range(1, EVENTS + 1))
def test_who_writes_the_chain_anew_cannot_sign_for_a_colleague(connection: Connection, seq: int) -> None:
    """Whoever has the store key can reckon every link anew, but another's signature over it she has not."""
    _written_anew(connection, seq)
    assert broken(connection) == seq


def _written_anew(connection: Connection, seq: int) -> None:
    chain = "SELECT * FROM journal WHERE seq >= ? ORDER BY seq"
    before, signature = connection.exec_driver_sql(
        "SELECT link, signature FROM journal WHERE seq = ?", (seq - 1,)
    ).first() or (journal.first_link(STORE, 1), "")
    for row in connection.exec_driver_sql(chain, (seq,)).mappings().all():
        facts = dict(row)
        if row["seq"] == seq:
            facts["at"] = "2026-11-25T10:00:00+05:00"
        before = journal.link(before, signature, journal.facts_of(facts))
        signature = row["signature"]
        run(connection, "UPDATE journal SET at = ?, link = ? WHERE seq = ?", facts["at"], before, row["seq"])


def test_a_signature_of_somebody_else_is_none(connection: Connection) -> None:
    row = connection.exec_driver_sql("SELECT link FROM journal WHERE seq = ?", (EVENTS,)).one()
    forged = journal.signed(KEYS[ANA], row.link)
    run(connection, "UPDATE journal SET signature = ? WHERE seq = ?", forged, EVENTS)
    assert broken(connection) == EVENTS


def test_who_was_never_a_member_signs_nothing(connection: Connection) -> None:
    stranger = SigningKey(bytes([3]) * 32)
    Chain(connection, STORE, 1).append(Entry(Deed.VIEWED, AT, "f" * 32), stranger)
    found = check(connection).broken
    assert found is not None
    assert (found.seq, found.why) == (EVENTS + 1, proof.STRANGER)


NOT_HERS = "ab" * 64
"""A signature that nobody made."""


def forge(connection: Connection, account: str, deed: Deed = Deed.EXPORTED, signature: str = NOT_HERS) -> int:
    """An event in a colleague's name, right in all but the signature; its number."""
    seq = Chain(connection, STORE, 1).append(Entry(deed, AT, account, "case", reason="жала"), KEYS[account]).seq
    run(connection, "UPDATE journal SET signature = ? WHERE seq = ?", signature, seq)
    return seq


@pytest.mark.parametrize("signature", [NOT_HERS, "x", "0" * 128])
@pytest.mark.parametrize("victim", [ANA, BOTA])
@pytest.mark.parametrize("opening", [Deed.UNLOCKED, Deed.RESTORED])
def test_who_comes_in_next_does_not_sign_what_was_put_behind_her_end(
    connection: Connection, victim: str, signature: str, opening: Deed
) -> None:
    forged = forge(connection, victim, signature=signature)
    Chain(connection, STORE, 1).append(Entry(opening, AT, victim), KEYS[victim])
    Chain(connection, STORE, 1).append(Entry(Deed.UNLOCKED, AT, victim), KEYS[victim])
    assert check(connection).broken == Broken(forged, proof.FORGED)


def test_nor_does_a_forged_opening_help(connection: Connection) -> None:
    forged = forge(connection, BOTA, Deed.UNLOCKED)
    forge(connection, BOTA)
    Chain(connection, STORE, 1).append(Entry(Deed.UNLOCKED, AT, BOTA), KEYS[BOTA])
    assert check(connection).broken == Broken(forged, proof.FORGED)


def test_an_event_by_the_paper_is_counted_as_signed_by_nobody(connection: Connection) -> None:
    Chain(connection, STORE, 1).append(Entry(Deed.UNLOCKED, AT, ANA, detail={"by_paper": True}), None)
    Chain(connection, STORE, 1).append(Entry(Deed.VIEWED, AT, ANA), None)
    verdict = check(connection)
    assert (verdict.whole, verdict.unsigned) == (True, 2)
    assert [notice.seq for notice in verdict.notices] == [EVENTS + 1]


@pytest.mark.parametrize("sitting", [None, ANA])
def test_an_event_that_nobody_signed_stands_only_where_the_paper_had_opened(
    connection: Connection, sitting: str | None
) -> None:
    """Who writes the chain anew cannot turn a colleague's events into nobody's."""
    if sitting:
        Chain(connection, STORE, 1).append(Entry(Deed.UNLOCKED, AT, sitting, detail={"by_paper": True}), None)
    Chain(connection, STORE, 1).append(Entry(Deed.VIEWED, AT, BOTA), None)
    assert check(connection).broken == Broken(EVENTS + (2 if sitting else 1), proof.NOBODY)


def test_a_sitting_after_the_paper_is_signed_again(connection: Connection) -> None:
    Chain(connection, STORE, 1).append(Entry(Deed.UNLOCKED, AT, ANA, detail={"by_paper": True}), None)
    Chain(connection, STORE, 1).append(Entry(Deed.UNLOCKED, AT, ANA), KEYS[ANA])
    Chain(connection, STORE, 1).append(Entry(Deed.VIEWED, AT, ANA), None)
    assert check(connection).broken == Broken(EVENTS + 3, proof.NOBODY)


# The list of members


def listed(connection: Connection, seq: int, digest: str, signer: SigningKey | None = KEYS[ANA]) -> None:
    """An opening that says how long the list is."""
    detail = {"members": {"seq": seq, "digest": digest}, **({} if signer else {"by_paper": True})}
    Chain(connection, STORE, 1).append(Entry(Deed.UNLOCKED, AT, ANA, detail=detail), signer)


def test_a_list_of_members_that_an_event_does_not_know_is_found(connection: Connection) -> None:
    listed(connection, 3, f"{3:064x}")
    assert check(connection).whole
    listed(connection, 4, "f" * 64)
    assert check(connection).broken == Broken(EVENTS + 2, proof.OTHER_LIST)


def test_a_list_of_members_never_gets_shorter(connection: Connection) -> None:
    for seq in (3, 2):
        listed(connection, seq, f"{seq:064x}")
    assert check(connection).broken == Broken(EVENTS + 2, proof.OTHER_LIST)


def test_what_nobody_signed_says_nothing_of_the_list(connection: Connection) -> None:
    listed(connection, 9, "f" * 64, None)
    assert check(connection).whole


def test_only_who_led_when_she_signed_has_erased(connection: Connection) -> None:
    """Ana leads until the list's fifth statement takes that from her."""
    people = proof.People(keys_of, lambda account, seq: account == ANA and (seq or 0) < 5, PEOPLE.digest)
    listed(connection, 4, f"{4:064x}")
    erase(connection, [4], [], KEYS[ANA])
    assert proof.verify(connection, STORE, 1, people).whole
    listed(connection, 5, f"{5:064x}")
    erase(connection, [1], [], KEYS[ANA])
    assert proof.verify(connection, STORE, 1, people).broken == Broken(EVENTS + 4, proof.NOT_HERS)


# The history of records


def test_a_changed_value_in_the_history_is_found(connection: Connection) -> None:
    run(connection, "UPDATE change SET value = replace(value, 'Айгүл', 'Айсұлу') WHERE seq = 4")
    found = check(connection).broken
    assert found is not None
    assert (found.seq, found.why) == (6, proof.RECORDS)


@pytest.mark.parametrize(
    "statement", ["DELETE FROM change WHERE seq = 5", "UPDATE change SET actor = 'x' WHERE seq = 5"]
)
def test_a_change_that_is_gone_or_anothers_is_found(connection: Connection, statement: str) -> None:
    run(connection, statement)
    assert broken(connection) == 6


@pytest.mark.parametrize("seq", [-1, 100])
def test_a_change_put_in_is_found_or_told_as_not_vouched_for(connection: Connection, seq: int) -> None:
    columns = "sheet, record, field, value, clock, replaces, txn, actor, device, salt"
    run(connection, f"INSERT INTO change(seq, {columns}) SELECT ?, {columns} FROM change WHERE seq = 1", seq)
    verdict = check(connection)
    assert not verdict.whole or verdict.loose == 1
    assert verdict.whole == (seq > 0)


# What the program may take out


def erase(connection: Connection, changes: list[int], events: list[int], signer: SigningKey | None) -> None:
    """As an erasure does it."""
    detail = {
        "changes": taking_out.empty_changes(connection, changes),
        "events": taking_out.empty_words(connection, 1, events),
    }
    Chain(connection, STORE, 1).append(Entry(Deed.ERASED, AT, ANA, reason="өтініш", detail=detail), signer)


@given(changes=st.sets(st.integers(1, EVENTS)), events=st.sets(st.integers(1, EVENTS)))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_an_erasure_the_chain_still_holds(database: Database, changes: set[int], events: set[int]) -> None:
    with database.engine.connect() as connection:
        erase(connection, sorted(changes), sorted(events), KEYS[ANA])
        assert check(connection).whole
        left = connection.exec_driver_sql("SELECT count(*) FROM change WHERE value IS NOT NULL").scalar_one()
        assert left == EVENTS - len(changes)


def test_what_an_erasure_leaves_of_a_change_tells_nothing(connection: Connection) -> None:
    row = connection.exec_driver_sql(f"SELECT {journal.CHANGE_COLUMNS} FROM change WHERE seq = 4").one()
    erase(connection, [4], [2], KEYS[ANA])
    left = connection.exec_driver_sql("SELECT sheet, record, value, replaces, actor, salt FROM change WHERE seq = 4")
    assert tuple(left.one()) == ("", "", None, None, None, None)
    # Whoever guesses the content cannot even see that she has guessed it.
    proved = connection.exec_driver_sql("SELECT proved FROM change WHERE seq = 4").scalar_one()
    assert journal.change_digest(None, tuple(row[:-2])).hex() != proved
    said = connection.exec_driver_sql("SELECT reason, detail, salt FROM journal WHERE seq = 2").one()
    assert tuple(said) == ("", "", None)


def test_what_was_taken_out_without_an_erasure_is_found(connection: Connection) -> None:
    taking_out.empty_changes(connection, [4])
    assert check(connection).broken == Broken(6, proof.TAKEN)


def test_words_taken_out_without_an_erasure_are_found(connection: Connection) -> None:
    taking_out.empty_words(connection, 1, [2])
    assert check(connection).broken == Broken(2, proof.TAKEN_WORDS)


def test_an_erasure_that_nobody_signed_erases_nothing(connection: Connection) -> None:
    erase(connection, [4], [], None)
    assert check(connection).broken == Broken(EVENTS + 1, proof.UNSIGNED)


def test_a_change_that_was_emptied_holds_nothing_new(connection: Connection) -> None:
    erase(connection, [4], [], KEYS[ANA])
    run(connection, "UPDATE change SET record = 'x', value = '1' WHERE seq = 4")
    assert check(connection).broken == Broken(6, proof.TAKEN)


def replaced(connection: Connection, values: dict[int, str], deed: Deed = Deed.RESTRICTED, account: str = ANA) -> None:
    """As the sealing of a restricted case does it."""
    detail = {"replaced": {str(seq): taking_out.replace_change(connection, seq, text) for seq, text in values.items()}}
    Chain(connection, STORE, 1).append(Entry(deed, AT, account, case=CASE, detail=detail), KEYS[account])


def written(connection: Connection, value: str) -> int:
    """A change of Ana's, for which her next event vouches; its number."""
    columns = "sheet, record, field, value, clock, txn, actor, device, salt"
    run(
        connection, f"INSERT INTO change({columns}) VALUES('case', 'a', 'x', ?, 1, 1, ?, 1, randomblob(16))", value, ANA
    )
    return int(connection.exec_driver_sql("SELECT max(seq) FROM change").scalar_one())


def held(connection: Connection, seq: int) -> str:
    """What a change holds."""
    return str(connection.exec_driver_sql("SELECT value FROM change WHERE seq = ?", (seq,)).scalar_one())


def test_a_sealed_change_holds_and_so_does_the_opened_one(connection: Connection) -> None:
    value = held(connection, 4)
    replaced(connection, {4: SEALED})
    assert check(connection).whole
    replaced(connection, {4: value}, Deed.OPENED_UP)
    assert check(connection).whole
    assert connection.exec_driver_sql("SELECT proved FROM change WHERE seq = 4").scalar() is None


def test_what_was_first_written_sealed_is_opened_and_counted(connection: Connection) -> None:
    replaced(connection, {})
    seq = written(connection, SEALED)
    replaced(connection, {seq: '"екінші"'}, Deed.OPENED_UP)
    verdict = check(connection)
    assert (verdict.whole, verdict.opened) == (True, 1)


@pytest.mark.parametrize("deed", [Deed.RESTRICTED, Deed.OPENED_UP, Deed.ERASED])
@pytest.mark.parametrize("account", [ANA, BOTA])
def test_no_deed_puts_another_text_into_the_history(connection: Connection, deed: Deed, account: str) -> None:
    replaced(connection, {4: '{"surname": "Жала"}'}, deed, account)
    found = check(connection).broken
    # A head who erases says of the beginning of a record what is left of it.
    assert (found is None) == (deed is Deed.ERASED and account == ANA)


def test_an_erasure_gives_no_field_another_text(connection: Connection) -> None:
    seq = written(connection, '"бірінші"')
    Chain(connection, STORE, 1).append(Entry(Deed.VIEWED, AT, ANA), KEYS[ANA])
    replaced(connection, {seq: '"жала"'}, Deed.ERASED)
    assert check(connection).broken == Broken(EVENTS + 1, proof.RECORDS)


def test_what_stood_in_the_open_before_a_restriction_comes_back_as_it_was(connection: Connection) -> None:
    replaced(connection, {4: SEALED})
    replaced(connection, {4: '"жала"'}, Deed.OPENED_UP)
    assert check(connection).broken == Broken(6, proof.RECORDS)


def test_a_shortened_change_may_be_sealed_and_opened_again(connection: Connection) -> None:
    replaced(connection, {4: "{}"}, Deed.ERASED)
    replaced(connection, {4: SEALED})
    replaced(connection, {4: "{}"}, Deed.OPENED_UP)
    assert check(connection).whole


@pytest.mark.parametrize("deed", [Deed.RESTRICTED, Deed.OPENED_UP, Deed.DESTROYED])
@pytest.mark.parametrize("what", ["changes", "events"])
def test_only_a_heads_erasure_takes_something_out(connection: Connection, deed: Deed, what: str) -> None:
    account = BOTA if deed is Deed.DESTROYED else ANA
    Chain(connection, STORE, 1).append(Entry(deed, AT, account, detail={what: [[1, 2]]}), KEYS[account])
    assert check(connection).broken == Broken(EVENTS + 1, proof.NOT_HERS)


# Who wrote it


def test_nobody_vouches_for_a_change_in_the_name_of_another(connection: Connection) -> None:
    written(connection, '"жала"')
    Chain(connection, STORE, 1).append(Entry(Deed.LOCKED, AT, BOTA), KEYS[BOTA])
    assert check(connection).broken == Broken(EVENTS + 1, proof.AUTHOR)


def test_what_a_cut_off_program_left_is_vouched_for_at_the_next_opening_and_counted(connection: Connection) -> None:
    written(connection, '"сөз"')
    Chain(connection, STORE, 1).append(Entry(Deed.UNLOCKED, AT, BOTA), KEYS[BOTA])
    verdict = check(connection)
    assert (verdict.whole, verdict.left) == (True, 1)


def test_another_value_in_place_of_a_sealed_one_is_found(connection: Connection) -> None:
    replaced(connection, {4: SEALED})
    run(connection, "UPDATE change SET value = 'other' WHERE seq = 4")
    assert check(connection).broken == Broken(6, proof.RECORDS)


# The format, frozen


def test_links_signatures_and_digests_are_those_of_the_first_version() -> None:
    """Journals of years are checked by these sums: a test that fails here means that no old journal holds."""
    golden = json.loads((Path(__file__).parent.parent / "reference" / "journal.json").read_text("utf-8"))
    begin = journal.first_link(STORE, 1)
    said = journal.commit(bytes(16), "сот", "", '{"form": "COVER"}')
    facts = [1, 1, AT, ANA, "PRINTED", "case", "a" * 32, "b" * 32, said, 1, 2, "d" * 64, 1]
    link = journal.link(begin, "", facts)
    change = [7, "person", "a" * 32, "surname", '"Ахметова"', 116_000_000_000_000_000, 3, 115, ANA, 1]
    digests = [journal.change_digest(bytes(16), change), journal.change_digest(None, change)]
    assert golden == {
        "first": begin,
        "words": said,
        "link": link,
        "short": Head(1, bytes.fromhex(link)).short,
        "signature": journal.signed(KEYS[ANA], link),
        "changes": journal.changes_digest(digests),
    }


def test_the_sums_are_those_of_the_houses_one_library() -> None:
    facts = json.dumps([1, STORE, 1], separators=(",", ":")).encode()
    assert digest(facts, b"fd-journal-first").hex() == journal.first_link(STORE, 1)


def test_a_short_head_is_the_beginning_of_the_link() -> None:
    assert short(bytes(32)) == "0000-0000-0000-0000"
    assert short(b"\xff" * 32) == "ZZZZ-ZZZZ-ZZZZ-ZZZZ"
    assert short(b"\x08" + bytes(31)) == "1000-0000-0000-0000"


def test_changes_from_before_the_journal_are_salted_when_first_vouched_for(connection: Connection) -> None:
    columns = "sheet, record, field, clock, txn, device"
    run(connection, f"INSERT INTO change({columns}) VALUES('person', 'a', 'iin', 1, 1, 1)")
    Chain(connection, STORE, 1).append(Entry(Deed.UNLOCKED, AT, ANA), KEYS[ANA])
    assert connection.exec_driver_sql("SELECT count(*) FROM change WHERE salt IS NULL").scalar() == 0
    assert check(connection).whole
