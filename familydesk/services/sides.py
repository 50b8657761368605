"""Victim and offender, both clients of one center: their cases meet in the incident alone, nobody serves both."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection

from familydesk.core.i18n import N_

_CASES_OF_OTHERS = """
SELECT 1 FROM "case" WHERE client_id <> :person AND client_id IN (
  SELECT victim_id FROM incident WHERE offender_id = :person
  UNION SELECT offender_id FROM incident WHERE victim_id = :person
  UNION SELECT victim_id FROM protective_order WHERE offender_id = :person
  UNION SELECT offender_id FROM protective_order WHERE victim_id = :person)
"""

_VICTIM_WITH_ONE_WORKER = """
SELECT 1 FROM "case" hers WHERE hers.client_id <> :person AND hers.responsible_id = :staff AND hers.client_id IN (
    SELECT victim_id FROM incident WHERE offender_id = :person
    UNION SELECT victim_id FROM protective_order WHERE offender_id = :person)
  AND hers.closed_on IS NULL AND NOT hers.archived
  AND NOT EXISTS (SELECT 1 FROM "case" beside WHERE beside.client_id = hers.client_id
    AND beside.closed_on IS NULL AND NOT beside.archived AND beside.responsible_id IS NOT :staff)
LIMIT 1
"""

KNOWN = N_(
    "This person is known here from an incident whose other side is served here too. "
    "Keep the cases apart: another colleague, other days, and nothing told of one to the other."
)
SERVES_OTHER = N_(
    "This colleague serves the other side of an incident with this client. "
    "Choose another: she will not see where the victim is, nor how to reach her."
)
ONLY_WORKER = N_(
    "This colleague alone is responsible for somebody whom this client has hurt, and would no longer reach her. "
    "Choose another, or give the other case to somebody else first."
)


def other_side_is_here(connection: Connection, person: UUID) -> bool:
    """Whether somebody who stands opposite `person` in an incident or an order has a case here."""
    return connection.exec_driver_sql(_CASES_OF_OTHERS + " LIMIT 1", {"person": person.hex}).first() is not None


def serves_other_side(connection: Connection, staff: UUID, person: UUID) -> bool:
    """Whether `staff` is responsible for the case of somebody who stands opposite `person`."""
    query = _CASES_OF_OTHERS + " AND responsible_id = :staff LIMIT 1"
    return connection.exec_driver_sql(query, {"person": person.hex, "staff": staff.hex}).first() is not None


def alone_reaches_victim(connection: Connection, staff: UUID, person: UUID) -> bool:
    """Whether `staff` is the only one responsible in the open cases of somebody whom `person` has hurt."""
    given = {"person": person.hex, "staff": staff.hex}
    return connection.exec_driver_sql(_VICTIM_WITH_ONE_WORKER, given).first() is not None
