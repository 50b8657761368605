"""The merge desk: what was written twice, by case, each value with who wrote it, when and on which laptop."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from familydesk.core.errors import Refused
from familydesk.core.i18n import N_, translate
from familydesk.core.record import StreamKind
from familydesk.records import sheet_of
from familydesk.records.case import Case
from familydesk.records.family_member import FamilyMember
from familydesk.services import nearness
from familydesk.services.conflicts import Conflict, Verdict
from familydesk.services.people import Pair
from familydesk.services.rights import Verb
from familydesk.services.writers import Writers
from familydesk.services.written_twice import CaseOfChoices, Choice, OnDesk, Settled, plain_verdict, said

if TYPE_CHECKING:
    from familydesk.services.office import Office

Report = Callable[[int, int], None]
NO_CASE = N_("Outside any case")


class MergeDesk:
    """Conflicts as people look at them. Everything is read through the account's rights."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def count(self) -> int:
        """How many fields wait for a decision."""
        return len(self._office.conflicts.open())

    def lay_out(self, limit: int) -> OnDesk:
        """All that waits, the case with the oldest conflict first; the words of the first `limit` of them."""
        waiting = self._office.conflicts.open()
        by_case = self._by_case(waiting)
        numbers = self._office.desk.names("case", [case for case in by_case if case])
        cases: list[CaseOfChoices] = []
        for case, conflicts in by_case.items():
            room = limit - sum(len(one.choices) for one in cases)
            if room <= 0:
                break
            title = f"{translate(Case.title)} {numbers.get(case, '')}".strip() if case else translate(NO_CASE)
            choices = tuple(self._choice(conflict, case) for conflict in conflicts[:room])
            cases.append(CaseOfChoices(case, title, len(conflicts), choices))
        plain = sum(plain_verdict(one) is not None for one in waiting)
        return OnDesk(len(waiting), plain, any(one.between for one in waiting), tuple(cases), self._pairs())

    def settle_plain(self, report: Report = lambda _done, _total: None) -> int:
        """Settle every conflict that needs no thought; gives back how many. One that moved on meanwhile stays."""
        plain = [(one.id, verdict) for one in self._office.conflicts.open() if (verdict := plain_verdict(one))]
        settled = 0
        for at, (conflict, verdict) in enumerate(plain):
            report(at, len(plain))
            try:
                self._office.conflicts.settle(conflict, verdict)
            except Refused:
                continue
            settled += 1
        return settled

    def settled(self, limit: int) -> list[Settled]:
        """The newest `limit` that somebody settled, in words."""
        return [self._settled(*one) for one in self._office.conflicts.settled(limit)]

    def _settled(self, conflict: Conflict, verdict: Verdict) -> Settled:
        choice = self._choice(conflict, None)
        return Settled(conflict.sheet, conflict.record, choice.title, said(choice, verdict))

    def _by_case(self, waiting: list[Conflict]) -> dict[UUID | None, list[Conflict]]:
        """Conflicts by the case that their record belongs to; those outside any case last."""
        found: dict[UUID | None, list[Conflict]] = {}
        with self._office.database.read() as session:
            for conflict in waiting:
                found.setdefault(_case_of(session, conflict), []).append(conflict)
        loose = found.pop(None, None)
        return {**found, None: loose} if loose else found

    def _choice(self, conflict: Conflict, case: UUID | None) -> Choice:
        """One conflict in words."""
        sheet = sheet_of(conflict.sheet)
        name = f"{translate(sheet.title)} {self._office.desk.name_of(conflict.sheet, conflict.record)}".strip()
        return Writers(self._office).choice(conflict, name, case)

    def _pairs(self) -> tuple[Pair, ...]:
        return tuple(self._office.people.possible()) if self._office.account.may(Verb.MERGE) else ()


def _case_of(session: Session, conflict: Conflict) -> UUID | None:
    """The case of a conflict's record; of a person or a family, the newest that speaks of it."""
    record = session.get(sheet_of(conflict.sheet), conflict.record)
    if record is None:
        return None
    if record.stream.kind is not StreamKind.CENTER:
        return nearness.case_of(session.connection(), record)
    people = nearness.people_of(record)
    families = select(FamilyMember.family_id).where(FamilyMember.person_id.in_(people))
    family = record.id if record.sheet() == "family" else getattr(record, "family_id", None)
    of: list[ColumnElement[bool]] = [Case.client_id.in_(people), Case.family_id.in_(families)]
    near = Case.family_id == family if family else or_(*of)
    found: Any = session.scalar(select(Case.id).where(near).order_by(Case.id.desc()).limit(1))
    return found if isinstance(found, UUID) else None
