"""Applications of a period: by channel and by reason, first and repeated."""

from __future__ import annotations

import enum
from typing import Any

from sqlalchemy import Row, exists, select

from familydesk.core.i18n import N_
from familydesk.records.application import Application, ApplicationReason, Channel
from familydesk.records.person import Person
from familydesk.reports.figure import Figure
from familydesk.reports.source import Section, Source, columns_of, raw, standing, within
from familydesk.reports.table import crossed, group, known_only

SHEET = "application"


class Turn(enum.Enum):
    """Whether the applicant came for the first time."""

    FIRST = N_("First")
    REPEATED = N_("Repeated")


WHAT_IS_REPEATED = N_(
    "Repeated: marked so by the one who took it or, where nothing is marked, a person who had applied before."
)


def section(source: Source) -> Section:
    """Two tables over the same applications."""
    found = [(row, _turn(row)) for row in source.once(received)]
    turns = known_only(Turn)
    by_channel = group(((row.channel, turn), row.id) for row, turn in found)
    by_reason = group(((row.reason, turn), row.id) for row, turn in found)
    return Section(
        "applications",
        N_("Applications"),
        (
            crossed(
                "applications_by_channel",
                N_("Applications by channel"),
                SHEET,
                by_channel,
                known_only(Channel),
                turns,
                stub=N_("Channel"),
                notes=(WHAT_IS_REPEATED,),
            ),
            crossed(
                "applications_by_reason",
                N_("Applications by reason"),
                SHEET,
                by_reason,
                known_only(ApplicationReason),
                turns,
                stub=N_("Reason"),
            ),
        ),
    )


def received(source: Source) -> list[Row[Any]]:
    """The applications received in the period, with whether the same person had applied earlier."""
    here, person = columns_of(Application), columns_of(Person)
    earlier = Application.__table__.alias().columns
    came_before = exists().where(
        earlier.person_id == here.person_id, earlier.received_at < here.received_at, earlier.archived.is_(False)
    )
    columns = (
        raw(here.id).label("id"),
        raw(here.channel).label("channel"),
        raw(here.reason).label("reason"),
        here.received_at,
        here.repeated,
        here.threat_to_life,
        person.iin,
        came_before.label("came_before"),
    )
    query = select(*columns).select_from(
        Application.__table__.join(Person.__table__, person.id == here.person_id, isouter=True)
    )
    return source.rows(query.where(standing(Application, within(here.received_at, source.period))))


def _turn(row: Row[Any]) -> str:
    repeated = row.came_before if row.repeated is None else row.repeated
    return (Turn.REPEATED if repeated else Turn.FIRST).name


def figures(source: Source) -> dict[str, Figure]:
    """The figures that indicators are made of."""
    rows = source.once(received)
    return {
        "all": Figure.of(SHEET, (row.id for row in rows)),
        "threat": Figure.of(SHEET, (row.id for row in rows if row.threat_to_life)),
        "without_iin": Figure.of(SHEET, (row.id for row in rows if not row.iin)),
        "other_reason": Figure.of(SHEET, (row.id for row in rows if row.reason == ApplicationReason.OTHER.name)),
    }
