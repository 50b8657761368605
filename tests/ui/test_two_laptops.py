"""Two laptops of one center, at their screens: what one wrote comes to the other, and both decide on what differs."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from familydesk.core import clock
from familydesk.core import settings as known
from familydesk.core.errors import Refused
from familydesk.core.settings import Settings
from familydesk.records.case import Danger
from familydesk.records.person import IinAbsence
from familydesk.services import joining
from familydesk.services.office import Office
from familydesk.sync.outcome import STOPPED
from familydesk.ui.desktop import Desktop
from familydesk.ui.join_page import JoinPage
from familydesk.ui.special.asking_card import AskingCard
from familydesk.ui.special.merge_desk import MergeDesk
from familydesk.ui.special.own_laptop_card import OwnLaptopCard
from familydesk.ui.special.side import Side
from familydesk.ui.special.sync_screen import SyncScreen
from familydesk.ui.theme import Theme
from familydesk.ui.unlock import UnlockPage
from familydesk.ui.window import Window
from familydesk.ui.workplace import Workplace

sys.path.append(str(Path(__file__).parents[1] / "sync"))
from colleagues import BOTA, CHEAP, COLLEAGUES, desk_of, made
from colleagues import Desk as CenterDesk

pytestmark = pytest.mark.usefixtures("inline")


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The head's laptop and those of two colleagues, made once."""
    place = tmp_path_factory.mktemp("center")
    made(place, "two", "three")
    return place


class Room:
    """Whoever sits at the laptops of the center, and a stick that goes from one to the other."""

    def __init__(self, place: Path, theme: Theme, qtbot: Any) -> None:
        self.theme, self.qtbot, self.place = theme, qtbot, place
        self.stick = place / "media" / "stick"
        self.stick.mkdir(parents=True)
        self.offices: list[Office] = []
        self.places: list[Workplace] = []

    def sit(self, laptop: str) -> Office:
        """Open a laptop for who works on it: the head on `one`, Bota on `two`, Dina on `three`."""
        self.offices.append(desk_of(self.place, laptop).open())
        return self.offices[-1]

    def workplace(self, office: Office) -> Workplace:
        self.places.append(Workplace(office, office.settings, self.theme))
        return self.places[-1]

    def show(self, screen: Any) -> Any:
        self.qtbot.addWidget(screen)
        screen.resize(1200, 900)
        screen.show()
        return screen

    def sync_screen(self, office: Office) -> SyncScreen:
        screen = self.show(SyncScreen(self.workplace(office)))
        screen.meet.aim(str(self.stick))
        return screen

    def meet(self, *offices: Office) -> None:
        for office in offices:
            office.syncing.sync(str(self.stick))

    def close(self) -> None:
        for place in self.places:
            place.close()
        for office in self.offices:
            office.close()


@pytest.fixture
def room(center: Path, tmp_path: Path, theme: Theme, qtbot: Any) -> Iterator[Room]:
    shutil.copytree(center, tmp_path / "center")
    room = Room(tmp_path / "center", theme, qtbot)
    yield room
    room.close()


@pytest.fixture
def case() -> Callable[[Office], UUID]:
    """Opens a case."""

    def opened(office: Office) -> UUID:
        person = {"surname": "Жұмабаева", "given": "Мөлдір", "iin_absence": IinAbsence.NO_DOCUMENT}
        client = office.desk.save("person", person).id
        values = {"client_id": client, "opened_on": date(2026, 11, 1), "danger": Danger.MEDIUM, "goal": "Көмек"}
        return office.desk.save("case", values).id

    return opened


def goal(office: Office, case: UUID) -> Any:
    return office.desk.get("case", case).values()["goal"]


def test_the_tick_goes_as_soon_as_something_waits_to_go(room: Room, case: Any) -> None:
    office = room.sit("one")
    screen = room.sync_screen(office)
    assert screen.meet.state.tone == "quiet"
    screen.meet.go.click()
    assert screen.meet.state.tone == "good"
    case(office)
    screen.refresh()
    assert screen.meet.state.tone == "due"
    assert screen.meet.state.words.text().startswith("2 changes wait to go, ")
    screen.meet.go.click()
    assert screen.meet.state.tone == "good"
    assert office.settings.get(known.SYNC_WITH) == str(room.stick)


def test_every_laptop_is_told_with_when_it_was_heard_of(room: Room, case: Any) -> None:
    head, bota, dina = (room.sit(name) for name in ("one", "two", "three"))
    case(bota)
    room.meet(dina, bota, head)
    screen = room.sync_screen(head)
    told = [row.accessibleName() for row in screen.laptops.rows()]
    assert len(told) == 3
    assert told[0].endswith("this laptop")
    assert sorted("last heard of today at" in line for line in told[1:]) == [False, True]
    assert any(line.endswith("not heard of yet") for line in told[1:])


def test_what_both_wrote_is_decided_on_one_laptop_and_settled_on_the_other(room: Room, case: Any) -> None:
    head, bota = room.sit("one"), room.sit("two")
    id = case(head)
    room.meet(head, bota)
    bota.desk.save("case", {"goal": "Бөлек тұру"}, id)
    head.desk.save("case", {"goal": "Бірге тұру"}, id)
    room.meet(bota, head)
    screen = room.sync_screen(bota)
    screen.meet.go.click()
    assert screen.last.decide.isVisible()
    (card,) = room.show(MergeDesk(room.workplace(head))).cards
    before, here, there = (side.accessibleName() for side in card.findChildren(Side))
    assert before.startswith("Before. Көмек. ")
    assert here.startswith("Here · holds until you decide. Бірге тұру. ")
    assert here.endswith("Оспанова Гүлнар · this laptop")
    assert there.startswith("There. Бөлек тұру. ")
    assert there.endswith("Бекова Бота Серікқызы · laptop 02")
    card.ways[1].click()
    room.meet(head, bota)
    assert [goal(office, id) for office in (bota, head)] == ["Бөлек тұру"] * 2
    assert bota.conflicts.open() == head.conflicts.open() == []
    (settled,) = bota.merge_desk.settled(9)
    assert settled.line.startswith("“Бөлек тұру” and not “Бірге тұру”. ")
    assert settled.line.endswith("· Оспанова Гүлнар")


def test_what_three_laptops_wrote_is_one_card_and_one_decision(room: Room, case: Any) -> None:
    head, bota, dina = (room.sit(name) for name in ("one", "two", "three"))
    id = case(head)
    room.meet(head, bota, dina)
    for office, words in ((bota, "Бөлек тұру"), (head, "Бірге тұру"), (dina, "Көшу")):
        office.desk.save("case", {"goal": words}, id)
    room.meet(bota, head, dina, bota, head)
    assert len(head.conflicts.open()) == 2
    (card,) = room.show(MergeDesk(room.workplace(head))).cards
    assert {one.text for one in card.choice.versions} == {"Бөлек тұру", "Бірге тұру", "Көшу"}
    assert (card.choice.versions[0].text, card.choice.versions[0].here) == ("Бірге тұру", True)
    at = [one.text for one in card.choice.versions].index("Көшу")
    card.ways[at].click()
    room.meet(head, bota, dina)
    assert [goal(office, id) for office in (bota, head, dina)] == ["Көшу"] * 3
    assert not any(office.conflicts.open() for office in (bota, head, dina))


def test_an_edit_beats_an_archiving_and_says_so(room: Room, case: Any) -> None:
    head, bota = room.sit("one"), room.sit("two")
    id = case(head)
    room.meet(head, bota)
    head.desk.archive("case", id)
    bota.desk.save("case", {"goal": "Бөлек тұру"}, id)
    room.meet(head, bota, head)
    assert not head.desk.get("case", id).archived
    (card,) = room.show(MergeDesk(room.workplace(head))).cards
    assert card.choice.why.startswith("One laptop archived this record")
    here, there = card.choice.versions
    assert (here.text, here.line.split(" · ")[1:]) == ("Archived", ["Оспанова Гүлнар", "this laptop"])
    assert (there.text, there.line.split(" · ")[1:]) == ("In use", ["Бекова Бота Серікқызы", "laptop 02"])
    archived = next(way for way in card.ways if way.words == "Archived")
    assert len(card.ways) == 2
    archived.click()
    room.meet(head, bota)
    assert bota.desk.get("case", id).archived


def test_a_decision_about_what_has_moved_on_is_refused(room: Room, case: Any) -> None:
    head, bota = room.sit("one"), room.sit("two")
    id = case(head)
    room.meet(head, bota)
    bota.desk.save("case", {"goal": "Бөлек тұру"}, id)
    head.desk.save("case", {"goal": "Бірге тұру"}, id)
    room.meet(bota, head)
    screen = room.show(MergeDesk(room.workplace(head)))
    head.desk.save("case", {"goal": "Басқаша"}, id)
    said: list[Any] = []
    screen.place.said.connect(said.append)
    screen.cards[0].ways[1].click()
    assert goal(head, id) == "Басқаша"
    assert said[-1].tone == "overdue"


def test_a_meeting_that_was_stopped_goes_on_where_it_was(room: Room, case: Any) -> None:
    head, bota = room.sit("one"), room.sit("two")
    ids = [case(head) for _ in range(3)]
    room.meet(head)
    screen = room.sync_screen(bota)
    meeting = screen.place.meeting
    meeting.moved.connect(lambda _progress: meeting.stop())
    screen.meet.go.click()
    assert STOPPED in [warning.text for warning in meeting.outcome.warnings]
    assert screen.meet.state.tone == "due"
    meeting.moved.disconnect()
    screen.meet.go.click()
    assert [goal(bota, id) for id in ids] == ["Көмек"] * 3
    assert screen.meet.state.tone == "good"


def test_a_stick_that_was_pulled_out_is_told_and_nothing_is_lost(room: Room, case: Any) -> None:
    office = room.sit("one")
    screen = room.sync_screen(office)
    screen.meet.go.click()
    case(office)
    room.stick.parent.rename(room.place / "drawer")
    screen.meet.go.click()
    assert screen.place.meeting.failure
    assert screen.meet.state.tone == "due"
    assert screen.last.isVisible()
    (room.place / "drawer").rename(room.stick.parent)
    screen.meet.go.click()
    assert screen.meet.state.tone == "good"


def test_sync_goes_by_the_clock_where_that_is_wanted(room: Room) -> None:
    office = room.sit("one")
    meeting = room.workplace(office).meeting
    office.settings.put(known.SYNC_WITH, str(room.stick))
    meeting.look_at_clock()
    assert meeting.outcome is None
    office.settings.put(known.SYNC_EVERY, 15)
    meeting.look_at_clock()
    first = meeting.outcome
    assert first is not None
    meeting.look_at_clock()
    assert meeting.outcome is first
    with clock.stopped(clock.now() + timedelta(minutes=16)):
        meeting.look_at_clock()
    assert meeting.outcome is not first


def test_the_top_bar_says_what_was_not_sent(room: Room, case: Any, qtbot: Any) -> None:
    office = room.sit("one")
    room.meet(office)
    case(office)
    window = Window(office.settings, room.theme)
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    window.enter(office)
    assert window.view
    assert window.view.top.note.text() == "2 changes not sent"
    window.view.top.note.click()
    assert window.view.page == "sync"
    window.abandon()


def test_a_stolen_laptop_is_shut_out_by_one_question_on_another(room: Room, case: Any) -> None:
    head, bota = room.sit("one"), room.sit("two")
    id = case(head)
    room.meet(head, bota)
    screen = room.sync_screen(head)
    row = next(row for row in screen.laptops.rows() if "laptop 02" in row.accessibleName())
    row.findChild(QPushButton).click()
    assert screen.laptops.sure.words.text() == "Shut out Бекова Бота Серікқызы, laptop 02?"
    screen.laptops.sure.go.click()
    assert [one.shut_out for one in head.deliveries.standing().laptops] == [False, True, False]
    bota.desk.save("case", {"goal": "Ұрланған ноутбукте жазылған"}, id)
    with suppress(Refused):
        room.meet(bota)
    room.meet(head)
    assert goal(head, id) == "Көмек"
    assert any(row.accessibleName().endswith("shut out") for row in screen.laptops.rows())


def test_who_does_not_keep_the_list_shuts_nobody_out_and_admits_nobody(room: Room) -> None:
    screen = room.sync_screen(room.sit("two"))
    assert not any(row.findChild(QPushButton) for row in screen.laptops.rows())
    assert screen.findChild(AskingCard) is None


def test_a_laptop_is_admitted_by_the_fingerprint_that_is_read_aloud(room: Room, case: Any) -> None:
    head = room.sit("one")
    id = case(head)
    room.meet(head)
    asked = joining.ask(room.place / "four", str(room.stick), COLLEAGUES["four"], BOTA, cost=CHEAP)
    screen = room.sync_screen(head)
    card = screen.findChild(AskingCard)
    card.look.click()
    (row,) = card.rows
    row.heard.setText("ABCDE-FGHJK-MNPQR-STVWX")
    row.go.click()
    assert row.problem.text().startswith("The fingerprint is not the one of this request")
    row.heard.setText(asked.fingerprint.lower())
    row.go.click()
    assert card.rows == []
    assert any("laptop 04" in row.accessibleName() for row in screen.laptops.rows())
    joining.arrive(room.place / "four", BOTA, least=CHEAP, cost=CHEAP)
    hers = room.sit("four")
    room.meet(hers)
    assert goal(hers, id) == "Көмек"


def test_a_new_laptop_joins_in_the_window_and_opens_once_it_is_admitted(
    room: Room, case: Any, tmp_path: Path, qtbot: Any
) -> None:
    head = room.sit("one")
    id = case(head)
    room.meet(head)
    settings = Settings(tmp_path / "new.json")
    settings.put(known.LANGUAGE, "en")
    desktop = Desktop(settings, tmp_path / "new")
    qtbot.addWidget(desktop.window)
    desktop.window.show()
    desktop.window.front.join_wanted.emit()
    page = desktop.window.front
    assert isinstance(page, JoinPage)
    for line, words in ((page.road, str(room.stick)), (page.person, COLLEAGUES["four"]), (page.first, BOTA)):
        line.setText(words)
    page.go.click()
    assert page.problem.text() == "The two lines differ."
    page.second.setText(BOTA)
    page.go.click()
    signs = next(label.text() for label in page.findChildren(QLabel) if label.accessibleName() == "Fingerprint")
    page.language_wanted.emit("ru")
    page.language_wanted.emit("en")
    page = desktop.window.front
    assert signs in [label.text() for label in page.findChildren(QLabel)]
    page.asked.emit()
    unlock = desktop.window.front
    assert isinstance(unlock, UnlockPage)
    unlock.line.setText(BOTA)
    unlock.try_to_open()
    assert unlock.problem.text().startswith("This laptop is not confirmed")
    card = room.sync_screen(head).findChild(AskingCard)
    card.look.click()
    card.rows[0].heard.setText(signs)
    card.rows[0].go.click()
    unlock.line.setText(BOTA)
    unlock.try_to_open()
    place = desktop.window.place
    assert place
    assert settings.get(known.SYNC_WITH) == str(room.stick)
    assert place.office.deliveries.new_here()
    place.meeting.begin(settings.get(known.SYNC_WITH))
    assert goal(place.office, id) == "Көмек"
    desktop.window.close()


def test_a_second_laptop_of_hers_gets_her_keys_from_the_first(room: Room, case: Any) -> None:
    head, bota = room.sit("one"), room.sit("two")
    id = case(head)
    room.meet(head, bota)
    asked = joining.ask(room.place / "second", str(room.stick), COLLEAGUES["two"], BOTA, login="бекова", cost=CHEAP)
    card = room.sync_screen(head).findChild(AskingCard)
    card.look.click()
    (row,) = card.rows
    assert row.role.parentWidget().isHidden()
    row.heard.setText(asked.fingerprint)
    row.go.click()
    own = room.sync_screen(bota).findChild(OwnLaptopCard)
    own.opener.click()
    own.heard.setText("ABCDE-FGHJK-MNPQR-STVWX")
    own.go.click()
    assert own.problem.text() == "There is no such request there."
    own.heard.setText(asked.fingerprint)
    own.go.click()
    assert own.form.isHidden()
    joining.arrive(room.place / "second", BOTA, least=CHEAP, cost=CHEAP)
    second = CenterDesk(room.place / "second", "бекова", BOTA).open()
    room.offices.append(second)
    room.meet(second)
    assert second.me == bota.me
    assert goal(second, id) == "Көмек"
