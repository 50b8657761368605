"""What one page shows of a family: who they are, what happened, what is open, how to reach them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from familydesk.core.i18n import N_, translate
from familydesk.core.show import HIDDEN
from familydesk.records.appointment import Appointment
from familydesk.records.case import Case, Danger, Stage
from familydesk.records.consent import Consent
from familydesk.records.errand import Errand
from familydesk.records.family import Family
from familydesk.records.family_member import FamilyRole
from familydesk.records.person import Sex
from familydesk.records.person_phone import SafeToCall
from familydesk.records.referral import Referral
from familydesk.services.due import Due
from familydesk.services.family_tree import Union
from familydesk.services.orders import OrderStanding
from familydesk.services.timeline import Event


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the family. `age` is of the day asked for; `place` is None for a client without a family."""

    person_id: UUID
    member_id: UUID | None
    name: str
    given: str
    sex: Sex | None
    born_on: date | None
    age: int | None
    place: FamilyRole | None
    lives_together: bool | None
    victim: bool
    offender: bool


@dataclass(frozen=True, slots=True)
class Contact:
    """A telephone as it may stand on a screen: masked, with what must be known before anyone dials it."""

    phone_id: UUID
    person_id: UUID
    masked: str
    safe: SafeToCall
    hours: str
    introduce_as: str
    who_may_answer: str
    hidden: bool = False
    """Whether the reader may not see these conditions."""

    @property
    def conditions(self) -> str:
        """When to call, under which name, who else may answer: in one line."""
        if self.hidden:
            return translate(HIDDEN)
        told = (
            (N_("call {value}"), self.hours),
            (N_("introduce yourself as {value}"), self.introduce_as),
            (N_("{value} may answer"), self.who_may_answer),
        )
        return ", ".join(translate(text).format(value=value) for text, value in told if value)


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """A family on one page. `family` is None where a client stands alone; `case` is the one in the foreground."""

    family: Family | None
    case: Case | None
    cases: tuple[Case, ...]
    responsible: str
    members: tuple[Member, ...]
    unions: tuple[Union, ...]
    contacts: tuple[Contact, ...]
    dues: tuple[Due, ...]
    events: tuple[Event, ...]
    orders: tuple[OrderStanding, ...]
    referrals: tuple[Referral, ...]
    destinations: dict[UUID, str]
    consents: tuple[Consent, ...]
    errands: tuple[Errand, ...]
    appointments: tuple[Appointment, ...]
    address_hidden: bool
    contacts_hidden: bool = False
    """Whether how to reach somebody here is kept from the reader altogether."""
    processing_stopped: bool = False
    """Whether the consent for the case in the foreground was withdrawn and no other ground stands in its place."""
    restricted: bool = False
    """Whether the case in the foreground is sealed for named people."""

    @property
    def title(self) -> str:
        """The family's name, or the client's."""
        if self.family:
            return self.family.name or ""
        return self.members[0].name if self.members else ""


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """A family in a list, with its newest case."""

    id: UUID
    name: str
    people: int
    case_id: UUID | None
    case_number: str
    stage: Stage | None
    danger: Danger | None
    responsible: str
