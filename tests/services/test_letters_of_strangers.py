"""What somebody who is no neighbour, or is none any more, cannot do with letters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from nacl.public import PrivateKey
from nacl.signing import SigningKey
from nacl.utils import random
from neighbours import NOW, THEIRS, Neighbours, referral, save
from newcomers import BOTA, BOTA_NAMED
from test_between_centers import _same, answer, arrived

from familydesk.core import clock
from familydesk.core.errors import Refused
from familydesk.services import answers, letters
from familydesk.services.office import Office
from familydesk.services.referring import Verdict
from familydesk.sync import letter, letter_box
from familydesk.sync.letter import MAGIC, Answer, Letter, Sender, object_name
from familydesk.sync.wire.certificate import Certificate


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Neighbours:
    """Bota belongs to the center that receives."""
    found = Neighbours.made(tmp_path_factory.mktemp("made") / "both")
    with clock.stopped(NOW):
        found.theirs.admitted("bota", BOTA, BOTA_NAMED, "SOCIAL_WORKER")
        found.theirs.head.sync(found.theirs.stick)
    return found


@pytest.fixture
def both(made: Neighbours, tmp_path: Path) -> Iterator[Neighbours]:
    found = made.copied(tmp_path / "both")
    with clock.stopped(NOW):
        yield found
        found.leave()


def leave_at(stick: Path, to: bytes, content: bytes) -> None:
    """Where a center's letters lie on a stick."""
    folder = stick / f"familydesk-{to.hex()[:8]}" / "object" / "inbox"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / object_name(to)).write_bytes(content)


def shown_by_bota(both: Neighbours, to: Office, box: PrivateKey, epoch: int) -> bytes:
    """What she writes with the log of her center and a key that nobody else has."""
    bota = both.theirs.desk("bota", BOTA)
    office = bota.open()
    said = tuple(one.content for one in office.center.held())
    key, me, anchor = office.account.signing_key(), office.me, office.account.anchor
    bota.leave()
    assert key
    assert anchor
    sender = Sender(anchor, bytes(box.public_key), epoch, THEIRS, said)
    words = Answer(bytes(60), Verdict.ANSWERED, "x", "2026-03-02")
    return Letter(sender, to.center.id, random(16), me, 1, words).signed(key).sealed(own_key(to))


def own_key(office: Office) -> bytes:
    return office.referring.letters.certificate().sealing


def test_a_key_of_no_epoch_of_her_center_takes_no_neighbours_place(both: Neighbours) -> None:
    ours = both.ours.head.open()
    both.send(referral(ours))
    ours = both.ours.head.open()
    [before] = ours.referring.letters.neighbours().values()
    content = shown_by_bota(both, ours, PrivateKey.generate(), 2**40)
    leave_at(both.stick, ours.center.id, content)
    ours.referring.letters.meet(str(both.stick))
    [after] = ours.referring.letters.neighbours().values()
    assert (after.certificate, after.believed) == (before.certificate, True)


def test_a_neighbours_later_key_is_compared_before_anything_is_sealed_to_it(both: Neighbours) -> None:
    """She shows the number of a true epoch; the center reads the fingerprint of its own key, not of hers."""
    first = referral(both.ours.head.open())
    both.send(first)
    ours = both.ours.head.open()
    content = shown_by_bota(both, ours, PrivateKey.generate(), max(both.theirs.head.open().center.epoch_keys))
    leave_at(both.stick, ours.center.id, content)
    ours.referring.letters.meet(str(both.stick))
    [known] = ours.referring.letters.neighbours().values()
    second, center = save(ours, "referral", **_same(ours, first)), known.center.hex()[:8]
    with pytest.raises(Refused, match="Nobody has compared"):
        ours.referring.send(second, center)
    path, typed = both.certificate()
    with pytest.raises(Refused, match="not the one of this certificate"):
        ours.referring.send(second, center, typed)
    ours.referring.send(second, str(path), typed)
    [known] = ours.referring.letters.neighbours().values()
    assert (known.certificate.sealing, known.believed) == (own_key(both.theirs.head.open()), True)
    ours.referring.letters.meet(str(both.stick))
    assert ours.referring.send(second, center).again


def test_the_fingerprint_of_a_center_alone_does_not_tell_whose_key_a_letter_shows(both: Neighbours) -> None:
    both.send(referral(both.ours.head.open()))
    theirs = both.theirs.head.open()
    one = arrived(theirs, both)
    from familydesk.sync import fingerprint

    with pytest.raises(Refused, match="not the one of the center"):
        theirs.referring.answer(one.id, Verdict.ACCEPTED, "", fingerprint.of_center(one.certificate.anchor))


def test_an_answer_is_not_sealed_to_a_way_back_that_somebody_wrote_into_an_application(both: Neighbours) -> None:
    theirs = both.theirs.head.open()
    planted = Certificate(bytes(SigningKey.generate().verify_key), bytes(PrivateKey.generate().public_key))
    sending = random(16)
    plant(theirs, answers._WayBack(sending, planted, b"token").mark())
    with pytest.raises(Refused) as refused:
        theirs.referring.answer(sending.hex(), Verdict.ANSWERED, "Баспанада, Абай 5")
    assert [problem.text for problem in refused.value.problems] == [answers.COMPARE]
    with theirs.database.connection() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM letter WHERE outgoing = 1").scalar() == 0


def plant(office: Office, mark: str) -> UUID:
    """As a colleague's program may write it that does not follow the rules."""
    person = save(office, "person", surname="Кім", given="Ая", iin_absence="NOT_RECORDED")
    told = {"channel": "OTHER_CENTER", "reason": "OTHER", "reason_text": "x", "received_at": NOW}
    return save(office, "application", person_id=person, imported_mark=mark, sender="Тараз", **told)


def test_a_referral_that_waits_is_not_taken_away_by_a_mark_with_its_name(both: Neighbours) -> None:
    both.send(referral(both.ours.head.open()))
    theirs = both.theirs.head.open()
    one = arrived(theirs, both)
    planted = Certificate(one.certificate.anchor, bytes(PrivateKey.generate().public_key))
    plant(theirs, answers._WayBack(bytes.fromhex(one.id), planted, one.token).mark())
    plant(theirs, f"referral:{one.id}:nothing")
    assert [again.id for again in theirs.referring.arrived()] == [one.id]
    assert answer(theirs, both, Verdict.ACCEPTED).taken


def test_letters_of_chance_bytes_shut_nobody_out_and_go_in_time(both: Neighbours) -> None:
    theirs = both.theirs.head.open()
    to = theirs.center.id
    for _number in range(letters.UNOPENED + 3):
        leave_at(both.stick, to, MAGIC + to + random(64))
    both.send(referral(both.ours.head.open()))
    theirs = both.theirs.head.open()
    met = theirs.referring.letters.meet(str(both.stick))
    assert [(one.text, dict(one.values)) for one in met.warnings] == [(letters.TURNED_AWAY, {"count": 3})]
    assert (met.received, len(theirs.referring.arrived())) == (letters.UNOPENED + 1, 1)
    with clock.stopped(NOW + letters.KEPT_FOR + timedelta(days=1)):
        again = theirs.referring.letters.meet(str(both.stick))
        assert again.warnings == []
        assert len(theirs.referring.letters.names()) == 3 + 1


def test_a_letter_with_a_long_log_waits_until_its_center_was_compared(
    both: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letter, "OF_A_STRANGER", 1)
    ours = both.ours.head.open()
    certificate = ours.referring.letters.certificate()
    both.send(referral(ours))
    theirs = both.theirs.head.open()
    assert theirs.referring.letters.meet(str(both.stick)).warnings == []
    assert theirs.referring.arrived() == []
    with theirs.database.connection(write=True) as connection:
        letter_box.believe(connection, certificate, theirs.me)
    theirs.referring.letters.meet(str(both.stick))
    [one] = theirs.referring.arrived()
    assert one.compared
