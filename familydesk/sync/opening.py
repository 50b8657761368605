"""Opening an envelope that came: who sent it, who wrote it, and as many of its changes as keys are here for.

Three things can be said of it. `Defect`: nobody of the center sends such a thing. `Waiting`: it may be good, but
something that would tell has not come yet. Or it is opened, perhaps with sections whose keys are not here; those stay
as they are, and it is handed on as the bytes it is either way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from familydesk.sync.identity import Keyring, Trust
from familydesk.sync.wire import body as bodies
from familydesk.sync.wire import envelope
from familydesk.sync.wire.body import Body, Clock, Newer
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.change import Change, Version
from familydesk.sync.wire.coding import decoded, encoded
from familydesk.sync.wire.digests import device_id
from familydesk.sync.wire.envelope import Envelope, Header
from familydesk.sync.wire.section import Section

DOUBTFUL = 10 * 60 * 1000
"""Milliseconds by which a laptop's clock may go ahead before what it says is doubted."""


class Waiting(Exception):
    """What would tell whether an envelope is good is not here: a device, a person or a key that nobody has named yet,
    or a program that knows its form.
    """


@dataclass(frozen=True, slots=True)
class Opened:
    """An envelope whose signatures are good."""

    envelope: Envelope
    body: Body
    changes: tuple[Change, ...]
    """In the order in which they were written."""
    opaque: tuple[Section, ...]
    """What is sealed under keys that are not here."""
    spoiled: int = 0
    """How many sections hold nothing readable. The others count: whoever gets their keys one by one has them too."""

    @property
    def author(self) -> UUID:
        """The account of who wrote; all zero for the program itself."""
        return UUID(bytes=self.body.author)

    @property
    def signer(self) -> UUID:
        """The account of who signed: somebody else's, if she vouches for what the author left on the laptop."""
        return UUID(bytes=self.body.signer)

    @property
    def vouching(self) -> UUID | None:
        """The signer, if she is not the author: for what the program wrote itself she answers too."""
        return None if self.body.author == self.body.signer else self.signer

    def doubtful(self, now: int) -> bool:
        """Whether the laptop's clock is not to be trusted, as far as it can be told at `now` (milliseconds)."""
        return self.body.clock is Clock.BEHIND or self.ahead(now)

    def ahead(self, now: int) -> bool:
        """Whether the laptop's own clock stood ahead of `now` when it wrote, whatever stamps it goes on from."""
        return self.body.wall > now + DOUBTFUL


def verified(content: bytes, center: bytes, trust: Trust) -> Envelope:
    """The envelope, if a laptop of this center sent it. Defect or Waiting if not; nothing is opened."""
    found = envelope.read(content)
    if found.header.center != center:
        raise Defect("an envelope of another center")
    device = trust.device(found.header.device)
    if device is None:
        raise Waiting("nobody has vouched for the device yet")
    if device_id(device.public) != found.header.device or not found.signed_by(device.public):
        raise Defect("an envelope that its device did not sign")
    return found


def opened(sent: Envelope, trust: Trust, keyring: Keyring) -> Opened:
    """What a verified envelope holds. Defect if it is forged inside, Waiting if it cannot be told yet."""
    key = keyring.epoch_key(sent.header.epoch)
    if key is None:
        raise Waiting("the key of its epoch has not come yet")
    try:
        signed = bodies.read(sent.opened(key))
    except Newer as error:
        raise Waiting("it was written by a newer program") from error
    publics = trust.signing_publics(UUID(bytes=signed.body.signer))
    if not any(signed.signed_by(sent.header, public) for public in publics):
        # Not told apart: a key that the person got lately and that nobody has named here, and no key of hers.
        raise Waiting("no key of the person who signed it is known here")
    return _sorted_out(sent, signed.body, keyring)


def _sorted_out(sent: Envelope, body: Body, keyring: Keyring) -> Opened:
    """Every section is judged by itself, as it would be if its key came later than those of the others."""
    found: dict[Version, Change] = {}
    opaque: list[Section] = []
    spoiled = 0
    for section in body.sections:
        secret = keyring.stream_key(section.stream, section.key)
        if secret is None:
            opaque.append(section)
            continue
        try:
            for change in section.opened(sent.header, secret):
                found.setdefault(change.version, change)
        except Defect:
            spoiled += 1
    if spoiled and not found and not opaque:
        raise Defect("nothing readable in it")
    changes = tuple(found[version] for version in sorted(found))
    return Opened(sent, body, changes, tuple(opaque), spoiled)


def laid_aside(section: Section) -> bytes:
    """A section as it is kept until its key comes, with what it may unfold to."""
    return encoded([*section.packed(), section.size])


def _kept(content: bytes) -> Section:
    *row, size = decoded(content)
    return replace(Section.read(row), size=size)


def stream_aside(content: bytes) -> bytes:
    """The stream of a section that was laid aside."""
    return _kept(content).stream


def taken_up(content: bytes, sent: Header, keyring: Keyring) -> list[Change] | None:
    """The changes of a section that was laid aside, of the envelope with this header; None while its key is not here.

    Of the header only the center, the device and the number count.
    """
    section = _kept(content)
    secret = keyring.stream_key(section.stream, section.key)
    return section.opened(sent, secret) if secret else None
