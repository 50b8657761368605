"""Taking a family in: by keys, with whoever is here already beside it, and nothing typed lost."""

from __future__ import annotations

from typing import Any

import pytest
from one_family import Ids
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from familydesk.core import clock
from familydesk.records.application import ApplicationReason, Channel
from familydesk.records.case import ClosingReason, Stage
from familydesk.records.person import IinAbsence, Sex
from familydesk.services.office import Office
from familydesk.ui.special.intake import IntakeScreen
from familydesk.ui.special.intake_draft import INTAKE
from familydesk.ui.workplace import Workplace


@pytest.fixture
def office(family_office: Office) -> Office:
    return family_office


@pytest.fixture
def screen(place: Workplace, qtbot: Any, inline: None) -> IntakeScreen:
    return shown(place, qtbot)


def shown(place: Workplace, qtbot: Any) -> IntakeScreen:
    made = IntakeScreen(place)
    qtbot.addWidget(made)
    made.resize(1200, 900)
    made.show()
    return made


def write(screen: IntakeScreen, **values: Any) -> None:
    for name, value in values.items():
        screen.fields.boxes[name.replace("__", ".")].editor.put(value)


def write_someone(screen: IntakeScreen) -> None:
    write(
        screen,
        person__surname="Ахметова",
        person__given="Гүлсім",
        person__iin_absence=IinAbsence.NO_DOCUMENT,
        person_phone__number="+77015550000",
        application__channel=Channel.SELF,
        application__reason=ApplicationReason.ALIMONY,
    )


def test_everything_of_a_first_conversation_is_saved_at_once(screen: IntakeScreen, office: Office) -> None:
    write_someone(screen)
    write(screen, errand__what="Қайта қоңырау шалу")
    screen.fields.case.setChecked(True)
    screen.save()
    assert screen.done
    taken = screen.done.done
    assert taken.application_number in texts(screen.done)
    assert office.desk.get("person", taken.person_id).title_text() == "Ахметова Гүлсім"
    assert taken.case_id
    errand = office.desk.find("errand", {"case_id": taken.case_id})[0].values()
    assert errand["what"] == "Қайта қоңырау шалу"
    assert errand["due_on"] > clock.today()
    assert not [draft for draft in office.drafts.all() if draft.record == INTAKE]


def test_what_is_missing_is_said_at_every_field_and_nothing_is_saved(screen: IntakeScreen, office: Office) -> None:
    people = office.desk.count("person")
    write(screen, person__surname="Ахметова")
    screen.save()
    boxes = screen.fields.boxes
    assert boxes["person.given"].wrong.text()
    assert boxes["application.reason"].wrong.text()
    assert not boxes["person.surname"].wrong.text()
    assert office.desk.count("person") == people
    assert not screen.done


def test_a_whole_iin_tells_birth_and_sex(screen: IntakeScreen) -> None:
    boxes = screen.fields.boxes
    line = boxes["person.iin"].editor.main()
    screen.activateWindow()
    line.setFocus()
    digits = next(d for d in "0123456789" if told_with(boxes["person.iin"].editor, "90020120001" + d))
    line.clear()
    QTest.keyClicks(line, "90020120001" + digits)
    assert boxes["person.sex"].editor.value() is Sex.FEMALE
    assert boxes["person.born_on"].editor.value().isoformat() == "1890-02-01"
    assert not boxes["person.iin_absence"].isVisibleTo(screen)


def told_with(editor: Any, digits: str) -> bool:
    editor.line.setText(digits)
    return editor.told() is not None


def test_whoever_is_here_already_is_found_while_she_types(screen: IntakeScreen, ids: Ids) -> None:
    write(screen, person__surname="Жумабаева", person__given="Айша")
    screen.look()
    assert screen.alike.candidates[0].person.id == ids.daughter
    wanted: list[Any] = []
    screen.place.record_wanted.connect(lambda *wish: wanted.append(wish))
    screen.alike.open(0)
    assert wanted == [("family", ids.family)]


def test_whoever_is_taken_gets_the_application_into_her_case(screen: IntakeScreen, office: Office, ids: Ids) -> None:
    people = office.desk.count("person")
    write(screen, person__surname="Жұмабаева", person__given="Мөлдір", person__patronymic="Ерланқызы")
    screen.look()
    at = next(at for at, one in enumerate(screen.alike.candidates) if one.person.id == ids.mother)
    screen.alike.take(at)
    assert not screen.fields.who.isVisibleTo(screen)
    write(screen, application__channel=Channel.PHONE, application__reason=ApplicationReason.DIVORCE)
    screen.save()
    assert screen.done
    assert screen.done.done.case_id == ids.case
    assert office.desk.count("person") == people


def test_a_closed_case_takes_no_application(screen: IntakeScreen, office: Office, ids: Ids) -> None:
    today = clock.today()
    closing = {"closed_on": today, "closing_reason": ClosingReason.GOAL_REACHED, "stage": Stage.CLOSED}
    office.desk.save("case", closing, ids.case)
    write(screen, person__surname="Жұмабаева", person__given="Мөлдір", person__patronymic="Ерланқызы")
    screen.look()
    screen.alike.take(next(at for at, one in enumerate(screen.alike.candidates) if one.person.id == ids.mother))
    assert screen.fields.case.isVisibleTo(screen)
    screen.fields.case.setChecked(True)
    write(screen, application__channel=Channel.PHONE, application__reason=ApplicationReason.DIVORCE)
    screen.save()
    assert screen.done
    assert screen.done.done.case_id not in (None, ids.case)
    assert screen.done.done.family_id == ids.family


def test_a_draft_is_here_again_after_a_crash(place: Workplace, office: Office, qtbot: Any, inline: None) -> None:
    first = shown(place, qtbot)
    write_someone(first)
    first.fields.case.setChecked(True)
    first.draft.keep()
    again = shown(place, qtbot)
    values = again.fields.values("person")
    assert values["surname"] == "Ахметова"
    assert again.fields.values("person_phone")["number"] == "+77015550000"
    assert again.fields.case.isChecked()
    assert again.board.strips()
    again.draft.throw_away()
    assert not office.drafts.all()
    assert not again.fields.typed()


def test_a_draft_of_an_intake_is_no_draft_of_any_form(screen: IntakeScreen, office: Office) -> None:
    write_someone(screen)
    screen.draft.keep()
    assert office.drafts.load("person", None) is None
    assert office.drafts.load("application", None) is None


def test_enter_goes_on_to_the_next_field(screen: IntakeScreen) -> None:
    boxes = screen.fields.boxes
    boxes["person.surname"].editor.main().setFocus()
    QTest.keyClick(boxes["person.surname"].editor.main(), Qt.Key.Key_Return)
    assert screen.focusWidget() is boxes["person.given"].editor.main()


def test_conditions_of_a_call_are_asked_unless_it_is_safe(screen: IntakeScreen) -> None:
    from familydesk.records.person_phone import SafeToCall

    hours = screen.fields.boxes["person_phone.safe_hours"]
    assert not hours.isVisibleTo(screen)
    write(screen, person_phone__number="+77015550000")
    assert hours.isVisibleTo(screen)
    write(screen, person_phone__safe_to_call=SafeToCall.YES)
    assert not hours.isVisibleTo(screen)


def texts(widget: Any) -> str:
    from PySide6.QtWidgets import QLabel

    return "\n".join(label.text() for label in widget.findChildren(QLabel))
