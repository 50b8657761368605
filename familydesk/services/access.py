"""Who opened a file, printed it or gave something out of it: the folder's access sheet, read from the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from familydesk.core.errors import Refused
from familydesk.core.i18n import translate
from familydesk.core.record import Record
from familydesk.records import BY_NAME
from familydesk.records.case import Case
from familydesk.records.family_member import FamilyMember
from familydesk.services.dossiers import NO_CASE
from familydesk.services.rights import Verb
from familydesk.store.journal import Deed
from familydesk.store.tables import JOURNAL, RESTRICTED_CASE

if TYPE_CHECKING:
    from familydesk.services.office import Office

_EVENT = (JOURNAL.c.at, JOURNAL.c.account, JOURNAL.c.deed, JOURNAL.c.sheet, JOURNAL.c.reason, JOURNAL.c.recipient)


@dataclass(frozen=True, slots=True)
class Access:
    """One line of the sheet."""

    at: datetime
    who: str
    account: UUID
    deed: Deed
    sheet: str
    reason: str
    recipient: str

    @property
    def done(self) -> str:
        """What was done, in the language in force."""
        return translate(self.deed.value)

    @property
    def what(self) -> str:
        """With what kind of record, in the language in force."""
        kind: type[Record] | None = BY_NAME.get(self.sheet)
        return translate(kind.title) if kind else ""


def access_to(office: Office, case: UUID) -> list[Access]:
    """Every event of a case, of its client with her other cases, and of everybody in its family, oldest first.

    Refused to who may not see the list, and if there is no such case. One that does not open here tells neither client
    nor family; what was noted under the case itself is found all the same.
    """
    office.account.require(Verb.ACCESS_LIST)
    # The check of the journal walks this computer's chain: what stands beside it nobody has proved.
    proved = JOURNAL.c.device == office.database.device
    with office.database.read(whole=True) as session:
        cases, people = _whose(session, case)
        ids = [id.hex for id in cases | people]
        told = [func.instr(JOURNAL.c.detail, id) > 0 for id in ids]
        theirs = or_(JOURNAL.c.case_id.in_(ids), JOURNAL.c.record.in_(ids), *told)
        events = list(session.execute(select(*_EVENT).where(proved, theirs).order_by(JOURNAL.c.seq)))
    names = office.desk.names("staff_member", {UUID(hex=event.account) for event in events})
    return [
        Access(
            at=datetime.fromisoformat(event.at),
            who=names.get(account, ""),
            account=account,
            deed=Deed[event.deed],
            sheet=event.sheet,
            reason=event.reason,
            recipient=event.recipient,
        )
        for event in events
        for account in [UUID(hex=event.account)]
    ]


def _whose(session: Session, id: UUID) -> tuple[set[UUID], set[UUID]]:
    """The cases of the client of this one; and she, the family, and who belongs to it."""
    case = session.get(Case, id)
    restricted = select(RESTRICTED_CASE.c.case_id).where(RESTRICTED_CASE.c.case_id == id.hex)
    if case is None and session.scalar(restricted) is None:
        raise Refused(NO_CASE)
    client, family = (case.client_id, case.family_id) if case else (None, None)
    others = session.scalars(select(Case.id).where(Case.client_id == client)) if client else ()
    kin = session.scalars(select(FamilyMember.person_id).where(FamilyMember.family_id == family)) if family else ()
    return {id, *others}, {one for one in (client, family, *kin) if one}
