"""Whether somebody may have written what came from another laptop, by the sheet it belongs to: of those that decide for
everybody. Records of families are written in an analyst's name too, where the program looks after what comes while she
lets two laptops meet, or she vouches for what a colleague left.

Her own program refuses it at her desk; another could send it all the same. Every role counts that the log of members
ever gave her, so that it makes no difference in which order envelopes and words about her come.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Connection

from familydesk.records.staff_member import Role
from familydesk.services.rights import KEPT_BY_HEAD, RIGHTS
from familydesk.sync.parking import Origin, Parked, Reason, awaited, by_origin, park, take_up
from familydesk.sync.wire.change import Change

if TYPE_CHECKING:
    from familydesk.services.office import Office


class Entitled:
    """Who may write what, by the log as it is now."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def sort_out(self, connection: Connection, origin: Origin, changes: Sequence[Change]) -> tuple[list[Change], int]:
        """Those that their signer may have written, and how many of the others were laid aside."""
        account = origin.signer or origin.author
        good = [one for one in changes if self._may(account, one.sheet)]
        others = [one for one in changes if not self._may(account, one.sheet)]
        waits = (Parked.change(origin, Reason.UNENTITLED, _place(account, one.sheet), one) for one in others)
        return good, park(connection, waits) if others else 0

    def by_now(self, connection: Connection) -> list[tuple[Origin, list[Change]]]:
        """What was laid aside, and whoever signed it may have written: another role of hers was heard of."""
        waiting = awaited(connection, Reason.UNENTITLED)
        return list(by_origin(take_up(connection, [Reason.UNENTITLED], filter(self._may_by_now, waiting))))

    def _may_by_now(self, place: str) -> bool:
        account, _, sheet = place.partition(".")
        return self._may(UUID(account), sheet)

    def _may(self, account: UUID, sheet: str) -> bool:
        """Whoever the log does not know has signed nothing that came by an envelope."""
        roles = self._roles.get(account)
        return sheet not in KEPT_BY_HEAD or roles is None or any(RIGHTS[Role[one]].may_write(sheet) for one in roles)

    @cached_property
    def _roles(self) -> dict[UUID, frozenset[str]]:
        log = self._office.center.log if self._office.account.anchor else None
        return {account: roles & Role.__members__.keys() for account, roles in log.roles.items()} if log else {}


def _place(account: UUID, sheet: str) -> str:
    return f"{account.hex}.{sheet}"
