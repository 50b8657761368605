"""What is given out of a file: a person's own copy of everything about her, and exactly the fields that somebody may
ask for. Both say on their first page why, to whom and on what ground; both leave as `giving_out` says.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from familydesk.core import clock
from familydesk.core.errors import Problem, Refused
from familydesk.core.fields import Field, Kind, Secrecy
from familydesk.core.i18n import N_, _, speaking, translate
from familydesk.core.record import Record, StreamKind
from familydesk.core.show import show_moment
from familydesk.core.vocabulary import LegalException
from familydesk.paper.dossier import Dossier, initials
from familydesk.paper.redaction import withheld
from familydesk.records import SHEETS, sheet_of
from familydesk.records.case import Case
from familydesk.records.center import Center
from familydesk.services.dossiers import may_tell_where
from familydesk.services.giving_out import Handing, Parcel, parcel
from familydesk.services.own_records import marks_of, records_about
from familydesk.services.printed_head import proof_line
from familydesk.services.prints import NO_LANGUAGE, NOT_YOURS
from familydesk.services.rights import Verb
from familydesk.services.scribe import OwnScribe, Scribe, filled

if TYPE_CHECKING:
    from familydesk.paper.given_out import Part
    from familydesk.services.office import Office


class PaperLanguage(enum.Enum):
    """In which language it is given out."""

    kk = N_("In Kazakh")
    ru = N_("In Russian")


class Ground(enum.Enum):
    """On what ground somebody is told (Law on Personal Data, Art 7 and 9)."""

    CONSENT = N_("Consent of the person herself")
    COURT = N_("Request of a court")
    INVESTIGATION = N_("Request of the police or the prosecutor in a case")
    GUARDIANSHIP = N_("Mandatory report about a child")
    THREAT_TO_LIFE = N_("Threat to life or health")
    OTHER_LAW = N_("Another law")


EXCEPTIONS = {
    Ground.COURT: LegalException.COURT_OR_POLICE,
    Ground.INVESTIGATION: LegalException.COURT_OR_POLICE,
    Ground.GUARDIANSHIP: LegalException.CHILD_REPORT,
    Ground.THREAT_TO_LIFE: LegalException.THREAT_TO_LIFE,
    Ground.OTHER_LAW: LegalException.OTHER_LAW,
}
"""Which exception allows it though a consent was withdrawn."""

_LOCATION_REASON = Field(
    N_("Why places may stand on it"),
    Kind.LINE,
    "location_reason",
    secrecy=Secrecy.SPECIAL,
    help=N_("Left empty, no address, no hidden place and no unsafe number leaves the center."),
)

Chosen = Mapping[tuple[str, UUID], Sequence[str]]
"""Names of fields by sheet and id of their record."""


_LANGUAGE = Field(N_("Language"), Kind.CHOICE, "language", required=True, choices=PaperLanguage)

OWN_FIELDS = (_LANGUAGE, _LOCATION_REASON)
"""What is asked for a person's own copy, beside how it is handed over."""

REQUEST_FIELDS = (
    _LANGUAGE,
    Field(N_("Ground"), Kind.CHOICE, "ground", required=True, choices=Ground),
    Field(N_("Number and date of the request, or the law"), Kind.LINE, "ground_text", secrecy=Secrecy.SPECIAL),
    _LOCATION_REASON,
)
"""The same for what was asked for by somebody else."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A record of which something can be given out, by name, and its fields that hold anything."""

    sheet: str
    id: UUID
    name: str
    fields: tuple[Field, ...]


class Copies:
    """Draws what leaves and seals it."""

    def __init__(self, office: Office) -> None:
        self._office = office

    # Her own copy

    def own(self, person_id: UUID, language: str, handing: Handing, location_reason: str = "") -> Parcel:
        """Everything about one person (right of access, Law on Personal Data, Art 24), nobody else named in it.

        Places stand on it only for a `location_reason` given by who may tell them; sealed notes never do.
        """
        self._may(language, handing)
        records = records_about(self._office, person_id)
        cases = [one for one in records if isinstance(one, Case)]
        place = bool(location_reason.strip()) and self._may_tell(records[0], cases)
        with speaking(language):
            own, others = marks_of(self._office, person_id, records)
            scribe = OwnScribe(self._office, place, person_id, own, others)
            parts = tuple(part for record in records if (part := scribe.part(record)))
            remarks = (
                _("Other people are named by what they are to you. What speaks of them alone is left out."),
                _("Notes of a psychologist or a lawyer are kept apart; ask them for yours."),
                *(() if place else (_("Addresses and conditions of calling are kept at the center."),)),
            )
            pdf = self._drawn("OWN_COPY", handing, _places(location_reason, place), parts, remarks, language)
        case = cases[-1].id if cases else None
        told = {"places": location_reason.strip() if place else ""}
        return parcel(self._office, pdf, ".pdf", handing, "own copy", "person", person_id, case, **told)

    # On request

    def offered(self, case_id: UUID) -> list[Offer]:
        """What the file of a case could be asked for: its records, its client and how to reach her."""
        records = self._of_case(case_id)
        return [
            Offer(one.sheet(), one.id, f"{translate(one.title)}: {one.title_text()}", tuple(filled(one)))
            for one in records
            if any(filled(one))
        ]

    def on_request(
        self,
        case_id: UUID,
        chosen: Chosen,
        language: str,
        handing: Handing,
        ground: Ground | None,
        ground_text: str = "",
        location_reason: str = "",
    ) -> Parcel:
        """Exactly the fields `chosen`, and nothing beside them. Refused if one may not leave, or none was chosen."""
        self._may(language, handing)
        if not isinstance(ground, Ground):
            raise Refused(Problem("ground", N_("Say on what ground it is given out.")))
        if ground is Ground.CONSENT:
            self._office.withdrawals.check_case(case_id)
        if not any(chosen.values()):
            raise Refused(Problem("fields", N_("Choose what is to be given out.")))
        self._office.withdrawals.check_case(case_id, EXCEPTIONS.get(ground), handing.reason)
        case = cast(Case, self._office.desk.get("case", case_id))
        there = {(one.sheet(), one.id): one for one in self._of_case(case_id)}
        if any(key not in there for key in chosen):
            raise Refused(N_("This record belongs to another case."))
        place = bool(location_reason.strip()) and self._may_tell(case, [case])
        for key, names in chosen.items():
            _refuse_hidden(there[key], names, place)
        with speaking(language):
            scribe = Scribe(self._office, place)
            parts = tuple(p for key, names in chosen.items() if (p := scribe.part(there[key], names)))
            told = ", ".join(filter(None, (translate(ground.value), ground_text.strip())))
            facts = ((_("Ground"), told), *_places(location_reason, place))
            pdf = self._drawn("ON_REQUEST", handing, facts, parts, (), language)
        fields = [f"{sheet}.{name}" for (sheet, _id), names in chosen.items() for name in names]
        more = {"ground": ground.name, "fields": fields, "places": location_reason.strip() if place else ""}
        return parcel(self._office, pdf, ".pdf", handing, "on request", "case", case_id, case_id, **more)

    # Papers

    def paper(self, handing: Handing, draw: Callable[[], bytes], case_id: UUID | None = None) -> Parcel:
        """A paper that `draw` draws, as a file for somebody outside."""
        self._office.account.require(Verb.EXPORT)
        handing.check()
        return parcel(self._office, draw(), ".pdf", handing, "paper", "case" if case_id else "", case_id, case_id)

    # What both need

    def _may(self, language: str, handing: Handing) -> None:
        self._office.account.require(Verb.EXPORT)
        handing.check()
        if language not in PaperLanguage.__members__:
            raise Refused(NO_LANGUAGE)

    def _may_tell(self, subject: Record, cases: Sequence[Case]) -> bool:
        if not any(may_tell_where(self._office, subject, case) for case in (cases or (None,))):
            raise Refused(NOT_YOURS)
        return True

    def _of_case(self, case_id: UUID) -> list[Record]:
        desk = self._office.desk
        case = cast(Case, desk.get("case", case_id))
        found: dict[str, list[Record]] = {"case": [case]}
        if case.client_id:
            found["person"] = list(desk.rows("person", [case.client_id]).values())
            for sheet in ("person_phone", "person_address"):
                found[sheet] = desk.find(sheet, {"person_id": case.client_id})
        for kind in SHEETS:
            if kind.sheet() not in found and kind.stream.kind in (StreamKind.CASE, StreamKind.REFERRAL):
                step = kind.stream.path.partition(".")[0]
                parents = [one.id for one in found.get(str(kind.field(step).target), [])]
                found[kind.sheet()] = desk.find(kind.sheet(), {step: parents}) if parents else []
        return [record for records in found.values() for record in records]

    def _drawn(
        self,
        title: str,
        handing: Handing,
        facts: Sequence[tuple[str, str]],
        parts: tuple[Part, ...],
        remarks: tuple[str, ...],
        language: str,
    ) -> bytes:
        # The typesetter alone costs a third of a second: it is loaded when something is given out.
        from familydesk.paper import given_out

        office = self._office
        centers = tuple(cast(Center, one) for one in office.desk.find("center", limit=1))
        file = Dossier(centers[0] if centers else Center(), clock.now(), lambda code, on: "", {Center: centers})
        given = f"{initials(office.who())}, {show_moment(clock.now())}"
        told = (
            (_("Why it is given out"), handing.reason),
            (_("Who receives it"), handing.recipient),
            *facts,
            (_("By whom and when"), given),
        )
        values = tuple(given_out.Value(label, text) for label, text in told)
        bundle = given_out.Bundle(
            getattr(given_out, title), values, parts, remarks, proof_line(office, office.journal.head())
        )
        return given_out.draw_bundle(file, bundle, language)


def _places(reason: str, place: bool) -> tuple[tuple[str, str], ...]:
    return ((_("Why places may stand on it"), reason.strip()),) if place else ()


def _refuse_hidden(record: Record, names: Sequence[str], place: bool) -> None:
    known = {field.name: field for field in sheet_of(record.sheet()).fields()}
    for name in names:
        field: Any = known.get(name)
        if field is None or field.secrecy is Secrecy.PRIVILEGED or name in record.covered:
            raise Refused(Problem(name, N_("This field may not leave the store.")))
        if name in withheld(record, location=place):
            raise Refused(Problem("location_reason", N_("Say why a place or an unsafe number must be told.")))
