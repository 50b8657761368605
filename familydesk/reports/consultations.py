"""Consultations of a period, by kind and form."""

from __future__ import annotations

from sqlalchemy import select

from familydesk.core.i18n import N_
from familydesk.records.consultation import Consultation, ConsultationForm, ConsultationKind
from familydesk.reports.source import Section, Source, columns_of, raw, standing, within
from familydesk.reports.table import crossed, group, known_only


def section(source: Source) -> Section:
    """Kind by form."""
    here = columns_of(Consultation)
    columns = (raw(here.id).label("id"), raw(here.kind).label("kind"), raw(here.form).label("form"))
    held = source.rows(select(*columns).where(standing(Consultation, within(here.held_at, source.period))))
    counted = group(((row.kind, row.form), row.id) for row in held)
    table = crossed(
        "consultations",
        N_("Consultations by kind and form"),
        "consultation",
        counted,
        known_only(ConsultationKind),
        known_only(ConsultationForm),
        stub=N_("Kind of consultation"),
    )
    return Section("consultations", N_("Consultations"), (table,))
