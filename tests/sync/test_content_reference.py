"""What lies beside the log of an attachment keeps its form: a note of the first day opens, and names are the same."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from familydesk.store.attachment_content import Lying
from familydesk.sync import contents

SECRET, ATTACHMENT = bytes(range(32)), UUID("01900000-0000-7000-8000-00000000000a")
NOTE = bytes.fromhex((Path(__file__).parents[1] / "reference" / "wire" / "content-note.hex").read_text().strip())
LYING = Lying("fda1:" + "11" * 32, 3, 600_000)


def test_a_note_of_the_first_day_opens() -> None:
    assert contents._read(SECRET, ATTACHMENT, NOTE) == LYING


def test_names_are_those_of_the_first_day() -> None:
    names = [contents._name(SECRET, ATTACHMENT, piece) for piece in (None, 0, 7)]
    assert names == [
        "ddd68b39fd526dc37b40f58ed8cee42056ae2c6449fbfbb72558ea4fb0d18dc1",
        "74d34042a6f671d061c8d926896767fc72ebf5a01c4b8de1c814939467d953a6",
        "8e717d64375b65c2bc64260fc4ccf6756737fd6df4649be76ff93c07a0ebedf0",
    ]


@pytest.mark.parametrize("place", range(len(NOTE)))
def test_every_changed_byte_of_a_note_is_refused(place: int) -> None:
    changed = bytearray(NOTE)
    changed[place] ^= 1
    assert contents._read(SECRET, ATTACHMENT, bytes(changed)) is None


@pytest.mark.parametrize(
    "said", [Lying("key", 2, 600_000), Lying("key", 3, -1), Lying("key", 1 << 40, 1 << 60), Lying("key", 0, 1)]
)
def test_a_note_that_no_content_can_have_is_refused(said: Lying) -> None:
    assert contents._read(SECRET, ATTACHMENT, contents._note(SECRET, ATTACHMENT, said)) is None


def test_a_note_is_good_for_its_attachment_alone() -> None:
    assert contents._read(SECRET, UUID(int=1), NOTE) is None
    assert contents._read(bytes(32), ATTACHMENT, NOTE) is None
