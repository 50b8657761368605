"""Whatever is sent, a hub answers with a refusal, in the form that it has published, and takes up no more room."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest
import schemathesis
from founded import FoundedCenter
from hub_in_hand import HubInHand
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import checks

from familydesk.hub.bodies import BATCH, ENVELOPES, FACTS
from familydesk.hub.openapi import DESCRIPTION, PATHS
from familydesk.hub.storage import sqlite_file_url
from familydesk.sync.wire import frames
from familydesk.sync.wire.words import ObjectKind

checks.load_all_checks()
HELD = [checks.CHECKS.get_one(name) for name in ("not_a_server_error", "status_code_conformance")]
HELD += [checks.CHECKS.get_one(name) for name in ("content_type_conformance", "response_schema_conformance")]
"""What every answer has to keep of the description."""
schemathesis.openapi.media_type(frames.MEDIA_TYPE, st.binary(max_size=400))
schemathesis.openapi.media_type("application/octet-stream", st.binary(max_size=400))
SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)
OPERATIONS = [(path, method) for path, told in PATHS.items() for method in told if method != "parameters"]

few = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


class Besieged:
    """A hub with a center, and what its first laptop shows."""

    def __init__(self, hub: HubInHand) -> None:
        self.hub, self.center = hub, FoundedCenter()
        self.peer = hub.found(self.center)
        self.peer.push(self.center.laptop.write_many(2))
        self.inside = f"/v1/center/{self.center.id.hex()}"
        self.client = httpx.Client(base_url=hub.url, trust_env=False)

    @property
    def shown(self) -> str:
        return self.peer._pass

    def post(self, door: str, content: bytes | Iterator[bytes], **headers: str) -> httpx.Response:
        return self.client.post(
            f"{self.inside}/{door}", content=content, headers={"Authorization": self.shown, **headers}
        )


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Besieged]:
    with HubInHand(sqlite_file_url(tmp_path_factory.mktemp("besieged") / "hub.db")) as hub:
        found = Besieged(hub)
        yield found
        # After all of it the log is what it was, and serves.
        assert found.peer.meet({}, "").have == {found.center.laptop.id: 2}
        found.client.close()


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_is_one_that_the_description_names(path: str, method: str, besieged: Besieged) -> None:
    @few
    @given(case=SCHEMA[path][method].as_strategy(), known=st.booleans())
    def ask(case: schemathesis.Case, known: bool) -> None:
        shown = {"Authorization": besieged.shown} if known else {}
        if known and "center" in case.path_parameters:
            case.path_parameters["center"] = besieged.center.id.hex()
        response = case.call(base_url=besieged.hub.url, headers=shown)
        case.validate_response(response, checks=HELD)

    ask()


@pytest.mark.parametrize("door", ["session", "meet", "pull", "push"])
def test_bytes_of_any_kind_are_refused(door: str, besieged: Besieged) -> None:
    @few
    @given(st.binary(max_size=2000))
    def send(content: bytes) -> None:
        assert besieged.post(door, content).status_code in (200, 400, 401)

    send()


@pytest.mark.parametrize("kind", ObjectKind)
def test_bytes_of_any_kind_may_lie_beside_the_log_and_harm_nothing(kind: ObjectKind, besieged: Besieged) -> None:
    @few
    @given(st.binary(max_size=200), st.binary(min_size=1, max_size=32))
    def leave(content: bytes, name: bytes) -> None:
        place = f"{besieged.inside}/object/{kind.value}/{name.hex()}"
        headers = {"Authorization": besieged.shown}
        assert besieged.client.put(place, content=content, headers=headers).status_code in (200, 201, 400)

    leave()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


def test_facts_of_any_kind_are_refused(besieged: Besieged) -> None:
    keys = st.sampled_from(["device", "challenge", "signature", "have", "after", "beside"])

    @few
    @given(st.dictionaries(keys, VALUES, max_size=6))
    def send(facts: dict[str, object]) -> None:
        for door in ("meet", "pull"):
            assert besieged.post(door, json.dumps(facts).encode()).status_code in (200, 400, 401, 403)

    send()


@pytest.mark.parametrize(
    ("door", "content"),
    [
        ("meet", b"[" * 200_000),
        ("meet", b'{"device":' * 50_000),
        ("pull", b'{"after":' + b"9" * 400_000 + b"}"),
        ("pull", b'{"after":1e400}'),
        ("pull", b'{"after":NaN}'),
        ("pull", json.dumps({"have": {"ab" * 16: -1}}).encode()),
        ("pull", json.dumps({"have": {"ab" * 16: True}}).encode()),
        ("pull", json.dumps({"have": {"қ" * 32: 1}}).encode()),
        ("push", struct.pack(">I", 2**32 - 1)),
        ("push", struct.pack(">I", 4) + b"ab"),
        ("push", b"\0\0"),
        ("push", frames.joined([b""] * (ENVELOPES + 1))),
    ],
)
def test_what_was_made_to_break_it_is_malformed(door: str, content: bytes, besieged: Besieged) -> None:
    assert besieged.post(door, content).status_code == 400


@pytest.mark.parametrize(("door", "most"), [("meet", FACTS), ("push", BATCH)])
def test_more_than_may_be_sent_is_turned_away_while_it_streams_in(door: str, most: int, besieged: Besieged) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield bytes(65536)

    # The hub hangs up when it has heard enough; a client that goes on writing may see only that.
    with suppress(httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
        assert besieged.post(door, endless()).status_code == 413
    assert besieged.post(door, bytes(most + 1)).status_code == 413


def test_a_request_that_is_cut_short_costs_nothing(besieged: Besieged) -> None:
    host, port = besieged.client.base_url.host, besieged.client.base_url.port or 0
    begun = f"POST {besieged.inside}/push HTTP/1.1\r\nHost: hub\r\nAuthorization: {besieged.shown}\r\n"
    for rest in (
        "Content-Length: 1000\r\n\r\nabc",
        f"Content-Length: {'9' * 19}\r\n\r\nabc",
        "Transfer-Encoding: chunked\r\n\r\nfffffff\r\nabc",
        "X: y",
    ):
        with socket.create_connection((host, port)) as opened:
            opened.sendall((begun + rest).encode())
    for nonsense in (b"\x16\x03\x01\x02\x00", b"GET / HTTP/9.9\r\n\r\n", bytes(4000)):
        with socket.create_connection((host, port)) as opened:
            opened.sendall(nonsense)
    assert besieged.client.get("/health").status_code == 200


def test_other_ways_and_places_are_refused(besieged: Besieged) -> None:
    for method, place in (
        ("PATCH", "/health"),
        ("DELETE", besieged.inside + "/push"),
        ("GET", "/"),
        ("GET", "/v1/%ff"),
    ):
        assert besieged.client.request(method, place).status_code in (404, 405)
