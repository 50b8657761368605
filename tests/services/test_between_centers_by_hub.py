"""Two centers that one hub keeps write to each other through it, and it reads nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from neighbours import GIVEN, NOW, REQUEST, SURNAME, Neighbours, referral
from newcomers import Place
from test_meeting_by_hub import Hub

from familydesk.core import clock
from familydesk.services import letters
from familydesk.services.referring import Verdict


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Neighbours:
    return Neighbours.made(tmp_path_factory.mktemp("made") / "both")


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    found = Hub(tmp_path / "hub")
    yield found
    found.stop()


@pytest.fixture
def both(made: Neighbours, hub: Hub, tmp_path: Path) -> Iterator[Neighbours]:
    """Only the center that sends is kept by the hub."""
    found = made.copied(tmp_path / "both")
    keep(hub, found.ours)
    yield found
    found.leave()


def keep(hub: Hub, place: Place) -> None:
    certificate = place.root / "certificate.txt"
    place.head.open().admissions.certificate(certificate)
    place.head.leave()
    hub.add(certificate)
    place.head.open().syncing.sync(hub.url)


def test_a_referral_and_its_answer_go_through_the_hub_with_an_ordinary_sync(both: Neighbours, hub: Hub) -> None:
    keep(hub, both.theirs)
    id = referral(both.ours.head.open())
    assert both.send(id, peer=hub.url).left
    theirs = both.theirs.head.open()
    assert theirs.syncing.sync(hub.url).warnings == []
    [one] = theirs.referring.arrived()
    assert one.of("person")["surname"] == SURNAME
    given = theirs.referring.answer(one.id, Verdict.ACCEPTED, "Күтеміз", one.fingerprint)
    assert not given.left
    assert theirs.syncing.sync(hub.url).warnings == []
    ours = both.ours.head.open()
    assert ours.syncing.sync(hub.url).warnings == []
    found = ours.desk.get("referral", id).values()
    assert (found["answer"].name, found["answer_text"]) == ("ACCEPTED", "Күтеміз")
    for office in (theirs, ours):
        office.syncing.sync(hub.url)
        assert office.referring.letters.meet(hub.url).received == 0
    hub.stop()
    for file in hub.folder.iterdir():
        content = file.read_bytes()
        assert not any(word.encode() in content for word in (SURNAME, GIVEN, REQUEST, "Күтеміз", "Алматы")), file.name
    hub.start()


def test_a_letter_to_a_center_that_the_hub_does_not_keep_waits_and_that_is_said(both: Neighbours, hub: Hub) -> None:
    id = referral(both.ours.head.open())
    assert not both.send(id, peer=hub.url).left
    ours = both.ours.head.open()
    warned = ours.syncing.sync(hub.url).warnings
    assert [(one.text, dict(one.values)) for one in warned] == [(letters.WAIT, {"count": 1})]
    keep(hub, both.theirs)
    assert ours.syncing.sync(hub.url).warnings == []
    theirs = both.theirs.head.open()
    assert theirs.referring.letters.meet(hub.url).received == 1


def test_a_letter_is_left_anew_for_half_a_year_and_not_longer(both: Neighbours) -> None:
    with clock.stopped(NOW):
        both.send(referral(both.ours.head.open()))
    lost = both.root / "lost"
    both.stick.rename(lost)
    both.stick.mkdir()
    ours = both.ours.head.open()
    with clock.stopped(NOW + timedelta(days=170)):
        assert ours.referring.letters.meet(str(both.stick)).handed_over == 1
    with clock.stopped(NOW + timedelta(days=190)):
        ours.referring.letters.meet(str(both.stick))
        assert ours.referring.letters.meet(str(both.stick)).handed_over == 0
