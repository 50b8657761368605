"""Erasing one person: everything of hers is gone from every page, others' records stay, and what forbids it is said."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from decrypted import left
from small_center import NOW, Center

from familydesk.core.errors import Refused
from familydesk.core.record import Record
from familydesk.core.settings import Settings
from familydesk.exchange.scans import Scan
from familydesk.records.attachment import AttachmentKind, MediaType
from familydesk.records.staff_member import Role
from familydesk.services import backups, front_door
from familydesk.services.attachments import Incoming
from familydesk.store import erasure
from familydesk.store.database import REWRITE, Database
from familydesk.store.derivation import FLOOR
from familydesk.store.journal import EMPTIED, Deed

KEY = bytes(range(32))
SURNAME, GIVEN = "Құпиябаева", "Ғазизәгүл"
IIN, PHONE = "880615200009", "+77770123456"
STREET, WORDS = "Шыңғырлау көшесі 7", "оның жылап айтқаны осылай"
PICTURE = b"a picture as it stands after reading"
PLANTED = (SURNAME, GIVEN, IIN, PHONE, STREET, WORDS)


def planted(center, **values):
    """A woman with everything outside a case that can hold her name: rows, versions of rows, drafts."""
    office = center.office
    person = center.person(SURNAME, GIVEN, iin=IIN, sex="FEMALE", **values)
    center.add("person_phone", person_id=person, number=PHONE, safe_to_call="NO")
    center.add("person_address", person_id=person, kind="ACTUAL", street=STREET)
    seen = office.desk.seen("person", person)
    office.desk.save("person", {"remarks": WORDS}, person)
    office.desk.save("person", {"remarks": WORDS + "!"}, person, seen)
    assert office.conflicts.open(person)
    office.drafts.save("person", person, {"remarks": WORDS})
    office.drafts.save("application", None, {"reason_text": f"{SURNAME} {GIVEN}"})
    return person


def closed_case(center, person, **values):
    """A closed case of hers with records of the common sheets, each with her words in it."""
    case = center.case(person, closed_on=NOW.date(), closing_reason="GOAL_REACHED", situation=WORDS, **values)
    incident = center.incident(case, person, circumstances=WORDS)
    center.order(case, person, incident_id=incident, remarks=WORDS)
    center.application(person, case_id=case, reason_text=WORDS)
    center.add("case_note", case_id=case, written_at=NOW, text=WORDS)
    center.referral(case, person, request=WORDS)
    center.add("mandatory_notice", incident_id=incident, addressee="POLICE", sent_at=NOW, channel="LETTER", text=WORDS)
    return case


def rows(office, sheet):
    with office.database.read() as session:
        return session.connection().exec_driver_sql(f'SELECT count(*) FROM "{sheet}"').scalar()


def test_the_search_of_the_pages_finds_what_was_planted_before_anything_is_erased(center):
    planted(center)
    assert left(center.office.database.path, KEY, *PLANTED) == set(PLANTED)


def test_nothing_of_an_erased_person_is_left_on_any_page_in_any_shape(center):
    office = center.office
    person = planted(center)
    case = closed_case(center, person)
    office.journal.note(Deed.PRINTED, "person", person, case, reason=WORDS, recipient=SURNAME)
    office.journal.note(Deed.EXPORTED, reason=f"Тізім: {SURNAME} {GIVEN}, {IIN}")
    done = office.keeping.erase(person, "келісімін кері алды")
    assert done.clean
    assert left(office.database.path, KEY, *PLANTED) == set()
    assert office.search.find(SURNAME) == []
    assert office.search.find(PHONE[-7:]) == []
    assert [draft for draft in office.drafts.all() if draft.values] == []
    assert {sheet: rows(office, sheet) for sheet in ("case", "incident", "referral", "conflict", "person_phone")} == {
        "case": 0, "incident": 0, "referral": 0, "conflict": 0, "person_phone": 0
    }  # fmt: skip


@pytest.mark.parametrize("forgotten", ["search", "changes", "drafts", "rewrite"])
def test_an_erasure_that_forgets_something_is_found_out(center, monkeypatch, forgotten):
    office = center.office
    person = planted(center)
    if forgotten == "search":
        monkeypatch.setattr(erasure.search_index, "remove", lambda *_place: None)
    if forgotten == "changes":
        monkeypatch.setattr(erasure.taking_out, "empty_changes", lambda *_seqs: [])
    if forgotten == "drafts":
        monkeypatch.setattr("familydesk.services.erasable.drafts_naming", lambda *_asked: ([], 0))
    if forgotten == "rewrite":
        monkeypatch.setattr(Database, "rewrite", lambda _database, at_most=None: False)
    office.keeping.erase(person, "келісімін кері алды")
    traces = left(office.database.path, KEY, *PLANTED)
    assert traces or office.drafts.all()


def test_a_merged_duplicate_of_hers_goes_with_her(center):
    office = center.office
    other = center.person(SURNAME, GIVEN + "а", remarks=WORDS, iin_absence="REFUSED")
    person = planted(center)
    office.people.merge(person, other, {})
    office.keeping.erase(person, "келісімін кері алды")
    assert rows(office, "person") == 0
    assert left(office.database.path, KEY, *PLANTED) == set()


def test_the_other_people_of_an_incident_and_of_a_family_stay_without_her(center):
    office = center.office
    person, husband, child = planted(center), center.person("Сапаров", "Ерлан"), center.person("Сапаров", "Алдияр")
    family = center.add("family", name=f"{SURNAME} отбасы").id
    for one, role in ((person, "CLIENT"), (husband, "SPOUSE"), (child, "CHILD")):
        center.add("family_member", family_id=family, person_id=one, relation=role)
    others = center.case(child, family_id=family, closed_on=NOW.date(), closing_reason="GOAL_REACHED")
    incident = center.incident(others, child, offender_id=person, circumstances="балаға қатысты")
    office.keeping.erase(person, "сот шешімі")
    stays = office.desk.get("incident", incident)
    assert (stays.victim_id, stays.offender_id, stays.circumstances) == (child, None, "балаға қатысты")
    assert {one.person_id for one in office.desk.find("family_member")} == {husband, child}
    assert office.desk.get("family", family).name == "Сапаров"
    assert left(office.database.path, KEY, *PLANTED) == set()


def test_a_child_hurt_in_her_case_keeps_its_records_under_the_bare_number(center):
    office = center.office
    person, child = planted(center), center.person("Сапаров", "Алдияр")
    case = closed_case(center, person)
    number = office.desk.get("case", case).number
    incident = center.incident(case, child, circumstances="балаға қатысты")
    done = office.keeping.erase(person, "келісімін кері алды")
    bare = office.desk.get("case", case)
    assert (bare.number, bare.client_id, bare.situation, bare.closed_on) == (number, None, None, NOW.date())
    assert [one.id for one in office.desk.find("incident")] == [incident]
    assert number in office.desk.get("destruction_act", done.act).stays
    assert left(office.database.path, KEY, *PLANTED) == set()


def test_files_go_with_their_case_and_stay_with_whom_they_show(center):
    office = center.office
    person, child = planted(center), center.person("Сапаров", "Алдияр")
    case = closed_case(center, person)
    of_child = center.incident(case, child)
    hers, its = (put(center, case, **about) for about in ({"person_id": person}, {"incident_id": of_child}))
    assert rows(office, "attachment_chunk") == 2
    office.keeping.erase(person, "келісімін кері алды")
    assert [one.id for one in office.desk.find("attachment")] == [its]
    assert office.attachments.content(its) == PICTURE
    assert hers not in office.desk.ids("attachment")
    assert (rows(office, "attachment_chunk"), rows(office, "attachment_content")) == (1, 1)


def put(center, case, **values):
    picture = Incoming(Scan(PICTURE, MediaType.PNG, 1), "IMG_0001.png")
    given = {"case_id": case, "subject": "сурет", "kind": AttachmentKind.INJURIES, **values}
    return center.office.attachments.add(picture, given).id


def test_a_number_of_an_erased_case_is_never_given_again(center):
    person = planted(center)
    case = closed_case(center, person)
    number = center.office.desk.get("case", case).number
    center.office.keeping.erase(person, "келісімін кері алды")
    assert center.office.desk.get("case", center.case()).number > number


def test_what_stays_in_the_log_says_only_that_a_row_went(center):
    office = center.office
    person = planted(center)
    office.keeping.erase(person, "келісімін кері алды")
    with office.database.read() as session:
        found = session.connection().exec_driver_sql("SELECT field, value FROM change WHERE record = ?", (person.hex,))
        assert [tuple(row) for row in found] == [("*", None)]
        rest = "SELECT sheet, record, actor FROM change WHERE field = ?"
        emptied = session.connection().exec_driver_sql(rest, (EMPTIED,)).all()
    assert {tuple(row) for row in emptied} == {("", "", None)}


def test_the_journal_still_proves_itself_and_says_who_erased_and_why(center):
    office = center.office
    person = planted(center)
    case = closed_case(center, person)
    child = center.person("Сапаров", "Алдияр")
    center.incident(case, child, offender_id=person, circumstances="балаға қатысты")
    office.journal.note(Deed.PRINTED, "person", person, case, reason=WORDS, recipient=SURNAME)
    office.keeping.erase(person, "келісімін кері алды")
    office.journal.note(Deed.LOCKED)
    assert office.journal.verify().whole, office.journal.verify()


def test_the_history_of_what_stays_is_kept_but_for_her(center):
    office = center.office
    person, child = planted(center), center.person("Сапаров", "Алдияр")
    case = center.case(child, closed_on=NOW.date(), closing_reason="GOAL_REACHED")
    incident = center.incident(case, child, offender_id=person, circumstances="балаға қатысты")
    office.keeping.erase(person, "келісімін кері алды")
    told = {entry.field: entry.after for entry in office.history.of("incident", incident)}
    assert told["circumstances"] == "балаға қатысты"
    assert told["offender_id"] is None


def test_screens_hear_of_the_erasure(center):
    heard = []
    person = planted(center)
    center.office.database.listen(heard.append)
    center.office.keeping.erase(person, "келісімін кері алды")
    assert {"person", "person_phone", "person_address"} <= heard[0]


# What forbids it


def refused(office, person, reason="келісімін кері алды"):
    before = rows(office, "person")
    with pytest.raises(Refused) as why:
        office.keeping.erase(person, reason)
    assert rows(office, "person") == before
    return str(why.value)


def test_an_open_case_forbids_it_whichever_way_it_speaks_of_her(center):
    office = center.office
    person = planted(center)
    case = center.case(person)
    assert office.desk.get("case", case).number in refused(office, person)
    assert SURNAME not in refused(office, person)
    office.desk.save("case", {"closed_on": NOW.date(), "closing_reason": "REFUSED"}, case)
    others = center.case()
    center.incident(others, center.person(), offender_id=person)
    assert office.desk.get("case", others).number in refused(office, person)


def test_an_open_case_whose_consent_she_withdrew_forbids_nothing(center):
    office = center.office
    person = planted(center)
    case = center.case(person)
    given = center.add("consent", person_id=person, case_id=case, given_on=NOW.date(), collected=("NAMES",)).id
    assert refused(office, person)
    office.desk.save("consent", {"withdrawn_on": NOW.date()}, given)
    assert office.keeping.erase(person, "келісімін кері алды").clean
    assert left(office.database.path, KEY, *PLANTED) == set()


def test_an_order_in_force_forbids_it_to_both_its_sides(center):
    office = center.office
    woman, man = planted(center), center.person("Сапаров", "Ерлан")
    case = center.case(woman, closed_on=NOW.date(), closing_reason="REFUSED")
    center.order(case, woman, offender_id=man, served_at=NOW - timedelta(days=9))
    assert "412" in refused(office, woman)
    assert "412" in refused(office, man)


def test_only_a_term_that_the_center_has_confirmed_forbids_it(center):
    office = center.office
    person = planted(center)
    closed_case(center, person)
    kept = office.desk.find("retention_term", {"kind": "CASE_FILE"})[0]
    office.desk.save("retention_term", {"confirmed": True}, kept.id)
    assert "18.11.2031" in refused(office, person)
    office.desk.save("retention_term", {"confirmed": False}, kept.id)
    assert office.keeping.erase(person, "келісімін кері алды").clean


def test_the_reason_is_needed_and_does_not_say_who_it_was(center):
    person = planted(center)
    assert refused(center.office, person, "  ")
    assert refused(center.office, person, f"{SURNAME.lower()} өтінді")
    assert refused(center.office, person, "IIN 880615200009")


def test_a_short_surname_is_no_part_of_other_words_and_a_namesake_s_draft_stays(center):
    office = center.office
    person = center.person("Ким", "Анна")
    office.drafts.save("application", None, {"reason_text": "кімде-кім келсе"})
    office.drafts.save("person", None, {"surname": "Ким", "given": "Виктория"})
    assert office.keeping.erase(person, "кімнің өтініші екені іс қағазында").clean
    assert len(office.drafts.all()) == 2


def test_an_id_of_nobody_is_one_sentence(center):
    case = center.case()
    assert refused(center.office, case) == "There is no such person."


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.HEAD])
def test_nobody_but_the_head_erases(center, role, monkeypatch):
    from familydesk.services.rights import RIGHTS

    person = planted(center)
    monkeypatch.setattr(type(center.office.account), "rights", RIGHTS[role])
    assert refused(center.office, person)


def test_what_still_names_her_in_others_words_is_told_beforehand(center):
    office = center.office
    person = planted(center)
    note = center.add("case_note", case_id=center.case(), written_at=NOW, text=f"{SURNAME} {GIVEN} келді").id
    assert office.keeping.outlook(person).mentions == (("case_note", note),)


# Where only words lead to her


@pytest.mark.parametrize(
    "said",
    [
        f"{GIVEN} {SURNAME} сұрады",
        f"{SURNAME} Ғ.",
        f"Ғ. {SURNAME[:-1]}ның өтініші",
        "Купиябаева Газизагуль",
        SURNAME.upper(),
        "8 (777) 012-34-56 телефоны",
    ],
)
def test_however_the_journal_has_put_it_her_name_leaves_it(center, said):
    office = center.office
    person = planted(center)
    office.journal.note(Deed.EXPORTED, "person", reason=said, recipient="сот")
    office.journal.note(Deed.EXPORTED, "person", reason="тізім", recipient=said)
    office.keeping.erase(person, "келісімін кері алды")
    with office.database.read() as session:
        words = session.connection().exec_driver_sql(
            "SELECT reason, recipient FROM journal WHERE deed = 'EXPORTED' ORDER BY seq"
        )
        assert [tuple(row) for row in words] == [("", ""), ("", "")]
    assert left(office.database.path, KEY, *PLANTED) == set()
    assert office.journal.verify().whole


def test_what_the_journal_says_of_a_namesake_stays(center):
    office = center.office
    person = planted(center)
    center.person(SURNAME, "Виктория")
    office.journal.note(Deed.EXPORTED, "person", reason="Купиябаева Виктория", recipient=f"{SURNAME} В.")
    office.keeping.erase(person, "келісімін кері алды")
    with office.database.read() as session:
        words = session.connection().exec_driver_sql("SELECT reason FROM journal WHERE deed = 'EXPORTED'")
        assert words.scalar() == "Купиябаева Виктория"


def test_what_the_head_has_begun_to_write_about_her_in_another_s_record_goes_too(center):
    office = center.office
    person, other = planted(center), center.person("Сапаров", "Ерлан")
    case = center.case(other)
    office.drafts.save("person", other, {"remarks": f"{SURNAME} келді"})
    office.drafts.save("case", case, {"situation": "ол туралы емес"})
    office.keeping.erase(person, "келісімін кері алды")
    assert [draft.record for draft in office.drafts.all()] == [case]
    assert left(office.database.path, KEY, *PLANTED) == set()


def corrected(center):
    """Records of others that named her once and do not any more: in an edit, and in what one began with."""
    office, other = center.office, center.person("Сапаров", "Ерлан", remarks=f"{GIVEN} {SURNAME} келді")
    case = center.case(other, situation="Бастапқы сөз")
    for situation in (f"{SURNAME} туралы, ЖСН {IIN}", "таза"):
        office.desk.save("case", {"situation": situation}, case)
    office.desk.save("person", {"remarks": "таза"}, other)
    return case, other


def test_former_versions_of_others_texts_that_named_her_are_told_and_go(center):
    office = center.office
    person = planted(center)
    case, other = corrected(center)
    office.journal.note(Deed.LOCKED)
    outlook = office.keeping.outlook(person)
    assert (outlook.mentions, outlook.former) == ((), (("case", case), ("person", other)))
    office.keeping.erase(person, "келісімін кері алды")
    assert left(office.database.path, KEY, *PLANTED) == set()
    assert (office.desk.get("case", case).situation, office.desk.get("person", other).surname) == ("таза", "Сапаров")
    assert {entry.after for entry in office.history.of("case", case) if entry.field == "situation"} == {
        "Бастапқы сөз", "таза"
    }  # fmt: skip
    office.journal.note(Deed.LOCKED)
    assert office.journal.verify().whole, office.journal.verify()


def test_the_head_may_leave_former_versions_where_they_are(center):
    office = center.office
    person = planted(center)
    corrected(center)
    office.keeping.erase(person, "келісімін кері алды", former=False)
    assert left(office.database.path, KEY, *PLANTED) == {SURNAME, GIVEN, IIN}


def test_a_text_that_names_her_still_is_told_whatever_the_order_and_ending_and_is_left_as_it_is(center):
    office = center.office
    person = planted(center)
    case = center.case(center.person("Сапаров", "Ерлан"), situation=f"{GIVEN} {SURNAME}ның көршісі")
    note = center.add("case_note", case_id=case, written_at=NOW, text="8 777 012 34 56 нөміріне хабарласқан").id
    assert office.keeping.outlook(person).mentions == (("case", case), ("case_note", note))
    assert office.keeping.outlook(person).former == ()
    office.keeping.erase(person, "келісімін кері алды")
    assert SURNAME in office.desk.get("case", case).situation


# Whole or not at all


@pytest.mark.parametrize("at", ["middle", "before the rewrite"])
def test_a_program_killed_in_the_middle_has_erased_everything_or_nothing(center, at):
    office = center.office
    person = planted(center)
    closed_case(center, person)
    office.database.close()
    script = Path(__file__).with_name("erasing_process.py")
    with subprocess.Popen(
        [sys.executable, str(script), str(office.database.path), KEY.hex(), person.hex, at],
        stdout=subprocess.PIPE,
        encoding="ascii",
    ) as process:
        assert process.stdout.readline().strip() == at
        os.kill(process.pid, signal.SIGKILL)
    again = Database.open(office.database.path, KEY)
    with again.read() as session:
        count = session.connection().exec_driver_sql("SELECT count(*) FROM person").scalar()
        waits = session.connection().exec_driver_sql("SELECT 1 FROM meta WHERE key = ?", (REWRITE,)).first()
        assert session.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    again.close()
    traces = left(office.database.path, KEY, *PLANTED)
    assert (count, traces) == ((1, set(PLANTED)) if at == "middle" else (0, set()))
    assert waits is None


def test_a_large_file_is_written_anew_by_the_next_backup_and_its_log_is_emptied_at_once(center, monkeypatch, tmp_path):
    office = center.office
    person = planted(center)
    monkeypatch.setattr("familydesk.services.keeping.QUICKLY_REWRITTEN", 1)
    assert not office.keeping.erase(person, "келісімін кері алды").clean
    path = office.database.path
    assert path.with_name(path.name + "-wal").stat().st_size < 100_000
    assert waiting(office)
    assert office.keeping.finish()
    assert not waiting(office)


def waiting(office):
    with office.database.read() as session:
        return session.connection().exec_driver_sql("SELECT 1 FROM meta WHERE key = ?", (REWRITE,)).first()


def test_a_backup_carries_no_stale_copy_along(center, monkeypatch):
    office = center.office
    person = planted(center)
    monkeypatch.setattr("familydesk.services.keeping.QUICKLY_REWRITTEN", 1)
    office.keeping.erase(person, "келісімін кері алды")
    copied = []
    monkeypatch.setattr("familydesk.store.backup.make", lambda *_words: copied.append(waiting(office)))
    office.backups.make(office.folder / "copy.backup")
    assert copied == [None]


def test_who_comes_back_with_a_backup_is_named_to_be_erased_again(tmp_path):
    words, folder, copy = "таңғы шық пен кешкі самал 7", tmp_path / "store", tmp_path / "copy.backup"
    office = front_door.create_store(folder, "Көктем", "Оспанова Гүлнар", "head", words, cost=FLOOR).office
    center = Center(office)
    person = center.person(SURNAME, GIVEN)
    kept = center.person("Сапаров", "Алдияр")
    office.backups.make(copy)
    office.keeping.erase(person, "келісімін кері алды")
    assert office.keeping.came_back() == []
    office.close()
    backups.restore(copy, folder, words)
    office = front_door.unlock(folder, words, settings=Settings(tmp_path / "settings.json"))
    try:
        assert [one.id for one in office.keeping.came_back()] == [person]
        office.keeping.erase(person, "келісімін кері алды")
        assert office.keeping.came_back() == []
        assert office.desk.ids("person") == [kept]
    finally:
        office.close()


# The mechanism


def test_every_table_of_the_store_says_what_an_erasure_does_with_it():
    own = {name for name in Record.metadata.tables} - {mapper.class_.sheet() for mapper in Record.registry.mappers}
    assert own == set(erasure.HELD_BY) | set(erasure.KEPT)
    for name, columns in erasure.HELD_BY.items():
        assert set(columns) <= set(Record.metadata.tables[name].columns.keys())
