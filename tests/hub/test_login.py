"""Coming in: a challenge signed by the device's key, once; every other way is refused. One request where all is old."""

from __future__ import annotations

import json
import time

import httpx
import pytest
from founded import FoundedCenter, Writer
from hub_in_hand import HubInHand, state
from nacl.signing import SigningKey

from familydesk.core.errors import Refused, Weather
from familydesk.hub import admin, sessions
from familydesk.hub.faults import Rejected
from familydesk.hub.identity import HubKey
from familydesk.hub.sessions import Sessions
from familydesk.sync.http import HubPeer
from familydesk.sync.peer import Receipt
from familydesk.sync.wire import login


class Counting(httpx.HTTPTransport):
    """The network, with the requests counted."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.paths.append(request.url.path.rpartition("/")[2])
        return super().handle_request(request)


def path(center: FoundedCenter, door: str = "session") -> str:
    return f"/v1/center/{center.id.hex()}/{door}"


def asked(hub: HubInHand, center: FoundedCenter, writer: Writer) -> dict[str, str]:
    """What the hub wants signed."""
    answer = hub.ask("POST", path(center), json.dumps({"device": writer.id.hex()}).encode())
    assert answer.status_code == 401
    return answer.json()


def shown(at: str, writer: Writer, challenge: bytes, hub_key: bytes, center: bytes = b"") -> bytes:
    signature = login.answer(writer.key, hub_key, at, center or writer.center, writer.id, challenge)
    said = {"device": writer.id.hex(), "address": at, "challenge": challenge.hex(), "signature": signature.hex()}
    return json.dumps(said).encode()


def answered(hub: HubInHand, center: FoundedCenter, writer: Writer) -> bytes:
    told = asked(hub, center, writer)
    return shown(hub.url, writer, bytes.fromhex(told["challenge"]), bytes.fromhex(told["hub"]))


def test_nothing_new_is_one_request(hub: HubInHand, center: FoundedCenter) -> None:
    hub.found(center).push(center.laptop.write_many(2))
    after = hub.peer(center.laptop).meet({}, "").batch.after
    road = Counting()
    peer = HubPeer(hub.url, center.id, center.laptop.key, road)
    meeting = peer.meet({center.laptop.id: 2}, after)
    assert road.paths == ["meet"]
    assert (meeting.batch.envelopes, dict(meeting.objects), meeting.all_objects) == ((), {}, False)
    again = peer.meet({center.laptop.id: 2}, meeting.batch.after)
    assert road.paths == ["meet", "meet"]
    assert again.have == {center.laptop.id: 2}


def test_an_answer_to_a_challenge_is_good_once(hub: HubInHand, center: FoundedCenter) -> None:
    hub.found(center)
    answer = answered(hub, center, center.laptop)
    assert hub.ask("POST", path(center), answer).status_code == 200
    assert hub.ask("POST", path(center), answer).status_code == 401


def test_an_older_challenge_is_spent_by_a_younger_one(hub: HubInHand, center: FoundedCenter) -> None:
    hub.found(center)
    older, younger = (answered(hub, center, center.laptop) for _ in range(2))
    assert hub.ask("POST", path(center), younger).status_code == 200
    assert hub.ask("POST", path(center), older).status_code == 401


def test_what_was_signed_for_another_hub_opens_nothing(on_sqlite: HubInHand, center: FoundedCenter) -> None:
    on_sqlite.found(center)
    challenge = bytes.fromhex(asked(on_sqlite, center, center.laptop)["challenge"])
    elsewhere = bytes(SigningKey.generate().verify_key)
    assert (
        on_sqlite.ask("POST", path(center), shown(on_sqlite.url, center.laptop, challenge, elsewhere)).status_code
        == 401
    )


def test_another_hub_that_shows_this_ones_challenge_gets_nothing_by_which_it_comes_in_here(
    on_sqlite: HubInHand, center: FoundedCenter
) -> None:
    on_sqlite.found(center)
    caught: list[dict[str, str]] = []

    def elsewhere(request: httpx.Request) -> httpx.Response:
        """Hands on what the hub wants signed, and keeps what was signed."""
        caught.append(json.loads(request.content))
        return httpx.Response(
            401, stream=httpx.ByteStream(json.dumps(asked(on_sqlite, center, center.laptop)).encode())
        )

    visiting = HubPeer("https://hostile.example", center.id, center.laptop.key, httpx.MockTransport(elsewhere))
    with pytest.raises(Weather):
        visiting.meet({}, "")
    signed = caught[-1]
    assert signed["signature"]
    as_it_is = on_sqlite.ask("POST", path(center), json.dumps(signed).encode())
    assert (as_it_is.status_code, as_it_is.json()["error"]) == (403, "address")
    renamed = on_sqlite.ask("POST", path(center), json.dumps({**signed, "address": on_sqlite.url}).encode())
    assert (renamed.status_code, renamed.json()["error"]) == (401, "challenge")


def test_a_laptop_that_comes_by_an_address_the_hub_does_not_know_is_told(
    on_sqlite: HubInHand, center: FoundedCenter
) -> None:
    on_sqlite.found(center)
    by_name = HubPeer(on_sqlite.url.replace("127.0.0.1", "localhost"), center.id, center.laptop.key)
    with pytest.raises(Refused, match="--address"):
        by_name.meet({}, "")
    on_sqlite.hub.addresses.add(login.origin(by_name.name))
    assert by_name.meet({}, "").known


def test_what_was_signed_for_another_center_opens_nothing(on_sqlite: HubInHand, center: FoundedCenter) -> None:
    on_sqlite.found(center)
    told = asked(on_sqlite, center, center.laptop)
    challenge, hub_key = (bytes.fromhex(told[key]) for key in ("challenge", "hub"))
    answer = shown(on_sqlite.url, center.laptop, challenge, hub_key, FoundedCenter().id)
    assert on_sqlite.ask("POST", path(center), answer).status_code == 401


def test_a_colleagues_key_opens_nothing_in_ones_name(on_sqlite: HubInHand, center: FoundedCenter) -> None:
    colleague = center.add_laptop()
    on_sqlite.found(center)
    told = asked(on_sqlite, center, center.laptop)
    signed = json.loads(shown(on_sqlite.url, colleague, bytes.fromhex(told["challenge"]), bytes.fromhex(told["hub"])))
    forged = json.dumps({**signed, "device": center.laptop.id.hex()}).encode()
    assert on_sqlite.ask("POST", path(center), forged).status_code == 401


def test_a_challenge_of_ones_own_making_opens_nothing(on_sqlite: HubInHand, center: FoundedCenter) -> None:
    on_sqlite.found(center)
    hub_key = bytes.fromhex(asked(on_sqlite, center, center.laptop)["hub"])
    for made in (bytes(40), b"\xff" * 40, b"", b"\x00", bytes(400)):
        assert (
            on_sqlite.ask("POST", path(center), shown(on_sqlite.url, center.laptop, made, hub_key)).status_code == 401
        )


def test_another_centers_pass_opens_nothing_here(on_sqlite: HubInHand, center: FoundedCenter) -> None:
    other = FoundedCenter()
    on_sqlite.found(center)
    on_sqlite.found(other)
    opened = on_sqlite.ask("POST", path(other), answered(on_sqlite, other, other.laptop)).json()["pass"]
    own, taken = (f"FamilyDesk {whose.id.hex()}.{opened}" for whose in (other, center))
    assert on_sqlite.ask("POST", path(center, "pull"), b"{}", own).status_code == 403
    assert on_sqlite.ask("POST", path(center, "pull"), b"{}", taken).status_code == 401
    assert on_sqlite.ask("POST", path(other, "pull"), b"{}", own).status_code == 200


def test_a_pass_of_which_one_bit_was_changed_opens_nothing(on_sqlite: HubInHand, center: FoundedCenter) -> None:
    on_sqlite.found(center)
    opened = on_sqlite.ask("POST", path(center), answered(on_sqlite, center, center.laptop)).json()["pass"]
    content = bytes.fromhex(opened)
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1
        with pytest.raises(Rejected):
            on_sqlite.hub.asker(center.id, bytes(changed), "")
    assert on_sqlite.hub.asker(center.id, content, "").device == center.laptop.id


def test_a_pass_ends_after_an_hour_and_the_laptop_gets_a_new_one_by_itself(center: FoundedCenter) -> None:
    now = time.time()
    held = Sessions(HubKey(bytes(32)), lambda: now)
    ticket = held.ticket(center.id, center.laptop.id)
    assert held.device_of(center.id, ticket) == center.laptop.id
    now += sessions.PASS_LIVES + 1
    with pytest.raises(Rejected):
        held.device_of(center.id, ticket)


def test_a_laptop_whose_pass_is_not_good_any_more_comes_in_again(on_sqlite: HubInHand, center: FoundedCenter) -> None:
    peer = on_sqlite.found(center)
    peer.meet({}, "")
    # Another key makes other passes, as an hour does.
    on_sqlite.seed = bytes(SigningKey.generate())
    on_sqlite.restart()
    assert peer.push([center.laptop.write()]) == [Receipt.STORED]


def test_a_challenge_that_is_two_weeks_old_is_asked_for_anew(on_sqlite: HubInHand, center: FoundedCenter) -> None:
    on_sqlite.found(center)
    later = Sessions(HubKey(on_sqlite.seed), lambda: time.time() + sessions.CHALLENGE_LIVES + 60)
    challenge = Sessions(HubKey(on_sqlite.seed)).challenge(center.id, center.laptop.id)
    with on_sqlite.storage.writing() as connection, pytest.raises(Rejected) as refused:
        later.spend(connection, center.id, center.laptop.id, challenge)
    assert refused.value.status == 401


def test_a_laptop_that_was_cut_off_does_not_come_in_any_more(hub: HubInHand, center: FoundedCenter) -> None:
    lost = center.add_laptop()
    peer = hub.found(center)
    with_lost = hub.peer(lost)
    with_lost.meet({}, "")
    center.cut(lost, 0)
    state(peer, center)
    for refused in (lambda: with_lost.push([lost.write()]), lambda: hub.peer(lost).meet({}, "")):
        with pytest.raises(Refused):
            refused()


def test_who_does_not_belong_to_the_center_any_more_does_not_come_in(hub: HubInHand, center: FoundedCenter) -> None:
    person = center.add_person()
    hers = center.add_laptop(person.account)
    peer = hub.found(center)
    hub.peer(hers).meet({}, "")
    center.disable(person)
    state(peer, center)
    with pytest.raises(Refused):
        hub.peer(hers).meet({}, "")


def test_a_laptop_that_the_hub_shuts_out_comes_in_when_it_is_let_in_again(
    hub: HubInHand, center: FoundedCenter
) -> None:
    colleague = center.add_laptop()
    hub.found(center)
    admin.retire(hub.storage, center.id, colleague.id)
    with pytest.raises(Refused):
        hub.peer(colleague).meet({}, "")
    admin.retire(hub.storage, center.id, colleague.id, again=True)
    assert hub.peer(colleague).push([colleague.write()]) == [Receipt.STORED]


def test_a_stranger_hears_nothing_of_a_center(hub: HubInHand, center: FoundedCenter) -> None:
    hub.found(center).push(center.laptop.write_many(2))
    stranger = Writer(center.id, SigningKey.generate(), center.head, 9)
    meeting = hub.peer(stranger).meet({}, "")
    assert (meeting.have, meeting.batch.envelopes, dict(meeting.objects)) == ({}, (), {})
    with pytest.raises(Refused):
        hub.peer(stranger).push([stranger.write()])
