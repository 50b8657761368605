"""The road to whoever a laptop meets: an address of a hub, or a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nacl.signing import SigningKey

from familydesk.core.errors import Refused
from familydesk.core.i18n import N_
from familydesk.sync import fingerprint
from familydesk.sync.folder import FolderPeer, begun_in
from familydesk.sync.peer import Have, Peer
from familydesk.sync.wire import certificate
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.digests import center_id, device_id
from familydesk.sync.wire.envelope import Envelope
from familydesk.sync.wire.fold import fold
from familydesk.sync.wire.web import authentic

NO_CENTER_THERE = N_("No center is to be found there yet. A head syncs with it first.")
SEVERAL = N_("Several centers are to be found there: say which, by its fingerprint.")
ANOTHER = N_("The center that is to be found there has another fingerprint.")


@dataclass(frozen=True, slots=True)
class Seen:
    """A center as a laptop sees it that belongs to none: the key that began its log, and to whom one seals for it."""

    anchor: bytes
    recipients: frozenset[bytes]

    @property
    def id(self) -> bytes:
        """16 bytes."""
        return center_id(self.anchor)


def is_hub(name: str) -> bool:
    """Whether this is a hub's address, and no folder."""
    return name.lower().startswith(("http://", "https://"))


@contextmanager
def road(
    name: str,
    center: bytes,
    device: SigningKey,
    genuine: Callable[[Envelope], bool] = lambda _: True,
    reaches: Callable[[bytes], Have] = lambda _: {},
) -> Iterator[Peer]:
    """To the peer of that name, for the laptop with this key. `genuine`: whether an envelope is its device's, and
    `reaches`: up to where a snapshot stands for them, as far as that is known here.
    """
    if not is_hub(name):
        yield FolderPeer(Path(name), center, device_id(bytes(device.verify_key)), genuine, reaches)
        return
    from familydesk.sync.http import HubPeer

    hub = HubPeer(name, center, device)
    try:
        yield hub
    finally:
        hub.close()


def center_at(name: str, pinned: str = "") -> Seen:
    """The center there, or that of several which has this fingerprint. Refused if there is none, or not the one."""
    found = _at_hub(name) if is_hub(name) else _in_folder(Path(name))
    if not found:
        raise Refused(NO_CENTER_THERE)
    if pinned:
        found = [one for one in found if fingerprint.same(pinned, fingerprint.of_center(one.anchor))]
    if not found:
        raise Refused(ANOTHER)
    if len(found) > 1:
        raise Refused(SEVERAL)
    return found[0]


def _at_hub(name: str) -> list[Seen]:
    from familydesk.sync.http import centers

    found = []
    for content in centers(name):
        try:
            seen = certificate.read(content)
        except Defect:
            continue
        found.append(Seen(seen.anchor, frozenset({seen.sealing} - {b""})))
    return found


def _in_folder(place: Path) -> list[Seen]:
    """By the statements that lie there: the heads are those to whom one seals."""
    found = []
    for said in begun_in(place):
        for anchor in {one.anchor for one in said}:
            people = fold(authentic(said, anchor), anchor).people.values()
            heads = frozenset(one.sealing_public for one in people if one.leads)
            if heads:
                found.append(Seen(anchor, heads))
    return found
