"""The key file as it stands on the disk: what it says, the tag that covers it, and how it is read and replaced."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeVar
from uuid import UUID

from familydesk.core.errors import Weather
from familydesk.core.i18n import N_
from familydesk.store import durable
from familydesk.store.sealing import canonical, digest, equal
from familydesk.store.slots import KINDS, DormantSlot, PassphraseSlot, RememberedSlot, Slot
from familydesk.store.weather import told_plainly

FORMAT = "familydesk-keys"
VERSION = 2
LARGEST = 1024 * 1024
S = TypeVar("S", bound=Slot)


@dataclass(frozen=True, slots=True)
class StoredKeys:
    """The slots of one store, and what is sealed beside them."""

    store: UUID
    slots: tuple[Slot, ...]
    tag: bytes = b""
    anchor: bytes = b""
    renewals: Mapping[UUID, bytes] = field(default_factory=dict, repr=False)
    """By account, the store key of today sealed to her: her slot still holds the one of the day it was made."""
    due: bool = False
    """Whether somebody left who has known the store key: at the next opening the store gets another one."""

    def trusted(self, store_key: bytes) -> Self:
        """This file, if the tag on it was made inside. Weather if another hand has changed it."""
        if not equal(self.tag, self._tag(store_key)):
            raise tampered()
        return self

    # What it says

    def of_kind(self, kind: type[S]) -> list[S]:
        """The slots of one kind, oldest first."""
        return [slot for slot in self.slots if isinstance(slot, kind)]

    def dormant(self, account: UUID) -> list[DormantSlot]:
        """What stayed of slots that were taken away from her."""
        return [slot for slot in self.of_kind(DormantSlot) if slot.account == account]

    @property
    def accounts(self) -> set[UUID]:
        """Who has a way in of her own."""
        return {slot.account for slot in self.slots if isinstance(slot, PassphraseSlot | RememberedSlot)}

    @property
    def people(self) -> int:
        """How many people open this store by a passphrase."""
        return len(self.of_kind(PassphraseSlot))

    def _facts(self) -> dict[str, Any]:
        slots = [{**slot.facts(), "sealed": slot.sealed.hex()} for slot in self.slots]
        # Files of the first format are checked as they were written.
        told: dict[str, Any] = {"version": VERSION, "anchor": self.anchor.hex()} if self.anchor else {"version": 1}
        if self.renewals:
            told["renewals"] = {account.hex: sealed.hex() for account, sealed in self.renewals.items()}
        if self.due:
            told["due"] = True
        return {"format": FORMAT, **told, "store": self.store.hex, "slots": slots}

    def _tag(self, store_key: bytes) -> bytes:
        return digest(canonical(self._facts()), b"fd-key-file", store_key)

    # The file

    def write(self, path: Path) -> None:
        """Replace the file at `path` in one step. Weather if the disk does not let it; the old file then stands."""
        with told_plainly():
            durable.replace(path, self._content())

    @contextmanager
    def taking_over(self, path: Path) -> Iterator[None]:
        """Replace the file at `path` when the block ends well, and leave it as it is if not. A disk without room says
        so (Weather) before the block begins.
        """
        with told_plainly(), durable.staged(path, self._content()):
            yield

    def _content(self) -> bytes:
        return json.dumps({**self._facts(), "tag": self.tag.hex()}, indent=1).encode()

    @classmethod
    def read(cls, path: Path) -> Self:
        """The file at `path`. Weather if it is missing, damaged or newer than the program."""
        with told_plainly():
            try:
                with path.open("rb") as file:
                    return cls.parse(file.read(LARGEST))
            except FileNotFoundError:
                raise missing() from None

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """As `read`, from the file's bytes."""
        try:
            found = json.loads(content)
            if found["format"] != FORMAT:
                raise ValueError("not a key file")
            if int(found["version"]) > VERSION:
                raise newer()
            slots = tuple(KINDS[slot["kind"]].read(slot) for slot in found["slots"])
            anchor = bytes.fromhex(found["anchor"]) if int(found["version"]) > 1 else b""
            renewals = {UUID(hex=whose): bytes.fromhex(key) for whose, key in found.get("renewals", {}).items()}
            due = found.get("due") is True
            return cls(UUID(hex=found["store"]), slots, bytes.fromhex(found["tag"]), anchor, renewals, due)
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
            raise damaged() from None


def missing() -> Weather:
    """No key file where one was expected."""
    return Weather(
        N_("The key file of this store is missing."),
        N_("Put it back beside the store, or restore a backup: it holds both."),
    )


def damaged() -> Weather:
    """A key file that cannot be read."""
    return Weather(
        N_("The key file of this store is damaged."),
        N_("Restore the newest backup: it holds the key file. What is here will be kept beside it."),
    )


def newer() -> Weather:
    """A key file of a later program."""
    return Weather(
        N_("This store was written by a newer version of the program."),
        N_("Install the newer version on this computer. The store was left as it is."),
    )


def tampered() -> Weather:
    """A key file that was not written from inside."""
    return Weather(
        N_("The key file of this store was damaged or changed by another hand."),
        N_("Restore the newest backup: it holds the key file. What is here will be kept beside it."),
    )
