"""The table of contents: every sheet, in the order in which the desk shows them."""

from __future__ import annotations

from familydesk.core.record import Record
from familydesk.records.application import Application
from familydesk.records.appointment import Appointment
from familydesk.records.assessment import Assessment
from familydesk.records.attachment import Attachment
from familydesk.records.calculation_index import CalculationIndex
from familydesk.records.calendar_day import CalendarDay
from familydesk.records.case import Case
from familydesk.records.case_note import CaseNote
from familydesk.records.center import Center
from familydesk.records.consent import Consent
from familydesk.records.consultation import Consultation
from familydesk.records.destruction_act import DestructionAct
from familydesk.records.errand import Errand
from familydesk.records.family import Family
from familydesk.records.family_member import FamilyMember
from familydesk.records.incident import Incident
from familydesk.records.kinship import Kinship
from familydesk.records.legal_reference import LegalReference
from familydesk.records.mandatory_notice import MandatoryNotice
from familydesk.records.order_breach import OrderBreach
from familydesk.records.order_check import OrderCheck
from familydesk.records.organisation import Organisation
from familydesk.records.person import Person
from familydesk.records.person_address import PersonAddress
from familydesk.records.person_phone import PersonPhone
from familydesk.records.possible_duplicate import PossibleDuplicate
from familydesk.records.protective_order import ProtectiveOrder
from familydesk.records.referral import Referral
from familydesk.records.region import Region
from familydesk.records.response_term import ResponseTerm
from familydesk.records.retention_term import RetentionTerm
from familydesk.records.staff_member import StaffMember

SHEETS: tuple[type[Record], ...] = (
    Person,
    PersonPhone,
    PersonAddress,
    Family,
    FamilyMember,
    Kinship,
    Application,
    Case,
    Assessment,
    Consultation,
    Incident,
    MandatoryNotice,
    ProtectiveOrder,
    OrderCheck,
    OrderBreach,
    Referral,
    Consent,
    CaseNote,
    Attachment,
    Errand,
    Appointment,
    PossibleDuplicate,
    Organisation,
    StaffMember,
    DestructionAct,
    Center,
    LegalReference,
    CalendarDay,
    ResponseTerm,
    RetentionTerm,
    CalculationIndex,
    Region,
)

BY_NAME: dict[str, type[Record]] = {sheet.sheet(): sheet for sheet in SHEETS}


def sheet_of(name: str) -> type[Record]:
    """The sheet of that name; KeyError if there is none."""
    return BY_NAME[name]
