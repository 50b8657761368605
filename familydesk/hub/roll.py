"""Who belongs to a center, as far as a hub has to know: what its statements come to, kept until another one comes."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from familydesk.hub import faults, objects
from familydesk.sync.wire.bounds import Defect
from familydesk.sync.wire.fold import fold
from familydesk.sync.wire.membership import Membership
from familydesk.sync.wire.statement import Statement, decode
from familydesk.sync.wire.words import ObjectKind


@dataclass(frozen=True, slots=True)
class Known:
    """A laptop that a head has vouched for."""

    id: bytes
    public: bytes
    leads: bool
    """Whether it is a head's."""
    former: bool
    """Whether it was cut off, or whose it is does not belong to the center any more."""


class Roll:
    """The laptops of one center, by the statements that are here."""

    def __init__(self, anchor: bytes, statements: tuple[Statement, ...]) -> None:
        self._anchor, self._statements = anchor, statements
        self._membership: Membership = fold(statements, anchor)

    def device(self, device: bytes) -> Known | None:
        """A laptop; None if nobody has vouched for it, or for whoever it was vouched for."""
        laptop = self._membership.laptops.get(device)
        person = self._membership.people.get(laptop.account) if laptop else None
        if laptop is None or person is None:
            # Statements come in any order: a laptop may be known before the person whose it is.
            return None
        former = device in self._membership.cuts or not person.active
        return Known(device, laptop.public, person.active and person.leads, former)

    def laptops(self) -> dict[bytes, Known]:
        """Those that belong to the center now."""
        found = ((id, self.device(id)) for id in self._membership.laptops)
        return {id: known for id, known in found if known and not known.former}

    def erasures(self) -> list[str]:
        """The statements (hex) by which heads have ordered something to be erased."""
        return [one.id.hex() for one in self._membership.erasures()]

    def is_cut(self, device: bytes, seq: int, hash: bytes) -> bool:
        """Whether an envelope lies beyond the place at which its laptop was cut off."""
        return self._membership.accepts(device, seq, hash) is False

    def check(self, content: bytes, *, by_stranger: bool) -> None:
        """Rejected unless this is a statement of this center; of a stranger, one that holds by itself here and now."""
        try:
            statement = decode(content)
        except Defect:
            raise faults.malformed("This is not a statement.") from None
        if statement.anchor != self._anchor:
            raise faults.malformed("This is another center's statement.")
        if by_stranger and not fold((*self._statements, statement), self._anchor).holds(statement.id):
            raise faults.Rejected(409, "unfounded", "Nothing here says that this may be stated.")


class Rolls:
    """The roll of each center, read again when there are more statements than it was read from."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rolls: dict[bytes, tuple[int, Roll]] = {}

    def last(self, center: bytes) -> Roll | None:
        """As it was when it was asked for last: there may be more statements by now."""
        with self._lock:
            return self._rolls.get(center, (0, None))[1]

    def of(self, connection: Connection, center: Row[Any]) -> Roll:
        """The roll of a center, by its row in this transaction."""
        with self._lock:
            count, roll = self._rolls.get(center.id, (-1, None))
        if roll is None or count != center.statements:
            roll = Roll(bytes(center.anchor), _statements(connection, center.id))
            with self._lock:
                self._rolls[center.id] = center.statements, roll
        return roll


def _statements(connection: Connection, center: bytes) -> tuple[Statement, ...]:
    return tuple(map(decode, objects.contents(connection, center, ObjectKind.STATEMENT)))
