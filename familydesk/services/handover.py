"""Handing over the work of an absent worker: looked at first, done at once, noted in every case, undone if need be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.core.errors import Problem, Refused
from familydesk.core.i18n import N_, translate
from familydesk.core.record import Record
from familydesk.records.appointment import Appointment, Kept
from familydesk.records.case import Case
from familydesk.records.case_note import NoteKind
from familydesk.records.errand import Errand
from familydesk.records.referral import Referral
from familydesk.records.staff_member import StaffMember
from familydesk.services import sides
from familydesk.services.journal import Deed
from familydesk.services.reversal import TRANSACTION, TakenBack, require_noted, steps_of, take_back, transaction_of
from familydesk.services.rights import Verb

if TYPE_CHECKING:
    from familydesk.services.office import Office

NOTE = N_(
    "The case was handed over from {giver} to {taker}. Open referrals to follow up: {referrals}. Reason: {reason}"
)
TAKEN_BACK = "taken_back"
"""In the detail of an event: the handover that it took back."""
NO_REASON = N_("not given")
RELATED = N_("This colleague is related to somebody in one of the cases: choose another.")


@dataclass(frozen=True, slots=True)
class Load:
    """What a worker has in hand: open cases, errands not done, planned appointments, referrals without an answer."""

    cases: tuple[Case, ...]
    errands: tuple[Errand, ...]
    appointments: tuple[Appointment, ...]
    referrals: tuple[Referral, ...]


class Handover:
    """From one worker to another."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def preview(self, giver: UUID) -> Load:
        """What would be handed over. Referrals go with their cases; nothing in them changes."""
        self._office.account.require(Verb.HAND_OVER)
        with self._office.database.read() as session:
            load = _load(session, giver)
            session.expunge_all()
        return load

    def hand_over(self, giver: UUID, taker: UUID, reason: str = "") -> int:
        """Give all of it to `taker`, with a note in every case. Gives back the number by which `undo` takes it back."""
        self._office.account.require(Verb.HAND_OVER)
        with self._office.database.write() as session:
            names = _names(session, giver, taker)
            load = _load(session, giver)
            if any(case.kept_from_id == taker for case in load.cases):
                raise Refused(Problem("taker", RELATED))
            if not (load.cases or load.errands or load.appointments):
                raise Refused(N_("There is nothing to hand over."))
            self._give(session, "responsible_id", load.cases, taker)
            self._give(session, "who_id", load.errands, taker)
            self._give(session, "staff_id", load.appointments, taker)
            _refuse_blinding(session, load.cases, taker)
            for case in load.cases:
                self._write_note(session, case, load, names, reason)
            self._note(session, [case.id for case in load.cases], {TRANSACTION: transaction_of(session)}, reason)
            self._office.restricted.keep_in_step(session)
            return transaction_of(session)

    def _note(self, session: Session, cases: list[UUID], detail: dict[str, int], reason: str = "") -> None:
        """An event in each case; one by itself where only errands and appointments went over."""
        note_in = self._office.journal.note_in
        for case in cases:
            note_in(session, Deed.HANDED_OVER, "case", case, case, reason, detail=detail)
        if not cases:
            note_in(session, Deed.HANDED_OVER, reason=reason, detail=detail)

    def undo(self, handed_over: int) -> TakenBack:
        """Take a handover back. What the taker has given on or changed since stays as it is.

        Refused if the journal knows no handover of this number, or something in it is not hers to change.
        """
        self._office.account.require(Verb.HAND_OVER)
        with self._office.database.write() as session:
            require_noted(session, Deed.HANDED_OVER, handed_over)
            steps = steps_of(session, handed_over)
            done = take_back(self._office, session, steps)
            cases = dict.fromkeys(UUID(step.record) for step in steps if step.sheet == "case")
            self._note(session, list(cases), {TAKEN_BACK: handed_over})
            return done

    def _give(self, session: Session, field: str, records: tuple[Record, ...], taker: UUID) -> None:
        for record in records:
            setattr(record, field, taker)
        session.flush()
        self._office.search.index_many(session.connection(), records)

    def _write_note(self, session: Session, case: Case, load: Load, names: tuple[str, str], reason: str) -> None:
        referrals = ", ".join(one.number or "-" for one in load.referrals if one.case_id == case.id) or "-"
        text = translate(NOTE).format(
            giver=names[0], taker=names[1], referrals=referrals, reason=reason.strip() or translate(NO_REASON)
        )
        author = self._office.me if self._office.me.int else None
        values = {"case_id": case.id, "written_at": clock.now(), "kind": NoteKind.HANDOVER, "author_id": author}
        self._office.desk.save_in(session, "case_note", {**values, "text": text})


def _names(session: Session, giver: UUID, taker: UUID) -> tuple[str, str]:
    one, other = session.get(StaffMember, giver), session.get(StaffMember, taker)
    if giver == taker or one is None or other is None or other.archived:
        raise Refused(Problem("taker", N_("Choose another colleague to take the cases.")))
    if other.left_on and other.left_on <= clock.today():
        raise Refused(Problem("taker", N_("This colleague has left the center.")))
    if _absent(other, clock.now()):
        raise Refused(Problem("taker", N_("This colleague is absent too.")))
    return one.title_text(), other.title_text()


def _refuse_blinding(session: Session, cases: tuple[Case, ...], taker: UUID) -> None:
    """Refused if by these cases, which are hers now, whoever took them does not reach a client of hers any more."""
    connection = session.connection()
    if any(case.client_id and sides.alone_reaches_victim(connection, taker, case.client_id) for case in cases):
        raise Refused(Problem("taker", sides.ONLY_WORKER))


def _absent(worker: StaffMember, at: datetime) -> bool:
    until = worker.absent_until
    return bool(worker.absent_from and worker.absent_from <= at.date() and (until is None or at.date() <= until))


def _load(session: Session, giver: UUID) -> Load:
    cases = _open(session, Case, Case.responsible_id == giver, Case.closed_on.is_(None))
    planned = or_(Appointment.kept.is_(None), Appointment.kept == Kept.PLANNED)
    return Load(
        cases=cases,
        errands=_open(session, Errand, Errand.who_id == giver, Errand.done_on.is_(None)),
        appointments=_open(
            session, Appointment, Appointment.staff_id == giver, planned, Appointment.starts_at >= clock.now()
        ),
        referrals=_open(
            session,
            Referral,
            Referral.case_id.in_([case.id for case in cases]),
            Referral.sent_on.is_not(None),
            Referral.answered_on.is_(None),
        ),
    )


def _open(session: Session, sheet: Any, *conditions: ColumnElement[bool]) -> tuple[Any, ...]:
    return tuple(session.scalars(select(sheet).where(*conditions, ~sheet.archived).order_by(sheet.id)))
