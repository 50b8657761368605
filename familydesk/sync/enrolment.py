"""How a laptop asks to be admitted to a center, and what it gets: two objects that lie beside the log.

A request is CBOR as `wire/coding` spells it, then two signatures (64 each), of the laptop's key and of the person's,
which show that whoever asks has both:

    ["familydesk request 1", center 16, laptop's public 32, signing 32, sealing 32, [[to 32, words sealed] ...]]

The words are the name and, for a second laptop of a member, her login; they are sealed to keys of the center, so that
a hub reads neither. An admission is sealed to the request's sealing key; what it says counts by the statements in it:

    ["familydesk admission 1", account 16, recovery key's public 32, [statement ...], own keys or null]

Own keys are those of a member who has another laptop, as her slot there seals them under her passphrase:
[store 16, passes, memory, salt, sealed]. Where the head's laptop does not have them, they are left beside the admission
by the laptop that has.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from nacl.public import PrivateKey, PublicKey
from nacl.signing import SigningKey

from familydesk.store.derivation import Cost
from familydesk.store.sealing import seal_to, unseal_from
from familydesk.store.slots import DormantSlot, Escrowed, PassphraseSlot
from familydesk.sync.wire import asking, bounds
from familydesk.sync.wire.asking import REQUEST
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.coding import decoded, encoded
from familydesk.sync.wire.digests import digest
from familydesk.sync.wire.shapes import array, at_most, exactly, number, uuid, word

ADMISSION = "familydesk admission 1"
RECIPIENTS = 32
_KEY = 32
_LONGEST = 400
"""Letters of a name."""


@dataclass(frozen=True)
class Request:
    """A laptop that asks. `words`: by whose key they open, the name and login."""

    center: bytes
    device: bytes
    """The laptop's public key (Ed25519)."""
    signing: bytes
    sealing: bytes
    words: tuple[tuple[bytes, bytes], ...] = field(repr=False)
    signatures: bytes = field(default=b"", repr=False)

    @classmethod
    def to(cls, center: bytes, recipients: Iterable[bytes], person: str, login: str, keys: Keys) -> Request:
        """A request, signed, whose words open with the private half of any of `recipients`."""
        context = {"what": REQUEST, "center": center.hex()}
        content = encoded([person, login])
        words = tuple((one, seal_to(PublicKey(one), context, content)) for one in sorted(recipients)[:RECIPIENTS])
        publics = (bytes(keys.device.verify_key), bytes(keys.signing.verify_key), bytes(keys.sealing.public_key))
        bare = cls(center, *publics, words)
        signed = (key.sign(bare.body).signature for key in (keys.device, keys.signing))
        return replace(bare, signatures=b"".join(signed))

    @cached_property
    def body(self) -> bytes:
        """What is signed."""
        words = [list(one) for one in self.words]
        return encoded([REQUEST, self.center, self.device, self.signing, self.sealing, words])

    @property
    def content(self) -> bytes:
        """The object."""
        return self.body + self.signatures

    @property
    def name(self) -> str:
        """The object's name: by which a head names the request."""
        return asking.request_name(self.content)

    @property
    def answer(self) -> str:
        """The name of the admission: whoever has not seen the request does not know it."""
        return digest(self.content, b"fd-admission").hex()

    @property
    def keys_answer(self) -> str:
        """The name under which her own keys are left, from the laptop that has them, if the head's has not."""
        return digest(self.content, b"fd-own-keys").hex()

    def read_by(self, keys: Iterable[PrivateKey]) -> tuple[str, str] | None:
        """The name and the login; None if they are for none of these keys."""
        context = {"what": REQUEST, "center": self.center.hex()}
        sealed = dict(self.words)
        for key in keys:
            content = unseal_from(key, context, sealed.get(bytes(key.public_key), b""))
            if content is not None:
                person, login = array(decoded(content), 2)
                return word(person, _LONGEST), word(login, _LONGEST)
        return None


@dataclass(frozen=True, slots=True)
class Keys:
    """What a laptop makes for its request. They become hers who asks, if she has none in this center yet."""

    device: SigningKey = field(repr=False)
    signing: SigningKey = field(repr=False)
    sealing: PrivateKey = field(repr=False)


def read_request(content: bytes) -> Request:
    """A request from its bytes. Defect if it is none, or not signed by both keys that it names."""
    found = asking.asked(content)
    return Request(found.center, found.device, found.signing, found.sealing, found.words, found.signatures)


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """A member's own keys under her passphrase, as her slot on another laptop has them."""

    store: UUID
    cost: Cost
    salt: bytes
    sealed: bytes = field(repr=False)

    @classmethod
    def of(cls, store: UUID, slot: PassphraseSlot) -> OwnKeys:
        """What may leave the laptop: the store key is not in it."""
        return cls(store, slot.cost, slot.salt, slot.own)

    def open(self, account: UUID, passphrase: str) -> Escrowed | None:
        """Her keys; None if the passphrase is another one."""
        slot = DormantSlot(self.store, account, b"", self.cost, self.salt, b"", self.sealed)
        packed = slot.open(self.store, passphrase)
        return Escrowed.read(packed) if packed else None

    def sealed_to(self, request: Request) -> bytes:
        """By themselves, for whoever made the request."""
        return seal_to(PublicKey(request.sealing), _keys_to(request), encoded(self.packed()))

    @classmethod
    def opened(cls, sealed: bytes, request: Request, key: PrivateKey) -> OwnKeys:
        """From that. Defect if it is no answer to this request."""
        content = unseal_from(key, _keys_to(request), sealed)
        if content is None:
            raise Defect("keys that were sealed to somebody else")
        return cls.read(decoded(content))

    def packed(self) -> list[Any]:
        """Within an admission."""
        return [self.store.bytes, self.cost.passes, self.cost.memory, self.salt, self.sealed]

    @classmethod
    def read(cls, found: object) -> OwnKeys:
        """From `packed`."""
        store, passes, memory, salt, sealed = array(found, 5)
        cost = Cost(number(passes, 1), number(memory, 1))
        if not cost.bearable():
            raise Defect("a derivation that does not end")
        return cls(uuid(store), cost, at_most(salt, bounds.OBJECT), at_most(sealed, bounds.OBJECT))


@dataclass(frozen=True, slots=True)
class Admission:
    """What an admitted laptop needs to begin. `paper`: the recovery key's public half."""

    account: UUID
    paper: bytes
    statements: tuple[bytes, ...] = field(repr=False)
    own: OwnKeys | None = field(default=None, repr=False)

    def sealed(self, request: Request) -> bytes:
        """The object, for whoever made the request."""
        own = self.own.packed() if self.own else None
        content = encoded([ADMISSION, self.account.bytes, self.paper, list(self.statements), own])
        return seal_to(PublicKey(request.sealing), _answer_to(request), content)

    @classmethod
    def opened(cls, sealed: bytes, request: Request, key: PrivateKey) -> Admission:
        """From the object. Defect if it is no answer to this request."""
        content = unseal_from(key, _answer_to(request), sealed)
        if content is None:
            raise Defect("an admission that was sealed to somebody else")
        what, account, paper, statements, own = array(decoded(content), 5)
        if what != ADMISSION:
            raise Defect("no admission")
        said = tuple(at_most(one, bounds.OBJECT) for one in array(statements))
        return cls(uuid(account), exactly(paper, _KEY), said, OwnKeys.read(own) if own else None)


def _answer_to(request: Request) -> dict[str, Any]:
    return {"what": ADMISSION, "request": request.answer}


def _keys_to(request: Request) -> dict[str, Any]:
    return {"what": "familydesk own keys for a laptop 1", "request": request.keys_answer}
