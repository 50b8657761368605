"""Referrals between centers in the window: sent from their page, answered on a page of their own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from familydesk.core import clock
from familydesk.services.office import Office
from familydesk.ui import tasks
from familydesk.ui.special.inbox import InboxScreen
from familydesk.ui.special.send_referral import ReferralPage
from familydesk.ui.theme import Theme
from familydesk.ui.workplace import Workplace

sys.path.append(str(Path(__file__).parents[1] / "services"))
from neighbours import NOW, OURS, SITUATION, SURNAME, Neighbours, referral


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Neighbours:
    return Neighbours.made(tmp_path_factory.mktemp("made") / "both")


@pytest.fixture
def both(made: Neighbours, tmp_path: Path) -> Iterator[Neighbours]:
    found = made.copied(tmp_path / "both")
    with clock.stopped(NOW), tasks.inline():
        yield found
        found.leave()


def place_of(office: Office, theme: Theme) -> Workplace:
    return Workplace(office, office.settings, theme)


def inbox(office: Office, theme: Theme, qtbot: Any) -> InboxScreen:
    screen = InboxScreen(place_of(office, theme))
    qtbot.addWidget(screen)
    screen.show()
    return screen


def tick(page: ReferralPage, name: str) -> None:
    wanted = next(one for one in page.sending.items() if one.data(0, Qt.ItemDataRole.UserRole) == name)
    wanted.setCheckState(0, Qt.CheckState.Checked)


def test_a_referral_is_sent_from_its_page_with_what_is_ticked(both: Neighbours, theme: Theme, qtbot: Any) -> None:
    path, typed = both.certificate()
    office = both.ours.head.open()
    page = ReferralPage(place_of(office, theme), referral(office))
    qtbot.addWidget(page)
    card = page.sending
    tick(page, "case.situation")
    card.plan()
    assert "Consent of 02.03.2026" in card.told.text()
    assert "Situation" in card.told.text()
    card.to.setText(str(path))
    card.road.setText(str(both.stick))
    card.send()
    assert card.told.property("tone") == "problem"
    assert list(both.stick.iterdir()) == []
    card.heard.setText(typed)
    card.send()
    assert (card.told.text(), card.told.property("tone")) == ("It was left for the other center, sealed.", "")
    theirs = both.theirs.head.open()
    theirs.referring.letters.meet(str(both.stick))
    [one] = theirs.referring.arrived()
    assert one.of("case")["situation"] == SITUATION


def test_what_always_goes_cannot_be_unticked(both: Neighbours, theme: Theme, qtbot: Any) -> None:
    office = both.ours.head.open()
    page = ReferralPage(place_of(office, theme), referral(office))
    qtbot.addWidget(page)
    held = (one for one in page.sending.items() if not one.flags() & Qt.ItemFlag.ItemIsEnabled)
    fixed = [one.data(0, Qt.ItemDataRole.UserRole) for one in held]
    assert fixed == ["person.surname", "person.given", "referral.request"]


def test_what_came_is_read_compared_and_accepted(both: Neighbours, theme: Theme, qtbot: Any) -> None:
    both.send(referral(both.ours.head.open()))
    theirs = both.theirs.head.open()
    screen = inbox(theirs, theme, qtbot)
    assert screen.rows == []
    screen.road.line.setText(str(both.stick))
    screen.road.begin()
    assert "Referrals that came: 1." in screen.road.told.text()
    [letter] = screen.rows
    assert letter.arrived.name == OURS
    letter.accept()
    assert "Nobody has compared" in letter.problem.text()
    letter.heard.setText(letter.arrived.fingerprint)
    letter.accept()
    assert screen.rows == []
    [accepted] = screen.accepted.rows()
    assert OURS in accepted.accepted.title
    assert theirs.desk.find("person")[0].values()["surname"] == SURNAME
    accepted.words.setPlainText("Баспана берілді")
    accepted.tell()
    screen.road.begin()
    ours = both.ours.head.open()
    assert ours.referring.letters.meet(str(both.stick)).answers == 2


def test_a_refusal_without_its_reason_stays_and_says_so(both: Neighbours, theme: Theme, qtbot: Any) -> None:
    both.send(referral(both.ours.head.open()))
    theirs = both.theirs.head.open()
    theirs.referring.letters.meet(str(both.stick))
    screen = inbox(theirs, theme, qtbot)
    [letter] = screen.rows
    letter.heard.setText(letter.arrived.fingerprint)
    letter.refuse()
    assert letter.problem.text() == "A refusal needs its reason."
    letter.words.setPlainText("Орын жоқ")
    letter.refuse()
    assert screen.rows == []
    assert theirs.desk.count("person") == 0


def test_an_answer_that_is_being_written_is_not_taken_away(both: Neighbours, theme: Theme, qtbot: Any) -> None:
    both.send(referral(both.ours.head.open()))
    theirs = both.theirs.head.open()
    theirs.referring.letters.meet(str(both.stick))
    screen = inbox(theirs, theme, qtbot)
    [letter] = screen.rows
    letter.words.setPlainText("Орын")
    screen.refresh()
    assert screen.rows == [letter]


def test_the_fingerprint_that_is_read_aloud_stands_there(both: Neighbours, theme: Theme, qtbot: Any) -> None:
    office = both.ours.head.open()
    screen = inbox(office, theme, qtbot)
    assert screen.own.print.text() == office.referring.letters.fingerprint()
