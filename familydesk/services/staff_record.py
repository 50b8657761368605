"""The record of a colleague among the staff, written in the same step as her account."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from familydesk.records.staff_member import Role, StaffMember
from familydesk.services.first_tables import named

if TYPE_CHECKING:
    from familydesk.services.desk import Desk


def recorded(session: Session, desk: Desk, person: str, role: Role, login: str, with_account: Container[UUID]) -> UUID:
    """The id of her record: the one of this name that has no account yet, or a new one.

    `person` is "SURNAME GIVEN PATRONYMIC". Refused if that is no name.
    """
    values = {**named(person), "role": role, "login": login}
    return desk.save_in(session, "staff_member", values, _without_account(session, values, with_account)).id


def _without_account(session: Session, values: dict[str, Any], with_account: Container[UUID]) -> UUID | None:
    query = select(StaffMember.id).where(
        ~StaffMember.archived,
        StaffMember.left_on.is_(None),
        *(getattr(StaffMember, name) == values[name] for name in ("surname", "given", "patronymic")),
    )
    found = [id for id in session.scalars(query) if id not in with_account]
    return found[0] if len(found) == 1 else None
