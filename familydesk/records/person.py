"""A person: a client, a member of a family, an offender, a witness.

Names as the law writes them: surname, given name, patronymic if any.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from sqlalchemy.orm import Mapped

from familydesk.core import clock
from familydesk.core.errors import Problem
from familydesk.core.fields import Merge, Secrecy, choice, day, iin, line, many, note, yes_no
from familydesk.core.i18n import N_
from familydesk.core.record import Record, Stream
from familydesk.law.iin import IinFault, disagreements, read


class Sex(enum.Enum):
    """As the IIN's seventh digit tells it."""

    FEMALE = N_("Female")
    MALE = N_("Male")


class IinAbsence(enum.Enum):
    """Why a person stands in the register without an IIN; the reason is mandatory."""

    NO_DOCUMENT = N_("No document")
    FOREIGNER = N_("Foreigner")
    REFUSED = N_("Refused to give it")
    NEWBORN = N_("Newborn")
    EMERGENCY = N_("Emergency")
    NOT_RECORDED = N_("Not recorded")


class Disability(enum.Enum):
    """Group of disability; a child has none of the three."""

    NONE = N_("No disability")
    GROUP_1 = N_("First group")
    GROUP_2 = N_("Second group")
    GROUP_3 = N_("Third group")
    CHILD = N_("Child with disability")


class Language(enum.Enum):
    """A language in which the person can be spoken to."""

    KAZAKH = N_("Kazakh")
    RUSSIAN = N_("Russian")
    UZBEK = N_("Uzbek")
    UYGHUR = N_("Uyghur")
    TURKISH = N_("Turkish")
    ENGLISH = N_("English")
    SIGN = N_("Sign language")
    OTHER = N_("Other language")


class MaritalStatus(enum.Enum):
    """Only a registered marriage counts in law (Code on Marriage and Family, Art 2 p3); a religious one is
    recorded as such.
    """

    SINGLE = N_("Not married")
    MARRIED = N_("Registered marriage")
    RELIGIOUS = N_("Religious marriage only")
    COHABITING = N_("Living together unregistered")
    DIVORCED = N_("Divorced")
    WIDOWED = N_("Widowed")


class Person(Record):
    """One person, once in the center's directory however many cases she is part of."""

    __tablename__ = "person"
    title: ClassVar[str] = N_("Person")
    plural: ClassVar[str] = N_("People")
    stream: ClassVar[Stream] = Stream.center()
    title_fields: ClassVar[tuple[str, ...]] = ("surname", "given", "patronymic")

    surname: Mapped[str | None] = line(N_("Surname"), required=True, listed=True, indexed=True)
    given: Mapped[str | None] = line(N_("Given name"), required=True, listed=True)
    patronymic: Mapped[str | None] = line(N_("Patronymic (if any)"), listed=True)
    born_on: Mapped[date | None] = day(N_("Date of birth"), listed=True)
    sex: Mapped[Sex | None] = choice(N_("Sex"), Sex, listed=True)
    iin: Mapped[str | None] = iin(N_("IIN"), listed=True, indexed=True)
    iin_absence: Mapped[IinAbsence | None] = choice(N_("Why there is no IIN"), IinAbsence)
    iin_differs: Mapped[bool | None] = yes_no(
        N_("Documents differ"),
        help=N_("The IIN does not agree with the date of birth or the sex, and the documents were compared."),
    )
    citizenship: Mapped[str | None] = line(N_("Citizenship"))
    document: Mapped[str | None] = line(
        N_("Identity document"), help=N_("Kind, number, issued by and when. A paper copy may not be demanded.")
    )
    marital_status: Mapped[MaritalStatus | None] = choice(N_("Marital status"), MaritalStatus)
    disability: Mapped[Disability | None] = choice(N_("Disability"), Disability, secrecy=Secrecy.SPECIAL)
    languages: Mapped[tuple[Language, ...] | None] = many(N_("Languages"), Language)
    interpreter: Mapped[bool | None] = yes_no(N_("Needs an interpreter"))
    occupation: Mapped[str | None] = line(N_("Work or study"))
    contact_care: Mapped[str | None] = note(
        N_("How to reach this person safely"), secrecy=Secrecy.LOCATION, merge=Merge.KEEP_BOTH
    )
    remarks: Mapped[str | None] = note(N_("Remarks"))

    sections: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        (N_("Name"), ("surname", "given", "patronymic", "born_on", "sex")),
        (N_("Identification"), ("iin", "iin_absence", "iin_differs", "citizenship", "document")),
        (N_("Circumstances"), ("marital_status", "disability", "languages", "interpreter", "occupation")),
        (N_("Care"), ("contact_care", "remarks")),
    )

    def rules(self) -> Iterator[Problem]:
        """An IIN or the reason why there is none; what the IIN says agrees with the rest, or the difference is
        confirmed.
        """
        if self.born_on and self.born_on > clock.today():
            yield Problem("born_on", N_("A date of birth cannot lie in the future."))
        if not self.iin:
            if not self.iin_absence:
                yield Problem("iin_absence", N_("Give the IIN, or the reason why there is none."))
            return
        try:
            known = read(self.iin)
        except IinFault as fault:
            yield Problem("iin", fault.sentence)
            return
        sex = self.sex.name if isinstance(self.sex, Sex) else None
        for name, sentence in disagreements(known, self.born_on, sex):
            if not self.iin_differs:
                yield Problem(name, sentence, warning=True)
