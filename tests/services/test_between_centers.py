"""A referral travels sealed to another center, is answered, and the sender sees it, however long either is away."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from neighbours import CONTACT, GIVEN, IIN, NOW, OURS, REQUEST, SITUATION, SURNAME, THEIRS, Neighbours, referral, save
from newcomers import BOTA, BOTA_NAMED, Desk

from familydesk.core import clock
from familydesk.core.errors import Refused
from familydesk.services import answers, letters
from familydesk.services.arrived import Arrived
from familydesk.services.office import Office
from familydesk.services.referring import Answered, Verdict
from familydesk.store.journal import Deed


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Neighbours:
    with clock.stopped(NOW):
        return Neighbours.made(tmp_path_factory.mktemp("made") / "both")


@pytest.fixture(scope="module")
def larger(made: Neighbours, tmp_path_factory: pytest.TempPathFactory) -> Neighbours:
    """The same with a colleague and her laptop in each center."""
    found = made.copied(tmp_path_factory.mktemp("larger") / "both")
    with clock.stopped(NOW):
        for place in (found.ours, found.theirs):
            place.admitted("bota", BOTA, BOTA_NAMED, "CASE_MANAGER")
            place.head.sync(place.stick)
    return found


@pytest.fixture
def both(made: Neighbours, tmp_path: Path) -> Iterator[Neighbours]:
    found = made.copied(tmp_path / "both")
    with clock.stopped(NOW):
        yield found
        found.leave()


@pytest.fixture
def colleagues(larger: Neighbours, tmp_path: Path) -> Iterator[Neighbours]:
    found = larger.copied(tmp_path / "both")
    with clock.stopped(NOW):
        yield found
        found.leave()


def arrived(office: Office, both: Neighbours) -> Arrived:
    """The one referral that came."""
    office.referring.letters.meet(str(both.stick))
    [one] = office.referring.arrived()
    return one


def answer(office: Office, both: Neighbours, verdict: Verdict, words: str = "", **more: Any) -> Answered:
    one = arrived(office, both)
    return office.referring.answer(one.id, verdict, words, one.fingerprint, peer=str(both.stick), **more)


def answer_of(office: Office, id: UUID) -> tuple[str | None, Any, str | None]:
    found = office.desk.get("referral", id).values()
    return (found["answer"].name if found["answer"] else None), found["answered_on"], found["answer_text"]


def texts(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.text for problem in refused.value.problems]


def deeds(office: Office, deed: Deed) -> list[tuple[str, str]]:
    """Reason and recipient of each event of this kind."""
    query = "SELECT reason, recipient FROM journal WHERE deed = ? ORDER BY seq"
    with office.database.connection() as connection:
        return [(row[0], row[1]) for row in connection.exec_driver_sql(query, (deed.name,))]


# There and back


def test_a_referral_is_accepted_and_the_sender_sees_it(both: Neighbours) -> None:
    id = referral(both.ours.head.open())
    sent = both.send(id)
    assert (sent.left, sent.ground) == (True, "Consent of 02.03.2026")
    theirs = both.theirs.head.open()
    one = arrived(theirs, both)
    assert (one.name, one.compared, one.of("person")["surname"]) == (OURS, False, SURNAME)
    given = answer(theirs, both, Verdict.ACCEPTED, "Дүйсенбіде күтеміз")
    assert given.left
    assert given.taken is not None
    person = theirs.desk.get("person", given.taken.person_id).values()
    assert (person["surname"], person["given"], person["iin"]) == (SURNAME, GIVEN, None)
    application = theirs.desk.get("application", given.taken.application_id).values()
    assert (application["sender"], application["channel"].name) == (OURS, "OTHER_CENTER")
    assert REQUEST in application["reason_text"]
    assert theirs.referring.arrived() == []
    ours = both.ours.head.open()
    met = ours.referring.letters.meet(str(both.stick))
    assert (met.answers, met.warnings) == (1, [])
    assert answer_of(ours, id) == ("ACCEPTED", NOW.date(), "Дүйсенбіде күтеміз")


def test_a_refusal_has_its_reason_and_leaves_no_record_behind(both: Neighbours) -> None:
    id = referral(both.ours.head.open())
    both.send(id)
    theirs = both.theirs.head.open()
    with pytest.raises(Refused) as refused:
        answer(theirs, both, Verdict.REFUSED)
    assert texts(refused) == [answers.WITHOUT_REASON]
    answer(theirs, both, Verdict.REFUSED, "Орын жоқ")
    assert theirs.desk.count("person") == theirs.desk.count("application") == 0
    with theirs.database.connection() as connection:
        kept = connection.exec_driver_sql("SELECT content FROM letter WHERE outgoing = 0").scalars().all()
    assert kept == [None]
    ours = both.ours.head.open()
    ours.referring.letters.meet(str(both.stick))
    assert answer_of(ours, id) == ("REFUSED", NOW.date(), "Орын жоқ")


def test_what_came_of_it_is_told_later_and_added(both: Neighbours) -> None:
    id = referral(both.ours.head.open())
    both.send(id)
    theirs = both.theirs.head.open()
    with pytest.raises(Refused) as refused:
        answer(theirs, both, Verdict.ANSWERED, "Баспана берілді")
    assert texts(refused) == [answers.FIRST]
    given = answer(theirs, both, Verdict.ACCEPTED, "Күтеміз")
    with clock.stopped(NOW + timedelta(days=20)):
        theirs.referring.answer(given.sending, Verdict.ANSWERED, "Баспана берілді", peer=str(both.stick))
        ours = both.ours.head.open()
        assert ours.referring.letters.meet(str(both.stick)).answers == 2
        assert answer_of(ours, id) == ("ACCEPTED", NOW.date(), "Күтеміз\nБаспана берілді")
    with pytest.raises(Refused) as refused:
        theirs.referring.answer(given.sending, Verdict.REFUSED, "Жоқ")
    assert texts(refused) == [answers.ACCEPTED_ALREADY]


def test_weeks_without_each_other_lose_nothing(both: Neighbours) -> None:
    """Nothing is within reach when it is sent; the other center has another key by the time it comes."""
    path, typed = both.certificate()
    ours = both.ours.head.open()
    id = referral(ours)
    assert not ours.referring.send(id, str(path), typed).left
    with clock.stopped(NOW + timedelta(weeks=3)):
        theirs = both.theirs.head.open()
        added = theirs.members.add("saule", "Саматова Сәуле", _role("SOCIAL_WORKER"))
        theirs.members.disable(added.login)
        assert len(theirs.center.epoch_keys) == 2
    with clock.stopped(NOW + timedelta(weeks=5)):
        ours = both.ours.head.open()
        assert ours.referring.letters.meet(str(both.stick)).handed_over == 1
    with clock.stopped(NOW + timedelta(weeks=9)):
        answer(both.theirs.head.open(), both, Verdict.ACCEPTED)
    with clock.stopped(NOW + timedelta(weeks=15)):
        ours = both.ours.head.open()
        ours.referring.letters.meet(str(both.stick))
        assert answer_of(ours, id)[:2] == ("ACCEPTED", (NOW + timedelta(weeks=9)).date())
        again = save(ours, "referral", id, answer=None)
        [known] = ours.referring.letters.neighbours().values()
        assert (known.certificate, known.believed) == (theirs.referring.letters.certificate(), False)
        assert again == id


def _role(name: str) -> Any:
    from familydesk.services.members import Role

    return Role[name]


def test_any_colleague_takes_the_answer_in_and_tells_what_came_of_it(colleagues: Neighbours) -> None:
    ours, theirs = colleagues.ours, colleagues.theirs
    id = referral(ours.head.open())
    colleagues.send(id)
    given = answer(theirs.head.open(), colleagues, Verdict.ACCEPTED)
    ours.head.sync(ours.stick)
    theirs.head.sync(theirs.stick)
    bota = theirs.desk("bota", BOTA)
    bota.sync(theirs.stick)
    office = bota.open()
    [accepted] = office.referring.accepted()
    assert not accepted.compared
    words = given.sending[:8], Verdict.ANSWERED, "Баспана берілді"
    with pytest.raises(Refused, match="Nobody has compared the center"):
        office.referring.answer(*words)
    typed = colleagues.fingerprint()
    office.referring.answer(*words, typed, peer=str(colleagues.stick))
    assert office.referring.accepted()[0].compared
    bota.leave()
    hers = ours.desk("bota", BOTA)
    hers.sync(ours.stick)
    assert hers.open().referring.letters.meet(str(colleagues.stick)).answers == 2
    hers.leave()
    hers.sync(ours.stick)
    ours.head.sync(ours.stick)
    assert answer_of(ours.head.open(), id) == ("ACCEPTED", NOW.date(), "Баспана берілді")


def test_a_colleague_need_not_answer_what_was_accepted_already(colleagues: Neighbours) -> None:
    theirs = colleagues.theirs
    id = referral(colleagues.ours.head.open())
    colleagues.send(id)
    bota = theirs.desk("bota", BOTA)
    assert len(_waiting(bota, colleagues.stick)) == 1
    shutil.copytree(colleagues.stick, colleagues.root / "twin")
    answer(theirs.head.open(), colleagues, Verdict.ACCEPTED)
    theirs.head.sync(theirs.stick)
    bota.sync(theirs.stick)
    assert _waiting(bota, colleagues.root / "twin") == []


def _waiting(desk: Desk, stick: Path) -> list[Arrived]:
    office = desk.open()
    office.referring.letters.meet(str(stick))
    found = office.referring.arrived()
    desk.leave()
    return found


def test_letters_reach_colleagues_when_they_sync(colleagues: Neighbours) -> None:
    theirs = colleagues.theirs
    id = referral(colleagues.ours.head.open())
    colleagues.send(id)
    theirs.head.sync(colleagues.stick)
    theirs.head.sync(theirs.stick)
    bota = theirs.desk("bota", BOTA)
    assert bota.sync(theirs.stick)["warnings"] == []
    [one] = bota.open().referring.arrived()
    assert one.of("person")["surname"] == SURNAME
    bota.leave()


def test_somebody_known_here_keeps_her_record(both: Neighbours) -> None:
    both.send(referral(both.ours.head.open()), ["person.iin"])
    theirs = both.theirs.head.open()
    known = save(theirs, "person", surname="Құндызбай", given=GIVEN, iin_absence="NO_DOCUMENT")
    given = answer(theirs, both, Verdict.ACCEPTED, person=known)
    assert given.taken is not None
    assert given.taken.person_id == known
    assert theirs.desk.count("person") == 1


# Once and for all


def test_what_comes_again_counts_once(both: Neighbours) -> None:
    id = referral(both.ours.head.open())
    both.send(id)
    [letter] = both.stick.rglob("object/inbox/*")
    name, content = letter.name, letter.read_bytes()
    theirs = both.theirs.head.open()
    answer(theirs, both, Verdict.REFUSED, "Орын жоқ")
    letter.with_name(name[:-1] + ("0" if name[-1] != "0" else "1")).write_bytes(content)
    met = theirs.referring.letters.meet(str(both.stick))
    assert (theirs.referring.arrived(), met.warnings) == ([], [])
    assert not [one for one in letter.parent.iterdir() if not one.name.endswith(".destroyed")]


def test_an_old_answer_that_comes_again_takes_nothing_back(both: Neighbours) -> None:
    id = referral(both.ours.head.open())
    both.send(id)
    theirs = both.theirs.head.open()
    given = answer(theirs, both, Verdict.ACCEPTED, "Күтеміз")
    shutil.copytree(both.stick, both.root / "old")
    theirs.referring.answer(given.sending, Verdict.ANSWERED, "Баспана берілді", peer=str(both.stick))
    ours = both.ours.head.open()
    for stick in (both.stick, both.root / "old"):
        ours.referring.letters.meet(str(stick))
    assert answer_of(ours, id) == ("ACCEPTED", NOW.date(), "Күтеміз\nБаспана берілді")


def test_sent_once_more_it_is_the_same_letter(both: Neighbours) -> None:
    id = referral(both.ours.head.open())
    first = both.send(id)
    (both.root / "another").mkdir()
    again = both.send(id, peer=str(both.root / "another"))
    assert (again.sending, again.again, again.fields) == (first.sending, True, first.fields)
    shutil.copytree(both.root / "another", both.stick, dirs_exist_ok=True)
    assert arrived(both.theirs.head.open(), both).id == first.sending
    with pytest.raises(Refused, match="with other fields"):
        both.send(id, ["person.iin"])


# To whom and from whom


def test_nothing_is_sealed_to_a_key_that_nobody_has_compared(both: Neighbours) -> None:
    ours = both.ours.head.open()
    id = referral(ours)
    path, typed = both.certificate()
    ours = both.ours.head.open()
    for fingerprint in ("", "00000-00000-00000-00000", ours.referring.letters.fingerprint()):
        with pytest.raises(Refused):
            ours.referring.send(id, str(path), fingerprint, peer=str(both.stick))
    ours.referring.send(id, str(path), typed, peer=str(both.stick))
    center = next(iter(ours.referring.letters.neighbours())).hex()
    assert ours.referring.send(id, center[:8]).again


def test_a_certificate_whose_key_was_exchanged_has_another_fingerprint(both: Neighbours) -> None:
    """Its center is the same, so the fingerprint of the center alone would not tell."""
    id = referral(both.ours.head.open())
    path, typed = both.certificate()
    words = path.read_text().split()
    path.write_text(" ".join([*words[:-1], "ab" * 32]))
    with pytest.raises(Refused, match="exchanged on its way"):
        both.ours.head.open().referring.send(id, str(path), typed)
    path.write_text(" ".join(words[:-1]))
    with pytest.raises(Refused, match="not the certificate"):
        both.ours.head.open().referring.send(id, str(path), typed)


def test_a_certificate_that_changed_is_compared_anew(both: Neighbours) -> None:
    first, second = referral(both.ours.head.open()), None
    both.send(first)
    theirs = both.theirs.head.open()
    theirs.members.disable(theirs.members.add("saule", "Саматова Сәуле", _role("SOCIAL_WORKER")).login)
    path, typed = both.certificate()
    ours = both.ours.head.open()
    second = save(ours, "referral", **{**_same(ours, first)})
    with pytest.raises(Refused, match="compared this certificate"):
        ours.referring.send(second, str(path))
    assert ours.referring.send(second, str(path), typed).name == ""


def _same(office: Office, id: UUID) -> dict[str, Any]:
    held = office.desk.get("referral", id).values()
    return {name: held[name] for name in ("case_id", "person_id", "destination_kind", "request", "consent_id")}


def test_ones_own_center_is_no_other(both: Neighbours) -> None:
    ours = both.ours.head.open()
    id, path = referral(ours), both.root / "ours.txt"
    ours.admissions.certificate(path)
    with pytest.raises(Refused, match="your own center"):
        ours.referring.send(id, str(path), ours.referring.letters.fingerprint())


def test_a_referral_of_a_center_that_nobody_has_compared_is_not_answered(both: Neighbours) -> None:
    both.send(referral(both.ours.head.open()))
    theirs = both.theirs.head.open()
    one = arrived(theirs, both)
    for typed in ("", theirs.referring.letters.fingerprint(), "00000-00000-00000-00000"):
        with pytest.raises(Refused):
            theirs.referring.answer(one.id, Verdict.ACCEPTED, "", typed)
    assert theirs.desk.count("person") == 0
    assert theirs.referring.answer(one.id, Verdict.ACCEPTED, "", both.fingerprint()).taken


def test_what_is_forged_or_damaged_is_thrown_away_and_told_of(both: Neighbours) -> None:
    both.send(referral(both.ours.head.open()))
    theirs = both.theirs.head.open()
    [letter] = both.stick.rglob("object/inbox/*")
    content = letter.read_bytes()
    others = "0123".replace(letter.name[-1], "")
    for last, bad in zip(others, (b"nothing", content[:40], b"FDR1" + bytes(16) + content[20:]), strict=False):
        letter.with_name(f"{letter.name[:-1]}{last}").write_bytes(bad)
    letter.write_bytes(content)
    met = theirs.referring.letters.meet(str(both.stick))
    assert [(one.text, dict(one.values)) for one in met.warnings] == [(letters.UNREADABLE, {"count": 2})]
    assert len(theirs.referring.arrived()) == 1


def test_an_answer_that_nobody_asked_for_changes_nothing(both: Neighbours) -> None:
    """A center that is known answers a referral that went to it with the name of another one."""
    ours = both.ours.head.open()
    first = referral(ours)
    second = save(ours, "referral", **_same(ours, first))
    both.send(first)
    theirs = both.theirs.head.open()
    one = arrived(theirs, both)
    from nacl.utils import random

    from familydesk.sync import letter

    with theirs.database.write() as session:
        said = letter.Answer(random(96), Verdict.REFUSED, "Жоқ", "2026-03-02")
        theirs.referring.letters.write(session, one.certificate, bytes.fromhex(one.id), UUID(int=0), said)
        said = letter.Answer(one.token, Verdict.REFUSED, "Жоқ", "2026-03-02")
        theirs.referring.letters.write(session, one.certificate, random(16), UUID(int=0), said)
    theirs.referring.letters.meet(str(both.stick))
    ours = both.ours.head.open()
    ours.referring.letters.meet(str(both.stick))
    assert answer_of(ours, first) == answer_of(ours, second) == (None, None, None)


def test_nothing_can_be_read_on_the_way(both: Neighbours) -> None:
    id = referral(both.ours.head.open())
    both.send(id, ["person.iin", "case.situation", "person.contact_care"], location_reason="Түнде барады")
    answer(both.theirs.head.open(), both, Verdict.ACCEPTED, "Баспана берілді")
    left = b"".join(one.read_bytes() for one in both.stick.rglob("*") if one.is_file())
    names = " ".join(str(one.relative_to(both.stick)) for one in both.stick.rglob("*"))
    planted = (SURNAME, GIVEN, REQUEST, SITUATION, CONTACT, IIN, OURS, THEIRS, "Баспана", "Оспанова", "head")
    for word in planted:
        assert word.encode() not in left
        assert word not in names
    ours = both.ours.head.open()
    with ours.database.connection() as connection:
        keys = connection.exec_driver_sql("SELECT key FROM stream_key").scalars().all()
    assert not any(bytes.fromhex(key) in left for key in keys)


def test_a_consent_that_is_withdrawn_meanwhile_holds_the_letter_back(both: Neighbours) -> None:
    path, typed = both.certificate()
    ours = both.ours.head.open()
    id = referral(ours)
    ours.referring.send(id, str(path), typed)
    consent = ours.desk.get("referral", id).values()["consent_id"]
    save(ours, "consent", consent, withdrawn_on=NOW.date())
    met = ours.referring.letters.meet(str(both.stick))
    assert ([one.text for one in met.warnings], met.handed_over) == ([letters.HELD], 0)
    assert list(both.stick.rglob("inbox/*")) == []


def test_a_letter_about_somebody_who_was_erased_goes_nowhere(both: Neighbours) -> None:
    path, typed = both.certificate()
    ours = both.ours.head.open()
    id = referral(ours)
    ours.referring.send(id, str(path), typed)
    about = ours.desk.get("referral", id).values()
    closed = {"stage": "CLOSED", "closed_on": NOW.date(), "closing_reason": "MOVED"}
    save(ours, "case", about["case_id"], **closed)
    ours.keeping.erase(about["person_id"], "Өтініші бойынша")
    with ours.database.connection() as connection:
        assert connection.exec_driver_sql("SELECT content FROM letter").scalars().all() == [None]
    met = ours.referring.letters.meet(str(both.stick))
    assert (met.handed_over, met.waiting, met.warnings) == (0, 0, [])


# The journal


def test_the_journal_says_what_left_to_whom_and_why(both: Neighbours) -> None:
    id = referral(both.ours.head.open())
    both.send(id)
    ours = both.ours.head.open()
    [(reason, recipient)] = deeds(ours, Deed.EXPORTED)
    assert reason == "Consent of 02.03.2026"
    assert recipient == next(iter(ours.referring.letters.neighbours())).hex()
    theirs = both.theirs.head.open()
    answer(theirs, both, Verdict.ACCEPTED)
    assert deeds(theirs, Deed.EXPORTED) == deeds(theirs, Deed.IMPORTED) == [("", OURS)]
    assert theirs.journal.verify().whole
    ours = both.ours.head.open()
    ours.referring.letters.meet(str(both.stick))
    assert deeds(ours, Deed.IMPORTED) == [("", THEIRS)]
    assert ours.journal.verify().whole
