"""Packing: what was written on a laptop goes into envelopes, each in its author's name, and nothing goes twice."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import zstandard
from packing_laptop import Center, Laptop
from sqlalchemy import insert

from familydesk.core import clock
from familydesk.core.ids import new_id
from familydesk.records.case import Case
from familydesk.records.case_note import CaseNote
from familydesk.records.consent import Consent
from familydesk.records.order_check import OrderCheck
from familydesk.records.person import Person, Sex
from familydesk.records.protective_order import ProtectiveOrder
from familydesk.records.referral import Referral
from familydesk.store.journal import EMPTIED
from familydesk.sync import packing, shelf
from familydesk.sync.identity import CENTER_STREAM
from familydesk.sync.opening import Opened
from familydesk.sync.streams import streams_of
from familydesk.sync.wire import bounds, envelope
from familydesk.sync.wire.body import Clock, HubMemory
from familydesk.sync.wire.change import Change
from familydesk.sync.wire.section import Section


@pytest.fixture
def center() -> Center:
    return Center()


@pytest.fixture
def laptop(tmp_path: Path, center: Center) -> Iterator[Laptop]:
    made = Laptop(tmp_path / "one", center, center.person())
    yield made
    made.database.close()


def person(surname: str = "Омарова", **values: object) -> Person:
    return Person(id=new_id(), surname=surname, given="Әйгерім", sex=Sex.FEMALE, **values)


def edit(laptop: Laptop, id: UUID, **values: object) -> None:
    with laptop.database.write() as session:
        record = session.get(Person, id)
        for name, value in values.items():
            setattr(record, name, value)


def changes(opened: list[Opened]) -> list[Change]:
    return [change for one in opened for change in one.changes]


# What goes


def test_a_new_record_and_an_edit_of_it_travel_as_they_were_written(laptop):
    record = person()
    laptop.save(record)
    edit(laptop, record.id, surname="Ахметова")
    assert laptop.pack() == 2
    new, changed = changes(laptop.opened())
    assert (new.sheet, new.record, new.field, new.replaces) == ("person", record.id.bytes, "", ())
    assert json.loads(new.value)["surname"] == "Омарова"
    assert (changed.field, changed.value, changed.replaces) == ("surname", '"Ахметова"', (new.version,))
    assert new.version.device == changed.version.device == laptop.device
    assert new.transaction < new.version.clock < changed.transaction < changed.version.clock


def test_a_record_that_is_put_away_names_all_that_was_known_of_it(laptop):
    record = person()
    laptop.save(record)
    edit(laptop, record.id, surname="Ахметова")
    edit(laptop, record.id, archived=True)
    laptop.pack()
    new, changed, away = changes(laptop.opened())
    assert set(away.replaces) == {new.version, changed.version}


def test_nothing_is_packed_twice(laptop):
    laptop.save(person())
    assert (laptop.pack(), laptop.pack()) == (1, 0)
    laptop.save(person())
    assert laptop.pack() == 1
    assert len(laptop.shelf()) == 2


def test_what_waits_is_counted(laptop):
    laptop.save(person(), person())
    assert laptop.waiting() == 2
    laptop.pack()
    assert laptop.waiting() == 0


def test_what_other_laptops_wrote_is_not_packed(laptop):
    laptop.save(person())
    with laptop.writing() as connection:
        connection.exec_driver_sql("UPDATE change SET device = 2")
    assert laptop.pack() == 0


def test_a_packing_that_fails_leaves_nothing(laptop):
    laptop.save(person(), Case(id=new_id()))

    def fail_after_packing() -> None:
        with laptop.writing() as connection:
            packing.pack(connection, laptop.who, laptop.keys(connection), 1)
            raise KeyError

    with pytest.raises(KeyError):
        fail_after_packing()
    assert [laptop.count(name) for name in ("envelope", "stream_key", "key_bundle")] == [0, 0, 0]
    assert laptop.pack() == 2


def test_what_was_erased_is_left_out_and_what_stays_goes(laptop):
    gone, stays = person("Омарова"), person("Ахметова")
    laptop.save(gone, stays)
    with laptop.database.write() as session:
        session.delete(session.get(Person, gone.id))
        session.flush()
        query = "UPDATE change SET field = ?, value = NULL WHERE record = ? AND field = ''"
        session.connection().exec_driver_sql(query, (EMPTIED, gone.id.hex))
    assert laptop.pack() == 1
    assert [change.record for change in changes(laptop.opened())] == [stays.id.bytes]


def test_without_somebody_who_can_sign_nothing_is_packed(laptop):
    laptop.save(person())
    author = laptop.database.actor
    laptop.seat(UUID(int=1))
    with laptop.writing() as connection:
        assert packing.pack(connection, laptop.who, laptop.keys(connection), 1) == 0
    laptop.seat(author)
    assert laptop.pack() == 1


def test_another_laptops_part_of_the_log_is_packed_by_nobody_else(laptop):
    laptop.save(person())
    with laptop.writing() as connection, pytest.raises(RuntimeError, match="another laptop"):
        packing.pack(connection, laptop.who, laptop.keys(connection), 2)


# Whose it is


def test_each_envelope_holds_one_authors_changes_in_the_order_in_which_they_were_written(laptop, center):
    first, second = laptop.database.actor, center.person()
    laptop.save(person())
    laptop.seat(second)
    laptop.save(person())
    laptop.save(person())
    laptop.seat(first)
    laptop.save(person())
    laptop.pack()
    found = laptop.opened()
    assert [one.author for one in found] == [first, second, first]
    assert [len(one.changes) for one in found] == [1, 2, 1]
    assert [change.version for change in changes(found)] == sorted(change.version for change in changes(found))


def test_what_somebody_left_is_vouched_for_by_who_packs_it(laptop, center):
    author = laptop.database.actor
    laptop.save(person())
    laptop.seat(center.person())
    laptop.pack()
    (found,) = laptop.opened()
    assert (found.author, found.signer) == (author, laptop.database.actor)


def test_what_the_program_wrote_itself_has_no_author(laptop):
    signer = laptop.database.actor
    laptop.seat(UUID(int=0))
    laptop.save(person())
    laptop.seat(signer)
    laptop.pack()
    assert [(one.author, one.signer) for one in laptop.opened()] == [(UUID(int=0), signer)]


# Where it goes


def test_each_case_is_a_stream_and_what_belongs_to_none_is_the_centers(laptop):
    one, other, somebody = Case(id=new_id()), Case(id=new_id()), person()
    order = ProtectiveOrder(id=new_id(), case_id=one.id)
    check, note = OrderCheck(id=new_id(), order_id=order.id), CaseNote(id=new_id(), case_id=other.id)
    outside, referral = Consent(id=new_id()), Referral(id=new_id(), case_id=one.id)
    records = (one, other, somebody, order, check, note, outside, referral)
    laptop.save(*records)
    with laptop.writing() as connection:
        streams = streams_of(connection, ((record.sheet(), record.id.hex) for record in records))
    assert streams == {
        one.id.hex: one.id.bytes,
        other.id.hex: other.id.bytes,
        order.id.hex: one.id.bytes,
        check.id.hex: one.id.bytes,
        note.id.hex: other.id.bytes,
        referral.id.hex: referral.id.bytes,
    }
    laptop.pack()
    (found,) = laptop.opened()
    of_streams = {section.stream for section in found.body.sections}
    assert of_streams == {CENTER_STREAM, one.id.bytes, other.id.bytes, referral.id.bytes}
    assert len(found.changes) == len(records)


def test_a_record_that_lies_sealed_belongs_to_its_restricted_case(laptop):
    case, note = new_id(), new_id()
    with laptop.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO sealed_record(record, seq, sheet, case_id, generation, version, sealed) "
            "VALUES(?, 1, 'case_note', ?, 1, 1, x'00')",
            (note.hex, case.hex),
        )
        assert streams_of(connection, [("case_note", note.hex)]) == {note.hex: case.bytes}


# How it is divided


def test_transactions_stay_whole_where_they_fit(laptop):
    laptop.save(*(person() for _ in range(200)))
    laptop.save(*(person() for _ in range(100)))
    laptop.save(*(person() for _ in range(100)))
    laptop.pack()
    assert [len(one.changes) for one in laptop.opened()] == [200, 200]


def test_a_transaction_that_fits_into_no_envelope_is_divided(laptop):
    laptop.save(person())
    laptop.save(*(person() for _ in range(600)))
    laptop.pack()
    assert [len(one.changes) for one in laptop.opened()] == [1, 256, 256, 88]


def test_much_is_packed_little_by_little(laptop, monkeypatch):
    monkeypatch.setattr(bounds, "CHANGES", 2)
    laptop.save(*(person() for _ in range(2 * packing.AT_ONCE)), person())
    with laptop.writing() as connection:
        packing.pack(connection, laptop.who, laptop.keys(connection), 1, most=3)
    assert (laptop.waiting(), len(laptop.shelf())) == (2 * packing.AT_ONCE - 5, 3)
    assert laptop.pack() == laptop.count("change") - 6
    assert laptop.waiting() == 0
    assert [change.version.clock for change in changes(laptop.opened())] == laptop.clocks()


def noise(size: int) -> str:
    """A text that cannot be made smaller."""
    import os

    return os.urandom(size // 2).hex()


def test_long_texts_make_more_envelopes_and_none_too_large(laptop):
    laptop.save(*(person(remarks=noise(500_000)) for _ in range(4)))
    laptop.pack()
    assert len(changes(laptop.opened())) == 4
    assert all(len(content) <= bounds.ENVELOPE for content in laptop.shelf())


def test_changes_that_turn_out_too_large_together_are_divided(laptop, monkeypatch):
    monkeypatch.setattr(packing, "ROOM", 10 * bounds.MIB)
    laptop.save(*(person(remarks=noise(900_000)) for _ in range(4)))
    laptop.pack()
    assert [len(one.changes) for one in laptop.opened()] == [2, 2]


def test_a_text_that_unfolds_to_more_than_its_share_goes_by_itself(laptop):
    case = Case(id=new_id())
    laptop.save(case, CaseNote(case_id=case.id, text="0" * 4_000_000), person(remarks=noise(500_000)))
    assert laptop.pack() == 3
    assert len(changes(laptop.opened())) == 3
    assert all(one.spoiled == 0 for one in laptop.opened())


def test_a_text_that_fits_into_no_envelope_is_laid_aside_and_stops_nothing(laptop):
    laptop.save(person(), person(remarks=noise(4_000_000)), person())
    assert laptop.pack() == 2
    assert len(changes(laptop.opened())) == 2
    with laptop.writing() as connection:
        reasons = connection.exec_driver_sql("SELECT reason, waits_for FROM parked").all()
        assert packing.too_large(connection) == 1
    assert reasons == [(packing.TOO_LARGE, "2")]


# What else an envelope says


def test_envelopes_follow_one_another(laptop):
    for _ in range(3):
        laptop.save(person())
        laptop.pack()
    last = (0, envelope.FIRST)
    for one in laptop.opened():
        assert one.envelope.header.follows(*last)
        last = (one.envelope.header.seq, one.envelope.hash)
    with laptop.writing() as connection:
        assert shelf.have(connection) == {laptop.device: 3}
        rows = connection.exec_driver_sql("SELECT standing, changes FROM envelope").all()
    assert rows == [("APPLIED", 1)] * 3


def test_an_envelope_tells_the_wall_time_and_how_far_a_hub_was_read(laptop, monkeypatch):
    noon = datetime(2026, 3, 1, 12, tzinfo=clock.ZONE)
    monkeypatch.setattr(clock, "now", lambda: noon)
    laptop.save(person())
    hub = HubMemory(bytes([2]) * 32, 7, bytes([1]) * 32)
    with laptop.writing() as connection:
        packing.pack(connection, laptop.who, laptop.keys(connection), 1, Clock.BEHIND, hub)
    (found,) = laptop.opened()
    assert (found.body.wall, found.body.clock, found.body.hub) == (int(noon.timestamp() * 1000), Clock.BEHIND, hub)


def test_an_envelope_tells_what_was_taken_in_of_other_laptops(laptop, tmp_path, center):
    other = Laptop(tmp_path / "other", center, center.person())
    other.save(person())
    other.pack()
    laptop.save(person())
    laptop.pack()
    theirs = envelope.read(other.shelf()[0])
    with laptop.writing() as connection:
        connection.exec_driver_sql("INSERT INTO device(number, device) VALUES(2, ?)", (other.device.hex(),))
        shelf.keep(connection, theirs, shelf.Standing.APPLIED)
    laptop.save(person())
    laptop.pack()
    before, after = (one.body.heads for one in laptop.opened())
    assert before == packing.heads_digest([])
    assert after == packing.heads_digest([(other.device, 1, theirs.hash)])
    other.database.close()


# What others see


def test_no_name_is_in_any_byte_that_travels(laptop):
    case = Case(id=new_id())
    laptop.save(person("Жасырынова"), case, CaseNote(id=new_id(), case_id=case.id, text="құпия сөз"))
    laptop.pack()
    with laptop.writing() as connection:
        keys = laptop.keys(connection).bundles
        travelling = b"".join([*laptop.shelf(), *(keys.content(name) or b"" for name in keys.names())])
    for planted in ("Жасырынова", "құпия", "case_note", "surname"):
        assert planted.encode() not in travelling
    assert case.id.bytes not in travelling
    assert case.id.hex.encode() not in travelling


def test_a_laptop_with_the_keys_opens_what_another_packed(laptop, tmp_path, center):
    other = Laptop(tmp_path / "other", center, center.person())
    laptop.save(person(), Case(id=new_id()))
    laptop.pack()
    (content,) = laptop.shelf()
    sealed = other.open(content)
    assert (sealed.changes, len(sealed.opaque)) == ((), 2)
    laptop.give_keys(other)
    assert len(other.open(content).changes) == 2
    other.database.close()


def test_a_section_keeps_its_form_while_it_is_handed_on(laptop):
    laptop.save(person())
    laptop.pack()
    (found,) = laptop.opened()
    (section,) = found.body.sections
    assert Section.read(section.packed()) == section


# How large and how fast


def rows(count: int) -> Iterator[dict[str, object]]:
    """Invented people with twelve fields each."""
    born = date(1850, 1, 1)
    for number in range(count):
        day = born + timedelta(days=number * 37 % 18_000)
        mark = f"{number * 2_654_435_761 % 10**9:09}"
        yield {
            "id": new_id(),
            "surname": f"{'АБДЕЖ'[number % 5]}{'хметоманысарова'[number % 7 :]}",
            "given": ("Әйгерім", "Гүлнар", "Динара", "Мадина")[number % 4],
            "patronymic": ("Серікқызы", "Болатқызы", "Маратқызы")[number % 3],
            "born_on": day,
            "sex": Sex.FEMALE,
            "iin": f"{day:%y%m%d}2{mark[:5]}",
            "citizenship": "Қазақстан",
            "document": f"жеке куәлік № {mark}",
            "interpreter": number % 9 == 0,
            "occupation": ("мұғалім", "сатушы", "дәрігер")[number % 3],
            "contact_care": f"Абай көшесі {mark[:2]}, пәтер {mark[2:4]}",
        }


def test_a_large_import_is_packed_in_little_room_and_time(laptop):
    imported = list(rows(10_000))
    with laptop.database.write() as session:
        session.execute(insert(Person), imported)
    began = time.perf_counter()
    assert laptop.pack() == 10_000
    spent = time.perf_counter() - began
    plain = "\n".join(json.dumps(row, default=str, ensure_ascii=False) for row in imported).encode()
    sent = sum(map(len, laptop.shelf()))
    assert sent <= 1.3 * len(zstandard.ZstdCompressor().compress(plain))
    # Four times what it takes alone: the machine has others to serve.
    assert spent < 2
