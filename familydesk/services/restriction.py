"""A restriction of a case as it is sealed with it: why it stands, since when, and for whom."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from familydesk.core.i18n import N_
from familydesk.store.case_keys import FORMER


class Why(enum.Enum):
    """Why a case is restricted. NAMES are stored, sealed with the case."""

    COLLEAGUE = N_("It concerns a colleague or her family")
    KNOWN_PERSON = N_("It concerns somebody whom many people know")
    THREAT = N_("There is a threat by somebody who may reach our papers")


@dataclass(frozen=True, slots=True)
class Restriction:
    """A restricted case that opens here.

    `readers` and `heads` are who has copies of its key, as it was sealed with the case: the copies themselves are in
    the open, and whoever holds the store's key could put a name of hers among them.
    """

    case: UUID
    why: Why
    since: datetime
    readers: tuple[UUID, ...]
    heads: tuple[UUID, ...] = ()
    damaged: int = 0
    """How much of it does not open, because somebody wrote into the file or a disk failed. Its list is one; then
    nobody is among the readers."""

    def naming(self, readers: Iterable[UUID], heads: Iterable[UUID]) -> Restriction:
        """The same for other people."""
        return replace(self, readers=tuple(sorted(readers)), heads=tuple(sorted(heads)))

    def facts(self, keys: Iterable[tuple[int, str]] = ()) -> bytes:
        """What is sealed with the case; `keys` are those that sealed it before, with their numbers."""
        people = {"readers": self.readers, "heads": self.heads}
        listed = {kind: [one.hex for one in accounts] for kind, accounts in people.items()}
        return json.dumps({"why": self.why.name, FORMER: list(keys), **listed}).encode()

    @classmethod
    def of(cls, case: UUID, since: datetime, facts: bytes | None, damaged: int) -> Restriction:
        """Back from what was sealed; None if it did not open."""
        if facts is None:
            return cls(case, Why.THREAT, since, (), damaged=damaged + 1)
        told = json.loads(facts)
        readers, heads = (tuple(map(UUID, told[kind])) for kind in ("readers", "heads"))
        return cls(case, Why[told["why"]], since, readers, heads, damaged)
