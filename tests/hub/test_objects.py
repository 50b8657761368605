"""What lies beside the logs: who may leave, read and destroy what, and what is gone stays gone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from founded import FoundedCenter, Writer
from hub_in_hand import HubInHand, state
from nacl.public import PrivateKey
from nacl.signing import SigningKey

from familydesk.core.errors import Refused, Weather
from familydesk.hub import admin, objects
from familydesk.hub.hub import Asker
from familydesk.hub.objects import CUSTOMS
from familydesk.sync.enrolment import Keys, Request
from familydesk.sync.http import HubPeer, centers
from familydesk.sync.peer import ObjectKind
from familydesk.sync.wire.statement import Laptop, Person

NAME = "00ff-11"


def request(center: FoundedCenter) -> Request:
    """Somebody whom nobody knows asks to be admitted."""
    keys = Keys(SigningKey.generate(), SigningKey.generate(), PrivateKey.generate())
    return Request.to(center.id, [bytes(PrivateKey.generate().public_key)], "Жаңа Адам", "", keys)


def bytes_of(hub: HubInHand) -> int:
    """What the hub says that it keeps."""
    (kept,) = admin.centers(hub.storage)
    return kept.bytes


def stranger(hub: HubInHand, center: FoundedCenter) -> HubPeer:
    """A laptop of which nobody has said anything."""
    return hub.peer(Writer(center.id, SigningKey.generate(), center.head, 9))


def test_a_first_laptop_is_known_by_the_statements_that_it_brings_itself(hub: HubInHand, center: FoundedCenter) -> None:
    for _ in range(6):
        center.add_laptop()
    hub.add(center)
    peer = hub.peer(center.laptop)
    state(peer, center)
    assert len(peer.names(ObjectKind.STATEMENT)) == len(center.statements)


def test_a_stranger_cannot_state_anything(hub: HubInHand, center: FoundedCenter) -> None:
    hub.found(center)
    intruder = SigningKey.generate()
    said = Laptop(bytes(intruder.verify_key), center.head, 7)
    forged = center.say(said).signed(intruder)
    answer = hub.ask("PUT", f"/v1/center/{center.id.hex()}/object/statement/{forged.id.hex()}", forged.content)
    assert (answer.status_code, answer.json()["error"]) == (409, "unfounded")


def test_another_centers_statement_is_refused(hub: HubInHand, center: FoundedCenter) -> None:
    other = FoundedCenter().statements[0]
    peer = hub.found(center)
    with pytest.raises(Weather):
        peer.put(ObjectKind.STATEMENT, other.id.hex(), other.content)


def test_a_statement_is_called_by_its_digest(hub: HubInHand, center: FoundedCenter) -> None:
    peer = hub.found(center)
    with pytest.raises(Weather):
        peer.put(ObjectKind.STATEMENT, "ab" * 32, center.say(Laptop(bytes(32), center.head, 5)).content)


def test_objects_are_told_once_and_from_then_on_only_the_new_ones(hub: HubInHand, center: FoundedCenter) -> None:
    peer = hub.found(center)
    first = peer.meet({}, "")
    assert first.objects[ObjectKind.STATEMENT] == {one.id.hex() for one in center.statements}
    peer.put(ObjectKind.KEY, NAME, b"wrapped")
    second = peer.meet({}, first.batch.after)
    assert (dict(second.objects), second.all_objects) == ({ObjectKind.KEY: frozenset([NAME])}, False)
    assert peer.get(ObjectKind.KEY, NAME) == b"wrapped"


def test_what_lies_there_is_left_as_it_is(hub: HubInHand, center: FoundedCenter) -> None:
    peer = hub.found(center)
    peer.put(ObjectKind.KEY, NAME, b"first")
    peer.put(ObjectKind.KEY, NAME, b"second")
    assert peer.get(ObjectKind.KEY, NAME) == b"first"


def test_a_destroyed_key_is_gone_and_not_taken_in_again(hub: HubInHand, center: FoundedCenter) -> None:
    peer = hub.found(center)
    peer.put(ObjectKind.KEY, NAME, b"wrapped")
    peer.destroy(ObjectKind.KEY, NAME)
    peer.put(ObjectKind.KEY, NAME, b"wrapped")
    assert peer.get(ObjectKind.KEY, NAME) is None
    assert peer.names(ObjectKind.KEY) == frozenset()


def test_a_key_that_never_came_is_not_taken_in_after_it_was_destroyed(hub: HubInHand, center: FoundedCenter) -> None:
    peer = hub.found(center)
    peer.destroy(ObjectKind.KEY, NAME)
    peer.put(ObjectKind.KEY, NAME, b"wrapped")
    assert peer.get(ObjectKind.KEY, NAME) is None


def test_only_a_head_destroys_a_key(hub: HubInHand, center: FoundedCenter) -> None:
    colleague = center.add_laptop()
    peer = hub.found(center)
    peer.put(ObjectKind.KEY, NAME, b"wrapped")
    hub.peer(colleague).destroy(ObjectKind.KEY, NAME)
    assert peer.get(ObjectKind.KEY, NAME) == b"wrapped"


def test_nobody_destroys_a_statement(hub: HubInHand, center: FoundedCenter) -> None:
    peer = hub.found(center)
    name = center.statements[0].id.hex()
    peer.destroy(ObjectKind.STATEMENT, name)
    assert peer.get(ObjectKind.STATEMENT, name) == center.statements[0].content


def test_a_stranger_leaves_a_request_and_fetches_the_answer_by_its_name(hub: HubInHand, center: FoundedCenter) -> None:
    peer, newcomer = hub.found(center), stranger(hub, center)
    asked = request(center)
    newcomer.put(ObjectKind.REQUEST, asked.name, asked.content)
    assert peer.names(ObjectKind.REQUEST) == {asked.name}
    assert peer.get(ObjectKind.REQUEST, asked.name) == asked.content
    assert newcomer.get(ObjectKind.ADMISSION, NAME) is None
    peer.put(ObjectKind.ADMISSION, NAME, b"sealed")
    assert newcomer.get(ObjectKind.ADMISSION, NAME) == b"sealed"


def test_a_stranger_reads_nothing_else(hub: HubInHand, center: FoundedCenter) -> None:
    peer, newcomer = hub.found(center), stranger(hub, center)
    for kind in set(ObjectKind) - {ObjectKind.STATEMENT, ObjectKind.ADMISSION}:
        if kind is not ObjectKind.REQUEST:
            peer.put(kind, NAME, b"sealed")
        with pytest.raises(Refused):
            newcomer.get(kind, NAME)
        with pytest.raises(Refused):
            newcomer.names(kind)
        with pytest.raises(Refused):
            newcomer.destroy(kind, NAME)


def test_what_is_no_request_to_this_center_takes_no_place(on_sqlite: HubInHand, center: FoundedCenter) -> None:
    peer = on_sqlite.found(center)
    asked, elsewhere = request(center), request(FoundedCenter())
    for name, content in (
        ("ffff", b"x"),
        ("ffff", asked.content),
        (asked.name, asked.content[:-1] + bytes([asked.content[-1] ^ 1])),
        (elsewhere.name, elsewhere.content),
    ):
        place = f"/v1/center/{center.id.hex()}/object/request/{name}"
        assert on_sqlite.ask("PUT", place, content).status_code == 400
    assert peer.names(ObjectKind.REQUEST) == frozenset()
    assert on_sqlite.ask("PUT", place, bytes(CUSTOMS[ObjectKind.REQUEST].largest + 1)).status_code == 413


def test_of_too_many_requests_the_oldest_gives_way_and_may_be_left_again(
    hub: HubInHand, center: FoundedCenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = {**CUSTOMS, ObjectKind.REQUEST: replace(CUSTOMS[ObjectKind.REQUEST], most=3)}
    monkeypatch.setattr(objects, "CUSTOMS", few)
    peer, somebody = hub.found(center), Asker("")
    before = bytes_of(hub)
    asked = [request(center) for _ in range(5)]
    for one in asked:
        assert hub.hub.put(center.id, somebody, ObjectKind.REQUEST, one.name, one.content)
    assert peer.names(ObjectKind.REQUEST) == {one.name for one in asked[2:]}
    assert bytes_of(hub) == before + sum(len(one.content) for one in asked[2:])
    assert hub.hub.put(center.id, somebody, ObjectKind.REQUEST, asked[0].name, asked[0].content)
    assert peer.names(ObjectKind.REQUEST) == {one.name for one in (*asked[3:], asked[0])}


def test_another_centers_laptop_leaves_in_the_inbox_and_reads_nothing_there(
    hub: HubInHand, center: FoundedCenter
) -> None:
    neighbour = FoundedCenter()
    peer = hub.found(center)
    hub.found(neighbour)
    opened = hub.peer(neighbour.laptop)
    opened.meet({}, "")
    place = f"/v1/center/{center.id.hex()}/object/"
    assert hub.ask("PUT", f"{place}inbox/{NAME}", b"sealed to you", opened._pass).status_code == 201
    assert hub.ask("GET", f"{place}inbox/{NAME}", shown=opened._pass).status_code == 403
    assert hub.ask("PUT", f"{place}key/{NAME}", b"x", opened._pass).status_code == 403
    assert peer.get(ObjectKind.INBOX, NAME) == b"sealed to you"


def test_the_directory_shows_the_certificates_of_the_centers(hub: HubInHand, center: FoundedCenter) -> None:
    hub.add(center)
    assert centers(hub.url) == [center.certificate]


def test_a_head_is_the_head_that_the_statements_say_last(hub: HubInHand, center: FoundedCenter) -> None:
    person = center.add_person("HEAD")
    hers = center.add_laptop(person.account)
    peer = hub.found(center)
    for name in ("aa", "bb"):
        peer.put(ObjectKind.CHUNK, name, b"sealed")
    hub.peer(hers).destroy(ObjectKind.CHUNK, "aa")
    center.say(Person(person.account, b"", "CASEWORKER", person.signing_public, person.sealing_public))
    state(peer, center)
    hub.peer(hers).destroy(ObjectKind.CHUNK, "bb")
    assert peer.names(ObjectKind.CHUNK) == {"bb"}
