"""The report of a period: its sections in order, whether it may stand as final, and its shape for other programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from familydesk.core.errors import Problem
from familydesk.core.i18n import N_, translate
from familydesk.reports import (
    applications,
    assessments,
    cases,
    consultations,
    half_year,
    incidents,
    indicators,
    orders,
    referrals,
    terms,
)
from familydesk.reports.figure import Cell, Figure, Hidden, not_shown
from familydesk.reports.period import Period
from familydesk.reports.source import Section, Source
from familydesk.reports.table import Table

SECTIONS: tuple[Callable[[Source], Section], ...] = (
    cases.section,
    applications.section,
    assessments.section,
    consultations.section,
    incidents.section,
    orders.section,
    referrals.section,
    terms.section,
    indicators.section,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """Whose report it is: names by language."""

    center_kk: str
    center_ru: str
    below: str = ""
    left_out: bool = False
    """Whether there are restricted cases that do not open for who counts, and so are in no figure."""


LEFT_OUT = N_("Restricted cases in which whoever counted is not named are not in these figures.")


@dataclass(frozen=True, slots=True)
class Report:
    """A finished count. `shared` is the version that leaves the center: small figures hidden, no records behind any."""

    period: Period
    made_at: datetime
    heading: Heading
    sections: tuple[Section, ...]
    shared: bool = False

    @property
    def faults(self) -> tuple[Problem, ...]:
        """Why the report may not stand as final; nothing if it may."""
        return tuple(fault for section in self.sections for fault in section.faults)

    @property
    def agrees(self) -> bool:
        """Whether the numbers agree with each other. Where they do not, there is only a draft."""
        return not self.faults

    @property
    def final(self) -> bool:
        """Whether nothing can change any more but by a correction: the numbers agree, and the period was over."""
        return self.agrees and not self.in_progress

    @property
    def in_progress(self) -> bool:
        """Whether the period was not over when this was counted."""
        return self.made_at < self.period.ends

    def tables(self) -> Iterator[Table]:
        """Every table, in order."""
        for section in self.sections:
            yield from section.tables

    def table(self, name: str) -> Table:
        """One table by its name; KeyError if there is none."""
        for table in self.tables():
            if table.name == name:
                return table
        raise KeyError(name)

    def as_json(self) -> dict[str, Any]:
        """NAMES for programs, labels in the language in force, numbers. A figure that is not shown and a share of
        nothing are null; `hidden` of a row names the columns of the former. No record is named.
        """
        return {
            "first": self.period.first.isoformat(),
            "last": self.period.last.isoformat(),
            "made_at": self.made_at.isoformat(),
            "shared": self.shared,
            "final": self.final,
            "agrees": self.agrees,
            "in_progress": self.in_progress,
            "restricted_left_out": self.heading.left_out,
            "faults": [str(fault) for fault in self.faults],
            "sections": [
                {"name": section.name, "title": translate(section.title), "tables": list(map(_told, section.tables))}
                for section in self.sections
            ],
        }


def _told(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": translate(table.title),
        "columns": [
            {"name": name, "label": translate(label)} for name, label in zip(table.names, table.columns, strict=True)
        ],
        "rows": [
            {
                "name": row.name,
                "label": translate(row.label),
                "cells": list(map(plain, row.cells)),
                "hidden": [name for name, cell in zip(table.names, row.cells, strict=True) if not_shown(cell)],
            }
            for row in table.rows
        ],
        "notes": [translate(note) for note in table.notes],
    }


def plain(cell: Cell) -> int | float | None:
    """The cell as a bare number; None for what is hidden and for a share of nothing."""
    if isinstance(cell, Hidden):
        return None
    if isinstance(cell, Figure):
        return cell.count
    return None if cell.percent is None else float(cell.percent)


def assemble(source: Source, heading: Heading) -> Report:
    """Count everything that the report tells."""
    made = [make(source) for make in SECTIONS]
    if half_year.is_half_year(source.period):
        made.append(half_year.section(source))
    return Report(source.period, source.now, heading, tuple(made))
