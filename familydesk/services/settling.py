"""Settling a conflict between two laptops: the choice is a change that puts an end to every version of the field."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from familydesk.core.errors import Problem, Refused
from familydesk.core.i18n import N_
from familydesk.records import sheet_of
from familydesk.services import two_laptops
from familydesk.services.conflict import Conflict, Verdict
from familydesk.store import front
from familydesk.store.front import ARCHIVED
from familydesk.store.overlay import Overlay

if TYPE_CHECKING:
    from familydesk.services.office import Office

COLLEAGUES = N_("This note belongs to a colleague and cannot be overwritten.")


class Settling:
    """The settling of one conflict, inside a write."""

    def __init__(self, office: Office, session: Session, conflict: Conflict) -> None:
        self._office = office
        self._session = session
        self._conflict = conflict

    def settle(self, verdict: Verdict, value: Any) -> None:
        """Let the chosen value stand. Where it stands already, that is written down all the same: laptops that hear of
        it later know then that somebody has looked. Refused to who may not write there.
        """
        self._office.account.require_write(self._conflict.sheet)
        mine, theirs = self._conflict.kept, self._conflict.taken
        if verdict == "write":
            self._write(value)
        elif (verdict == "keep") != self._conflict.mine_stands:
            chosen = mine if verdict == "keep" else theirs
            if chosen is None and self._loser_text():
                raise Refused(Problem(self._conflict.field.name, COLLEAGUES))
            self._write(chosen)
        self._end()

    def _write(self, wanted: Any) -> None:
        conflict = self._conflict
        if conflict.field.name == ARCHIVED:
            self._put_away(bool(wanted))
            return
        self._office.desk.save_in(self._session, conflict.sheet, {conflict.field.name: wanted}, conflict.record)

    def _loser_text(self) -> str | None:
        """What does not stand, as the log has it: there, but perhaps not for her."""
        connection = self._session.connection()
        keys = self._office.database.case_keys
        return two_laptops.text_of(keys, front.change(connection, self._conflict.loser or 0), self._conflict.field.name)

    def _put_away(self, archived: bool) -> None:
        record = self._session.get(sheet_of(self._conflict.sheet), self._conflict.record)
        if record is not None:
            self._office.desk.set_archived_in(self._session, record, archived)

    def _end(self) -> None:
        """The change that stands now replaces all others; if nothing was written, one that confirms it."""
        connection, conflict = self._session.connection(), self._conflict
        record, name = conflict.record.hex, conflict.field.name
        standing = front.standing(connection, record).get(name, 0)
        if standing == conflict.standing:
            standing = front.confirm(connection, standing, name, self._confirmed(standing))
        front.settle(connection, record, name, standing)

    def _confirmed(self, standing: int) -> str:
        """The value that stands, in the form in which the log holds that of its field."""
        connection, conflict = self._session.connection(), self._conflict
        keys = self._office.database.case_keys
        nothing = json.dumps(0 if conflict.field.name == ARCHIVED else None)
        text = two_laptops.text_of(keys, front.change(connection, standing), conflict.field.name) or nothing
        case = Overlay.of(connection).case_of(connection, conflict.sheet, conflict.record.hex)
        return keys.token(case, conflict.sheet, conflict.record.hex, conflict.field.name, text) if case else text
