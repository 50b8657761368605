"""On what it rests that something about a person is passed to another center: her consent, or a legal exception.

Law on Personal Data, Art 7-9: passing on to a third party needs consent that names it, and covers the data; Art 9 says
when it needs none. Checked before a referral leaves, and named in what leaves.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from familydesk.core import clock
from familydesk.core.errors import Problem, Refused
from familydesk.core.i18n import N_, _, translate
from familydesk.core.show import show_day
from familydesk.core.vocabulary import DestinationKind, LegalException
from familydesk.records.consent import Consent, DataKind, ThirdParty
from familydesk.records.referral import Referral
from familydesk.sync.letter import Ground

if TYPE_CHECKING:
    from familydesk.services.office import Office

NO_GROUND = N_("Choose her consent, or name the legal exception that allows this without it.")
WITHOUT_WORDS = N_("Name the grounds of the legal exception: which law, and why it applies here.")
OF_SOMEBODY_ELSE = N_("This consent is somebody else's, or was given for another case.")
NOT_IN_FORCE = N_("This consent is not in force today: it was withdrawn, or its term is over.")
NOT_TO_CENTERS = N_("This consent does not say that her data may be passed to other centers.")
NOT_COVERED = N_("Her consent does not cover this: {kinds}. Leave it out, or write down another consent.")

KINDS = {
    "person.iin": DataKind.IIN,
    "person.document": DataKind.IIN,
    "person.disability": DataKind.HEALTH,
    "person.occupation": DataKind.EDUCATION,
    "person.contact_care": DataKind.CONTACTS,
    "person_phone.number": DataKind.CONTACTS,
    "case.situation": DataKind.CASE,
    "case.goal": DataKind.CASE,
    "case.danger": DataKind.VIOLENCE,
}
"""Which of the data that a consent lists a field belongs to, where it is clear; names and the request need no other."""


def ground_of(office: Office, referral: Referral, fields: Collection[str]) -> Ground:
    """The ground on which these fields (`person.iin`) of a referral may leave. Refused if there is none."""
    ground = _exception(referral) or _consent(office, referral, fields)
    exception = LegalException[ground.exception] if ground.exception else None
    if referral.case_id:
        office.withdrawals.check_case(referral.case_id, exception, ground.words)
    return ground


def told(ground: Ground) -> str:
    """A ground in words, in the language in force."""
    if not ground.exception:
        return _("Consent of {day}").format(day=_day(ground.day))
    named = LegalException.__members__.get(ground.exception)
    return ": ".join(filter(None, (translate(named.value) if named else ground.exception, ground.words)))


def _day(text: str) -> str:
    try:
        return show_day(date.fromisoformat(text))
    except ValueError:
        return text


def _exception(referral: Referral) -> Ground | None:
    exception = referral.exception
    if exception is None:
        return None
    words = referral.exception_text or referral.grounds or ""
    if not _holds(exception, words):
        raise Refused(Problem("exception_text", WITHOUT_WORDS))
    return Ground(exception.name, words.strip(), "")


def _consent(office: Office, referral: Referral, fields: Collection[str]) -> Ground:
    if referral.consent_id is None:
        raise Refused(Problem("consent_id", NO_GROUND))
    consent = _read(office, referral.consent_id)
    if consent.person_id != referral.person_id or consent.case_id not in (None, referral.case_id):
        raise Refused(Problem("consent_id", OF_SOMEBODY_ELSE))
    if not consent.in_force(clock.today()):
        raise Refused(Problem("consent_id", NOT_IN_FORCE))
    if consent.exception:
        if not _holds(consent.exception, consent.purpose):
            raise Refused(Problem("exception_text", WITHOUT_WORDS))
        return Ground(consent.exception.name, (consent.purpose or "").strip(), "")
    if not _receivers(referral) & set(consent.third_parties or ()):
        raise Refused(Problem("consent_id", NOT_TO_CENTERS))
    if missing := {KINDS[name] for name in fields if name in KINDS} - set(consent.collected or ()):
        kinds = ", ".join(translate(kind.value) for kind in DataKind if kind in missing)
        raise Refused(Problem("consent_id", NOT_COVERED, {"kinds": kinds}))
    return Ground("", "", consent.given_on.isoformat() if consent.given_on else "")


def _holds(exception: LegalException, words: str | None) -> bool:
    """Depersonalised statistics is no ground to name anybody, and an exception without its words is none."""
    return exception is not LegalException.STATISTICS and bool((words or "").strip())


def _receivers(referral: Referral) -> set[ThirdParty]:
    organised = referral.destination_kind is DestinationKind.NGO
    return {ThirdParty.CENTERS, *([ThirdParty.NGO] if organised else [])}


def _read(office: Office, id: UUID) -> Consent:
    """Of which the day alone is shown to anybody."""
    with office.database.read(whole=True) as session:
        consent = session.get(Consent, id)
        session.expunge_all()
    if consent is None or consent.archived:
        raise Refused(Problem("consent_id", NOT_IN_FORCE))
    return consent
