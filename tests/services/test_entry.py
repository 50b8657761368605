"""What is typed, pasted or piped in: made whole, or refused with a sentence, and never a burden on the desk."""

import time
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from familydesk.core.errors import Refused
from familydesk.core.fold import fold
from familydesk.records.calculation_index import CalculationIndex
from familydesk.records.case_note import CaseNote
from familydesk.records.consultation import Consultation
from familydesk.records.person import Person
from familydesk.services import entry

SURNAME = Person.field("surname")
BORN_ON = Person.field("born_on")
MINUTES = Consultation.field("minutes")
TEXT = next(known for known in CaseNote.fields() if known.kind is entry.Kind.NOTE)
AMOUNT = next(known for known in CalculationIndex.fields() if known.kind is entry.Kind.AMOUNT)


def test_signs_that_nobody_sees_are_taken_out_of_a_name():
    assert entry.tidy(SURNAME, "\u202eАхме\x00това\ufeff\x1b[0m ") == "Ахметова[0m"


def test_a_note_keeps_its_lines_whatever_system_it_was_typed_on():
    assert entry.tidy(TEXT, "бір\r\nекі\rүш\n\nтөрт") == "бір\nекі\nүш\n\nтөрт"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (SURNAME, "А" * 33_001),
        (TEXT, "А" * 100_001),
        (SURNAME, "Ахм\udcffетова"),
        (BORN_ON, date(19, 5, 1)),
        (BORN_ON, date(9999, 5, 1)),
        (Consultation.field("held_at"), datetime(1, 1, 1, tzinfo=UTC)),
        (MINUTES, 10**30),
        (AMOUNT, Decimal("1e99")),
        (AMOUNT, Decimal("NaN")),
        (AMOUNT, Decimal("-Infinity")),
    ],
)
def test_what_no_field_can_hold_is_refused_at_its_field(field, value):
    with pytest.raises(Refused) as refused:
        entry.tidy(field, value)
    assert [problem.field for problem in refused.value.problems] == [field.name]


@given(st.text())
def test_a_tidied_text_is_tidy(text):
    try:
        once = entry.tidy(SURNAME, text)
    except Refused:
        return
    assert entry.tidy(SURNAME, once) == once


@pytest.mark.parametrize("text", ["x" * 100_000, "Ұзақ" * 25_000, "аб " * 33_000])
def test_the_longest_text_is_folded_in_no_time(text):
    began = time.process_time()
    fold(text)
    # It grew with the square of a word's length: minutes, not a fraction of a second.
    assert time.process_time() - began < 5
