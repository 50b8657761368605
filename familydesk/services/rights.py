"""What each role may: how secret a value it sees, by its relation to the case, and which verbs it has.

From the roles of a center (staffing under the Rules of order 256-НҚ) and its data classes: hidden places are for who is
responsible for the case, for the head and for the duty administrator. Never asked but through `Account`.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from familydesk.core.fields import Secrecy
from familydesk.records.staff_member import Role


class Relation(enum.Enum):
    """How somebody stands to the case that a record belongs to."""

    OWN = "own"
    """She is responsible for it, or nobody is, or the record belongs to no case."""
    TEAM = "team"
    """She is written down in it: she counsels, runs an errand, has an appointment."""
    OTHER = "other"


class Verb(enum.Enum):
    """What is done with records beyond reading and writing them one by one."""

    PRINT = "print"
    EXPORT = "export"
    COUNT = "count"
    """The center's own figures, each opening its records."""
    COUNT_SHARED = "count for others"
    """Figures in the version that leaves the center: small ones hidden, none opening anything."""
    MERGE = "merge"
    IMPORT = "import"
    HAND_OVER = "hand over"
    BACK_UP = "back up"
    ACCOUNTS = "accounts"
    """Adding, disabling and readmitting people; changing roles."""
    TABLES = "tables"
    """The center's own page and the tables of law."""
    ERASE = "erase"
    BREAK_GLASS = "break the glass"
    ACCESS_LIST = "access list"
    """Who opened a file, and the check of the journal."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The most secret word that is seen, by relation. PRIVILEGED texts open with their owner's key alone."""

    own: Secrecy
    team: Secrecy
    other: Secrecy

    def at(self, relation: Relation) -> Secrecy:
        """The word for one relation."""
        return {Relation.OWN: self.own, Relation.TEAM: self.team, Relation.OTHER: self.other}[relation]

    @property
    def least(self) -> Secrecy:
        """What is seen of any record, whatever the relation."""
        return min(self.own, self.team, self.other)


@dataclass(frozen=True, slots=True)
class Rights:
    """One role's. `casework`: whether it reads and writes the records of families at all."""

    reach: Reach
    verbs: frozenset[Verb]
    casework: bool = True

    def may_write(self, sheet: str) -> bool:
        """Whether it writes records of this sheet at all."""
        return Verb.TABLES in self.verbs if sheet in KEPT_BY_HEAD else self.casework


_DESK = frozenset({Verb.PRINT, Verb.EXPORT, Verb.COUNT, Verb.COUNT_SHARED, Verb.MERGE, Verb.IMPORT, Verb.BACK_UP})
_EVERYWHERE = Reach(Secrecy.LOCATION, Secrecy.LOCATION, Secrecy.LOCATION)
_CASEWORK = Reach(Secrecy.LOCATION, Secrecy.SPECIAL, Secrecy.SPECIAL)

RIGHTS: dict[Role, Rights] = {
    Role.HEAD: Rights(_EVERYWHERE, frozenset(Verb)),
    Role.CASE_MANAGER: Rights(_CASEWORK, _DESK | {Verb.HAND_OVER}),
    Role.PSYCHOLOGIST: Rights(_CASEWORK, _DESK),
    Role.LAWYER: Rights(_CASEWORK, _DESK),
    Role.SOCIAL_WORKER: Rights(_CASEWORK, _DESK),
    Role.MEDIATOR: Rights(
        Reach(Secrecy.SPECIAL, Secrecy.SPECIAL, Secrecy.PERSONAL), frozenset({Verb.PRINT, Verb.COUNT_SHARED})
    ),
    Role.DUTY_ADMINISTRATOR: Rights(_EVERYWHERE, _DESK - {Verb.MERGE, Verb.IMPORT}),
    Role.ANALYST: Rights(
        Reach(Secrecy.PLAIN, Secrecy.PLAIN, Secrecy.PLAIN), frozenset({Verb.COUNT_SHARED}), casework=False
    ),
}

OPEN_TO_ALL = frozenset(
    {
        "organisation",
        "center",
        "legal_reference",
        "calendar_day",
        "response_term",
        "retention_term",
        "calculation_index",
        "region",
    }
)
"""Sheets that hold nothing of families: every role reads them."""

KEPT_BY_HEAD = frozenset(
    {
        "staff_member",
        "destruction_act",
        "center",
        "legal_reference",
        "calendar_day",
        "response_term",
        "retention_term",
        "calculation_index",
        "region",
    }
)
"""Sheets whose records decide for everybody: written by who has `Verb.TABLES`."""

NOTHING = Rights(Reach(Secrecy.PLAIN, Secrecy.PLAIN, Secrecy.PLAIN), frozenset(), casework=False)
"""Somebody without a role."""
