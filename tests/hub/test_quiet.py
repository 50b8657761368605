"""What a hub knows and says: no name, no address, nothing that was sealed; counters without ids."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from founded import EPOCH_KEY, FoundedCenter
from hub_in_hand import HubInHand

from familydesk.hub import copying
from familydesk.hub.storage import sqlite_file_url
from familydesk.sync.peer import ObjectKind
from familydesk.sync.wire import envelope
from familydesk.sync.wire.envelope import FIRST, Header

PLANTED = "Құндызбаева Ақмаржан"


def test_a_planted_name_is_in_no_byte_of_what_a_hub_keeps(
    center: FoundedCenter, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    header = Header(center.id, center.laptop.id, 1, FIRST, 1)
    sealed = envelope.sealed(header, PLANTED.encode() * 20, EPOCH_KEY, center.laptop.key)
    with HubInHand(sqlite_file_url(tmp_path / "hub.db")) as hub:
        peer = hub.found(center)
        peer.push([sealed.content])
        peer.meet({}, "")
        copying.back_up(hub.storage, tmp_path / "backup")
        told = hub.ask("GET", "/metrics").text
    planted = {PLANTED.encode(form) for form in ("utf-8", "utf-16-le")}
    for file in tmp_path.iterdir():
        content = file.read_bytes()
        assert not any(name in content for name in planted), file.name
    assert PLANTED not in told + caplog.text


def test_neither_address_nor_id_stands_in_logs_and_counters(
    on_sqlite: HubInHand, center: FoundedCenter, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO, "familydesk")
    caplog.set_level(logging.INFO, "uvicorn")
    peer = on_sqlite.found(center)
    peer.push(center.laptop.write_many(2))
    on_sqlite.ask("POST", f"/v1/center/{center.id.hex()}/push", b"\xff")
    on_sqlite.ask("GET", "/nowhere")
    said = caplog.text + "".join(capfd.readouterr()) + on_sqlite.ask("GET", "/metrics").text
    for known in ("127.0.0.1", center.id.hex(), center.laptop.id.hex()):
        assert known not in said


def test_a_defect_is_told_by_its_kind_and_place_alone(
    on_sqlite: HubInHand, center: FoundedCenter, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_words: object) -> None:
        raise LookupError(PLANTED)

    monkeypatch.setattr(on_sqlite.hub, "directory", broken)
    answer = on_sqlite.ask("GET", "/v1/directory")
    assert (answer.status_code, answer.json()["error"]) == (500, "defect")
    assert "LookupError in broken" in caplog.text
    assert PLANTED not in caplog.text + answer.text


def test_counters_say_what_was_taken_in(hub: HubInHand, center: FoundedCenter) -> None:
    peer = hub.found(center)
    written = center.laptop.write_many(2)
    peer.push([*written, written[0], b"no envelope"])
    told = hub.ask("GET", "/metrics")
    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = told.text.splitlines()
    for line in (
        'familydesk_hub_envelopes_total{receipt="stored"} 2',
        'familydesk_hub_envelopes_total{receipt="known"} 1',
        'familydesk_hub_envelopes_total{receipt="bad"} 1',
        'familydesk_hub_requests_total{what="push",status="200"} 1',
        "familydesk_hub_kept_envelopes 2",
        "familydesk_hub_centers 1",
    ):
        assert line in lines


def test_a_hub_answers_whether_it_is_well(hub: HubInHand) -> None:
    assert hub.ask("GET", "/health").json() == {"status": "ok"}


def test_no_software_and_no_version_stands_in_the_answers(on_sqlite: HubInHand) -> None:
    assert "server" not in on_sqlite.ask("GET", "/health").headers


@pytest.mark.parametrize("kind", ObjectKind)
def test_an_object_cannot_be_called_by_a_name(on_sqlite: HubInHand, center: FoundedCenter, kind: ObjectKind) -> None:
    on_sqlite.found(center)
    for name in ("Aigerim", "%D2%9B", "..%2f..%2fetc", "a" * 65, "a-b-c-d-e", "ab."):
        place = f"/v1/center/{center.id.hex()}/object/{kind.value}/{name}"
        assert on_sqlite.ask("PUT", place, b"x").status_code in (401, 404)
