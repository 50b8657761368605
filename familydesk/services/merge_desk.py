"""The merge desk: what was written twice, by case, each value with who wrote it, when and on which laptop."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from familydesk.core.errors import Refused
from familydesk.core.fields import Merge
from familydesk.core.i18n import N_, translate
from familydesk.core.record import StreamKind
from familydesk.records import sheet_of
from familydesk.records.case import Case
from familydesk.records.family_member import FamilyMember
from familydesk.services import nearness
from familydesk.services.conflict import Conflict, Verdict
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
        return len(by_field(self._office.conflicts.open()))

    def lay_out(self, limit: int) -> OnDesk:
        """All that waits, case by case; the words of the first `limit` of them."""
        waiting = self._office.conflicts.open()
        by_case = self._by_case(waiting)
        numbers = self._office.desk.names("case", [case for case in by_case if case])
        cases: list[CaseOfChoices] = []
        writers = Writers(self._office)
        for case, fields in by_case.items():
            room = limit - sum(len(one.choices) for one in cases)
            if room <= 0:
                break
            title = f"{translate(Case.title)} {numbers.get(case, '')}".strip() if case else translate(NO_CASE)
            choices = tuple(self._choice(writers, conflicts, case) for conflicts in fields[:room])
            cases.append(CaseOfChoices(case, title, len(fields), choices))
        count, between = sum(map(len, by_case.values())), any(one.between for one in waiting)
        return OnDesk(count, len(_plain(waiting)), between, tuple(cases), self._pairs())

    def settle(self, conflict: Conflict, verdict: Verdict, value: Any = None) -> None:
        """Decide. Refused if something else stands by now than what was looked at."""
        self._office.conflicts.settle(conflict.id, verdict, value, conflict.standing or None)

    def settle_plain(self, report: Report = lambda _done, _total: None) -> int:
        """Settle every conflict that needs no thought; gives back how many. One that moved on meanwhile stays."""
        plain = _plain(self._office.conflicts.open())
        settled = 0
        for at, (conflict, verdict) in enumerate(plain):
            report(at, len(plain))
            try:
                self.settle(conflict, verdict)
            except Refused:
                continue
            settled += 1
        return settled

    def settled(self, limit: int) -> list[Settled]:
        """The newest `limit` that somebody settled, in words."""
        writers = Writers(self._office)
        return [self._settled(writers, *one) for one in self._office.conflicts.settled(limit)]

    def _settled(self, writers: Writers, conflict: Conflict, verdict: Verdict) -> Settled:
        choice = self._choice(writers, [conflict], None)
        line = " ".join((said(choice, verdict), writers.who_settled(conflict))).strip()
        return Settled(conflict.sheet, conflict.record, choice.title, line)

    def _by_case(self, waiting: list[Conflict]) -> dict[UUID | None, list[list[Conflict]]]:
        """The conflicts of each field, by the case that its record belongs to; those outside any case last.

        By the cases' age and not by that of the conflicts: with each decision the page would jump. In each case what
        somebody's safety hangs on comes first.
        """
        found: dict[UUID | None, list[list[Conflict]]] = {}
        with self._office.database.read() as session:
            for conflicts in sorted(by_field(waiting), key=lambda one: one[0].field.merge is not Merge.SAFEST):
                found.setdefault(_case_of(session, conflicts[0]), []).append(conflicts)
        return {case: found[case] for case in sorted(found, key=lambda case: (case is None, case and case.int))}

    def _choice(self, writers: Writers, conflicts: list[Conflict], case: UUID | None) -> Choice:
        """One field in words."""
        sheet, record = conflicts[0].sheet, conflicts[0].record
        name = f"{translate(sheet_of(sheet).title)} {self._office.desk.name_of(sheet, record)}".strip()
        return writers.choice(conflicts, name, case)

    def _pairs(self) -> tuple[Pair, ...]:
        return tuple(self._office.people.possible()) if self._office.account.may(Verb.MERGE) else ()


def by_field(waiting: list[Conflict]) -> list[list[Conflict]]:
    """Together what settles together: the verdict on one conflict ends all of its field, be they of many laptops."""
    found: dict[tuple[UUID, str, UUID | None], list[Conflict]] = {}
    for one in waiting:
        found.setdefault((one.record, one.field.name, None if one.between else one.id), []).append(one)
    return list(found.values())


def _plain(waiting: list[Conflict]) -> list[tuple[Conflict, Verdict]]:
    """Those that need no thought, with their verdicts. Where three laptops wrote, somebody has to look."""
    alone = (conflicts[0] for conflicts in by_field(waiting) if len(conflicts) == 1)
    return [(one, verdict) for one in alone if (verdict := plain_verdict(one))]


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
