"""Drafts: each opens under the record for which it was typed, and under no other."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from small_center import Center
from sqlalchemy import insert, select, update

from familydesk.store.tables import DRAFT


def moved(center: Center, sheet: str, record: UUID | None) -> None:
    """What a colleague with the store's key can do to the one draft there is."""
    with center.office.database.connection(write=True) as connection:
        connection.execute(update(DRAFT).values(sheet=sheet, record=record.hex if record else ""))


@pytest.mark.parametrize("to", ["another person", "a new person", "another sheet"])
def test_a_draft_that_was_moved_to_another_place_opens_nowhere(center: Center, to: str):
    drafts, her, other = center.office.drafts, center.person(), center.person("Сапарова", "Ләйлә")
    drafts.save("person", her, {"remarks": "Оның сөзі"})
    assert drafts.load("person", her).values == {"remarks": "Оның сөзі"}
    sheet = "incident" if to == "another sheet" else "person"
    record = {"another person": other, "a new person": None, "another sheet": her}[to]
    moved(center, sheet, record)
    assert (drafts.load(sheet, record), drafts.load("person", her), drafts.all()) == (None, None, [])


def test_a_draft_of_a_new_record_does_not_open_under_one_that_is_there(center: Center):
    drafts, other = center.office.drafts, center.person()
    drafts.save("person", None, {"remarks": "Жаңа адам туралы"})
    assert drafts.load("person", None).values == {"remarks": "Жаңа адам туралы"}
    moved(center, "person", other)
    assert drafts.load("person", other) is None


def test_a_draft_of_an_earlier_version_opens_and_is_bound_to_its_record_from_then_on(center: Center):
    office, her, other = center.office, center.person(), center.person("Сапарова", "Ләйлә")
    before = office.database.privileged.seal("draft", UUID(int=0), "person", json.dumps({"remarks": "Бұрынғы"}))
    at = "2026-11-17T09:30:00+05:00"
    row = {"owner": office.me.hex, "sheet": "person", "record": her.hex, "sealed": before, "at": at}
    with office.database.connection(write=True) as connection:
        connection.execute(insert(DRAFT).values(row))
    opened = office.drafts.load("person", her)
    assert (opened.values, opened.at.isoformat()) == ({"remarks": "Бұрынғы"}, at)
    with office.database.connection() as connection:
        assert connection.scalar(select(DRAFT.c.at)) == at
    moved(center, "person", other)
    assert office.drafts.load("person", other) is None
