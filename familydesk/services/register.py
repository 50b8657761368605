"""The center's old register comes in: everything in one transaction, nothing lost, nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from familydesk.services.journal import Deed
from familydesk.services.register_plan import Plan, Step
from familydesk.services.register_writing import Writing
from familydesk.services.rights import Verb

if TYPE_CHECKING:
    from familydesk.exchange.left_out import LeftOut
    from familydesk.exchange.problems_workbook import Flagged
    from familydesk.exchange.register import Register as RegisterFile
    from familydesk.services.office import Office

TRIED = "tried"
"""In the detail of an event: nothing was written, only counted."""
Report = Callable[[int, int], None]
"""Told how many lines of how many are done. What it raises ends the import, and nothing of it stays."""


@dataclass
class Outcome:
    """What an import did, or would do. Every row is counted once: application, problem row or repeated row.

    `people_matched` are people of the store that rows were found to be about; `people_new` were made.
    `not_imported` and `to_look_at` say where the rows with problems stand; `left_out` are lines that are no rows.
    """

    rows: int = 0
    applications: int = 0
    problem_rows: int = 0
    repeated_rows: int = 0
    people_new: int = 0
    people_matched: int = 0
    possible_duplicates: int = 0
    not_imported: list[Flagged] = field(default_factory=list)
    to_look_at: list[Flagged] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    other_sheets: int = 0

    def counts(self) -> dict[str, int]:
        """The numbers by name."""
        names = "rows applications problem_rows repeated_rows people_new people_matched possible_duplicates"
        return {name: getattr(self, name) for name in names.split()}


class Register:
    """Importing registers into one office's store."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def preview(self, path: Path, report: Report | None = None) -> Outcome:
        """What `take_in` would do, row by row, without doing it."""
        return self.take_in(path, dry_run=True, report=report)

    def take_in(
        self, path: Path, dry_run: bool = False, problems: Path | None = None, report: Report | None = None
    ) -> Outcome:
        """Import a register file; `problems` names a workbook to write with the rows that need a person.

        Raises `Weather` if a file cannot be read or written, `Refused` if no register is in it. Whatever is raised,
        also by `report`, nothing of the file is in the store.
        """
        from familydesk.exchange.register import Register as RegisterFile

        self._office.account.require(Verb.IMPORT)
        file = RegisterFile(path)
        if dry_run:
            # The rows are compared with everybody; of those, numbers are told and nothing else.
            with self._office.database.read(whole=True) as session:
                outcome = _counted(self._plan(file, session, report).steps(), None)
            # The numbers answer questions about people: that they were asked is noted before they are told.
            self._office.journal.note(Deed.IMPORTED, "application", detail={TRIED: True, **outcome.counts()})
        else:
            with self._office.database.write() as session:
                outcome = _counted(self._plan(file, session, report).steps(), Writing(self._office, session))
                # Inside the transaction: if the workbook cannot be written, its rows must not be half imported.
                _written(problems, outcome)
                self._office.journal.note_in(session, Deed.IMPORTED, "application", detail=outcome.counts())
        if dry_run:
            _written(problems, outcome)
        outcome.left_out, outcome.other_sheets = file.left_out, file.other_sheets
        return outcome

    def _plan(self, file: RegisterFile, session: Session, report: Report | None) -> Plan:
        """What becomes of the rows, compared only with what she could have looked up herself."""
        account = self._office.account
        return Plan(file, session, report, account.may_ask_by, account.beyond(session).people)


def _counted(steps: Iterator[Step], writing: Writing | None) -> Outcome:
    outcome = Outcome()
    matched = set()
    for step in steps:
        outcome.rows += 1
        if step.repeated:
            outcome.repeated_rows += 1
            continue
        if step.faults:
            (outcome.to_look_at if step.person else outcome.not_imported).append(step.flagged())
        if step.person is None:
            outcome.problem_rows += 1
            continue
        outcome.applications += 1
        outcome.people_new += step.new
        outcome.possible_duplicates += len(step.alike)
        if step.person.stored:
            matched.add(step.person.id)
        if writing:
            writing.add(step)
    if writing:
        writing.finish()
    outcome.people_matched = len(matched)
    return outcome


def _written(problems: Path | None, outcome: Outcome) -> None:
    if problems:
        from familydesk.exchange.problems_workbook import write_problems

        write_problems(problems, outcome.not_imported, outcome.to_look_at)
