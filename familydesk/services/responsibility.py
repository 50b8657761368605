"""Who answers for a case, and who is kept off it: by whom that is decided once a case stands.

Whoever answers for a case sees where its people are, and whoever is kept off it sees nothing of it. So both follow the
verb by which cases are handed over, and neither may leave a victim without the only worker who reaches her.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from familydesk.core.errors import Problem
from familydesk.core.i18n import N_
from familydesk.core.record import Record
from familydesk.records.case import Case
from familydesk.services import sides
from familydesk.services.rights import Verb

if TYPE_CHECKING:
    from familydesk.services.office import Office

HANDED_OVER = N_("Who answers for this case is changed by who hands cases over: a case manager, or the head.")
KEPT_OFF = N_("Who is kept off this case is decided by the one responsible for it, a case manager, or the head.")


def faults(office: Office, session: Session, row: Record | None, candidate: Record) -> Iterable[Problem]:
    """What stands against a case as it is about to be, of who answers for it and who is kept off. `row`: as it stands;
    None while it is new, for that is how the center takes somebody in.
    """
    if not isinstance(candidate, Case):
        return ()
    refused: list[Problem] = []
    if isinstance(row, Case) and not office.account.may(Verb.HAND_OVER):
        refused = list(_not_hers(office, row, candidate))
    # Whoever may not decide is not told whom the colleague she named serves besides.
    return refused or _both_sides(office, session, row, candidate)


def _not_hers(office: Office, row: Case, candidate: Case) -> Iterator[Problem]:
    me, before = office.me, row.responsible_id
    # She herself is not refused here: whether that would bring her nearer than her role goes, is asked of every record.
    if before and candidate.responsible_id not in (before, me):
        yield Problem("responsible_id", HANDED_OVER)
    hers = before == me or not (before or row.kept_from_id)
    if candidate.kept_from_id != row.kept_from_id and not hers:
        yield Problem("kept_from_id", KEPT_OFF)


def _both_sides(office: Office, session: Session, row: Record | None, candidate: Case) -> Iterator[Problem]:
    """A warning where the one responsible serves the other side too; a fault where a colleague is named by that who
    alone reaches the victim.
    """
    staff, client, connection = candidate.responsible_id, candidate.client_id, session.connection()
    if not (staff and client and sides.serves_other_side(connection, staff, client)):
        return
    stands = isinstance(row, Case) and (row.responsible_id, row.client_id) == (staff, client)
    if not stands and staff != office.me and sides.alone_reaches_victim(connection, staff, client):
        yield Problem("responsible_id", sides.ONLY_WORKER)
    else:
        yield Problem("responsible_id", sides.SERVES_OTHER, warning=True)
