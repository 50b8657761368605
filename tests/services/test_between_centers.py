"""A referral travels sealed to another center, is answered, and the sender sees it, however long either is away."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from neighbours import GIVEN, NOW, OURS, REQUEST, SURNAME, Neighbours, referral
from newcomers import BOTA, BOTA_NAMED

from familydesk.core import clock
from familydesk.core.errors import Refused
from familydesk.sync.letter import Verdict


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Neighbours:
    with clock.stopped(NOW):
        return Neighbours.made(tmp_path_factory.mktemp("made") / "both")


@pytest.fixture
def both(made: Neighbours, tmp_path: Path) -> Iterator[Neighbours]:
    found = made.copied(tmp_path / "both")
    with clock.stopped(NOW):
        yield found
        found.leave()


def test_a_referral_is_accepted_and_the_sender_sees_it(both: Neighbours) -> None:
    id = referral(both.ours.head.open())
    sent = both.send(id)
    assert (sent.left, sent.ground) == (True, "Consent of 02.03.2026")
    theirs = both.theirs.head.open()
    assert theirs.letters.meet(str(both.stick)).received == 1
    [arrived] = theirs.referring.arrived()
    assert (arrived.name, arrived.compared) == (OURS, False)
    assert arrived.of("person")["surname"] == SURNAME
    answered = theirs.referring.answer(
        arrived.id, Verdict.ACCEPTED, "Дүйсенбіде күтеміз", arrived.fingerprint, peer=str(both.stick)
    )
    assert answered.left
    taken = answered.taken
    assert taken is not None
    person = theirs.desk.get("person", taken.person_id).values()
    assert (person["surname"], person["given"], person["iin"]) == (SURNAME, GIVEN, None)
    application = theirs.desk.get("application", taken.application_id).values()
    assert (application["sender"], application["channel"].name) == (OURS, "OTHER_CENTER")
    assert REQUEST in application["reason_text"]
    assert theirs.referring.arrived() == []
    ours = both.ours.head.open()
    met = ours.letters.meet(str(both.stick))
    assert (met.answers, met.warnings) == (1, [])
    seen = ours.desk.get("referral", id).values()
    assert (seen["answer"].name, seen["answered_on"], seen["answer_text"]) == (
        "ACCEPTED",
        NOW.date(),
        "Дүйсенбіде күтеміз",
    )
