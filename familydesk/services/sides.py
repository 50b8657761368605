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

KNOWN = N_(
    "This person is known here from an incident whose other side is served here too. "
    "Keep the cases apart: another colleague, other days, and nothing told of one to the other."
)
SERVES_OTHER = N_(
    "This colleague serves the other side of an incident with this client. "
    "Choose another: she will not see where the victim is, nor how to reach her."
)


def other_side_is_here(connection: Connection, person: UUID) -> bool:
    """Whether somebody who stands opposite `person` in an incident or an order has a case here."""
    return connection.exec_driver_sql(_CASES_OF_OTHERS + " LIMIT 1", {"person": person.hex}).first() is not None


def serves_other_side(connection: Connection, staff: UUID, person: UUID) -> bool:
    """Whether `staff` is responsible for the case of somebody who stands opposite `person`."""
    query = _CASES_OF_OTHERS + " AND responsible_id = :staff LIMIT 1"
    return connection.exec_driver_sql(query, {"person": person.hex, "staff": staff.hex}).first() is not None
