"""Referrals to other centers: sent with what was chosen, on a ground that is checked and named; answered; and the
answers written into the sender's own records.

To whom one writes is compared by a fingerprint that is read aloud, once for each certificate; whose referral one
answers is compared in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast
from uuid import UUID

from nacl.utils import random
from sqlalchemy.orm import Session

from familydesk.core import clock
from familydesk.core.errors import Problem, Refused
from familydesk.core.i18n import N_
from familydesk.records.case import Case
from familydesk.records.referral import Delivery, Referral
from familydesk.services import chosen_fields, grounds, sides
from familydesk.services.answers import Accepted, Answers
from familydesk.services.arrived import Arrived
from familydesk.services.chosen_fields import Passage
from familydesk.services.journal import Deed
from familydesk.services.letters import Letters
from familydesk.services.rights import Verb
from familydesk.store.weather import told_plainly
from familydesk.sync import fingerprint, letter, letter_box
from familydesk.sync.letter import Ground, Kind, Verdict
from familydesk.sync.letter_box import Kept, State
from familydesk.sync.return_token import Way
from familydesk.sync.wire import certificate
from familydesk.sync.wire.bounds import Defect, TooLarge
from familydesk.sync.wire.certificate import Certificate
from familydesk.sync.wire.digests import ID_BYTES

if TYPE_CHECKING:
    from familydesk.services.intake import TakenIn
    from familydesk.services.office import Office

__all__ = ["Answered", "Plan", "Referring", "Sent", "Verdict"]

SHORTEST = 8
"""Signs by which a center or a letter is named at least."""

NO_CERTIFICATE = N_("This is not the certificate of a center that referrals can be sealed to.")
OWN_CENTER = N_("This is your own center.")
UNKNOWN = N_("No center of which a certificate was compared here is called so. Give the file with its certificate.")
COMPARE = N_(
    "Nobody has compared this certificate yet. Let somebody of that center whom you know read its fingerprint for "
    "referrals to you, by telephone or face to face, and give it here."
)
NOT_THE_SAME = N_(
    "The fingerprint is not the one of this certificate. Let it be read once more; if it is still another, the "
    "certificate was exchanged on its way: send nothing."
)
SERVES_OTHER = N_("You serve the other side of an incident with this person. A colleague has to send this.")
TOO_LARGE = N_("This is too much for one letter. Leave out what the other center does not need.")
SENT_ALREADY = N_("This was sent to that center already, with other fields, and its answer has not come yet.")
NOT_WHOLE = N_("The referral is put away. Bring it back before it is sent.")


@dataclass(frozen=True, slots=True)
class Plan:
    """What would leave: fields that hold something (`person.iin`), and on what it rests."""

    passage: Passage
    ground: Ground


@dataclass(frozen=True, slots=True)
class Sent:
    """A referral under way. `left`: whether it lies at a hub or in a folder already; `again`: it was sent before."""

    sending: str
    center: str
    name: str
    fields: tuple[str, ...]
    ground: str = field(repr=False)
    left: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer under way; `taken`: the records that were made, where the referral was accepted."""

    sending: str
    verdict: Verdict
    left: bool
    taken: TakenIn | None = None


class Referring:
    """The verbs between centers."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._database = office.database
        self.letters = Letters(office)
        """By which all of it travels."""
        self._answers = Answers(office)

    # Sending

    def plan(self, id: UUID, fields: Sequence[str] = (), location_reason: str = "") -> Plan:
        """What would leave with a referral, without sending. Refused as by `send`."""
        self._office.account.require(Verb.EXPORT)
        referral = self._referral(id)
        names = chosen_fields.chosen(fields, location_reason)
        ground = grounds.ground_of(self._office, referral, names)
        return Plan(chosen_fields.gathered(self._office, referral, names, location_reason), ground)

    def send(
        self,
        id: UUID,
        to: str,
        typed: str = "",
        fields: Sequence[str] = (),
        location_reason: str = "",
        peer: str = "",
    ) -> Sent:
        """Send a referral to the center `to`: a file with its certificate, or the beginning of a known center's id.

        `typed` is the fingerprint that somebody there has read aloud; it is needed once for each certificate. Without
        `peer` it waits here for the next meeting. Refused without a ground, for fields that may not leave, and to who
        serves the other side. Sent once more, the same letter is left again until its answer comes.
        """
        plan = self.plan(id, fields, location_reason)
        target = self._target(to, typed)
        sent = self._again(id, target, plan, bool(fields)) or self._write(id, target, plan, location_reason)
        return replace(sent, left=self._handed_over(peer, sent.sending))

    def _referral(self, id: UUID) -> Referral:
        referral = cast(Referral, self._office.desk.get("referral", id))
        if referral.archived:
            raise Refused(NOT_WHOLE)
        if problems := referral.problems():
            raise Refused(*problems)
        with self._database.read(whole=True) as session:
            people = {referral.person_id, getattr(session.get(Case, referral.case_id), "client_id", None)}
            connection, me = session.connection(), self._office.me
            if any(sides.serves_other_side(connection, me, one) for one in people if one):
                raise Refused(SERVES_OTHER)
        return referral

    def _target(self, to: str, typed: str) -> Certificate:
        """The certificate to seal to, compared: now or before."""
        known = self.letters.neighbours()
        target = self._from_file(Path(to)) if Path(to).is_file() else self._known(to)
        if target.center == self._office.center.id:
            raise Refused(OWN_CENTER)
        if typed and not fingerprint.same(typed, fingerprint.of_certificate(target)):
            raise Refused(Problem("fingerprint", NOT_THE_SAME))
        before = known.get(target.center)
        if not typed and not (before and before.believed and before.certificate == target):
            raise Refused(Problem("fingerprint", COMPARE))
        if typed:
            with self._database.connection(write=True) as connection:
                letter_box.believe(connection, target, self._office.me)
        return target

    def _from_file(self, path: Path) -> Certificate:
        with told_plainly(path), path.open("rb") as file:
            content = file.read(certificate.LARGEST + 1)
        try:
            found = certificate.read(content)
        except Defect:
            raise Refused(NO_CERTIFICATE) from None
        if not found.sealing:
            raise Refused(NO_CERTIFICATE)
        return found

    def _known(self, to: str) -> Certificate:
        wanted = to.strip().lower()
        all = self.letters.neighbours().values()
        found = [one for one in all if len(wanted) >= SHORTEST and one.center.hex().startswith(wanted)]
        if len(found) != 1:
            raise Refused(UNKNOWN)
        return found[0].certificate

    def _again(self, id: UUID, target: Certificate, plan: Plan, chosen: bool) -> Sent | None:
        """The letter that is under way already. Refused if other fields are wanted than it holds."""
        with self._database.connection() as connection:
            lying = letter_box.lying(connection, State.WAITING, State.LEFT, outgoing=True)
        mine = (id, target.center, Kind.REFERRAL.name)
        before = next((one for one in lying if (one.record, one.center, one.kind) == mine), None)
        if before is None:
            return None
        sent = self._told(before.sending, target, plan)
        if chosen and before.fields != sent.fields:
            raise Refused(SENT_ALREADY)
        return replace(sent, fields=before.fields, again=True)

    def _write(self, id: UUID, target: Certificate, plan: Plan, location_reason: str) -> Sent:
        office, sending = self._office, random(ID_BYTES)
        sent = self._told(sending, target, plan)
        token = Way(id, target.center, sending).token(office.center.id, office.center.epoch_keys)
        said = letter.Referral(token, plan.ground, plan.passage.records)
        with self._database.write() as session:
            referral = self._mark_sent(session, id)
            try:
                self.letters.write(session, target, sending, id, said, sent.fields)
            except TooLarge:
                raise Refused(TOO_LARGE) from None
            office.journal.note_in(
                session,
                Deed.EXPORTED,
                "referral",
                id,
                referral.case_id,
                reason="; ".join(filter(None, (sent.ground, location_reason.strip()))),
                recipient=sent.name or sent.center,
                detail={"what": "referral", "to": sent.center, "sending": sent.sending, "fields": list(sent.fields)},
            )
        return sent

    def _mark_sent(self, session: Session, id: UUID) -> Referral:
        referral = cast(Referral, self._office.desk.get_in(session, "referral", id))
        marks = {"sent_on": clock.today(), "delivery": Delivery.ELECTRONIC}
        values = {name: value for name, value in marks.items() if getattr(referral, name) is None}
        if values:
            self._office.desk.save_in(session, "referral", values, id)
        return referral

    def _told(self, sending: bytes, target: Certificate, plan: Plan) -> Sent:
        known = self.letters.neighbours().get(target.center)
        name = known.name if known else ""
        fields = tuple(plan.passage.names)
        return Sent(sending.hex(), target.center.hex(), name, fields, grounds.told(plan.ground))

    def _handed_over(self, peer: str, sending: str) -> bool:
        """Whether a letter lies somewhere by now. Weather where the road fails: it waits here then."""
        if peer:
            self.letters.meet(peer)
        with self._database.connection() as connection:
            lying = letter_box.lying(connection, State.LEFT, outgoing=True)
        return any(one.sending.hex() == sending for one in lying)

    def may_leave(self, kept: Kept) -> bool:
        """Whether the ground of a letter that waits still stands: consent may be withdrawn until it is on its way."""
        if kept.kind != Kind.REFERRAL.name:
            return True
        try:
            with self._database.read(whole=True) as session:
                referral = self._office.desk.get_in(session, "referral", kept.record)
            grounds.ground_of(self._office, cast(Referral, referral), kept.fields)
        except Refused:
            return False
        return not referral.archived

    # Receiving

    def arrived(self) -> list[Arrived]:
        """Referrals that came and wait for an answer, the oldest first, looked at: that is noted."""
        self._office.account.require(Verb.EXPORT)
        found = self._answers.waiting()
        if found:
            self._office.journal.note(Deed.VIEWED, "referral", detail={"records": len(found)})
        return found

    def accepted(self) -> list[Accepted]:
        """Referrals that were accepted here, the newest first: what came of them can be told."""
        self._office.account.require(Verb.EXPORT)
        return self._answers.accepted()

    def answer(
        self,
        id: str,
        verdict: Verdict,
        words: str = "",
        typed: str = "",
        person: UUID | None = None,
        peer: str = "",
    ) -> Answered:
        """Accept a referral, refuse it with its reason, or tell later what came of it; `id` as `arrived` tells it, or
        its beginning. Accepting makes the records of a new case, of `person` if she is known here already.

        `typed` is the sending center's fingerprint for referrals, needed as long as nobody at this laptop has compared
        it, and again after its key changed.
        """
        self._office.account.require(Verb.EXPORT)
        sending, taken = self._answers.give(id, verdict, words.strip(), typed, person)
        return Answered(sending, verdict, self._handed_over(peer, sending), taken)

    def take_answers(self) -> tuple[int, int]:
        """Write the answers that came into the referrals that they answer: how many, and how many wait for somebody
        who may.
        """
        return self._answers.take()
