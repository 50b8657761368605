"""Answers to referrals between centers, given and taken.

Whoever accepts a referral makes the records of a new case, as an intake does; the application keeps the way back under
seal of nothing but its own case, so that any colleague can tell later what came of it. The first verdict that arrives
stands; what is told later is added to it.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.core.errors import Problem, Refused
from familydesk.core.i18n import N_
from familydesk.core.record import Record
from familydesk.records.application import Application, ApplicationReason, Channel
from familydesk.records.person import IinAbsence
from familydesk.records.referral import Answer as Verdicts
from familydesk.records.referral import Referral
from familydesk.services import chosen_fields
from familydesk.services.arrived import Arrived
from familydesk.services.intake import Conversation, TakenIn
from familydesk.services.journal import Deed
from familydesk.sync import fingerprint, letter, letter_box
from familydesk.sync.letter import Kind, Letter, Verdict
from familydesk.sync.letter_box import Kept, Neighbour, State
from familydesk.sync.wire.certificate import Certificate
from familydesk.sync.wire.coding import decoded, encoded
from familydesk.sync.wire.shapes import array, at_most, exactly

if TYPE_CHECKING:
    from familydesk.services.office import Office

NO_SUCH = N_("No referral that came here is called so.")
WITHOUT_REASON = N_("A refusal needs its reason.")
WITHOUT_WORDS = N_("Write what came of it.")
FIRST = N_("Accept this referral or refuse it first; what came of it is told afterwards.")
ACCEPTED_ALREADY = N_("This referral was accepted already. What came of it can still be told.")
COMPARE = N_(
    "Nobody has compared the center that sent this yet. Let somebody there whom you know read its fingerprint for "
    "referrals to you, by telephone or face to face, and give it here."
)
NOT_THE_SAME = N_(
    "The fingerprint is not the one of the center that sent this. Let it be read once more; if it is still another, "
    "this referral is not from whom it says: answer nothing."
)
_MARK = "referral:"
_ID = re.compile(r"[0-9a-f]{8,32}")
_KEY = 32


@dataclass(frozen=True, slots=True)
class _WayBack:
    """To whom an accepted referral is answered."""

    sending: bytes
    to: Certificate
    token: bytes

    def mark(self) -> str:
        """As the application keeps it."""
        packed = encoded([self.to.anchor, self.to.sealing, self.token])
        return f"{_MARK}{self.sending.hex()}:{urlsafe_b64encode(packed).decode()}"

    @classmethod
    def read(cls, mark: str) -> _WayBack:
        """From the mark. Refused if somebody has written something else there."""
        with suppress(ValueError):
            sending, _, packed = mark.removeprefix(_MARK).partition(":")
            anchor, sealing, token = array(decoded(urlsafe_b64decode(packed)), 3)
            to = Certificate(exactly(anchor, _KEY), exactly(sealing, _KEY))
            return cls(bytes.fromhex(sending), to, at_most(token, _KEY * 16))
        raise Refused(NO_SUCH)

    @classmethod
    def of(cls, one: Letter) -> _WayBack:
        """To whom a referral that came is answered."""
        assert isinstance(one.said, letter.Referral)
        return cls(one.sending, one.sender.certificate, one.said.token)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A referral that was accepted here, by its name and its application's title. `compared`: whether the center that
    sent it was, at this laptop.
    """

    id: str
    application: UUID
    title: str
    compared: bool


class Answers:
    """Those of this laptop."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._database = office.database

    # Giving

    def waiting(self) -> list[Arrived]:
        """Referrals that came and nobody has answered, as far as is known here; the oldest first."""
        with self._database.read(whole=True) as session:
            accepted = self._accepted(session)
        found = []
        for kept, one in self._office.referring.letters.lying(Kind.REFERRAL):
            # The name alone could stand in anybody's mark: the whole way back is in the letter only.
            if _WayBack.of(one).mark() in accepted:
                self._settle(kept.name)
            else:
                found.append(_arrived(kept, one, self._believed(one.sender.center) is not None))
        return found

    def _accepted(self, session: Session) -> dict[str, UUID]:
        """Accepted here or by a colleague: the application, by the mark that it bears."""
        query = select(Application.id, Application.imported_mark).where(Application.imported_mark.startswith(_MARK))
        return {mark: id for id, mark in session.execute(query) if mark}

    def _believed(self, center: bytes) -> Neighbour | None:
        """A center whose certificate, as it is known now, was compared."""
        known = self._office.referring.letters.neighbours().get(center)
        return known if known and known.believed else None

    def accepted(self) -> list[Accepted]:
        """Those that were accepted here and that the reader sees, the newest first."""
        with self._database.read(whole=True) as session:
            found = self._accepted(session)
        rows = self._office.desk.rows("application", found.values())
        told = [self._told(mark, rows[id]) for mark, id in found.items() if id in rows]
        return sorted(told, key=lambda one: one.application, reverse=True)

    def _told(self, mark: str, application: Record) -> Accepted:
        compared = False
        with suppress(Refused):
            compared = self._believed(_WayBack.read(mark).to.center) is not None
        return Accepted(_sending(mark), application.id, _title(application), compared)

    def _settle(self, name: str) -> None:
        with self._database.connection(write=True) as connection:
            letter_box.move(connection, name, State.SETTLED)

    def give(
        self, id: str, verdict: Verdict, words: str, typed: str, person: UUID | None
    ) -> tuple[str, TakenIn | None]:
        """Lay an answer out to be handed over; the referral's whole name, and what was made of it."""
        if not _ID.fullmatch(wanted := id.replace("-", "").lower()):
            raise Refused(NO_SUCH)
        if verdict is not Verdict.ACCEPTED and not words:
            text = WITHOUT_REASON if verdict is Verdict.REFUSED else WITHOUT_WORDS
            raise Refused(Problem("reason", text))
        found = [one for one in self.waiting() if one.id.startswith(wanted)]
        if len(found) > 1:
            raise Refused(NO_SUCH)
        if not found:
            return self._tell_later(wanted, verdict, words, typed), None
        if verdict is Verdict.ANSWERED:
            raise Refused(FIRST)
        arrived = found[0]
        to = self._compared(arrived.certificate, typed)
        with self._database.connection(write=True) as connection:
            self._office.referring.letters.read(connection, letter_box.content(connection, arrived.object))
        return arrived.id, self._settle_with(arrived, to, verdict, words, person)

    def _compared(self, shown: Certificate, typed: str) -> Certificate:
        """What an answer is sealed to: compared now, or before. A center may have another key by now than it wrote
        with; the fingerprint of the center itself names neither, and whoever has left it could show one of her own.
        """
        known = self._office.referring.letters.neighbours().get(shown.center)
        if known and known.believed and not typed:
            return known.certificate
        if not typed:
            raise Refused(Problem("fingerprint", COMPARE))
        offered = [known.certificate, shown] if known else [shown]
        found = next((one for one in offered if fingerprint.same(typed, fingerprint.of_certificate(one))), None)
        if found is None:
            raise Refused(Problem("fingerprint", NOT_THE_SAME))
        with self._database.connection(write=True) as connection:
            letter_box.believe(connection, found, self._office.me)
        return found

    def _settle_with(
        self, arrived: Arrived, to: Certificate, verdict: Verdict, words: str, person: UUID | None
    ) -> TakenIn | None:
        back = _WayBack(bytes.fromhex(arrived.id), arrived.certificate, arrived.token)
        taken = None
        with self._database.write() as session:
            if verdict is Verdict.ACCEPTED:
                taken = self._office.intake.take_in_with(session, _conversation(arrived, back.mark(), person))
                detail = {"what": "referral", "from": arrived.center, "sending": arrived.id}
                place = "application", taken.application_id, taken.case_id
                self._office.journal.note_in(session, Deed.IMPORTED, *place, recipient=arrived.name, detail=detail)
            record = taken.application_id if taken else UUID(int=0)
            self._write(session, back, to, verdict, words, record, arrived.name)
            letter_box.move(session.connection(), arrived.object, State.SETTLED)
        return taken

    def _tell_later(self, wanted: str, verdict: Verdict, words: str, typed: str) -> str:
        with self._database.read(whole=True) as session:
            found = [id for mark, id in self._accepted(session).items() if _sending(mark).startswith(wanted)]
        if len(found) != 1:
            raise Refused(NO_SUCH)
        if verdict is not Verdict.ANSWERED:
            raise Refused(ACCEPTED_ALREADY)
        application = cast(Application, self._office.desk.get("application", found[0]))
        back = _WayBack.read(application.imported_mark or "")
        # Any colleague's program could have written this mark: what it names is compared like what comes from outside.
        to = self._compared(back.to, typed)
        with self._database.write() as session:
            self._write(session, back, to, verdict, words, application.id, application.sender or "")
        return back.sending.hex()

    def _write(
        self,
        session: Session,
        back: _WayBack,
        to: Certificate,
        verdict: Verdict,
        words: str,
        application: UUID,
        name: str,
    ) -> None:
        office = self._office
        said = letter.Answer(back.token, verdict, words, clock.today().isoformat())
        office.referring.letters.write(session, to, back.sending, application, said)
        record = application if application.int else None
        detail = {"what": "answer", "to": to.center.hex(), "sending": back.sending.hex(), "verdict": verdict.name}
        sheet = "application" if record else ""
        office.journal.note_in(session, Deed.EXPORTED, sheet, record, reason=words, recipient=name, detail=detail)

    # Taking

    def take(self) -> tuple[int, int]:
        """How many answers were written into their referrals, and how many wait for somebody who may."""
        taken = left = 0
        for kept, one in self._office.referring.letters.lying(Kind.ANSWER):
            try:
                self._take(kept, one)
                taken += 1
            except Refused:
                left += 1
        return taken, left

    def _take(self, kept: Kept, one: Letter) -> None:
        assert isinstance(one.said, letter.Answer)
        way = self._office.referring.letters.way(one.said)
        assert way is not None
        referral = cast(Referral, self._office.desk.get("referral", way.record))
        values = _written(referral, one.said)
        with self._database.write() as session:
            if values:
                self._office.desk.save_in(session, "referral", values, way.record)
            letter_box.move(session.connection(), kept.name, State.SETTLED)
            letter_box.settle_sent(session.connection(), way.sending)
            detail = {"what": "answer", "from": one.sender.center.hex(), "sending": way.sending.hex()}
            place = "referral", way.record, referral.case_id
            self._office.journal.note_in(
                session,
                Deed.IMPORTED,
                *place,
                recipient=one.sender.name,
                detail={**detail, "verdict": one.said.verdict.name},
            )


def _sending(mark: str) -> str:
    return mark.removeprefix(_MARK).partition(":")[0]


def _title(application: Record) -> str:
    return " · ".join(filter(None, (application.title_text(), application.shown("sender"))))


def _arrived(kept: Kept, one: Letter, compared: bool) -> Arrived:
    assert isinstance(one.said, letter.Referral)
    shown = one.sender
    return Arrived(
        one.sending.hex(),
        shown.center.hex(),
        shown.name,
        fingerprint.of_certificate(shown.certificate),
        compared,
        clock.from_milliseconds(one.at),
        datetime.fromisoformat(kept.at),
        one.said.ground,
        chosen_fields.read(one.said.records),
        shown.certificate,
        shown.epoch,
        one.said.token,
        kept.name,
    )


def _conversation(arrived: Arrived, mark: str, person: UUID | None) -> Conversation:
    told = arrived.of("person")
    absent = {} if told.get("iin") else {"iin_absence": IinAbsence.NOT_RECORDED}
    application: dict[str, Any] = {
        "channel": Channel.OTHER_CENTER,
        "reason": ApplicationReason.OTHER,
        "reason_text": arrived.story(),
        "sender": arrived.name,
        "imported_mark": mark,
        "threat_to_life": arrived.urgent or None,
    }
    return Conversation(
        application,
        None if person else {**told, **absent},
        person,
        phones=arrived.all_of("person_phone"),
        case=arrived.of("case"),
    )


def _written(referral: Referral, answer: letter.Answer) -> Mapping[str, Any]:
    """What an answer changes in the referral: the first verdict stands, the words of what agrees with it are added.
    Whatever the order in which answers come, and however often, nothing is taken back and nothing written twice.
    """
    refused = answer.verdict is Verdict.REFUSED
    verdict, day = Verdicts.REFUSED if refused else Verdicts.ACCEPTED, _day(referral, answer)
    values: dict[str, Any] = {}
    if referral.answer in (None, Verdicts.NO_ANSWER):
        values = {"answer": verdict, "answered_on": day}
    elif refused is not (referral.answer is Verdicts.REFUSED):
        return {}
    elif referral.answered_on and day < referral.answered_on:
        values = {"answered_on": day}
    before = referral.answer_text or ""
    if f"\n{answer.words}\n" not in f"\n{before}\n":
        parts = (before, answer.words) if answer.verdict is Verdict.ANSWERED else (answer.words, before)
        values["answer_text"] = "\n".join(filter(None, parts))
    return values


def _day(referral: Referral, answer: letter.Answer) -> date:
    """The day by the other center's clock, never before the referral was sent by this one's."""
    try:
        day = date.fromisoformat(answer.day)
    except ValueError:
        day = clock.today()
    return max(day, referral.sent_on) if referral.sent_on else day
