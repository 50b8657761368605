"""A restricted case on several laptops: who is named reads it on her own, and to nobody else a word of it is left."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from decrypted import left
from laptop import SEALABLE, planted, whole_case
from met_desks import take_in
from nacl.public import PrivateKey
from sqlalchemy import select

from familydesk.core.errors import Refused
from familydesk.core.ids import new_id
from familydesk.exchange.scans import Scan
from familydesk.records.attachment import MediaType
from familydesk.services.attachments import Incoming
from familydesk.services.office import Office
from familydesk.services.restriction import Why
from familydesk.services.told_of import What
from familydesk.store.case_keys import is_token
from familydesk.store.tables import ATTACHMENT_CONTENT, CASE_KEY, KEPT_APART, RESTRICTED_CASE
from familydesk.sync.case_words import Standing
from familydesk.sync.wire.case_word import Closed, Copy, CopyOf, Freed
from familydesk.sync.wire.change import Change, Version

sys.path.append(str(Path(__file__).parents[1] / "sync"))
from colleagues import BOTA, COLLEAGUES, Desk, _admit, desk_of, made, rows

WORDS = [planted(sheet) for sheet in SEALABLE]
ADDED = "Жасырын қосылған сөз"
Case = tuple[Path, dict[str, UUID]]


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The head, Bota and Dina, each with her laptop; on all of them lies a whole case of Bota's, in the open."""
    place = tmp_path_factory.mktemp("center")
    made(place, "two", "three")
    found = Laptops(place)
    records = whole_case(found.at("one"), found.at("two").me)
    found.meet("one", "two", "three")
    found.close()
    return place, records


class Laptops:
    """The laptops of a center, and a stick."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.stick = place / "stick"
        self.stick.mkdir(exist_ok=True)
        self.offices: dict[str, Office] = {}

    def at(self, name: str) -> Office:
        """The office of whoever works there."""
        if name not in self.offices:
            self.offices[name] = desk_of(self.place, name).open()
        return self.offices[name]

    def meet(self, *names: str) -> None:
        """One after the other goes to the stick."""
        for name in names:
            assert self.at(name).syncing.sync(str(self.stick)).waiting == 0

    def round(self) -> None:
        """Everybody hears everybody."""
        self.meet("two", "one", "three", "two", "one", "three")

    def left_on(self, name: str, *words: str) -> set[str]:
        """Which words a thief with the key of a store finds in any page of it."""
        key = self.at(name).database.key
        return left(self.place / name / "desk.db", key, *words)

    def close(self) -> None:
        for office in self.offices.values():
            office.close()
        self.offices = {}


@pytest.fixture
def laptops(center: Case, tmp_path: Path) -> Iterator[Laptops]:
    shutil.copytree(center[0], tmp_path, dirs_exist_ok=True)
    found = Laptops(tmp_path)
    yield found
    found.close()


@pytest.fixture
def records(center: Case) -> dict[str, UUID]:
    return center[1]


def restrict(office: Office, records: dict[str, UUID], *readers: UUID) -> None:
    office.restricted.restrict(records["case"], Why.THREAT, [office.me, *readers])


def note(office: Office, records: dict[str, UUID]) -> str:
    return str(office.desk.get("case_note", records["case_note"]).values()["text"])


def write(office: Office, records: dict[str, UUID], text: str) -> None:
    office.desk.save("case_note", {"text": text}, records["case_note"])


def sees(office: Office, sheet: str, record: UUID) -> bool:
    try:
        office.desk.get(sheet, record)
    except Refused:
        return False
    return True


# Closing


def test_the_words_lie_in_the_open_until_then_so_the_search_can_find_them(
    laptops: Laptops, records: dict[str, UUID]
) -> None:
    assert laptops.left_on("three", *WORDS) == set(WORDS)


def test_after_a_meeting_no_word_of_it_is_left_on_the_laptop_of_her_who_is_not_named(
    laptops: Laptops, records: dict[str, UUID]
) -> None:
    dina = laptops.at("three")
    dina.drafts.save("case_note", records["case_note"], {"text": ADDED})
    restrict(laptops.at("two"), records)
    laptops.meet("two", "three")
    assert laptops.left_on("three", *WORDS, ADDED) == set()
    assert not any(sees(dina, sheet, record) for sheet, record in records.items())
    assert dina.restricted.any_closed()


def test_what_is_written_later_leaves_no_word_there_either(laptops: Laptops, records: dict[str, UUID]) -> None:
    restrict(laptops.at("two"), records)
    laptops.round()
    write(laptops.at("two"), records, ADDED)
    laptops.round()
    assert laptops.left_on("three", ADDED) == set()


def test_what_she_who_is_not_named_had_written_and_not_sent_reaches_those_who_are(
    laptops: Laptops, records: dict[str, UUID]
) -> None:
    dina, bota = laptops.at("three"), laptops.at("two")
    write(dina, records, ADDED)
    restrict(bota, records)
    laptops.meet("two", "three", "two")
    assert note(bota, records) == ADDED
    assert laptops.left_on("three", ADDED) == laptops.left_on("two", ADDED) == set()


def test_two_values_of_one_field_are_a_conflict_that_is_sealed(laptops: Laptops, records: dict[str, UUID]) -> None:
    dina, bota = laptops.at("three"), laptops.at("two")
    write(dina, records, ADDED)
    restrict(bota, records)
    write(bota, records, "Екінші сөз")
    laptops.meet("two", "three", "two")
    (conflict,) = bota.conflicts.open()
    assert {conflict.mine, conflict.theirs} == {"Екінші сөз", ADDED}
    assert laptops.left_on("two", ADDED) == set()


def test_a_conflict_that_was_open_is_sealed_where_it_stands(laptops: Laptops, records: dict[str, UUID]) -> None:
    dina, bota = laptops.at("three"), laptops.at("two")
    write(dina, records, ADDED)
    write(bota, records, "Екінші сөз")
    laptops.round()
    assert len(dina.conflicts.open()) == 1
    restrict(bota, records)
    laptops.meet("two", "three")
    assert dina.conflicts.open() == []
    assert laptops.left_on("three", ADDED) == set()
    assert len(bota.conflicts.open()) == 1


def test_what_waits_for_a_record_of_the_case_waits_sealed(laptops: Laptops, records: dict[str, UUID]) -> None:
    """A change of a record that has not come, and a record that hangs on it: both of a laptop that only Dina met."""
    bota, dina = laptops.at("two"), laptops.at("three")
    stranger, note = bytes([7]) * 16, new_id()
    edit = Change("case_note", note.bytes, "text", f'"{ADDED}"', Version(1, stranger), (), 1)
    whole = {"case_id": records["case"].hex, "author_id": bota.me.hex, "text": ADDED, "kind": "MEETING"}
    begun = Change("case_note", note.bytes, "", json.dumps(whole), Version(2, stranger), (), 1)
    take_in(dina, stranger, [edit])
    assert laptops.left_on("three", ADDED) == {ADDED}
    restrict(bota, records)
    laptops.meet("two", "three")
    take_in(dina, stranger, [begun])
    dina.database.rewrite()
    assert laptops.left_on("three", ADDED) == set()


# Who is named


def test_she_who_is_named_reads_and_writes_on_her_own_laptop(laptops: Laptops, records: dict[str, UUID]) -> None:
    bota, dina = laptops.at("two"), laptops.at("three")
    restrict(bota, records, dina.me)
    laptops.meet("two", "three")
    assert all(sees(dina, sheet, record) for sheet, record in records.items())
    assert dina.restricted.of(records["case"]).readers == tuple(sorted([bota.me, dina.me]))  # type: ignore[union-attr]
    write(dina, records, ADDED)
    laptops.meet("three", "two")
    assert note(bota, records) == ADDED
    assert rows(bota) == rows(dina)
    assert laptops.left_on("three", *WORDS, ADDED) == set()


def test_who_is_added_reads_what_was_written_before_and_who_is_taken_off_nothing_that_comes_after(
    laptops: Laptops, records: dict[str, UUID]
) -> None:
    bota, dina = laptops.at("two"), laptops.at("three")
    restrict(bota, records)
    write(bota, records, "Бұрынғы сөз")
    laptops.round()
    bota.restricted.set_readers(records["case"], [bota.me, dina.me])
    laptops.round()
    assert note(dina, records) == "Бұрынғы сөз"
    assert rows(bota) == rows(dina)
    bota.restricted.set_readers(records["case"], [bota.me])
    write(bota, records, ADDED)
    laptops.round()
    assert not sees(dina, "case_note", records["case_note"])
    assert laptops.left_on("three", ADDED) == set()
    assert note(bota, records) == ADDED


def test_a_change_that_was_on_its_way_under_the_former_key_is_read(laptops: Laptops, records: dict[str, UUID]) -> None:
    bota, dina = laptops.at("two"), laptops.at("three")
    restrict(bota, records, dina.me)
    laptops.round()
    write(dina, records, ADDED)
    dina.syncing.pack()
    bota.restricted.set_readers(records["case"], [bota.me])
    laptops.meet("two", "three", "two")
    assert note(bota, records) == ADDED


def test_a_scan_is_for_who_is_named_alone_wherever_its_bytes_lie(laptops: Laptops, records: dict[str, UUID]) -> None:
    bota, dina, head = (laptops.at(name) for name in ("two", "three", "one"))
    before = attached(bota, records["case"], "бұрынғы құжат")
    laptops.meet("two", "one")
    restrict(bota, records, dina.me)
    after = attached(bota, records["case"], "кейінгі құжат")
    laptops.round()
    texts = {before: "бұрынғы құжат", after: "кейінгі құжат"}
    assert {one: dina.attachments.content(one).decode() for one in texts} == texts
    for office in (bota, dina, head):
        with office.database.read(whole=True) as session:
            keys = session.execute(select(ATTACHMENT_CONTENT.c.attachment, ATTACHMENT_CONTENT.c.key)).all()
        assert all(is_token(key) for attachment, key in keys if UUID(attachment) in texts)


def attached(office: Office, case: UUID, content: str) -> UUID:
    scan = Scan(content.encode(), MediaType.PNG, 1)
    return office.attachments.add(Incoming(scan, "a.png"), {"case_id": case, "subject": "x", "kind": "OTHER"}).id


# Opening up


def finds(office: Office, case: UUID, number: str) -> bool:
    return case in [found.id for found in office.search.find(number)]


def test_opened_up_again_the_case_is_whole_and_equal_on_all_laptops(laptops: Laptops, records: dict[str, UUID]) -> None:
    bota = laptops.at("two")
    number = "777/1850"
    bota.desk.save("case", {"number": number}, records["case"])
    laptops.round()
    before = rows(laptops.at("three"))
    assert finds(laptops.at("three"), records["case"], number)
    restrict(bota, records)
    laptops.round()
    write(bota, records, ADDED)
    laptops.round()
    assert not finds(laptops.at("three"), records["case"], number)
    bota.restricted.open_up(records["case"])
    laptops.round()
    after = rows(laptops.at("three"))
    assert after == rows(bota) == rows(laptops.at("one"))
    assert {sheet for sheet in before if before[sheet] != after[sheet]} == {"case_note"}
    assert note(laptops.at("three"), records) == ADDED
    assert finds(laptops.at("three"), records["case"], number)


# In need


def test_whoever_is_named_is_told_on_her_laptop_that_a_head_opened_it_on_hers(
    laptops: Laptops, records: dict[str, UUID]
) -> None:
    bota, head = laptops.at("two"), laptops.at("one")
    restrict(bota, records)
    laptops.meet("two", "one")
    assert [one.case for one in head.glass.behind()] == [records["case"]]
    head.glass.break_open(records["case"], "Бала жоғалды, мекенжай керек")
    assert planted("case_note") in note(head, records)
    laptops.meet("one", "two")
    (told,) = bota.glass.broken()
    assert (told.who, told.reason) == (head.me, "Бала жоғалды, мекенжай керек")


def test_whoever_was_named_is_told_on_her_laptop_though_the_restriction_was_lifted_on_the_heads(
    laptops: Laptops, records: dict[str, UUID]
) -> None:
    bota, head = laptops.at("two"), laptops.at("one")
    restrict(bota, records)
    laptops.meet("two", "one")
    head.glass.break_open(records["case"], "Бала жоғалды, мекенжай керек")
    head.restricted.open_up(records["case"])
    laptops.meet("one", "two")
    assert [(one.who, one.what) for one in bota.glass.broken()] == [(head.me, What.BROKEN), (head.me, What.LIFTED)]
    laptops.round()
    assert head.glass.broken() == laptops.at("three").glass.broken() == []


def test_who_must_be_kept_apart_is_known_on_laptops_that_never_saw_the_record(
    laptops: Laptops, records: dict[str, UUID]
) -> None:
    bota, dina = laptops.at("two"), laptops.at("three")
    restrict(bota, records)
    laptops.round()
    offender = bota.desk.save("person", {"surname": "Ермеков", "given": "Ермек", "iin_absence": "NOT_RECORDED"}).id
    bota.desk.save("incident", {"offender_id": offender}, records["incident"])
    laptops.round()
    with dina.database.read(whole=True) as session:
        assert offender.hex in session.scalars(select(KEPT_APART.c.one)).all()


# Who is believed


def test_nobody_restricts_a_colleagues_case_with_a_program_of_her_own(
    laptops: Laptops, records: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    dina, bota = laptops.at("three"), laptops.at("two")
    monkeypatch.setattr(type(dina.restricted), "_named", lambda self, case, readers: {dina.me})
    restrict(dina, records)
    laptops.meet("three", "two")
    assert planted("case_note") in note(bota, records)
    assert bota.restricted.of(records["case"]) is None


def test_a_restricted_case_is_not_restricted_once_more_by_who_is_not_named(
    laptops: Laptops, records: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Her word answers none, as if she were the first; the head's laptop cannot read who is responsible any more."""
    bota, dina = laptops.at("two"), laptops.at("three")
    restrict(bota, records)
    laptops.round()
    before = restricted(laptops.at("one"))
    box = bytes(PrivateKey.generate().public_key)
    copy = Copy(CopyOf.READER, dina.me, bytes(dina.members.sealing_public(dina.me) or b""), b"hers")
    with monkeypatch.context() as patched, dina.database.write(whole=True) as session:
        patched.setattr(dina.case_words, "of", lambda *_of: Standing({}))
        for number in range(8):
            dina.case_words.say(session, records["case"], Closed(number + 1, box, (copy,), "2026", b"", ()))
    laptops.round()
    assert [restricted(laptops.at(name)) for name in ("one", "two")] == [before] * 2


def test_nobody_who_is_not_named_opens_a_case_up(laptops: Laptops, records: dict[str, UUID]) -> None:
    bota, dina = laptops.at("two"), laptops.at("three")
    restrict(bota, records)
    laptops.round()
    with dina.database.write(whole=True) as session:
        dina.case_words.say(session, records["case"], Freed(()))
    laptops.round()
    assert bota.restricted.opens(records["case"])
    assert laptops.at("one").restricted.any_closed()


def test_a_word_that_was_changed_on_its_way_is_told_and_not_kept(laptops: Laptops, records: dict[str, UUID]) -> None:
    restrict(laptops.at("two"), records)
    laptops.meet("two")
    (word,) = (laptops.stick).rglob("object/restriction/*")
    content = word.read_bytes()
    word.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    outcome = laptops.at("three").syncing.sync(str(laptops.stick))
    assert outcome.warnings
    assert laptops.at("three").case_words.names() == frozenset()


# Two at once, and newcomers


def test_restricted_on_two_laptops_at_once_it_comes_to_one_restriction_and_nothing_is_lost(
    laptops: Laptops, records: dict[str, UUID]
) -> None:
    head, bota = laptops.at("one"), laptops.at("two")
    restrict(head, records, bota.me)
    restrict(bota, records, head.me)
    write(head, records, "Басшының сөзі")
    bota.desk.save("case", {"situation": ADDED}, records["case"])
    laptops.round()
    laptops.round()
    assert rows(head) == rows(bota)
    assert note(bota, records) == "Басшының сөзі"
    assert head.desk.get("case", records["case"]).values()["situation"] == ADDED
    assert [restricted(one) for one in (head, bota)] == [restricted(laptops.at("three"))] * 2
    assert laptops.left_on("three", *WORDS, ADDED) == set()


def restricted(office: Office) -> list[tuple[object, ...]]:
    with office.database.read(whole=True) as session:
        columns = RESTRICTED_CASE.c.case_id, RESTRICTED_CASE.c.public
        return [tuple(row) for row in session.execute(select(*columns)).all()]


def test_a_laptop_that_is_admitted_later_never_holds_a_word_of_it(laptops: Laptops, records: dict[str, UUID]) -> None:
    restrict(laptops.at("two"), records)
    laptops.round()
    laptops.close()
    _admit(laptops.place, laptops.stick, "four")
    office = Desk(laptops.place / "four", COLLEAGUES["four"].split()[0].lower(), BOTA).open()
    laptops.offices["four"] = office
    laptops.meet("four")
    assert laptops.left_on("four", *WORDS) == set()


def test_the_journal_is_whole_on_every_laptop(laptops: Laptops, records: dict[str, UUID]) -> None:
    bota = laptops.at("two")
    restrict(bota, records)
    laptops.round()
    bota.restricted.set_readers(records["case"], [bota.me, laptops.at("three").me])
    laptops.round()
    bota.restricted.open_up(records["case"])
    laptops.round()
    for name in ("one", "two", "three"):
        office = laptops.at(name)
        office.account.require = lambda verb: None  # type: ignore[method-assign]
        assert office.journal.verify().whole, name


def test_copies_of_the_key_travel_for_who_is_named_and_for_heads_alone(
    laptops: Laptops, records: dict[str, UUID]
) -> None:
    bota, dina = laptops.at("two"), laptops.at("three")
    restrict(bota, records)
    laptops.meet("two", "three")
    with dina.database.read(whole=True) as session:
        copies = {(row.kind, UUID(row.account)) for row in session.execute(select(CASE_KEY)).all()}
    assert copies == {("READER", bota.me), ("EMERGENCY", laptops.at("one").me)}
