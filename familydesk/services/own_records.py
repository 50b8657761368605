"""Everything that the store holds about one person, and everybody else who is named there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from familydesk.core.record import Record, StreamKind, references
from familydesk.core.show import show_choice
from familydesk.records import SHEETS
from familydesk.records.case import Case
from familydesk.records.family_member import FamilyMember, FamilyRole
from familydesk.records.incident import Incident
from familydesk.records.kinship import Kinship
from familydesk.records.person import Person
from familydesk.records.person_address import PersonAddress
from familydesk.records.person_phone import PersonPhone
from familydesk.services.striking import Marks
from familydesk.store.tables import KEPT_APART

if TYPE_CHECKING:
    from familydesk.services.office import Office

ABOUT = ("person_id", "victim_id", "client_id")
"""The reference by which a record is about somebody; an offender stands in records that are about his victim."""

APART = frozenset({"possible_duplicate"})
"""Sheets that compare her with somebody else."""


def records_about(office: Office, person: UUID) -> list[Record]:
    """Every record about her, put away or in use, as far as who asks may read it: her page, her cases, the rest in the
    order of the sheets.
    """
    found: dict[str, list[Record]] = {"person": [office.desk.get("person", person)]}
    found["case"] = _all(office, Case, {"client_id": person})
    for sheet in SHEETS:
        if sheet.sheet() not in found and sheet.sheet() not in APART:
            found[sheet.sheet()] = _of_sheet(office, sheet, person, found)
    return [record for records in found.values() for record in records]


def _of_sheet(office: Office, sheet: type[Record], person: UUID, found: dict[str, list[Record]]) -> list[Record]:
    about = next((name for name in ABOUT if _points_to(sheet, name, "person")), "")
    hers = _all(office, sheet, {about: person}) if about else []
    if sheet.stream.kind is StreamKind.CENTER or sheet.stream.path == "id":
        return hers
    step = sheet.stream.path.partition(".")[0]
    parents = [one.id for one in found.get(str(sheet.field(step).target), [])]
    beside = _all(office, sheet, {step: parents} | ({about: None} if about else {})) if parents else []
    return hers + beside


def _points_to(sheet: type[Record], name: str, target: str) -> bool:
    return any(field.name == name for field in references(sheet, target))


def _all(office: Office, sheet: type[Record], where: dict[str, Any]) -> list[Record]:
    return [one for archived in (False, True) for one in office.desk.find(sheet.sheet(), where, archived=archived)]


# Everybody else


def marks_of(office: Office, person: UUID, records: Iterable[Record]) -> tuple[Marks, dict[UUID, Marks]]:
    """By what she is recognised, and everybody else who is named in `records` or together with her in any other, lives
    in her family or is her kin.

    Their names, numbers and places are read to be struck out, whatever who asks may see; nobody is shown them.
    """
    with office.database.read(whole=True) as session:
        others = _named(records) | _family_and_kin(session, person) | _beside(session, person)
        said = _relations(session, person)
        own = _marks(session, person, "")
        return own, {one: _marks(session, one, said.get(one, "")) for one in others - {person}}


def _named(records: Iterable[Record]) -> set[UUID]:
    ids = {getattr(one, field.name) for one in records for field in references(type(one), "person")}
    return {id for id in ids if id}


def _family_and_kin(session: Session, person: UUID) -> set[UUID]:
    families = select(FamilyMember.family_id).where(FamilyMember.person_id == person)
    of_cases = select(Case.family_id).where(Case.client_id == person)
    members = select(FamilyMember.person_id).where(
        or_(FamilyMember.family_id.in_(families), FamilyMember.family_id.in_(of_cases))
    )
    kin = select(Kinship.person_id, Kinship.relative_id).where(
        or_(Kinship.person_id == person, Kinship.relative_id == person)
    )
    found = {*session.scalars(members), *(id for row in session.execute(kin) for id in row)}
    return {id for id in (*found, *_parties(session, person)) if id}


def _parties(session: Session, person: UUID) -> Iterable[UUID]:
    """Whoever stands in any record of her cases, though that record is not about her."""
    cases = list(session.scalars(select(Case.id).where(Case.client_id == person)))
    for sheet in SHEETS:
        if _points_to(sheet, "case_id", "case"):
            for field in references(sheet, "person"):
                column = getattr(sheet, field.name)
                table: Any = sheet
                yield from session.scalars(select(column).where(table.case_id.in_(cases), column.is_not(None)))


def _beside(session: Session, person: UUID) -> set[UUID]:
    """Whoever stands in one record with her, in whosever case: the victim of her offender, and the other way round.

    Of restricted cases that do not open here only who must be kept apart from her is known.
    """
    found: set[UUID] = set()
    for sheet in SHEETS:
        columns = [getattr(sheet, field.name) for field in references(sheet, "person")]
        if len(columns) > 1 and sheet.sheet() not in APART:
            for row in session.execute(select(*columns).where(or_(*(column == person for column in columns)))):
                found.update(filter(None, row))
    one, other = KEPT_APART.c.one, KEPT_APART.c.other
    for row in session.execute(select(one, other).where(or_(one == person.hex, other == person.hex))):
        found.update(UUID(id) for id in row if id)
    return found


def _relations(session: Session, person: UUID) -> dict[UUID, str]:
    """What the others are to her, where that is written down."""
    said: dict[UUID, str] = {}
    for incident in session.scalars(select(Incident).where(Incident.victim_id == person)):
        if incident.offender_id and incident.offender_relation:
            said[incident.offender_id] = show_choice(incident.offender_relation)
    mine = select(FamilyMember.family_id).where(
        FamilyMember.person_id == person, FamilyMember.relation == FamilyRole.CLIENT
    )
    for member in session.scalars(select(FamilyMember).where(FamilyMember.family_id.in_(mine))):
        if member.person_id and member.relation:
            said[member.person_id] = show_choice(member.relation)
    return said


def _marks(session: Session, id: UUID, said: str) -> Marks:
    person = session.get(Person, id) or Person()
    names = tuple(name for name in (person.surname, person.given, person.patronymic) if name)
    phones = session.scalars(select(PersonPhone.number).where(PersonPhone.person_id == id))
    numbers = tuple(one for one in (person.iin, *phones) if one)
    places, hidden = [person.document or ""], [""]
    for address in session.scalars(select(PersonAddress).where(PersonAddress.person_id == id)):
        where = [address.street or "", address.as_written or ""]
        places += where
        hidden += where if address.kept_secret is not False else []
    told = said or _initials(person)
    return Marks(names, told, numbers, tuple(filter(None, places)), tuple(filter(None, hidden)))


def _initials(person: Person) -> str:
    return "".join(f"{name[0]}." for name in (person.given, person.surname) if name)
