"""Referrals sent in a period, by destination and by what came back."""

from __future__ import annotations

import enum
from datetime import date
from typing import Any

from sqlalchemy import select

from familydesk.core import clock
from familydesk.core.i18n import N_
from familydesk.core.vocabulary import DestinationKind
from familydesk.records.referral import Answer, Referral
from familydesk.reports.source import Section, Source, between, columns_of, raw, standing
from familydesk.reports.table import crossed, group, known_only

TERM = "REFERRAL_ANSWER"


class Reply(enum.Enum):
    """What came back, and when."""

    IN_TIME = N_("Answered in time")
    LATE = N_("Answered late")
    NONE = N_("No answer in time")
    WAITED_FOR = N_("Answer not yet due")


def section(source: Source) -> Section:
    """Destination by reply."""
    here = columns_of(Referral)
    columns = (
        raw(here.id).label("id"),
        raw(here.destination_kind).label("destination_kind"),
        raw(here.answer).label("answer"),
        here.sent_on,
        here.due_on,
        here.answered_on,
    )
    sent = source.rows(select(*columns).where(standing(Referral, between(here.sent_on, source.period))))
    counted = group(((row.destination_kind, _reply(source, row).name), row.id) for row in sent)
    table = crossed(
        "referrals",
        N_("Referrals by destination and answer"),
        "referral",
        counted,
        known_only(DestinationKind),
        known_only(Reply),
        stub=N_("Destination"),
        notes=(
            N_("Referrals are counted by the day on which they were sent, answers as they stood when this was made."),
        ),
    )
    return Section("referrals", N_("Referrals"), (table,))


def _reply(source: Source, row: Any) -> Reply:
    due = row.due_on or _reckoned(source, row.sent_on)
    if row.answered_on and row.answer != Answer.NO_ANSWER.name:
        return Reply.IN_TIME if due is None or row.answered_on <= due else Reply.LATE
    if row.answer == Answer.NO_ANSWER.name or (due and due < source.now.date()):
        return Reply.NONE
    return Reply.WAITED_FOR


def _reckoned(source: Source, sent_on: date) -> date | None:
    due = source.due(TERM, clock.local(sent_on.year, sent_on.month, sent_on.day))
    return due.date() if due else None
