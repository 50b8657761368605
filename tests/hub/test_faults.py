"""Power cuts, lost answers, full disks, a database that goes away: what was acknowledged is there, once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from founded import FoundedCenter, Writer
from hub_in_hand import HubInHand, state
from hub_process import HubProcess
from postgres_server import Postgres, Standby, cannot_run
from sqlalchemy import text

from familydesk.core.errors import Refused, Weather
from familydesk.hub import admin, faults, storage
from familydesk.hub.storage import Storage, sqlite_file_url
from familydesk.sync.http import HubPeer
from familydesk.sync.peer import Receipt

ENOUGH = 60
"""Envelopes confirmed before something happens."""


class LosesAnswers(httpx.HTTPTransport):
    """A network on which the answers to pushes are lost once they have been sent."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._left = count

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        if request.url.path.endswith("/push") and self._left:
            self._left -= 1
            response.read()
            raise httpx.ReadError("the connection broke")
        return response


def test_an_answer_that_was_lost_is_asked_for_again(hub: HubInHand, center: FoundedCenter) -> None:
    hub.found(center)
    peer = HubPeer(hub.url, center.id, center.laptop.key, LosesAnswers(1))
    assert peer.push(center.laptop.write_many(2)) == [Receipt.KNOWN] * 2


def test_an_answer_that_is_always_lost_is_told_and_nothing_is_doubled(hub: HubInHand, center: FoundedCenter) -> None:
    hub.found(center)
    peer = HubPeer(hub.url, center.id, center.laptop.key, LosesAnswers(100))
    written = center.laptop.write_many(2)
    with pytest.raises(Weather):
        peer.push(written)
    assert hub.peer(center.laptop).push(written) == [Receipt.KNOWN] * 2


def bring(peer: HubPeer, writer: Writer, confirmed: list[bytes], over: threading.Event) -> None:
    """Hand over envelopes until the hub is gone; remember which it has confirmed."""
    while not over.is_set():
        batch = writer.write_many(5)
        try:
            receipts = peer.push(batch)
        except Weather:
            return
        confirmed += [one for one, receipt in zip(batch, receipts, strict=True) if receipt is Receipt.STORED]


def under_load(peers: list[tuple[HubPeer, Writer]], deed: Callable[[], None]) -> list[bytes]:
    """What was confirmed until `deed`, which is done in the middle of it, ended all."""
    confirmed: list[bytes] = []
    over = threading.Event()
    threads = [threading.Thread(target=bring, args=(*pair, confirmed, over)) for pair in peers]
    for thread in threads:
        thread.start()
    while len(confirmed) < ENOUGH and any(thread.is_alive() for thread in threads):
        over.wait(0.01)
    deed()
    over.set()
    for thread in threads:
        thread.join()
    return confirmed


def kept(database: str, center: FoundedCenter, url: str) -> list[bytes]:
    found: list[bytes] = []
    peer = HubPeer(url, center.id, center.laptop.key)
    batch = peer.meet({}, "").batch
    found += batch.envelopes
    while batch.more:
        batch = peer.pull({}, batch.after)
        found += batch.envelopes
    opened = Storage(database)
    assert [log.broken for log in admin.checked(opened)] == [None]
    opened.close()
    return found


def test_a_hub_killed_under_load_has_all_that_it_confirmed(
    database: str, center: FoundedCenter, tmp_path: Path
) -> None:
    writers = [center.add_laptop(center.head) for _ in range(4)]
    file = tmp_path / "certificate"
    file.write_bytes(center.certificate)
    opened = Storage(database)
    admin.add_center(opened, file)
    opened.close()
    with HubProcess(tmp_path / "hub", "--database", database) as process:
        state(HubPeer(process.url, center.id, center.laptop.key), center)

        peers = [(HubPeer(process.url, center.id, writer.key), writer) for writer in writers]
        confirmed = under_load(peers, process.kill)
        process.start_again()
        found = kept(database, center, process.url)
        assert len(confirmed) >= ENOUGH
        assert set(confirmed) <= set(found)
        assert len(found) == len(set(found))
        # What was on its way is handed over again, from wherever each laptop's log ends there.
        for writer in writers:
            again = HubPeer(process.url, center.id, writer.key).push([one.content for one in writer.envelopes[:100]])
            assert set(again) <= {Receipt.STORED, Receipt.KNOWN}


def test_a_database_that_dies_under_load_and_comes_back_has_all_that_was_confirmed(center: FoundedCenter) -> None:
    if why := cannot_run():
        pytest.skip(why)
    with Postgres() as server, HubInHand(server.new()) as hub:
        writers = [center.add_laptop(center.head) for _ in range(3)]
        hub.found(center)

        peers = [(hub.peer(writer), writer) for writer in writers]
        confirmed = under_load(peers, server.stop)
        with pytest.raises(Weather):
            hub.peer(center.laptop).meet({}, "")
        assert hub.ask("GET", "/health").status_code == 503
        server.start()
        found = kept(hub.database, center, hub.url)
        assert len(confirmed) >= ENOUGH
        assert set(confirmed) <= set(found)


def test_a_standby_that_takes_over_under_load_has_all_that_was_confirmed(center: FoundedCenter) -> None:
    if why := cannot_run():
        pytest.skip(why)
    with Postgres() as primary, HubInHand(primary.url("taken_over")) as hub:
        writers = [center.add_laptop(center.head) for _ in range(3)]
        hub.found(center)
        with Standby(primary) as standby:
            confirmed = under_load([(hub.peer(writer), writer) for writer in writers], primary.stop)
            standby.promote()
            hub.restart(standby.url("taken_over"))
            found = kept(hub.database, center, hub.url)
            assert len(confirmed) >= ENOUGH
            assert set(confirmed) <= set(found)
            again = hub.peer(writers[0]).push([one.content for one in writers[0].envelopes[:200]])
            assert set(again) <= {Receipt.STORED, Receipt.KNOWN}


def test_a_full_disk_takes_nothing_in_and_loses_nothing(center: FoundedCenter, small_disk: Path) -> None:
    with HubInHand(sqlite_file_url(small_disk / "hub.db")) as hub:
        peer = hub.found(center)
        confirmed: list[bytes] = []

        def fill() -> None:
            while True:
                batch = center.laptop.write_many(2, size=100_000)
                peer.push(batch)
                confirmed.extend(batch)

        with pytest.raises(Weather, match="no room"):
            fill()
        assert len(confirmed) >= 2
        assert peer.meet({}, "").batch.envelopes == tuple(confirmed)
        assert hub.ask("GET", "/health").status_code == 200


def test_a_server_without_room_is_told_as_a_full_hub(postgres: Postgres) -> None:
    opened = Storage(postgres.emptied())
    with pytest.raises(faults.Rejected) as told, faults.told(), opened.writing() as connection:
        connection.execute(text("DO $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END $$"))
    opened.close()
    assert told.value.status == 507


def test_newer_tables_keep_every_envelope(
    database: str, center: FoundedCenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with HubInHand(database) as hub:
        peer = hub.found(center)
        written = center.laptop.write_many(3)
        peer.push(written)
        monkeypatch.setattr(
            storage, "STEPS", (lambda c: c.execute(text("ALTER TABLE center ADD COLUMN more INTEGER")),)
        )
        hub.restart()
        assert hub.peer(center.laptop).meet({}, "").batch.envelopes == tuple(written)
        hub.restart()
        with hub.storage.writing() as connection:
            assert connection.execute(text("SELECT more FROM center")).scalar_one() is None
            # The next test finds the tables as they are made.
            connection.execute(text("ALTER TABLE center DROP COLUMN more"))
            connection.execute(text("UPDATE hub_schema SET version = 1"))


def test_a_step_that_fails_leaves_the_tables_as_they_were(
    database: str, center: FoundedCenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(connection: storage.Connection) -> None:
        connection.execute(text("ALTER TABLE center ADD COLUMN half INTEGER"))
        raise RuntimeError

    Storage(database).close()
    monkeypatch.setattr(storage, "STEPS", (broken,))
    with pytest.raises(RuntimeError):
        Storage(database)
    monkeypatch.undo()
    opened = Storage(database)
    with opened.reading() as connection, pytest.raises(storage.DBAPIError):
        connection.execute(text("SELECT half FROM center"))
    opened.close()


def test_tables_of_a_newer_hub_are_left_alone(database: str) -> None:
    opened = Storage(database)
    with opened.writing() as connection:
        connection.execute(text("UPDATE hub_schema SET version = 2"))
    with pytest.raises(Refused):
        Storage(database)
    with opened.writing() as connection:
        connection.execute(text("UPDATE hub_schema SET version = 1"))
    opened.close()
