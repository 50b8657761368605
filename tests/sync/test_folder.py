"""A folder as a road: what lies there is read within bounds, and what is left there is whole or not there."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from envelopes import CENTER, Chain

from familydesk.core.errors import Weather
from familydesk.sync import disk
from familydesk.sync.folder import PAGE, FolderPeer
from familydesk.sync.peer import ObjectKind, Peer, Receipt
from familydesk.sync.wire import bounds
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.statement import statement_id
from familydesk.sync.wire.stream_key import bundle_name

NAME = "ab" * 32
SAID = statement_id(b"said").hex()
WRAPPED = bundle_name(b"wrapped")


def peer(stick: Path, own: int = 0xA1) -> FolderPeer:
    return FolderPeer(stick, CENTER, bytes([own]) * 16)


def everything(road: Peer, have: dict[bytes, int] | None = None) -> list[bytes]:
    batch = road.meet(have or {}, "").batch
    found = list(batch.envelopes)
    while batch.more:
        batch = road.pull(have or {}, batch.after)
        found += batch.envelopes
    return found


def file_of(stick: Path, chain: Chain, seq: int) -> Path:
    return stick / f"familydesk-{CENTER.hex()[:8]}" / "log" / chain.device.hex() / f"{seq:012}.fde"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def test_what_one_laptop_leaves_another_finds_in_order(stick: Path) -> None:
    one, two = Chain(1), Chain(2)
    left = one.grow(3) + two.grow(2)
    assert peer(stick).push(left) == [Receipt.STORED] * 5
    assert sorted(everything(peer(stick, 0xB2))) == sorted(left)
    assert peer(stick, 0xB2).meet({}, "").have == {one.device: 3, two.device: 2}
    assert everything(peer(stick, 0xB2), {one.device: 2, two.device: 2}) == [left[2]]


def test_a_long_log_comes_page_by_page_without_repeating(stick: Path) -> None:
    left = Chain(1).grow(PAGE + 5) + Chain(2).grow(PAGE)
    peer(stick).push(left)
    first = peer(stick).meet({}, "").batch
    assert (len(first.envelopes), first.more) == (PAGE, True)
    found = everything(peer(stick))
    assert len(found) == len(left)
    assert set(found) == set(left)


def test_large_envelopes_make_short_pages(stick: Path) -> None:
    peer(stick).push(Chain(1).grow(14, os.urandom(900 * 1024)))
    first = peer(stick).meet({}, "").batch
    assert 8 <= len(first.envelopes) < 12
    assert first.more


def test_the_same_envelope_is_known_and_another_of_its_number_is_a_fork(stick: Path) -> None:
    one, clone = Chain(1), Chain(1)
    (original,) = one.grow(1)
    (other,) = clone.grow(1, b"something else")
    assert peer(stick).push([original, original]) == [Receipt.STORED, Receipt.KNOWN]
    assert peer(stick).push([other]) == [Receipt.FORK]
    assert everything(peer(stick)) == [original]


def test_one_bad_envelope_stops_no_other(stick: Path) -> None:
    left, strange = Chain(1).grow(2), Chain(2, bytes(16)).grow(1)
    assert peer(stick).push([b"no envelope", left[0], *strange, left[1]]) == [
        Receipt.BAD,
        Receipt.STORED,
        Receipt.BAD,
        Receipt.STORED,
    ]


def test_a_torn_file_is_told_once_and_brought_again_by_whoever_has_it(stick: Path) -> None:
    chain = Chain(1)
    left = chain.grow(3)
    peer(stick).push(left)
    torn = file_of(stick, chain, 2)
    torn.write_bytes(left[1][:40])
    found = everything(peer(stick, 0xB2))
    assert found == [left[0], left[1][:40], left[2]]
    assert peer(stick).meet({}, "").have == {chain.device: 1}
    assert peer(stick).push(left[1:]) == [Receipt.STORED, Receipt.KNOWN]
    assert everything(peer(stick, 0xB2)) == left


def test_a_torn_file_that_nobody_has_read_yet_is_replaced(stick: Path) -> None:
    chain = Chain(1)
    left = chain.grow(1)
    peer(stick).push(left)
    file_of(stick, chain, 1).write_bytes(b"")
    assert peer(stick).push(left) == [Receipt.STORED]
    assert everything(peer(stick)) == left


def test_a_file_under_a_number_that_is_not_its_own_is_put_aside(stick: Path) -> None:
    chain = Chain(1)
    left = chain.grow(2)
    peer(stick).push(left)
    file_of(stick, chain, 2).write_bytes(left[0])
    everything(peer(stick))
    assert peer(stick).meet({}, "").have == {chain.device: 1}


def test_a_file_whose_signature_fails_is_put_aside(stick: Path) -> None:
    chain = Chain(1)
    left = chain.grow(1)
    peer(stick).push(left)
    rotten = bytearray(left[0])
    rotten[-1] ^= 1
    file_of(stick, chain, 1).write_bytes(rotten)
    believing = FolderPeer(stick, CENTER, bytes(16), lambda one: one.signed_by(chain.key.verify_key.encode()))
    assert everything(believing) == [bytes(rotten)]
    assert peer(stick).push(left) == [Receipt.STORED]


def test_of_a_file_that_is_too_large_only_its_beginning_is_read(stick: Path) -> None:
    chain = Chain(1)
    peer(stick).push(chain.grow(1))
    with file_of(stick, chain, 2).open("wb") as huge:
        huge.truncate(1 << 40)
    sizes = [len(one) for one in everything(peer(stick))]
    assert sizes[1] == bounds.ENVELOPE + 1


def test_links_pipes_and_foreign_names_are_not_looked_at(stick: Path, tmp_path: Path) -> None:
    chain = Chain(1)
    left = chain.grow(1)
    peer(stick).push(left)
    secret = tmp_path / "secret"
    secret.write_bytes(left[0])
    folder = file_of(stick, chain, 1).parent
    (folder / "000000000002.fde").symlink_to(secret)
    os.mkfifo(folder / "000000000003.fde")
    (folder / "autorun.inf").write_text("[autorun]")
    (folder / "2.fde").write_bytes(b"")
    (folder.parent / "not a device").mkdir()
    (folder.parent / ("ab" * 16)).symlink_to(tmp_path)
    assert everything(peer(stick)) == left
    assert peer(stick).meet({}, "").have == {chain.device: 1}


def test_nothing_is_written_through_a_link(stick: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    root = stick / f"familydesk-{CENTER.hex()[:8]}"
    root.mkdir()
    (root / "log").symlink_to(elsewhere)
    with pytest.raises(Weather):
        peer(stick).push(Chain(1).grow(1))
    assert list(elsewhere.iterdir()) == []


def test_a_pipe_in_the_place_of_an_envelope_does_not_stop_the_writer(stick: Path) -> None:
    chain = Chain(1)
    left = chain.grow(1)
    place = file_of(stick, chain, 1)
    place.parent.mkdir(parents=True)
    os.mkfifo(place)
    assert peer(stick).push(left) == [Receipt.STORED]
    assert everything(peer(stick)) == left


def test_a_folder_in_the_place_of_a_file_does_not_stop_the_writer(stick: Path) -> None:
    chain = Chain(1)
    left = chain.grow(1)
    file_of(stick, chain, 1).mkdir(parents=True)
    assert peer(stick).push(left) == [Receipt.STORED]
    assert everything(peer(stick)) == left


@pytest.mark.parametrize("path", ["media/stick", "mistyped"])
def test_a_stick_that_is_not_in_is_said_and_not_made(tmp_path: Path, path: str) -> None:
    with pytest.raises(Weather, match="not there"):
        peer(tmp_path / path).meet({}, "")
    assert list(tmp_path.iterdir()) == []


def test_a_stick_that_is_pulled_out_is_not_made_anew_in_its_place(stick: Path) -> None:
    road = peer(stick)
    road.meet({}, "")
    for made in sorted(stick.rglob("*"), reverse=True):
        made.unlink() if made.is_file() else made.rmdir()
    stick.rmdir()
    with pytest.raises(Weather, match="not there"):
        road.push(Chain(1).grow(1))
    assert not stick.exists()


@pytest.mark.parametrize(
    ("number", "word"), [(errno.ENOSPC, "full"), (errno.EROFS, "written to"), (errno.EIO, "not there")]
)
def test_a_stick_that_fails_leaves_no_half_file(
    stick: Path, monkeypatch: pytest.MonkeyPatch, number: int, word: str
) -> None:
    def failing(handle: int) -> None:
        raise OSError(number, "made up")

    road = peer(stick)
    road.meet({}, "")
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", failing)
        with pytest.raises(Weather, match=word):
            road.push(Chain(1).grow(1))
    assert not [one for one in stick.rglob("*") if one.suffix in (".fde", ".part")]
    assert road.push(Chain(1).grow(1)) == [Receipt.STORED]


def test_two_laptops_write_one_share_at_once(stick: Path) -> None:
    shared = Chain(9).grow(20)
    own = {writer: Chain(writer).grow(20) for writer in (1, 2, 3)}
    failed: list[BaseException] = []

    def leave(writer: int) -> None:
        try:
            road = peer(stick, writer)
            for mine, relayed in zip(own[writer], shared, strict=True):
                assert set(road.push([mine, relayed])) <= {Receipt.STORED, Receipt.KNOWN}
        except BaseException as error:
            failed.append(error)

    writers = [threading.Thread(target=leave, args=(writer,)) for writer in own]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert not failed
    assert set(everything(peer(stick))) == set(shared).union(*own.values())
    assert not list(stick.rglob("*.part"))


def test_of_ones_own_the_last_is_shown_again_so_that_a_copied_disk_is_noticed(stick: Path) -> None:
    chain = Chain(1)
    left = chain.grow(3)
    road = FolderPeer(stick, CENTER, chain.device)
    road.push(left)
    assert everything(road, {chain.device: 3}) == [left[2]]
    assert everything(road, {chain.device: 5}) == [left[2]]
    assert everything(road, {chain.device: 1}) == left[1:]


def test_another_stick_at_the_same_place_says_so(tmp_path: Path) -> None:
    one, other = tmp_path / "stick", tmp_path / "aside"
    one.mkdir()
    after = peer(one).meet({}, "").batch.after
    assert peer(one).meet({}, after).known
    one.rename(other)
    one.mkdir()
    assert not peer(one).meet({}, after).known


# Objects


def test_an_object_is_left_once_and_found(stick: Path) -> None:
    road = peer(stick)
    road.put(ObjectKind.REQUEST, NAME, b"asked")
    road.put(ObjectKind.REQUEST, NAME, b"asked otherwise")
    assert peer(stick, 0xB2).get(ObjectKind.REQUEST, NAME) == b"asked"
    assert peer(stick).meet({}, "").objects[ObjectKind.REQUEST] == {NAME}
    assert road.names(ObjectKind.KEY) == frozenset()
    assert road.get(ObjectKind.KEY, NAME) is None


def test_a_mark_beside_a_statement_hides_nothing(stick: Path) -> None:
    road = peer(stick)
    road.put(ObjectKind.STATEMENT, SAID, b"said")
    (lying,) = stick.rglob(SAID)
    lying.with_name(SAID + ".destroyed").touch()
    assert road.names(ObjectKind.STATEMENT) == {SAID}
    assert road.get(ObjectKind.STATEMENT, SAID) == b"said"
    lying.unlink()
    road.destroy(ObjectKind.STATEMENT, SAID)
    road.put(ObjectKind.STATEMENT, SAID, b"said")
    assert road.get(ObjectKind.STATEMENT, SAID) == b"said"


@pytest.mark.parametrize(("kind", "name"), [(ObjectKind.STATEMENT, SAID), (ObjectKind.KEY, WRAPPED)])
def test_a_damaged_statement_or_key_is_put_aside_and_left_anew(stick: Path, kind: ObjectKind, name: str) -> None:
    content = b"said" if kind is ObjectKind.STATEMENT else b"wrapped"
    peer(stick).put(kind, name, content)
    (lying,) = stick.rglob(name)
    lying.write_bytes(b"worn")
    assert peer(stick, 0xB2).get(kind, name) == b"worn"
    assert peer(stick).names(kind) == frozenset()
    peer(stick).put(kind, name, content)
    assert peer(stick, 0xB2).get(kind, name) == content


def test_a_damaged_key_that_nobody_has_read_yet_is_left_anew_as_well(stick: Path) -> None:
    road = peer(stick)
    road.put(ObjectKind.KEY, WRAPPED, b"wrapped")
    (lying,) = stick.rglob(WRAPPED)
    lying.write_bytes(b"worn")
    road.put(ObjectKind.KEY, WRAPPED, b"wrapped")
    assert road.get(ObjectKind.KEY, WRAPPED) == b"wrapped"


def test_of_a_destroyed_key_nothing_stays_where_it_was_put_aside_damaged(stick: Path) -> None:
    road = peer(stick)
    road.put(ObjectKind.KEY, WRAPPED, b"wrapped")
    (lying,) = stick.rglob(WRAPPED)
    lying.write_bytes(b"wrapped and worn")
    road.get(ObjectKind.KEY, WRAPPED)
    road.destroy(ObjectKind.KEY, WRAPPED)
    assert not any(b"wrapped" in one.read_bytes() for one in stick.rglob("*") if one.is_file())


def test_a_destroyed_object_is_not_taken_in_again(stick: Path) -> None:
    road = peer(stick)
    road.put(ObjectKind.KEY, WRAPPED, b"wrapped")
    road.destroy(ObjectKind.KEY, WRAPPED)
    road.put(ObjectKind.KEY, WRAPPED, b"wrapped")
    assert road.get(ObjectKind.KEY, WRAPPED) is None
    assert road.names(ObjectKind.KEY) == frozenset()
    assert not any(b"wrapped" in one.read_bytes() for one in stick.rglob("*") if one.is_file())


def test_an_object_that_was_never_here_can_be_destroyed_beforehand(stick: Path) -> None:
    road = peer(stick)
    road.destroy(ObjectKind.KEY, NAME)
    road.put(ObjectKind.KEY, NAME, b"wrapped")
    assert road.get(ObjectKind.KEY, NAME) is None


@pytest.mark.parametrize("name", ["..", "../../x", "/etc/passwd", "", "a" * 65, "AB", "ab/cd", "ab.destroyed"])
def test_a_name_that_is_none_is_refused(stick: Path, name: str) -> None:
    road = peer(stick)
    for use in (
        lambda: road.put(ObjectKind.STATEMENT, name, b"x"),
        lambda: road.get(ObjectKind.STATEMENT, name),
        lambda: road.destroy(ObjectKind.STATEMENT, name),
    ):
        _refused(use)


def _refused(use: Callable[[], object]) -> None:
    with pytest.raises(Defect):
        use()


def test_of_an_object_that_is_too_large_only_its_beginning_is_read(stick: Path) -> None:
    road = peer(stick)
    road.put(ObjectKind.STATEMENT, NAME, b"x")
    (found,) = stick.rglob(NAME)
    with found.open("wb") as huge:
        huge.truncate(1 << 40)
    assert len(road.get(ObjectKind.STATEMENT, NAME) or b"") == bounds.STATEMENT + 1


def test_what_lies_on_a_stick_may_be_read_by_a_colleague_who_may_read_the_stick(stick: Path) -> None:
    former = os.umask(0o022)
    try:
        peer(stick).push(Chain(1).grow(1))
    finally:
        os.umask(former)
    assert {one.stat().st_mode & 0o777 for one in stick.rglob("*.fde")} == {0o644}


def test_a_stick_that_cannot_be_written_is_read_all_the_same(stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = Chain(1).grow(2)
    peer(stick).push(left)

    def refusing(*_: object) -> None:
        raise OSError(errno.EROFS, "made up")

    monkeypatch.setattr(disk, "write", refusing)
    monkeypatch.setattr(disk, "_written", refusing)
    monkeypatch.setattr(disk, "put_aside", refusing)
    assert everything(peer(stick, 0xB2)) == left
    with pytest.raises(Weather, match="written to"):
        peer(stick, 0xB2).push(Chain(2).grow(1))
