"""Whom a laptop meets: a hub, a folder on a stick, in tests a road that loses and doubles. All answer the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from familydesk.sync.wire.words import ObjectKind as ObjectKind
from familydesk.sync.wire.words import Receipt as Receipt

Have = Mapping[bytes, int]
"""By device: up to which number its envelopes are here, without a gap."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Envelopes as they came. `after` is where to go on, in the peer's own words; `more`: whether there are."""

    envelopes: tuple[bytes, ...]
    after: str
    more: bool = False


@dataclass(frozen=True, slots=True)
class Meeting:
    """The first answer: what the peer has, its objects, the first page of envelopes, and a hub's signed head."""

    have: Have
    batch: Batch
    objects: Mapping[ObjectKind, frozenset[str]]
    """Names of the objects that are new since the last meeting, as far as the peer can tell; else all."""
    head: bytes | None = None
    known: bool = True
    """False where another stick lies at a known place: what is remembered of the former says nothing of this one."""
    warnings: tuple[str, ...] = ()
    """Marked sentences: what is wrong with a peer that is not as it was, to be told to who is at the desk."""
    all_objects: bool = True
    """Whether these are all that it has."""


class Peer(Protocol):
    """Whom a laptop meets. Every question may raise Weather; nothing is half done by it."""

    name: str
    """Its address, as a person gave it."""

    def meet(self, have: Have, after: str) -> Meeting:
        """Begin. `after` is what the last batch of this peer said; empty at first."""

    def pull(self, have: Have, after: str) -> Batch:
        """The next page of envelopes."""

    def push(self, envelopes: Sequence[bytes]) -> list[Receipt]:
        """Hand over, in order; one receipt each. One that is refused stops no other."""

    def names(self, kind: ObjectKind) -> frozenset[str]:
        """The objects of a kind."""

    def get(self, kind: ObjectKind, name: str) -> bytes | None:
        """An object; None if it is not there."""

    def put(self, kind: ObjectKind, name: str, content: bytes) -> None:
        """Leave an object. One of that name already there is left as it is."""

    def destroy(self, kind: ObjectKind, name: str) -> None:
        """Take an object away for good; it is not taken in again."""


@runtime_checkable
class Cuttable(Protocol):
    """A peer from which a laptop takes away what a snapshot stands for. A hub does that by itself."""

    def cut(self, manifest: bytes, reached: Have) -> None:
        """Let go of the envelopes up to these numbers, for good; `manifest` says why nobody needs them."""


@runtime_checkable
class Mailbox(Protocol):
    """A peer at which something can be left for another center."""

    def post(self, center: bytes, name: str, content: bytes, *, begin: bool) -> bool:
        """Leave a letter to `center`; whether it lies there now. False where that center has no place here, unless one
        may be begun (`begin`).
        """
