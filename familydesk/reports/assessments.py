"""Primary assessments of a period: what they found, and on which grounds a family is in a difficult life situation."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Row as Found
from sqlalchemy import select

from familydesk.core.i18n import N_
from familydesk.records.assessment import Assessment, Conclusion, Ground
from familydesk.reports.figure import Figure
from familydesk.reports.source import Section, Source, between, columns_of, raw, standing
from familydesk.reports.table import (
    NOT_RECORDED,
    TOTAL,
    TOTAL_NAME,
    Relation,
    Row,
    Table,
    group,
    known_only,
    labelled,
    name_of,
    rest_of,
)

SHEET = "assessment"

ONCE_A_GROUND = N_(
    "An assessment with several grounds is counted once in each of them and once in the total, so they add up to more."
)


def section(source: Source) -> Section:
    """By conclusion, and those in a difficult life situation by ground."""
    found = source.once(done)
    return Section("assessments", N_("Primary assessments"), (_by_conclusion(found), _by_ground(found)))


def done(source: Source) -> list[Found[Any]]:
    """The assessments done in the period."""
    here = columns_of(Assessment)
    columns = (
        raw(here.id).label("id"),
        here.done_on,
        raw(here.conclusion).label("conclusion"),
        raw(here.grounds).label("grounds"),
    )
    return source.rows(select(*columns).where(standing(Assessment, between(here.done_on, source.period))))


def is_difficult(row: Any) -> bool:
    """Whether the assessment found a difficult life situation."""
    return bool(row.conclusion == Conclusion.DIFFICULT.name)


def _by_conclusion(found: list[Found[Any]]) -> Table:
    counted = group((row.conclusion, row.id) for row in found)
    known = labelled(Conclusion)
    strange = sorted(set(counted) - {key for key, _ in known})
    rows = tuple(
        Row(label, (Figure.of(SHEET, counted.get(key, ())),), name=name_of(key))
        for key, label in (*known, *((key, str(key)) for key in strange))
    )
    total = Figure.of(SHEET, (row.id for row in found))
    parts = tuple(cell for row in rows for cell in row.cells if isinstance(cell, Figure))
    return Table(
        "assessments_by_conclusion",
        N_("Primary assessments by conclusion"),
        (N_("Assessments"),),
        (*rows, Row(TOTAL, (total,), total=True, name=TOTAL_NAME)),
        relations=(Relation((total,), parts),),
        stub=N_("Conclusion"),
        names=("ASSESSMENTS",),
    )


def _by_ground(found: list[Found[Any]]) -> Table:
    difficult = [row for row in found if is_difficult(row)]
    counted = group((ground, row.id) for row in difficult for ground in _grounds(row))
    known = known_only(Ground)
    strange = sorted(set(counted) - {key for key, _ in known}, key=str)
    named = (*known, *((key, NOT_RECORDED if key is None else str(key)) for key in strange))
    each = [(key, label, Figure.of(SHEET, counted.get(key, ()))) for key, label in named]
    total = Figure.of(SHEET, (row.id for row in difficult))
    return Table(
        "difficult_situation_by_ground",
        N_("Difficult life situation by ground"),
        (N_("Assessments"),),
        (
            *(Row(label, (figure,), name=name_of(key)) for key, label, figure in each),
            Row(TOTAL, (total,), total=True, name=TOTAL_NAME),
        ),
        (ONCE_A_GROUND,),
        tuple(Relation((total,), (figure, rest_of(figure, total))) for _, _, figure in each),
        N_("Ground"),
        ("ASSESSMENTS",),
    )


def _grounds(row: Any) -> tuple[str | None, ...]:
    return tuple(json.loads(row.grounds)) if row.grounds else (None,)
