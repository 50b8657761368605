"""The printed recovery key: readable, numbered group by group, and silent about whose store it opens."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from familydesk.paper.recovery_key import draw_recovery_key

KEY = "-".join(f"{letter}1234" for letter in "ABCDEFGHJKMNP")


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_group_stands_on_the_sheet_in_its_order(language: str, text: Callable[[bytes], str]) -> None:
    told = text(draw_recovery_key(KEY, KEY, language))
    places = [told.index(group) for group in KEY.split("-")]
    assert places == sorted(places)


def test_the_sheet_is_one_page_and_the_picture_holds_the_code(pages: Callable[[bytes], list[str]]) -> None:
    plain, other = (draw_recovery_key(KEY, code, "kk") for code in (KEY, KEY[::-1]))
    assert len(pages(plain)) == 1
    assert pages(plain) == pages(other)
    assert plain != other


def test_the_sheet_brings_its_fonts(fonts: Callable[[bytes], dict[str, bool]]) -> None:
    assert all(fonts(draw_recovery_key(KEY, KEY, "kk")).values())
