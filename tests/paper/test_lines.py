"""Lines break where they may, words too long are divided at a syllable, and nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from familydesk.paper.fonts import STRONG, TEXT, face, printable
from familydesk.paper.text import VALUE, Type, break_lines, measure

KAZAKH = "ӘәҒғҚқҢңӨөҰұҮүҺһІі №₸"
LONG = "қанағаттандырылмағандықтарыңыздан"

words = st.text(alphabet="абвгдәғқңөұүһіжзклмнопрст-/.0123456789ABCxyz", min_size=1, max_size=60)
texts = st.lists(words, max_size=40).map(" ".join)
rooms = st.integers(min_value=40, max_value=500)


@pytest.mark.parametrize("name", [TEXT, STRONG])
def test_the_faces_hold_every_kazakh_letter(name: str) -> None:
    held = face(name).face.charToGlyph
    assert [letter for letter in KAZAKH if ord(letter) not in held] == []


@given(texts, rooms)
def test_nothing_is_lost_but_spaces_and_added_hyphens(text: str, room: int) -> None:
    lines = break_lines(text, VALUE, room)
    rejoined = "".join(lines).replace(" ", "").replace("-", "")
    assert rejoined == text.replace(" ", "").replace("-", "")


@given(texts, rooms)
def test_no_line_is_wider_than_its_room(text: str, room: int) -> None:
    assert all(measure(line, VALUE) <= room + 0.01 for line in break_lines(text, VALUE, room))


@given(st.lists(texts, min_size=1, max_size=5))
def test_a_texts_own_line_ends_are_kept(parts: list[str]) -> None:
    assert len(break_lines("\n".join(parts), VALUE, 5000)) >= len(parts)


def test_a_long_word_is_divided_at_a_syllable() -> None:
    lines = break_lines(LONG, Type(size=10), 90)
    assert len(lines) > 1
    for line, following in zip(lines, lines[1:], strict=False):
        assert line.endswith("-")
        assert following[0] not in "ьъйаәеиоөуұүыіэюя"
        assert following[1] in "аәеиоөуұүыіэюя"
    assert "".join(line.rstrip("-") for line in lines) == LONG


def test_an_address_of_a_page_is_divided_after_its_own_signs() -> None:
    lines = break_lines("https://example.kz/otbasy/qoldau/ortalyq/habarlasu", VALUE, 120)
    assert all(line.endswith("/") for line in lines[:-1])


@pytest.mark.parametrize(
    ("typed", "set_as"),
    [
        ("И\u0306", "Й"),
        ("мекенжай → орталық", "мекенжай -> орталық"),
        ("екі\tсөз", "екі сөз"),
        ("жол\r\nжол", "жол\nжол"),
        ("дыбыссыз\u00adбелгі", "дыбыссызбелгі"),
        ("\x07қоңырау", "қоңырау"),
        ("күлкі 😀", "күлкі \N{REPLACEMENT CHARACTER}"),
    ],
)
def test_signs_that_no_face_has_are_spelled_out_or_shown_as_missing(typed: str, set_as: str) -> None:
    assert printable(typed) == set_as
