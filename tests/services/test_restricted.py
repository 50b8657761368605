"""Restricted cases: what lies sealed, for whom it opens, and that to nobody else it is there."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import pytest
from decrypted import left
from laptop import CHEAP, PASSPHRASES, SEALABLE, Laptop, later_values, planted
from nacl.public import PrivateKey
from sqlalchemy import select

from familydesk.core import clock
from familydesk.core.errors import Refused, Weather
from familydesk.core.i18n import translate
from familydesk.exchange.scans import Scan
from familydesk.records.attachment import MediaType
from familydesk.reports.month import LEFT_OUT
from familydesk.services.attachments import Incoming
from familydesk.services.office import Office
from familydesk.services.restriction import Why
from familydesk.services.told_of import Breaking, What
from familydesk.store import attachment_content, guards
from familydesk.store.case_keys import CopyKind, _bound
from familydesk.store.database import Database
from familydesk.store.folder import StoreFolder
from familydesk.store.keys import KeyFile
from familydesk.store.sealing import unseal, unseal_from
from familydesk.store.tables import CASE_KEY, CHANGE, RESTRICTED_CASE, SEALED_RECORD

LONG = "Ол түнде үйге қайтпады, бала көршіде қалды. " * 114
WORDS = [planted(sheet) for sheet in SEALABLE]


def traces(laptop: Laptop, *words: str) -> set[str]:
    """Which of these words a thief with the store key finds in the file."""
    key = laptop.enter("head").database.key
    laptop.leave()
    return left(laptop.folder / "desk.db", key, *words)


# What the file holds


def test_the_words_of_an_open_case_are_found_so_the_search_can_find_them(open_laptop: Laptop) -> None:
    assert traces(open_laptop, *WORDS) == set(WORDS)


def test_no_word_of_a_restricted_case_is_left_in_any_page(laptop: Laptop) -> None:
    assert traces(laptop, *WORDS) == set()


def test_what_is_written_later_never_lies_in_the_open(laptop: Laptop, records: dict[str, UUID]) -> None:
    office = laptop.enter("bota")
    values = {"case_id": records["case"], "written_at": clock.now(), "kind": "NOTE", "text": f"Жасырын {LONG}"}
    note = office.desk.save("case_note", values).id
    office.desk.save("case_note", {"text": f"Өзгертілген {LONG}"}, note)
    assert office.desk.get("case_note", note).text == f"Өзгертілген {LONG.strip()}"  # type: ignore[attr-defined]
    assert [entry.field for entry in office.history.of("case_note", note)][0] == "text"
    assert traces(laptop, "Жасырын", "Өзгертілген", LONG[:60]) == set()


def test_with_only_her_own_keys_a_colleague_opens_nothing_of_the_decrypted_file(laptop: Laptop) -> None:
    keys = KeyFile.read(StoreFolder(laptop.folder).keys)
    secrets = keys.by_passphrase(PASSPHRASES["saule"], "saule", CHEAP).secrets
    assert secrets is not None
    hers = PrivateKey(secrets.sealing_seed)
    with guards.plain_connection(laptop.folder / "desk.db", secrets.store_key) as raw:
        copies = raw.execute("SELECT case_id, generation, kind, account, sealed FROM case_key").fetchall()
        rows = raw.execute("SELECT record, sheet, case_id, generation, version, sealed FROM sealed_record").fetchall()
    assert {copy[2] for copy in copies} == {"READER", "EMERGENCY"}
    assert len(rows) == len(SEALABLE)
    for case, generation, _kind, _account, box in copies:
        for kind in CopyKind:
            for account in laptop.people.values():
                assert unseal_from(hers, _bound((case, generation), kind, account.hex), box) is None
    known = [secrets.store_key, secrets.privileged_key, secrets.sealing_seed, secrets.signing_seed, bytes(32)]
    for record, sheet, case, generation, version, box in rows:
        place = {"what": "familydesk sealed record 1", "sheet": sheet, "record": record, "version": version}
        for key in known:
            assert unseal(key, {**place, "case": case, "generation": generation}, box) is None


def test_neither_of_two_people_opens_what_is_the_others(open_laptop: Laptop, records: dict[str, UUID]) -> None:
    cases = {login: _own_case(open_laptop.enter(login), open_laptop) for login in ("bota", "saule")}
    key = open_laptop.enter("head").database.key
    open_laptop.leave()
    assert left(open_laptop.folder / "desk.db", key, "Ботанікі", "Сәуленікі") == set()
    for login, other in (("bota", "saule"), ("saule", "bota")):
        office = open_laptop.enter(login)
        assert cases[login] in office.desk.ids("case")
        assert cases[other] not in office.desk.ids("case")
        with office.database.read(whole=True) as session:
            tokens = session.execute(select(CHANGE).where(CHANGE.c.value.contains("fdp1:"))).all()
        opened = [office.desk.get("consultation", UUID(one.record)).covered for one in tokens]
        assert sorted("specialist_note" in covered for covered in opened) == [False, True, True], "one of three is hers"


def _own_case(office: Office, laptop: Laptop) -> UUID:
    """A note of her own on an open consultation, and a case of her own that she restricts to herself."""
    word = {laptop.people["bota"]: "Ботанікі", laptop.people["saule"]: "Сәуленікі"}[office.me]
    person = office.desk.save("person", {"surname": "Ж", "given": "М", "iin_absence": "NOT_RECORDED"}).id
    talk = {"person_id": person, "held_at": clock.now(), "kind": "PSYCHOLOGICAL", "form": "IN_PERSON"}
    talk = {**office.desk.get("consultation", office.desk.ids("consultation")[0]).values(), **talk}
    office.desk.save("consultation", {**talk, "case_id": None, "specialist_note": f"{word} {LONG}"})
    values = {"client_id": person, "opened_on": clock.today(), "responsible_id": office.me}
    case = office.desk.save("case", values).id
    office.desk.save(
        "case_note", {"case_id": case, "written_at": clock.now(), "kind": "NOTE", "text": f"{word} {LONG}"}
    )
    office.restricted.restrict(case, Why.COLLEAGUE, [])
    return case


def test_the_log_keeps_no_value_of_a_restricted_case_in_the_open(laptop: Laptop, records: dict[str, UUID]) -> None:
    office = laptop.enter("bota")
    with office.database.read(whole=True) as session:
        values = list(session.scalars(select(CHANGE.c.value).where(CHANGE.c.record.in_(_hexes(records)))))
    assert values
    assert all(value.startswith('"fdr1:') for value in values)


def _hexes(records: dict[str, UUID]) -> list[str]:
    return [record.hex for record in records.values()]


# For whom it opens


@pytest.mark.parametrize("sheet", SEALABLE)
def test_to_her_who_is_named_every_record_is_as_it_was(
    open_laptop: Laptop, laptop: Laptop, records: dict[str, UUID], sheet: str
) -> None:
    before, after = open_laptop.enter("bota"), laptop.enter("bota")
    assert after.desk.get(sheet, records[sheet]).values() == before.desk.get(sheet, records[sheet]).values()
    assert after.history.of(sheet, records[sheet]) == before.history.of(sheet, records[sheet])
    assert after.desk.ids(sheet) == before.desk.ids(sheet)
    assert after.desk.count(sheet) == before.desk.count(sheet)


@pytest.mark.parametrize("sheet", SEALABLE)
def test_to_her_who_is_not_named_no_record_is_there(laptop: Laptop, records: dict[str, UUID], sheet: str) -> None:
    office, record = laptop.enter("saule"), records[sheet]
    assert record not in office.desk.ids(sheet)
    assert office.desk.rows(sheet, [record]) == {}
    assert [hit for hit in office.search.find(planted(sheet)) if hit.id == record] == []
    for forbidden in (office.desk.get, office.desk.archive, office.desk.seen, office.history.of):
        with pytest.raises(Refused):
            forbidden(sheet, record)
    with pytest.raises(Refused):
        office.desk.save(sheet, {}, record)


@pytest.mark.parametrize("sheet", SEALABLE)
def test_a_record_edited_sealed_and_opened_up_is_whole(laptop: Laptop, records: dict[str, UUID], sheet: str) -> None:
    office, record = laptop.enter("bota"), records[sheet]
    seen = office.desk.seen(sheet, record)
    office.desk.save(sheet, later_values(sheet, seen.values), record, seen)
    edited, told = office.desk.get(sheet, record).values(), office.history.of(sheet, record)
    assert edited != dict(seen.values)
    office.restricted.open_up(records["case"])
    assert office.desk.get(sheet, record).values() == edited
    assert office.history.of(sheet, record) == told
    office = laptop.enter("saule")
    assert record in office.desk.ids(sheet)


def test_nobody_adds_to_a_restricted_case_that_she_cannot_open(laptop: Laptop, records: dict[str, UUID]) -> None:
    office = laptop.enter("saule")
    with pytest.raises(Refused):
        office.desk.save("errand", {"case_id": records["case"], "what": "Қоңырау шалу", "due_on": date(2026, 12, 1)})


def test_a_deadline_of_a_restricted_case_is_told_to_her_who_is_named_alone(
    laptop: Laptop, records: dict[str, UUID]
) -> None:
    office = laptop.enter("bota")
    another = office.desk.get("incident", records["incident"]).values()
    incident = office.desk.save("incident", another).id
    assert incident in {due.id for due in office.deadlines.all()}
    assert incident not in {due.id for due in laptop.enter("head").deadlines.all()}


def test_a_report_says_that_restricted_cases_are_not_in_its_figures(laptop: Laptop, records: dict[str, UUID]) -> None:
    first, last = date(2026, 3, 1), date(2026, 3, 31)
    own = laptop.enter("bota").figures.month(first, last)
    assert (own.heading.left_out, own.as_json()["restricted_left_out"]) == (False, False)
    office = laptop.enter("head")
    report = office.figures.month(first, last)
    assert report.heading.left_out
    assert report.as_json()["restricted_left_out"] is True
    told = translate(LEFT_OUT)
    with ZipFile(BytesIO(office.figures.xlsx(report, "en"))) as book:
        assert told in book.read("xl/sharedStrings.xml").decode()


def test_what_an_erasure_would_do_names_the_restricted_case_that_forbids_it(
    laptop: Laptop, records: dict[str, UUID]
) -> None:
    client = laptop.enter("bota").desk.get("case", records["case"]).values()["client_id"]
    office = laptop.enter("head")
    (told,) = [str(problem) for problem in office.keeping.outlook(client).refusals if "restricted" in str(problem)]
    with pytest.raises(Refused) as refused:
        office.keeping.erase(client, "Хат № 5")
    assert told in [str(problem) for problem in refused.value.problems]


def test_the_paper_opens_every_restricted_case(laptop: Laptop, records: dict[str, UUID]) -> None:
    office = laptop.enter("head", recovery=laptop.paper)
    assert planted("case_note") in office.desk.get("case_note", records["case_note"]).text  # type: ignore[attr-defined]


def test_a_restricted_case_is_found_by_its_number_by_her_who_is_named(laptop: Laptop, records: dict[str, UUID]) -> None:
    office = laptop.enter("bota")
    number = office.desk.get("case", records["case"]).number  # type: ignore[attr-defined]
    assert records["case"] in {found.id for found in office.search.find(number)}
    office.search.rebuild()
    assert records["case"] not in {found.id for found in laptop.enter("saule").search.find(number)}
    assert traces(laptop, *WORDS) == set()


def test_what_was_undone_in_the_middle_was_never_written(laptop: Laptop, records: dict[str, UUID]) -> None:
    office, note = laptop.enter("bota"), records["case_note"]
    before = office.desk.get("case_note", note).values()

    def half() -> None:
        with office.database.write() as session:
            office.desk.save_in(session, "case_note", {"text": "Кері қайтқан"}, note)
            office.desk.save_in(session, "case_note", {"no such field": 1}, note)

    with pytest.raises(Refused):
        half()
    assert office.desk.get("case_note", note).values() == before
    assert laptop.enter("bota").desk.get("case_note", note).values() == before


def test_drafts_stay_with_who_is_named_alone(open_laptop: Laptop, records: dict[str, UUID]) -> None:
    for login in ("saule", "bota"):
        open_laptop.enter(login).drafts.save("case_note", records["case_note"], {"text": "Басталған сөз"})
    open_laptop.enter("bota").restricted.restrict(records["case"], Why.THREAT, [])
    assert len(open_laptop.enter("bota").drafts.all()) == 1
    assert open_laptop.enter("saule").drafts.all() == []


def test_a_sealed_row_that_another_hand_has_changed_is_counted_and_changes_nothing_else(
    laptop: Laptop, records: dict[str, UUID]
) -> None:
    office, note = laptop.enter("bota"), records["case_note"]
    key = office.database.key
    laptop.leave()
    with guards.plain_connection(laptop.folder / "desk.db", key) as raw:
        (box,) = raw.execute("SELECT sealed FROM sealed_record WHERE record = ?", (note.hex,)).fetchone()
        (other,) = raw.execute("SELECT sealed FROM sealed_record WHERE record <> ? LIMIT 1", (note.hex,)).fetchone()
        for wrong in (box[:-1] + bytes([box[-1] ^ 1]), other):
            raw.execute("UPDATE sealed_record SET sealed = ? WHERE record = ?", (wrong, note.hex))
            raw.commit()
    office = laptop.enter("bota")
    found = office.restricted.of(records["case"])
    assert found
    assert found.damaged == 1
    with pytest.raises(Refused):
        office.desk.get("case_note", note)
    with pytest.raises(Weather):
        office.restricted.open_up(records["case"])
    assert office.desk.get("errand", records["errand"]).id == records["errand"]


# Two hands at one record


def test_a_field_that_moved_meanwhile_becomes_a_sealed_conflict(laptop: Laptop, records: dict[str, UUID]) -> None:
    office, note = laptop.enter("bota"), records["case_note"]
    seen = office.desk.seen("case_note", note)
    office.desk.save("case_note", {"text": "Бірінші жазған"}, note)
    saved = office.desk.save("case_note", {"text": "Екінші жазған"}, note, seen)
    (conflict,) = office.conflicts.open(note)
    assert (conflict.id, conflict.mine, conflict.theirs) == (*saved.conflicts, "Екінші жазған", "Бірінші жазған")
    assert traces(laptop, "Бірінші жазған", "Екінші жазған") == set()
    laptop.enter("bota").conflicts.settle(conflict.id, "take")
    assert laptop.enter("bota").desk.get("case_note", note).text == "Екінші жазған"  # type: ignore[attr-defined]
    assert laptop.enter("saule").conflicts.open() == []


def test_a_record_that_joins_the_case_is_sealed_with_it(laptop: Laptop, records: dict[str, UUID]) -> None:
    office = laptop.enter("bota")
    values = {"what": "Ашық тапсырма", "due_on": clock.today(), "who_id": office.me}
    errand = office.desk.save("errand", values).id
    office.desk.save("errand", {"case_id": records["case"]}, errand)
    assert office.desk.get("errand", errand).what == "Ашық тапсырма"  # type: ignore[attr-defined]
    assert traces(laptop, "Ашық тапсырма") == set()
    assert laptop.enter("head").journal.verify().whole


def test_a_record_of_a_restricted_case_does_not_leave_it(laptop: Laptop, records: dict[str, UUID]) -> None:
    office = laptop.enter("bota")
    with pytest.raises(Refused):
        office.desk.save("errand", {"case_id": None}, records["errand"])


def test_the_content_of_attachments_is_sealed_with_the_case_and_follows_its_key(
    open_laptop: Laptop, records: dict[str, UUID]
) -> None:
    case, bota, saule = records["case"], open_laptop.people["bota"], open_laptop.people["saule"]
    office = open_laptop.enter("bota")
    pictures = {_attached(office, case, "before"): b"before"}
    office.restricted.restrict(case, Why.THREAT, [bota, saule])
    pictures[_attached(office, case, "after")] = b"after"
    office.restricted.set_readers(case, [bota])
    assert {one: office.attachments.content(one) for one in pictures} == pictures
    office = open_laptop.enter("saule")
    with office.database.read(whole=True) as session:
        for one in pictures:
            with pytest.raises(Weather):
                next(attachment_content.pieces(session.connection(), office.database.case_keys, one))
    open_laptop.enter("bota").restricted.open_up(case)
    office = open_laptop.enter("saule")
    assert {one: office.attachments.content(one) for one in pictures} == pictures


def _attached(office: Office, case: UUID, content: str) -> UUID:
    scan = Scan(content.encode(), MediaType.PNG, 1)
    return office.attachments.add(Incoming(scan, "a.png"), {"case_id": case, "subject": "x", "kind": "OTHER"}).id


# Who is named


def test_who_is_added_reads_and_who_is_taken_off_reads_no_more(laptop: Laptop, records: dict[str, UUID]) -> None:
    case, bota, saule = records["case"], laptop.people["bota"], laptop.people["saule"]
    laptop.enter("bota").restricted.set_readers(case, [bota, saule])
    office = laptop.enter("saule")
    assert planted("case") in str(office.desk.get("case", case).values())
    kept = [key for keys in office.database.case_keys._keys.values() for key in keys]
    laptop.enter("bota").restricted.set_readers(case, [bota])
    office = laptop.enter("saule")
    with pytest.raises(Refused):
        office.desk.get("case", case)
    _opens_nothing(office, kept)
    assert kept
    assert planted("case") in str(laptop.enter("bota").desk.get("case", case).values())
    assert laptop.enter("head").journal.verify().whole


def _opens_nothing(office: Office, kept: list[bytes]) -> None:
    """Not even with a key that she has kept."""
    with office.database.read(whole=True) as session:
        rows = session.execute(select(SEALED_RECORD)).all()
    for row in rows:
        place = {"what": "familydesk sealed record 1", "sheet": row.sheet, "record": row.record}
        bound = {**place, "version": row.version, "case": row.case_id, "generation": row.generation}
        assert all(unseal(key, bound, row.sealed) is None for key in kept)


def test_whoever_is_responsible_is_named_and_whoever_is_related_is_not(
    open_laptop: Laptop, records: dict[str, UUID]
) -> None:
    office, case = open_laptop.enter("head"), records["case"]
    with pytest.raises(Refused):
        office.restricted.restrict(case, Why.COLLEAGUE, [office.me])
    office.desk.save("case", {"kept_from_id": open_laptop.people["saule"]}, case)
    with pytest.raises(Refused):
        office.restricted.restrict(case, Why.COLLEAGUE, list(open_laptop.people.values()))
    with pytest.raises(Refused):
        office.restricted.restrict(case, Why.COLLEAGUE, [office.me, UUID(int=7)])
    assert office.restricted.of(case) is None


def test_nobody_shuts_others_out_of_a_case_that_is_not_hers(
    open_laptop: Laptop, laptop: Laptop, records: dict[str, UUID]
) -> None:
    case, people = records["case"], list(laptop.people.values())
    with pytest.raises(Refused):
        open_laptop.enter("saule").restricted.restrict(case, Why.THREAT, people)
    laptop.enter("bota").restricted.set_readers(case, people)
    office = laptop.enter("saule")
    for change in (lambda: office.restricted.open_up(case), lambda: office.restricted.set_readers(case, people[:2])):
        with pytest.raises(Refused):
            change()


def test_whoever_becomes_responsible_is_named(laptop: Laptop, records: dict[str, UUID]) -> None:
    head, bota, saule = (laptop.people[login] for login in ("head", "bota", "saule"))
    laptop.enter("bota").restricted.set_readers(records["case"], [bota, head])
    laptop.enter("head").desk.save("case", {"responsible_id": saule}, records["case"])
    assert laptop.enter("saule").desk.get("case", records["case"]).responsible_id == saule  # type: ignore[attr-defined]


def test_a_person_who_was_disabled_is_shut_out(laptop: Laptop, records: dict[str, UUID]) -> None:
    case, bota, saule = records["case"], laptop.people["bota"], laptop.people["saule"]
    laptop.enter("bota").restricted.set_readers(case, [bota, saule])
    laptop.enter("head").members.disable("saule")
    office = laptop.enter("bota")
    found = office.restricted.of(case)
    assert found
    assert found.readers == (bota,)
    with office.database.read(whole=True) as session:
        assert session.scalar(select(RESTRICTED_CASE.c.generation)) == 2
        assert saule.hex not in set(session.scalars(select(CASE_KEY.c.account)))


def test_a_case_that_is_handed_over_is_sealed_for_who_takes_it(laptop: Laptop, records: dict[str, UUID]) -> None:
    head, bota, saule = (laptop.people[login] for login in ("head", "bota", "saule"))
    laptop.enter("bota").desk.save("case", {"closed_on": None}, records["case"])
    laptop.enter("bota").restricted.set_readers(records["case"], [bota, head])
    office = laptop.enter("head")
    handed_over = office.handover.hand_over(bota, saule, "Демалыста")
    assert laptop.enter("saule").desk.get("case", records["case"]).responsible_id == saule  # type: ignore[attr-defined]
    laptop.enter("head").handover.undo(handed_over)
    assert laptop.enter("bota").desk.get("case", records["case"]).responsible_id == bota  # type: ignore[attr-defined]


def test_nothing_of_a_restricted_case_is_erased_unopened(laptop: Laptop, records: dict[str, UUID]) -> None:
    client = laptop.enter("bota").desk.get("case", records["case"]).client_id  # type: ignore[attr-defined]
    with pytest.raises(Refused):
        laptop.enter("head").keeping.erase(client, "Өтініші бойынша")
    assert laptop.enter("bota").desk.get("case", records["case"]).client_id == client  # type: ignore[attr-defined]


def test_by_the_paper_restricted_cases_are_only_read(laptop: Laptop, records: dict[str, UUID]) -> None:
    office = laptop.enter("head", recovery=laptop.paper)
    for change in (
        lambda: office.restricted.open_up(records["case"]),
        lambda: office.restricted.set_readers(records["case"], [laptop.people["bota"]]),
        lambda: office.restricted.restrict(records["case"], Why.THREAT, []),
    ):
        with pytest.raises(Refused):
            change()


# The glass


def test_a_head_opens_a_restricted_case_with_a_reason_and_those_named_are_told(
    laptop: Laptop, records: dict[str, UUID]
) -> None:
    case, reason = records["case"], "Бота ауырып қалды, сот ертең"
    office = laptop.enter("head")
    assert [found.case for found in office.glass.behind()] == [case]
    with pytest.raises(Refused):
        office.glass.break_open(case, "  керек ")
    with pytest.raises(Refused):
        office.desk.get("case", case)
    office.glass.break_open(case, reason)
    assert planted("case") in str(office.desk.get("case", case).values())
    office = laptop.enter("bota")
    (breaking,) = office.glass.broken()
    assert (breaking.case, breaking.who, breaking.reason) == (case, laptop.people["head"], reason)
    office.glass.acknowledge(breaking.id)
    assert laptop.enter("bota").glass.broken() == []
    with pytest.raises(Refused):
        laptop.enter("head").desk.get("case", case)


def test_whoever_got_new_keys_reads_again_once_a_head_broke_the_glass(laptop: Laptop, records: dict[str, UUID]) -> None:
    added = laptop.enter("head").members.readmit("bota", cost=CHEAP)
    office = laptop.enter("bota", added.temporary_passphrase)
    office.account.change_passphrase(added.temporary_passphrase, PASSPHRASES["bota"], cost=CHEAP)
    with pytest.raises(Refused):
        laptop.enter("bota").desk.get("case", records["case"])
    laptop.enter("head").glass.break_open(records["case"], "Бота құпиясөзін ұмытты")
    assert planted("case") in str(laptop.enter("bota").desk.get("case", records["case"]).values())


def broken_and(laptop: Laptop, case: UUID, then: Callable[[Office], object]) -> list[Breaking]:
    """What Bota is told after the head broke the glass and went on at once."""
    office = laptop.enter("head")
    office.glass.break_open(case, "Бота ауырып қалды, сот ертең")
    then(office)
    return laptop.enter("bota").glass.broken()


def test_whoever_is_taken_off_after_the_glass_was_broken_is_told_of_both(
    laptop: Laptop, records: dict[str, UUID]
) -> None:
    case = records["case"]

    def keeps_it_to_herself(office: Office) -> None:
        office.desk.save("case", {"responsible_id": office.me}, case)
        office.restricted.set_readers(case, [office.me])

    told = broken_and(laptop, case, keeps_it_to_herself)
    assert [(one.what, one.who) for one in told] == [
        (what, laptop.people["head"]) for what in (What.BROKEN, What.TAKEN_OFF)
    ]
    office = laptop.enter("bota")
    for one in told:
        office.glass.acknowledge(one.id)
    assert laptop.enter("bota").glass.broken() == []


def test_whoever_was_named_is_told_though_the_restriction_was_lifted_or_made_anew_without_her(
    laptop: Laptop, records: dict[str, UUID]
) -> None:
    case = records["case"]

    def shuts_her_out(office: Office) -> None:
        office.restricted.open_up(case)
        office.desk.save("case", {"responsible_id": office.me}, case)
        office.restricted.restrict(case, Why.THREAT, [office.me])

    told = broken_and(laptop, case, shuts_her_out)
    assert [(one.what, one.reason) for one in told] == [
        (What.BROKEN, "Бота ауырып қалды, сот ертең"),
        (What.LIFTED, ""),
    ]
    assert laptop.enter("saule").glass.broken() == laptop.enter("head").glass.broken() == []


def test_nobody_but_a_head_breaks_the_glass(laptop: Laptop, records: dict[str, UUID]) -> None:
    office = laptop.enter("saule")
    assert office.glass.behind() == []
    with pytest.raises(Refused):
        office.glass.break_open(records["case"], "Мен де көргім келеді")


def test_the_journal_is_whole_after_all_of_it(laptop: Laptop, records: dict[str, UUID]) -> None:
    office = laptop.enter("head")
    office.glass.break_open(records["case"], "Бота ауырып қалды, сот ертең")
    assert office.journal.verify().whole
    laptop.enter("bota").restricted.open_up(records["case"])
    assert laptop.enter("head").journal.verify().whole


# A kill in the middle


@pytest.mark.parametrize("seed", range(4))
def test_a_kill_leaves_the_case_open_or_restricted_and_never_neither(
    open_laptop: Laptop, records: dict[str, UUID], seed: int
) -> None:
    before = {sheet: open_laptop.enter("bota").desk.get(sheet, id_).values() for sheet, id_ in records.items()}
    open_laptop.leave()
    _killed(open_laptop, records["case"], seed)
    office = open_laptop.enter("bota")
    restricted = office.restricted.of(records["case"]) is not None
    with office.database.read(whole=True) as session:
        assert len(session.execute(select(SEALED_RECORD)).all()) == (len(SEALABLE) if restricted else 0)
    assert {sheet: office.desk.get(sheet, id_).values() for sheet, id_ in records.items()} == before
    assert open_laptop.enter("head").journal.verify().whole
    assert traces(open_laptop, *WORDS) == (set() if restricted else set(WORDS))


def _killed(laptop: Laptop, case: UUID, seed: int) -> None:
    chance = random.Random(seed)
    program = Path(__file__).with_name("restricting_process.py")
    people = (laptop.people["bota"].hex, laptop.people["saule"].hex)
    with subprocess.Popen(
        [sys.executable, str(program), str(laptop.folder), case.hex, *people], stdout=subprocess.PIPE
    ) as process:
        for _ in range(chance.randint(1, 5)):
            assert process.stdout is not None
            assert process.stdout.readline()
        time.sleep(chance.random() * 0.1)
        os.kill(process.pid, signal.SIGKILL)


# What must still be kept


def test_a_restricted_case_still_keeps_offender_and_victim_apart(laptop: Laptop, records: dict[str, UUID]) -> None:
    office = laptop.enter("bota")
    incident = office.desk.get("incident", records["incident"])
    victim, offender = incident.victim_id, incident.offender_id  # type: ignore[attr-defined]
    phone = office.desk.save("person_phone", {"person_id": victim, "number": "+77010000009"}).id
    office = laptop.enter("saule")
    assert phone in office.desk.ids("person_phone")
    office.desk.save("case", {"client_id": offender, "responsible_id": office.me, "opened_on": clock.today()})
    office = laptop.enter("saule")
    assert phone not in office.desk.ids("person_phone")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM incident WHERE id = 'x'",
        "SELECT * FROM \"case\" WHERE responsible_id = 'x' ORDER BY id LIMIT 5",
        "SELECT i.id FROM incident i JOIN \"case\" c ON c.id = i.case_id WHERE c.responsible_id = 'x'",
        "SELECT * FROM consultation WHERE case_id IN ('x') AND archived = 0 ORDER BY held_at DESC",
    ],
)
def test_queries_look_through_the_views_to_the_indexes_of_the_sheets(laptop: Laptop, query: str) -> None:
    with laptop.enter("bota").database.read(whole=True) as session:
        plan = [row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {query}")]
    assert any(step.startswith("SEARCH main.") for step in plan)
    assert not any(step.startswith("SCAN main.") for step in plan)


def test_a_store_whose_people_hold_no_keys_opens_as_before(tmp_path: Path) -> None:
    database = Database.create(tmp_path / "desk.db", bytes(32))
    with database.connection(write=True) as connection:
        assert not connection.exec_driver_sql("SELECT count(*) FROM sqlite_temp_master").scalar_one()
    database.close()
