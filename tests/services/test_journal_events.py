"""What is noted, what is folded into one event, and what of it is never written down."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from familydesk.core.clock import local
from familydesk.core.errors import Refused, Weather
from familydesk.records.case_note import NoteKind
from familydesk.records.person import IinAbsence
from familydesk.records.staff_member import Role
from familydesk.services import late_entries
from familydesk.services.account import Account
from familydesk.services.journal import Deed
from familydesk.services.late_entries import LateEntries
from familydesk.services.office import Office
from familydesk.services.rights import RIGHTS
from familydesk.store.journal import Entry

Events = Callable[[], list[Any]]


@pytest.fixture
def events(office: Office) -> Events:
    """Reads every event of the journal."""

    def read() -> list[Any]:
        office.journal.flush()
        with office.database.connection() as connection:
            return list(connection.exec_driver_sql("SELECT * FROM journal ORDER BY seq").all())

    return read


@pytest.fixture
def case(office: Office) -> UUID:
    """A case of one client."""
    named = {"surname": "Жұмабаева", "given": "Айгүл", "iin_absence": IinAbsence.NOT_RECORDED}
    client = office.desk.save("person", named).id
    return office.desk.save("case", {"client_id": client, "opened_on": date(2026, 11, 20)}).id


def deeds(events: Events) -> list[str]:
    """Only what was done."""
    return [event.deed for event in events()]


def test_repeated_views_of_a_case_are_one_event(office: Office, events: Events, case: UUID) -> None:
    for _time in range(3):
        office.desk.look("case", case)
        office.families.family_page(case)
    assert deeds(events) == ["VIEWED"]
    assert events()[0].case_id == case.hex


def test_a_view_counts_again_after_ten_minutes(
    office: Office, events: Events, case: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.desk.look("case", case)
    later = time.monotonic() + 601
    monkeypatch.setattr(time, "monotonic", lambda: later)
    office.desk.look("case", case)
    assert deeds(events) == ["VIEWED", "VIEWED"]


def test_looking_at_a_table_of_law_is_no_event(office: Office, events: Events) -> None:
    office.desk.look("center", office.desk.find("center")[0].id)
    assert events() == []


def test_a_record_below_a_case_counts_to_that_case(office: Office, events: Events, case: UUID) -> None:
    note = {"case_id": case, "written_at": local(2026, 11, 20, 10), "kind": NoteKind.HANDOVER, "text": "х"}
    written = office.desk.save("case_note", note)
    office.desk.look("case_note", written.id)
    assert [(event.sheet, event.case_id) for event in events()] == [("case_note", case.hex)]


def test_of_one_typing_only_the_last_search_stays_and_never_its_text(office: Office, events: Events) -> None:
    for typed in ("Ай", "Айгү", "Айгүл 8701"):
        office.search.ask(typed)
    found = events()
    assert [event.deed for event in found] == ["SEARCHED"]
    assert found[0].detail == '{"digits": 4, "found": 0, "letters": 5}'
    assert "Айгүл" not in repr(found)


def test_a_search_settles_when_something_else_is_done(office: Office, events: Events, case: UUID) -> None:
    office.search.ask("Айгүл")
    office.desk.look("case", case)
    office.search.ask("Дана")
    assert deeds(events) == ["SEARCHED", "VIEWED", "SEARCHED"]


def test_what_waits_is_written_before_what_is_noted_at_once(office: Office, events: Events, case: UUID) -> None:
    office.search.ask("Айгүл")
    office.journal.note(Deed.PRINTED, "case", case, case)
    assert deeds(events) == ["SEARCHED", "PRINTED"]


def test_an_event_stands_only_if_the_write_does(office: Office, events: Events) -> None:
    def broken_off() -> None:
        with office.database.write() as session:
            office.journal.note_in(session, Deed.MERGED)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert events() == []


def test_an_event_vouches_for_what_was_written_in_its_own_transaction(office: Office, case: UUID) -> None:
    office.journal.note(Deed.PRINTED)
    assert office.journal.verify().loose == 0
    office.desk.save("case", {"opened_on": date(2026, 11, 21)}, case)
    assert office.journal.verify().loose == 1


def test_an_exported_list_is_noted_before_it_lies_there(office: Office, events: Events, tmp_path: Path) -> None:
    ids = office.desk.ids("staff_member")
    office.lists.export("staff_member", ids, ["surname"], tmp_path / "list.xlsx")
    assert deeds(events) == ["EXPORTED"]
    with pytest.raises(Weather):
        office.lists.export("staff_member", ids, ["surname"], tmp_path / "no such folder" / "list.xlsx")
    assert deeds(events) == ["EXPORTED", "EXPORTED"]


def test_a_paper_bears_the_end_of_the_journal_and_who_printed_it(
    office: Office, case: UUID, pages: Callable[[bytes], str]
) -> None:
    words = pages(office.prints.draw("COVER", case_id=case, language="ru"))
    assert office.journal.head().short in words
    assert "Оспанова" in words
    assert office.journal.verify(office.journal.head().short).whole


def test_what_goes_home_with_a_client_names_no_worker(
    office: Office, case: UUID, pages: Callable[[bytes], str]
) -> None:
    words = pages(office.prints.draw("SAFETY_CARD", case_id=case, language="ru"))
    assert office.journal.head().short not in words
    assert "Оспанова" not in words


@pytest.fixture
def pages() -> Callable[[bytes], str]:
    """The text of a PDF."""
    import pypdfium2

    def read(drawn: bytes) -> str:
        return " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(drawn))

    return read


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.HEAD])
def test_only_the_head_sees_who_opened_a_file(
    office: Office, case: UUID, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Account, "rights", RIGHTS[role])
    with pytest.raises(Refused):
        office.journal.access(case)
    with pytest.raises(Refused):
        office.journal.verify()
    assert "ACCESS_SHEET" not in {form.name for form in office.prints.forms()}


def test_a_disk_that_does_not_take_an_event_gets_it_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late_entries, "RETRY", 0.01)
    written: list[Entry] = []
    answers = iter([False, False, True])

    def write(entries: list[Entry]) -> bool:
        if not next(answers, True):
            return False
        written.extend(entries)
        return True

    late = LateEntries(write)
    entry = Entry(Deed.VIEWED, "2026-11-26T10:00:00+05:00", "a" * 32)
    late.add(entry)
    until = time.monotonic() + 5
    while not written and time.monotonic() < until:
        time.sleep(0.005)
    assert written == [entry]
    assert late.stop() == []


def test_a_search_settles_by_itself(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late_entries, "SETTLED", 0.05)
    office.search.ask("Айгүл")
    until = time.monotonic() + 5
    while not office.journal.head().seq and time.monotonic() < until:
        time.sleep(0.01)
    assert office.journal.head().seq == 1
