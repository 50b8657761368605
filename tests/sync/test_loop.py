"""One meeting after another, over whatever road: nothing is handed over twice, and nothing is said to be there that is
not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from random import Random

import pytest
from envelopes import CENTER, Chain
from fake_peer import FakePeer, RoughRoad, Shelf
from paper_laptop import PaperLaptop

from familydesk.core.errors import Weather
from familydesk.sync import outcome as told
from familydesk.sync.folder import FolderPeer
from familydesk.sync.loop import Loop
from familydesk.sync.outcome import Part, Progress
from familydesk.sync.peer import Have, Meeting, ObjectKind, Receipt
from familydesk.sync.wire.envelope import read
from familydesk.sync.wire.head import Head
from familydesk.sync.wire.stream_key import bundle_name

Make = Callable[[int], PaperLaptop]
CHAINS = 5


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Laptops of one center, who know one another."""
    made: list[PaperLaptop] = []

    def laptop(number: int) -> PaperLaptop:
        others = [Chain(seed) for seed in range(1, CHAINS + 1) if seed != number]
        made.append(PaperLaptop(tmp_path / f"{number}-{len(made)}.db", Chain(number), *others))
        return made[-1]

    yield laptop
    for one in made:
        one.database.close()


def texts(outcome: told.Outcome) -> list[str]:
    return [warning.text for warning in outcome.warnings]


def test_a_days_work_goes_and_comes(make: Make) -> None:
    shelf, one, two = Shelf(), make(1), make(2)
    one.write(3)
    sent = one.meet(FakePeer(shelf))
    assert (sent.sent, sent.received, sent.waiting, texts(sent)) == (6, 0, 0, [])
    two.write(1)
    came = two.meet(FakePeer(shelf))
    assert (came.sent, came.received, came.waiting) == (2, 6, 0)
    assert two.read == [(one.device, 1), (one.device, 2), (one.device, 3)]
    assert one.meet(FakePeer(shelf)).received == 2


def test_nothing_new_is_one_question(make: Make) -> None:
    shelf, one, two = Shelf(), make(1), make(2)
    for laptop in (one, two):
        laptop.write(1)
        laptop.stocks[0].held[laptop.device.hex()] = b"said"
        laptop.meet(FakePeer(shelf))
    one.meet(FakePeer(shelf))
    for laptop in (one, two):
        again = FakePeer(shelf)
        assert laptop.meet(again).received == 0
        assert again.asked == ["meet"]


def test_who_meets_only_one_colleague_hears_of_all(make: Make) -> None:
    one, two, three = make(1), make(2), make(3)
    between, beyond = Shelf(), Shelf()
    one.write(2)
    one.meet(FakePeer(between, "between"))
    two.meet(FakePeer(between, "between"))
    handed_on = two.meet(FakePeer(beyond, "beyond"))
    assert handed_on.sent == 4
    assert three.meet(FakePeer(beyond, "beyond")).received == 4
    assert three.read == [(one.device, 1), (one.device, 2)]


def test_a_peer_that_was_put_back_is_noticed_and_filled_up_again(make: Make) -> None:
    shelf, one, two = Shelf(), make(1), make(2)
    for laptop in (one, two, one):
        laptop.write(2)
        laptop.meet(FakePeer(shelf))
    full = list(shelf.log)
    shelf.log = full[:2]
    noticed = one.meet(FakePeer(shelf))
    assert texts(noticed) == [told.PUT_BACK]
    assert (noticed.waiting, sorted(shelf.log)) == (0, sorted(full))
    assert texts(one.meet(FakePeer(shelf))) == []


def test_another_stick_at_the_same_place_is_no_stick_that_was_put_back(make: Make, tmp_path: Path) -> None:
    one, place = make(1), tmp_path / "stick"
    place.mkdir()
    one.write(2)
    one.meet(FolderPeer(place, CENTER, one.device))
    place.rename(tmp_path / "drawer")
    place.mkdir()
    other = one.meet(FolderPeer(place, CENTER, one.device))
    assert (texts(other), other.sent) == ([], 4)


def test_a_stick_with_old_files_is_noticed(make: Make, tmp_path: Path) -> None:
    one, place = make(1), tmp_path / "stick"
    place.mkdir()
    one.write(2)
    one.meet(FolderPeer(place, CENTER, one.device))
    for newest in place.rglob("000000000002.fde"):
        newest.unlink()
    old = one.meet(FolderPeer(place, CENTER, one.device))
    assert (texts(old), old.sent) == ([told.PUT_BACK], 2)


def test_a_copied_disk_is_noticed_and_sends_nothing_more(make: Make) -> None:
    shelf, one, copy, other = Shelf(), make(1), make(1), make(2)
    one.write(2)
    one.meet(FakePeer(shelf))
    other.write(1)
    other.meet(FakePeer(shelf))
    copy.write(1)
    noticed = copy.meet(FakePeer(shelf))
    assert told.IN_DOUBT in texts(noticed)
    assert (noticed.sent, noticed.waiting, noticed.received) == (0, 2, 2)
    assert copy.have() == {other.device: 1}


def test_a_planted_file_under_ones_own_number_silences_nobody(make: Make, tmp_path: Path) -> None:
    one, place = make(1), tmp_path / "stick"
    place.mkdir()
    one.write(1)
    one.meet(FolderPeer(place, CENTER, one.device))
    (first,) = place.rglob("*.fde")
    first.with_name("000000000002.fde").write_bytes(b"planted")
    first.with_name("000000000003.fde").write_bytes(first.read_bytes())
    one.write(1)
    met = one.meet(FolderPeer(place, CENTER, one.device))
    assert told.IN_DOUBT not in texts(met)
    assert (met.sent, met.waiting) == (2, 0)
    assert one.meet(FolderPeer(place, CENTER, one.device)).waiting == 0


@pytest.mark.parametrize("written", [1, 2, 3])
def test_a_disk_that_was_copied_and_wrote_as_well_is_noticed_and_nothing_is_lost(
    make: Make, tmp_path: Path, written: int
) -> None:
    one, copy, place = make(1), make(1), tmp_path / "stick"
    place.mkdir()
    one.write(2)
    one.meet(FolderPeer(place, CENTER, one.device))
    copy.write(written)
    copy.pack()
    met = copy.meet(FolderPeer(place, CENTER, one.device))
    assert told.IN_DOUBT in texts(met)
    assert met.sent == 0
    assert met.waiting >= 2
    copy.write(1)
    assert copy.meet(FolderPeer(place, CENTER, one.device)).waiting == met.waiting + 2
    assert texts(one.meet(FolderPeer(place, CENTER, one.device))) == []


@pytest.mark.parametrize(
    ("receipt", "sentence"),
    [(Receipt.REVOKED, told.REVOKED), (Receipt.QUOTA, told.QUOTA), (Receipt.BAD, told.REFUSED)],
)
def test_what_a_peer_does_not_take_waits_and_is_told(
    make: Make, monkeypatch: pytest.MonkeyPatch, receipt: Receipt, sentence: str
) -> None:
    shelf, one = Shelf(), make(1)
    one.write(3)
    monkeypatch.setattr(FakePeer, "push", lambda _, envelopes: [Receipt.STORED, *[receipt] * (len(envelopes) - 1)])
    met = one.meet(FakePeer(shelf))
    assert (met.sent, met.waiting, texts(met)) == (2, 4, [sentence])


def test_who_cannot_sign_sends_nothing_and_receives_all(make: Make) -> None:
    shelf, one, two = Shelf(), make(1), make(2)
    one.write(2)
    one.meet(FakePeer(shelf))
    two.write(2)
    two.mute = told.NO_SIGNATURE
    met = two.meet(FakePeer(shelf))
    assert (met.sent, met.received, met.waiting, texts(met)) == (0, 4, 4, [told.NO_SIGNATURE])


def test_stopping_keeps_what_came_and_the_next_meeting_goes_on(make: Make) -> None:
    shelf, one, two = Shelf(page=2), make(1), make(2)
    one.write(20)
    one.meet(FakePeer(shelf))
    asked = count()
    stopped = two.meet(FakePeer(shelf), stop=lambda: next(asked) == 3)
    assert texts(stopped)[0] == told.STOPPED
    assert 0 < two.have()[one.device] < 20
    road = FakePeer(shelf)
    assert two.meet(road).received == 40
    assert road.asked.count("pull") < 9


def test_progress_is_told_in_packets_records_and_bytes(make: Make) -> None:
    shelf, one, two = Shelf(), make(1), make(2)
    one.write(7)
    told_of: list[Progress] = []
    Loop(FakePeer(shelf), one, told_of.append).run()
    assert [(step.part, step.done, step.of, step.records) for step in told_of] == [(Part.SENDING, 7, 7, 14)]
    told_of.clear()
    Loop(FakePeer(shelf), two, told_of.append).run()
    fetching = [step for step in told_of if step.part is Part.FETCHING]
    assert [step.done for step in fetching] == [3, 6, 7]
    assert {step.of for step in fetching} == {7}
    last = told_of[-1]
    assert (last.part, last.records, last.size) == (Part.APPLYING, 14, sum(map(len, shelf.log)))


# Objects


def test_statements_and_keys_go_both_ways(make: Make) -> None:
    shelf, one, two = Shelf(), make(1), make(2)
    one.stocks[0].held["aa"], two.stocks[1].held["bb"] = b"said", b"wrapped"
    for laptop in (one, two, one):
        laptop.meet(FakePeer(shelf))
    assert two.stocks[0].held == {"aa": b"said"}
    assert one.stocks[1].held == {"bb": b"wrapped"}


def test_an_object_that_is_none_is_told_and_not_taken(make: Make) -> None:
    shelf, one = Shelf(), make(1)
    shelf.objects[ObjectKind.STATEMENT] = {"aa": b"?", "bb": b"said"}
    met = one.meet(FakePeer(shelf))
    assert texts(met) == [told.DAMAGED]
    assert one.stocks[0].names() == {"bb"}


def test_what_was_destroyed_here_goes_there_too_and_is_not_fetched(make: Make) -> None:
    shelf, one, two = Shelf(), make(1), make(2)
    one.stocks[1].held["aa"] = b"wrapped"
    one.meet(FakePeer(shelf))
    two.stocks[1].gone.add("aa")
    two.meet(FakePeer(shelf))
    assert shelf.objects[ObjectKind.KEY] == {}
    assert two.stocks[1].held == {}


def test_a_hub_is_handed_nothing_of_a_stranger_and_a_stick_carries_it_on(make: Make, tmp_path: Path) -> None:
    class Signing(FakePeer):
        """A hub: it signs what it holds, and takes nothing of a device that no statement names."""

        newest: Head | None = None

        def head(self, at: int) -> Head | None:
            return None

        def push(self, envelopes: Sequence[bytes]) -> list[Receipt]:
            assert stranger.device not in {read(one).header.device for one in envelopes}
            return super().push(envelopes)

    one, stranger, found = make(1), Chain(77), Shelf()
    for place in (tmp_path / "found", tmp_path / "own"):
        place.mkdir()
    FolderPeer(tmp_path / "found", CENTER, bytes(16)).push(stranger.grow(2))
    one.write(1)
    one.meet(FolderPeer(tmp_path / "found", CENTER, one.device))
    for _ in range(2):
        met = one.meet(Signing(found))
        assert (met.waiting, texts(met)) == (0, [told.STRANGERS])
    assert one.meet(FolderPeer(tmp_path / "own", CENTER, one.device)).waiting == 0
    assert FolderPeer(tmp_path / "own", CENTER, one.device).meet({}, "").have == {one.device: 1, stranger.device: 2}


def test_a_key_that_is_alive_here_and_marked_as_destroyed_there_waits_and_is_told(make: Make, tmp_path: Path) -> None:
    one, place, name = make(1), tmp_path / "stick", bundle_name(b"wrapped")
    place.mkdir()
    one.stocks[1].held[name] = b"wrapped"
    assert one.meet(FolderPeer(place, CENTER, one.device)).waiting == 0
    (lying,) = place.rglob(name)
    lying.with_name(name + ".destroyed").touch()
    for _ in range(2):
        met = one.meet(FolderPeer(place, CENTER, one.device))
        assert (met.waiting, texts(met)) == (1, [told.NOT_KEPT])
    lying.with_name(name + ".destroyed").unlink()
    met = one.meet(FolderPeer(place, CENTER, one.device))
    assert (met.waiting, texts(met)) == (0, [])


def test_a_peer_that_tells_only_its_news_does_not_hide_that_it_takes_no_key(make: Make) -> None:
    shelf, one = Shelf(), make(1)
    one.stocks[1].held["aa"] = b"wrapped"
    shelf.gone.add((ObjectKind.KEY, "aa"))

    class TellsNews(FakePeer):
        def meet(self, have: Have, after: str) -> Meeting:
            return replace(super().meet(have, after), all_objects=False)

    for _ in range(2):
        met = one.meet(TellsNews(shelf))
        assert (met.waiting, texts(met)) == (1, [told.NOT_KEPT])


def test_a_stick_that_is_full_has_given_what_it_had(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf, one, two = Shelf(), make(1), make(2)
    one.write(2)
    one.meet(FakePeer(shelf))
    two.write(1)

    def full(*_: object) -> list[Receipt]:
        raise Weather("full")

    with monkeypatch.context() as broken:
        broken.setattr(FakePeer, "push", full)
        with pytest.raises(Weather):
            two.meet(FakePeer(shelf))
    assert len(two.read) == 2
    after = two.meet(FakePeer(shelf))
    assert (after.sent, after.waiting) == (2, 0)


@pytest.mark.parametrize("seed", range(12))
def test_over_a_rough_road_everybody_ends_with_everything(make: Make, seed: int) -> None:
    random = Random(seed)
    shelf = Shelf(page=2)
    laptops = [make(number) for number in range(1, CHAINS + 1)]
    faults = {fault: random.choice((0, 0.1, 0.3)) for fault in ("lost", "unanswered", "twice", "shuffled", "late")}
    for _ in range(40):
        laptop = random.choice(laptops)
        laptop.write(random.randint(0, 2))
        with suppress(Weather):
            laptop.meet(RoughRoad(FakePeer(shelf), random, **faults), stop=lambda: random.random() < 0.02)
    for laptop in [*laptops, *laptops]:
        last = laptop.meet(FakePeer(shelf))
    assert (last.waiting, last.parked, texts(last)) == (0, 0, [])
    assert all(laptop.have() == shelf.have() for laptop in laptops), f"seed {seed}, {faults}"
    everything = {(one, seq) for one, end in shelf.have().items() for seq in range(1, end + 1)}
    for laptop in laptops:
        assert sorted(laptop.read) == sorted(place for place in everything if place[0] != laptop.device)
