"""Who wrote a change, and who vouches for it where the author had left it unsigned on another laptop."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from familydesk.core.i18n import _
from familydesk.store.tables import CHANGE, VOUCHED

if TYPE_CHECKING:
    from familydesk.services.office import Office


def signers(session: Session, record: UUID) -> dict[int, UUID]:
    """By change of a record: who vouches for it, where that is not its author."""
    within = CHANGE.c.seq.between(VOUCHED.c.first, VOUCHED.c.last)
    query = select(CHANGE.c.seq, VOUCHED.c.signer).join(VOUCHED, within).where(CHANGE.c.record == record.hex)
    return {seq: UUID(signer) for seq, signer in session.execute(query)}


def signer_of(office: Office, change: int) -> UUID | None:
    """The same of one change."""
    query = select(VOUCHED.c.signer).where(VOUCHED.c.first <= change, VOUCHED.c.last >= change)
    with office.database.read(whole=True) as session:
        found = session.scalar(query)
    return UUID(found) if found else None


class Names:
    """Colleagues' names, with who vouches for whom."""

    def __init__(self, office: Office, accounts: Iterable[UUID]) -> None:
        self._names = office.desk.names("staff_member", set(accounts))

    def of(self, author: UUID, signer: UUID | None = None) -> str:
        """The author's name; empty for the program itself, unless somebody answers for what it wrote elsewhere."""
        name, other = self._names.get(author, ""), self._names.get(signer, "") if signer else ""
        return _("{name}, as {other} vouches").format(name=name, other=other) if name and other else name or other
