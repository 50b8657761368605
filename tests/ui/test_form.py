from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from keyboard import write
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from familydesk.core import clock
from familydesk.core.fields import Kind
from familydesk.core.i18n import translate
from familydesk.exchange.scans import Scan
from familydesk.records import SHEETS
from familydesk.records.attachment import AttachmentKind, MediaType
from familydesk.records.case import Danger
from familydesk.records.person import IinAbsence, Sex
from familydesk.records.staff_member import Role
from familydesk.services.attachments import Incoming
from familydesk.services.office import Office
from familydesk.ui.conflict_strip import ConflictStrip
from familydesk.ui.editors.reference import NEW, ReferenceEditor
from familydesk.ui.form import RecordForm
from familydesk.ui.form_foot import FormFoot
from familydesk.ui.workplace import Workplace

pytestmark = pytest.mark.usefixtures("inline")


@pytest.fixture
def form(place: Workplace, qtbot: Any) -> Callable[..., RecordForm]:
    """A loaded form on screen."""

    def make(sheet: str, record_id: UUID | None = None, **values: Any) -> RecordForm:
        form = RecordForm(place, sheet, record_id, values)
        qtbot.addWidget(form)
        form.show()
        form.load()
        return form

    return make


def put(opened: RecordForm, /, **values: Any) -> None:
    for name, value in values.items():
        opened.boxes[name].editor.put(value)


def test_a_form_made_from_any_sheet_saves_nothing_if_nothing_was_written(
    form: Callable[..., RecordForm], office: Office, person: Callable[..., UUID]
) -> None:
    person()
    for sheet in SHEETS:
        for record in office.desk.find(sheet.sheet(), limit=2):
            before = record.values()
            history = len(office.history.of(sheet.sheet(), record.id))
            opened = form(sheet.sheet(), record.id)
            assert not opened.dirty
            opened.save()
            assert office.desk.get(sheet.sheet(), record.id).values() == before
            assert len(office.history.of(sheet.sheet(), record.id)) == history


def test_what_the_program_wrote_is_shown_and_not_to_be_written_in(
    form: Callable[..., RecordForm], office: Office, person: Callable[..., UUID]
) -> None:
    case = office.desk.save("case", {"client_id": person(), "opened_on": clock.today()}).id
    given = {"case_id": case, "subject": "Letter", "kind": AttachmentKind.LETTER}
    one = office.attachments.add(Incoming(Scan(b"%PDF-", MediaType.PDF, 3), "letter.pdf"), given)
    opened = form("attachment", one.id)
    assert (opened.boxes["pages"].editor.value(), opened.boxes["media_type"].editor.value()) == (3, MediaType.PDF)
    for name in ("pages", "size", "digest", "media_type"):
        write(opened.boxes[name].editor.main(), "1")
    assert not opened.dirty
    assert "pages" not in form("attachment", case_id=case).boxes


def test_a_colleague_who_is_kept_from_a_case_is_not_offered_as_the_one_responsible(
    form: Callable[..., RecordForm], office: Office, qtbot: Any
) -> None:
    related, other = (
        office.desk.save("staff_member", {"surname": "Жақыпова", "given": given, "role": Role.SOCIAL_WORKER}).id
        for given in ("Айша", "Мария")
    )
    opened = form("case", kept_from_id=related)
    editor = opened.boxes["responsible_id"].editor
    assert isinstance(editor, ReferenceEditor)
    editor.line.setText("Жақыпова")
    editor.look()
    offered = [editor.found.item(row).data(Qt.ItemDataRole.UserRole) for row in range(editor.found.count())]
    assert offered == [other, NEW]


def test_a_new_record_is_written_and_found_again(form: Callable[..., RecordForm], office: Office) -> None:
    opened = form("person")
    write(opened.boxes["surname"].editor.main(), "Қоңырбаева")
    write(opened.boxes["given"].editor.main(), "Айша")
    put(opened, iin_absence=IinAbsence.NEWBORN)
    saved: list[UUID] = []
    opened.saved.connect(saved.append)
    opened.save()
    assert office.desk.get("person", saved[0]).title_text() == "Қоңырбаева Айша"
    assert opened.record_id == saved[0]
    assert not opened.dirty


def test_a_problem_lands_under_its_field_and_takes_the_keyboard(form: Callable[..., RecordForm], qtbot: Any) -> None:
    opened = form("person")
    put(opened, given="Айша")
    opened.activateWindow()
    opened.save()
    surname = opened.boxes["surname"]
    assert surname.wrong.text() == "This cannot be left empty."
    assert surname.wrong.isVisible()
    assert not opened.boxes["given"].wrong.isVisible()
    qtbot.waitUntil(lambda: surname.editor.main().hasFocus())


def test_what_cannot_be_read_is_told_before_anything_is_saved(form: Callable[..., RecordForm], office: Office) -> None:
    opened = form("person")
    put(opened, surname="А", given="Б", iin_absence=IinAbsence.NEWBORN)
    write(opened.boxes["born_on"].editor.main(), "32.13.2020")
    opened.save()
    assert "22.11.2026" in opened.boxes["born_on"].wrong.text()
    assert office.desk.count("person") == 0


def test_a_mended_problem_is_no_longer_told(form: Callable[..., RecordForm]) -> None:
    opened = form("person")
    put(opened, given="Айша", iin_absence=IinAbsence.NEWBORN)
    opened.save()
    put(opened, surname="Қ")
    opened.save()
    assert not any(box.wrong.text() for box in opened.boxes.values())


def test_a_warning_is_shown_and_may_stand(form: Callable[..., RecordForm], office: Office) -> None:
    from familydesk.law.iin import is_valid

    iin = next(f"9002012{n:05}" for n in range(99999) if is_valid(f"9002012{n:05}"))
    opened = form("person")
    put(opened, surname="А", given="Б", iin=iin, born_on=date(1890, 3, 3), sex=Sex.FEMALE)
    opened.save()
    assert office.desk.count("person") == 1
    assert opened.boxes["born_on"].wrong.property("tone") == "warning"
    assert "IIN" in opened.boxes["born_on"].wrong.text()


def test_what_was_typed_survives_the_end_of_the_program(
    form: Callable[..., RecordForm], person: Callable[..., UUID], office: Office
) -> None:
    record_id = person()
    first = form("person", record_id)
    put(first, remarks="Тыңдағанда жазылған", occupation="Тігінші")
    first.drafts.keep()
    again = form("person", record_id)
    assert again.boxes["remarks"].editor.value() == "Тыңдағанда жазылған"
    assert again.dirty
    assert again.board.strips()[0].message.offer == "Throw it away"
    assert office.desk.get("person", record_id).values()["remarks"] is None


def test_a_saved_record_has_no_draft_left(
    form: Callable[..., RecordForm], person: Callable[..., UUID], office: Office
) -> None:
    record_id = person()
    opened = form("person", record_id)
    put(opened, occupation="Тігінші")
    opened.drafts.keep()
    assert office.drafts.load("person", record_id) is not None
    opened.save()
    assert office.drafts.load("person", record_id) is None
    assert not form("person", record_id).board.strips()


def test_a_draft_thrown_away_shows_what_is_saved(form: Callable[..., RecordForm], person: Callable[..., UUID]) -> None:
    record_id = person()
    first = form("person", record_id)
    put(first, occupation="Тігінші")
    first.drafts.keep()
    again = form("person", record_id)
    again.throw_away()
    assert again.boxes["occupation"].editor.value() is None
    assert not again.dirty


def test_a_pause_in_typing_keeps_a_draft(
    form: Callable[..., RecordForm], person: Callable[..., UUID], office: Office, qtbot: Any
) -> None:
    record_id = person()
    opened = form("person", record_id)
    write(opened.boxes["occupation"].editor.main(), "Тігінші")
    assert office.drafts.load("person", record_id) is None
    qtbot.waitUntil(lambda: office.drafts.load("person", record_id) is not None, timeout=3000)


def test_a_draft_begun_for_one_parent_is_not_shown_at_another(
    form: Callable[..., RecordForm], person: Callable[..., UUID]
) -> None:
    one, other = person(), person("Әбдіқадырова")
    first = form("person_phone", person_id=one)
    put(first, number="+77010000042")
    first.drafts.keep()
    assert form("person_phone", person_id=other).boxes["number"].editor.value() is None
    assert form("person_phone", person_id=one).boxes["number"].editor.value() == "+77010000042"


def test_a_field_that_moved_while_the_form_was_open_becomes_a_conflict(
    form: Callable[..., RecordForm], person: Callable[..., UUID], office: Office
) -> None:
    record_id = person()
    opened = form("person", record_id)
    office.desk.save("person", {"occupation": "Мұғалім"}, record_id)
    put(opened, occupation="Тігінші")
    opened.save()
    assert office.desk.get("person", record_id).values()["occupation"] == "Мұғалім"
    strip = opened.board.findChild(ConflictStrip)
    take = next(made for made in strip.findChildren(QPushButton) if made.text() == "Take mine")
    take.click()
    assert office.desk.get("person", record_id).values()["occupation"] == "Тігінші"
    assert office.conflicts.open(record_id) == []


def test_fields_that_nobody_touched_are_not_written_over(
    form: Callable[..., RecordForm], person: Callable[..., UUID], office: Office
) -> None:
    record_id = person()
    opened = form("person", record_id)
    office.desk.save("person", {"occupation": "Мұғалім"}, record_id)
    put(opened, citizenship="Қазақстан")
    opened.save()
    values = office.desk.get("person", record_id).values()
    assert (values["occupation"], values["citizenship"]) == ("Мұғалім", "Қазақстан")
    assert office.conflicts.open(record_id) == []
    assert opened.boxes["occupation"].editor.value() == "Мұғалім"


def test_ctrl_s_saves(form: Callable[..., RecordForm], person: Callable[..., UUID], office: Office, qtbot: Any) -> None:
    record_id = person()
    opened = form("person", record_id)
    foot = FormFoot(opened, opened)
    qtbot.addWidget(foot)
    with qtbot.waitActive(opened):
        opened.activateWindow()
    write(opened.boxes["occupation"].editor.main(), "Тігінші")
    qtbot.keyClick(opened.boxes["occupation"].editor.main(), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: office.desk.get("person", record_id).values()["occupation"] == "Тігінші")
    assert foot.state.text() == "Saved"


def test_every_label_is_the_buddy_of_its_editor(form: Callable[..., RecordForm]) -> None:
    for sheet in SHEETS:
        opened = form(sheet.sheet())
        for box in opened.boxes.values():
            assert box.editor.isAncestorOf(box.label.buddy())
            assert box.label.text() == translate(box.field.label)


def test_a_privileged_field_says_that_it_is_for_its_writer_alone(form: Callable[..., RecordForm]) -> None:
    from PySide6.QtWidgets import QLabel

    words = {label.text() for label in form("consultation").boxes["specialist_note"].findChildren(QLabel)}
    assert "for you alone" in words


def test_a_privileged_text_is_saved_sealed_and_comes_back_to_its_writer(
    form: Callable[..., RecordForm], person: Callable[..., UUID], office: Office
) -> None:
    from familydesk.records.consultation import ConsultationForm, ConsultationKind

    opened = form("consultation")
    put(
        opened,
        person_id=person(),
        held_at=clock.now(),
        kind=ConsultationKind.LEGAL,
        form=ConsultationForm.PHONE,
        specialist_note="Тек маған",
    )
    opened.save()
    assert not any(box.wrong.text() for box in opened.boxes.values())
    assert form("consultation", opened.record_id).boxes["specialist_note"].editor.value() == "Тек маған"


def test_fields_stand_in_as_many_columns_as_fit(form: Callable[..., RecordForm], qtbot: Any) -> None:
    opened = form("person")
    surname, given = opened.boxes["surname"], opened.boxes["given"]
    opened.resize(900, 900)
    qtbot.waitUntil(lambda: surname.y() == given.y() and surname.width() > 200)
    opened.resize(420, 900)
    qtbot.waitUntil(lambda: surname.y() < given.y() and surname.x() == given.x())


def test_typing_while_a_save_is_under_way_is_kept(
    place: Workplace, person: Callable[..., UUID], office: Office, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from familydesk.ui import tasks

    monkeypatch.setattr(tasks, "_inline", False)
    record_id = person()
    opened = RecordForm(place, "person", record_id)
    qtbot.addWidget(opened)
    opened.show()
    with qtbot.waitSignal(opened.loaded):
        opened.load()
    put(opened, occupation="Тігінші")
    with qtbot.waitSignal(opened.saved):
        opened.save()
        put(opened, occupation="Тігінші, үйде")
    assert opened.boxes["occupation"].editor.value() == "Тігінші, үйде"
    assert opened.dirty
    tasks.finish()


def test_every_kind_stands_on_some_form(form: Callable[..., RecordForm]) -> None:
    assert {field.kind for sheet in SHEETS for field in sheet.fields()} == set(Kind)


def test_a_safest_choice_can_be_made_more_protective_over_a_conflict(
    form: Callable[..., RecordForm], person: Callable[..., UUID], office: Office
) -> None:
    case = office.desk.save("case", {"client_id": person(), "opened_on": date(2026, 11, 2)}).id
    opened = form("case", case)
    office.desk.save("case", {"danger": Danger.LOW}, case)
    put(opened, danger=Danger.EXTREME)
    opened.save()
    assert office.desk.get("case", case).values()["danger"] is Danger.EXTREME
