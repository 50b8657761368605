"""An address of a person. Where she is now may be the secret that keeps her alive."""

from __future__ import annotations

import enum
from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from familydesk.core.fields import Secrecy, choice, day, line, reference, yes_no
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream


class AddressKind(enum.Enum):
    """What the address is to the person."""

    REGISTERED = N_("Registered address")
    ACTUAL = N_("Lives here")
    FORMER = N_("Former address")
    SAFE_PLACE = N_("Safe place")


class PersonAddress(Record):
    """One address, by region of the national classifier. Every part that says where it is, is LOCATION."""

    __tablename__ = "person_address"
    title: ClassVar[str] = N_("Address")
    plural: ClassVar[str] = N_("Addresses")
    stream: ClassVar[Stream] = Stream.center()
    title_fields: ClassVar[tuple[str, ...]] = ("kind",)
    parent: ClassVar[str] = "person_id"

    person_id: Mapped[UUID | None] = reference(N_("Person"), "person", required=True)
    kind: Mapped[AddressKind | None] = choice(N_("Kind of address"), AddressKind, required=True, listed=True)
    region_id: Mapped[UUID | None] = reference(N_("Region"), "region", listed=True, secrecy=Secrecy.LOCATION)
    district: Mapped[str | None] = line(N_("District or city"), secrecy=Secrecy.LOCATION)
    settlement: Mapped[str | None] = line(N_("Settlement"), secrecy=Secrecy.LOCATION)
    street: Mapped[str | None] = line(N_("Street, house, flat"), secrecy=Secrecy.LOCATION)
    postcode: Mapped[str | None] = line(N_("Postal code"), secrecy=Secrecy.LOCATION)
    kept_secret: Mapped[bool | None] = yes_no(N_("Keep secret from the offender"), safest=True, default=True)
    since: Mapped[date | None] = day(N_("Since"), secrecy=Secrecy.LOCATION)
    as_written: Mapped[str | None] = line(N_("Address as it was written"), secrecy=Secrecy.LOCATION)
