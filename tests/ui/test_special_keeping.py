"""The page of keeping and erasing: what is due, an act that is drawn up, printed and carried out, one person erased."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtWidgets import QApplication, QPushButton

from familydesk.records.case import ClosingReason
from familydesk.services.office import Office
from familydesk.ui.special.keeping import KeepingScreen
from familydesk.ui.verb_panel import VerbPanel
from familydesk.ui.workplace import Workplace

pytestmark = pytest.mark.usefixtures("inline")


@pytest.fixture
def told(place: Workplace) -> list[Any]:
    said: list[Any] = []
    place.said.connect(said.append)
    return said


@pytest.fixture
def old_case(office: Office, person: Any) -> UUID:
    values = {"opened_on": date(2016, 1, 1), "closed_on": date(2018, 1, 1), "closing_reason": ClosingReason.MOVED}
    return office.desk.save("case", {"client_id": person(), **values}).id


@pytest.fixture
def screen(place: Workplace, old_case: UUID, qtbot: Any) -> KeepingScreen:
    made = KeepingScreen(place)
    qtbot.addWidget(made)
    made.resize(1200, 900)
    made.show()
    qtbot.waitUntil(lambda: not made.stale, timeout=2000)
    return made


def press(widget: Any, words: str, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: words in [one.text() for one in buttons(widget)], timeout=2000)
    next(one for one in buttons(widget) if one.text() == words).click()


def buttons(widget: Any) -> list[QPushButton]:
    """Those on show; what is new comes, and what was taken away goes, with the next turn of the event loop."""
    QApplication.processEvents()
    return [one for one in widget.findChildren(QPushButton) if one.isVisibleTo(widget)]


def panel(frame: Any) -> VerbPanel:
    found = frame.findChild(VerbPanel)
    assert found is not None
    return found


def draw_up(screen: KeepingScreen) -> None:
    fields = panel(screen.drawing).boxes
    fields["first"].editor.set_value("Сейітова А.")
    fields["second"].editor.set_value("Омаров Д.")
    panel(screen.drawing).run()


def test_what_is_due_stands_with_its_sum(screen: KeepingScreen, office: Office, old_case: UUID) -> None:
    number = office.desk.get("case", old_case).values()["number"]
    assert [item.name for item in screen.items] == [number]
    assert "01.01.2018 + 5 full years = 01.01.2023" in screen.due.rows()[0].accessibleName()


def test_an_act_is_drawn_up_and_destroys_only_at_the_second_press(
    screen: KeepingScreen, office: Office, told: list[Any], qtbot: Any
) -> None:
    draw_up(screen)
    qtbot.waitUntil(lambda: len(screen.acts.rows()) == 1, timeout=2000)
    press(screen.acts, "Destroy", qtbot)
    assert office.desk.count("case") == 1
    press(screen.sure, "Destroy for good", qtbot)
    assert office.desk.count("case") == 0
    assert office.desk.count("person") == 0
    assert "01-0001" in told[-1].text
    qtbot.waitUntil(lambda: screen.items == [], timeout=2000)


def test_a_press_on_cancel_destroys_nothing(screen: KeepingScreen, office: Office, qtbot: Any) -> None:
    draw_up(screen)
    qtbot.waitUntil(lambda: len(screen.acts.rows()) == 1, timeout=2000)
    press(screen.acts, "Destroy", qtbot)
    press(screen.sure, "Cancel", qtbot)
    assert office.desk.count("case") == 1
    assert buttons(screen.sure) == []


def test_one_person_is_erased_after_her_outlook_was_seen(
    screen: KeepingScreen, office: Office, person: Any, told: list[Any], qtbot: Any
) -> None:
    other = person("Сапарова", "Айша")
    boxes = panel(screen.form).boxes
    boxes["person"].editor.set_value(other)
    boxes["reason"].editor.set_value("келісімін кері алды")
    panel(screen.form).run()
    assert office.desk.count("person") == 2
    press(screen.form, "Erase for good", qtbot)
    assert office.desk.count("person", {"surname": "Сапарова"}) == 0
    assert "1 record is erased." in told[-1].text


@pytest.mark.parametrize("leave", [True, False])
def test_former_versions_that_name_her_are_told_and_go_unless_the_head_leaves_them(
    screen: KeepingScreen, office: Office, person: Any, qtbot: Any, leave: bool
) -> None:
    her, other = person("Сапарова", "Айша"), person("Бекова", "Дана")
    for remarks in ("Айша Сапарованың көршісі", "таза"):
        office.desk.save("person", {"remarks": remarks}, other)
    boxes = panel(screen.form).boxes
    boxes["person"].editor.set_value(her)
    boxes["reason"].editor.set_value("келісімін кері алды")
    panel(screen.form).run()
    shown = [label.text() for label in screen.form.findChildren(type(screen.head.title))]
    assert "1 record about others named her once; that version is erased from its history." in shown
    if leave:
        press(screen.form, "Leave their former versions", qtbot)
    press(screen.form, "Erase for good", qtbot)
    assert office.desk.count("person", {"surname": "Сапарова"}) == 0
    former = {entry.after for entry in office.history.of("person", other) if entry.field == "remarks"}
    assert ("Айша Сапарованың көршісі" in former) is leave


def test_where_something_forbids_it_there_is_no_button_to_press(
    screen: KeepingScreen, office: Office, person: Any
) -> None:
    other = person("Сапарова", "Айша")
    case = office.desk.save("case", {"client_id": other, "opened_on": date(2026, 1, 1)}).record
    boxes = panel(screen.form).boxes
    boxes["person"].editor.set_value(other)
    boxes["reason"].editor.set_value("келісімін кері алды")
    panel(screen.form).run()
    assert [one.text() for one in buttons(screen.form)] == ["Cancel"]
    assert any(case.values()["number"] in label.text() for label in screen.form.findChildren(type(screen.head.title)))


@pytest.fixture
def older(office: Office, person: Any) -> str:
    """A case that ended before the other one, known before the page is opened."""
    values = {"opened_on": date(2016, 1, 1), "closed_on": date(2017, 1, 1), "closing_reason": ClosingReason.MOVED}
    client = person("Сапарова", "Айша")
    return str(office.desk.save("case", {"client_id": client, **values}).record.values()["number"])


def test_what_is_left_out_stands_in_no_act(older: str, screen: KeepingScreen, qtbot: Any) -> None:
    assert screen.items[0].name == older
    press(screen.due.list.parentWidget(), "Leave out", qtbot)
    draw_up(screen)
    qtbot.waitUntil(lambda: len(screen.acts.rows()) == 1, timeout=2000)
    drawn = screen.acts.things[0].contents
    assert older not in drawn
    assert screen.items[1].name in drawn
