"""Who opened a file, printed it or gave something out of it: the folder's access sheet, read from the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import or_, select

from familydesk.core.i18n import translate
from familydesk.core.record import Record
from familydesk.records import BY_NAME
from familydesk.services.rights import Verb
from familydesk.store.journal import Deed
from familydesk.store.tables import JOURNAL

if TYPE_CHECKING:
    from familydesk.records.case import Case
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


def access_to(office: Office, case: Case) -> list[Access]:
    """Every event of a case, of its client and of its family, oldest first. Refused to who may not see the list."""
    office.account.require(Verb.ACCESS_LIST)
    theirs = [id.hex for id in (case.client_id, case.family_id) if id]
    # The check of the journal walks this computer's chain: what stands beside it nobody has proved.
    proved = JOURNAL.c.device == office.database.device
    query = select(*_EVENT).where(proved, or_(JOURNAL.c.case_id == case.id.hex, JOURNAL.c.record.in_(theirs)))
    with office.database.read(whole=True) as session:
        events = list(session.execute(query.order_by(JOURNAL.c.seq)))
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
