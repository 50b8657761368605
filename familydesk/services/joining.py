"""A new laptop asks a center to admit it. Until a head has, there is no store: only the request, sealed under the
passphrase of who asked.

Nobody is believed by the road: the fingerprint covers the laptop's keys and the center that it saw. The head's program
reckons it anew with her own; a road that shows another center, or another laptop, makes another fingerprint.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nacl.public import PrivateKey
from nacl.signing import SigningKey
from nacl.utils import random

from familydesk.core.errors import Refused, Weather
from familydesk.core.i18n import N_
from familydesk.services import logins
from familydesk.services.account import check_passphrase
from familydesk.services.first_tables import named
from familydesk.services.roads import center_at, road
from familydesk.store import arrival, durable, guards
from familydesk.store.delay import Delay
from familydesk.store.derivation import FLOOR, SALT_BYTES, Cost, derive, measured
from familydesk.store.folder import StoreFolder
from familydesk.store.keys import TooSoon, WrongPassphrase
from familydesk.store.lock import StoreLock
from familydesk.store.sealing import seal, unseal
from familydesk.store.slots import KEY_BYTES, Secrets
from familydesk.store.weather import damaged, told_plainly
from familydesk.sync import fingerprint
from familydesk.sync.arriving import Arriving, WrongKeys
from familydesk.sync.enrolment import Admission, Keys, OwnKeys, Request, read_request
from familydesk.sync.peer import ObjectKind, Peer
from familydesk.sync.wire import bounds
from familydesk.sync.wire.bounds import Defect

NOT_CONFIRMED = N_(
    "This laptop is not confirmed: no head of the center has admitted it yet. Read its fingerprint to the head aloud."
)
FALSE_ADMISSION = N_("What came as an admission does not fit the request of this laptop. Nothing of it was used.")
OTHER_PASSPHRASE = N_(
    "This passphrase is not the one of your other laptop, which your keys are sealed under. Ask anew with that one."
)
KEYS_AWAITED = N_(
    "The head has admitted this laptop; your keys are still missing. Hand them over at your other laptop, with the "
    "same request and fingerprint."
)
LARGEST = 64 * 1024
_WHAT = "familydesk joining 1"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was made. Both fingerprints are to be read aloud and compared, never sent."""

    request: str
    fingerprint: str
    center: str


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What the laptop keeps until it is admitted."""

    request: Request
    anchor: bytes
    secrets: Secrets
    device: SigningKey
    road: str
    login: str

    def packed(self) -> bytes:
        facts = {
            "request": self.request.content.hex(),
            "anchor": self.anchor.hex(),
            "secrets": self.secrets.pack().hex(),
            "device": bytes(self.device).hex(),
            "road": self.road,
            "login": self.login,
        }
        return json.dumps(facts).encode()

    @classmethod
    def read(cls, packed: bytes) -> _Waiting:
        found = json.loads(packed)
        request, anchor, secrets, device = (
            bytes.fromhex(found[name]) for name in ("request", "anchor", "secrets", "device")
        )
        own = Secrets.unpack(secrets)
        assert own is not None
        return cls(read_request(request), anchor, own, SigningKey(device), found["road"], found["login"])


def ask(
    folder: Path,
    peer: str,
    person: str,
    passphrase: str,
    *,
    login: str = "",
    pinned: str = "",
    cost: Cost | None = None,
) -> Asked:
    """Leave a request at `peer` in the name of `person`; `login` is that of a member who has another laptop already.

    Refused for a name that is none or a passphrase too short, if there is no center, several, or another one than
    `pinned`, and if a store stands in `folder`; Weather where the road fails.
    """
    check_passphrase(passphrase)
    named(person)
    login = logins.well_formed(login) if login else ""
    place = StoreFolder(folder)
    center = center_at(peer, pinned)
    secrets, device = Secrets.fresh(anchor=center.anchor), SigningKey.generate()
    keys = Keys(device, SigningKey(secrets.signing_seed), PrivateKey(secrets.sealing_seed))
    request = Request.to(center.id, center.recipients, person, login, keys)
    with _locked(place):
        guards.refuse_existing(place.database)
        guards.refuse_existing(place.keys)
        _keep(place, _Waiting(request, center.anchor, secrets, device, peer, login), passphrase, cost or measured())
    with road(peer, center.id, device) as there:
        there.put(ObjectKind.REQUEST, request.name, request.content)
    print_ = fingerprint.of_request(center.anchor, request.content)
    return Asked(request.name, print_, fingerprint.of_center(center.anchor))


def is_waiting(folder: Path) -> bool:
    """Whether a laptop has asked from this folder and has no store yet."""
    place = StoreFolder(folder)
    return place.joining.exists() and not place.database.exists()


def arrive(folder: Path, passphrase: str, peer: str = "", *, least: Cost = FLOOR, cost: Cost | None = None) -> str:
    """Make the store of a laptop that was admitted; the center's fingerprint. `peer`: another road than the asked one.

    Refused as long as no head has admitted it; WrongPassphrase; Weather where the road fails.
    """
    place = StoreFolder(folder)
    with _locked(place):
        waiting = _opened(place, passphrase, least)
        with road(peer or waiting.road, waiting.request.center, waiting.device) as there:
            arriving = _admitted(waiting, there, passphrase)
        staged = arrival.begin(place)
        arriving.furnish(place, staged, passphrase, cost or measured())
        arrival.admit(place, aside="")
        put_away(place)
    return fingerprint.of_center(waiting.anchor)


def put_away(place: StoreFolder) -> None:
    """A store is there: what waited for it is of no use any more, and holds keys."""
    with told_plainly():
        place.joining.unlink(missing_ok=True)


def _admitted(waiting: _Waiting, there: Peer, passphrase: str) -> Arriving:
    """What came for it. Refused if nothing did, or nothing that a head of this center has said."""
    try:
        return _read_admission(waiting, there, passphrase)
    except (Defect, WrongKeys):
        raise Refused(FALSE_ADMISSION) from None


def _read_admission(waiting: _Waiting, there: Peer, passphrase: str) -> Arriving:
    sealed = there.get(ObjectKind.ADMISSION, waiting.request.answer)
    if sealed is None:
        raise Refused(NOT_CONFIRMED)
    admission = Admission.opened(sealed, waiting.request, PrivateKey(waiting.secrets.sealing_seed))
    arriving = Arriving.read(admission, waiting.anchor, _lying(there), waiting.device)
    if arriving.person is None:
        raise Refused(NOT_CONFIRMED)
    if not waiting.login:
        return arriving.by(waiting.secrets)
    kept = (admission.own or _keys_beside(waiting, there)).open(admission.account, passphrase)
    secrets = kept.secrets(bytes(KEY_BYTES), waiting.anchor, admission.paper) if kept else None
    if secrets is None:
        raise Refused(OTHER_PASSPHRASE)
    return arriving.by(secrets)


def _keys_beside(waiting: _Waiting, there: Peer) -> OwnKeys:
    """Her own keys, from the laptop where she works."""
    sealed = there.get(ObjectKind.ADMISSION, waiting.request.keys_answer)
    if sealed is None:
        raise Refused(KEYS_AWAITED)
    return OwnKeys.opened(sealed, waiting.request, PrivateKey(waiting.secrets.sealing_seed))


def _lying(there: Peer) -> list[bytes]:
    """The statements that lie beside the log by now, where one may read them: another head may have spoken since."""
    with suppress(Refused, Weather):
        names = sorted(there.names(ObjectKind.STATEMENT))[: bounds.STATEMENTS]
        found = (there.get(ObjectKind.STATEMENT, name) for name in names)
        return [content for content in found if content]
    return []


# The file


def _keep(place: StoreFolder, waiting: _Waiting, passphrase: str, cost: Cost) -> None:
    salt = random(SALT_BYTES)
    facts = {"what": _WHAT, "passes": cost.passes, "memory": cost.memory, "salt": salt.hex()}
    sealed = seal(derive(passphrase, salt, cost), facts, waiting.packed())
    with told_plainly():
        durable.replace(place.joining, json.dumps({**facts, "sealed": sealed.hex()}).encode())


def _opened(place: StoreFolder, passphrase: str, least: Cost) -> _Waiting:
    delay = Delay(place.delay)
    if wait := delay.left():
        raise TooSoon(wait)
    found = _read(place.joining)
    cost = Cost(found["passes"], found["memory"])
    if not cost.bearable() or not cost.reaches(least):
        raise damaged()
    delay.count_try()
    key = derive(passphrase, bytes.fromhex(found["salt"]), cost)
    content = unseal(key, {name: found[name] for name in ("what", "passes", "memory", "salt")}, found["sealed"])
    if content is None:
        raise WrongPassphrase(delay.left())
    delay.clear()
    return _Waiting.read(content)


def _read(path: Path) -> dict[str, Any]:
    try:
        with told_plainly(), path.open("rb") as file:
            found = json.loads(file.read(LARGEST))
        facts = {name: int(found[name]) for name in ("passes", "memory")}
        return {**facts, "what": _WHAT, "salt": found["salt"], "sealed": bytes.fromhex(found["sealed"])}
    except (KeyError, TypeError, ValueError):
        raise damaged() from None


@contextmanager
def _locked(place: StoreFolder) -> Iterator[None]:
    with told_plainly():
        place.make()
    lock = StoreLock(place.lock)
    try:
        yield
    finally:
        lock.release()
